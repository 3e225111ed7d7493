package faults

import (
	"time"
)

func processKilled(r *run) error {
	random := chance(r.seed, r.label, 0)
	l := r.chat(r.label, r.seed, r.volume())
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	start := time.Now()
	for i := range r.times(100, 6) {
		time.Sleep(time.Duration(300+random.IntN(700)) * time.Millisecond)
		p := r.processes[i%2]
		p.Kill()
		if err := p.Start(); err != nil {
			return err
		}
		if err := within(20*time.Second, "it is ready again", func() bool { return r.balancer.readyCount() == 2 }); err != nil {
			return err
		}
	}
	killing := span{start, time.Now()}
	if err := r.settle(30 * time.Second); err != nil {
		return err
	}
	if err := l.ready(20 * time.Second); err != nil {
		return err
	}
	if _, err := r.finish(l, 15*time.Second); err != nil {
		return err
	}
	away := l.h.absences(killing)
	r.note("%d streams lost", len(away))
	r.atMost("reconnected p99", quantile(away, 0.99), 15*time.Second)
	r.note("%d attempts cut off", len(l.h.answers(killing, unknown)))
	return nil
}
