package faults

import (
	"fmt"
	"syscall"
	"time"
)

func processKilled(r *run) error {
	random := chance(r.seed, r.label, 0)
	l := r.chat(r.label, r.seed, r.volume())
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	start := time.Now()
	for i := range r.times(100, 4) {
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

// restart ends a process as an operator would, and starts it again.
func (r *run) restart(i int) error {
	p := r.processes[i]
	start := time.Now()
	p.Signal(syscall.SIGTERM)
	code, ended := p.Wait(40 * time.Second)
	if !ended {
		return fmt.Errorf("process %d does not end", i)
	}
	r.atMost(fmt.Sprintf("process %d exits after", i), time.Since(start), 25*time.Second)
	r.holds(fmt.Sprintf("process %d exits with 0, not %d", i, code), code == 0)
	return p.Start()
}

func rollingRestart(r *run) error {
	l := r.chat(r.label, r.seed, r.volume())
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	start := time.Now()
	for i := range r.processes {
		if err := r.restart(i); err != nil {
			return err
		}
		if err := within(20*time.Second, "both are ready", func() bool { return r.balancer.readyCount() == 2 }); err != nil {
			return err
		}
		time.Sleep(3 * time.Second)
	}
	restarting := span{start, time.Now()}
	if err := l.ready(20 * time.Second); err != nil {
		return err
	}
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	away := l.h.absences(restarting)
	r.note("%d streams sent away", len(away))
	r.atMost("back p99", quantile(away, 0.99), 15*time.Second)
	r.atMost("ack p99", quantile(l.h.answers(restarting, acked), 0.99), time.Second)
	r.count("errors shown", r.shown(l, restarting), 0)
	r.count("pages loaded again", l.h.count(resetting, restarting), 0)
	return nil
}

// shown counts what a person would have seen as an error: a form that was not taken, and a message
// that a socket refuses for ever. What a socket loses its page sends again by itself.
func (r *run) shown(l *load, in span) (n int) {
	l.h.mu.Lock()
	defer l.h.mu.Unlock()
	for _, c := range l.h.Calls {
		if in.has(c.Sent) && (c.Outcome == refused || c.Outcome != acked && c.Transport == "form") {
			r.t.Log(l.h.call(c))
			n++
		}
	}
	return n
}

// restartLook is how long the crowd is looked at after each restart.
const restartLook = 25 * time.Second

// manyViewers is a rolling restart under a crowd: they must come back, and not all at once.
func manyViewers(r *run) error {
	each := r.times(25, 5)
	l := r.chat(r.label, r.seed, volume{rooms: r.rooms, streams: each, rate: 10, apart: 10 * time.Millisecond})
	if err := l.ready(2 * time.Minute); err != nil {
		return err
	}
	time.Sleep(5 * time.Second)
	usual, err := r.questions()
	if err != nil {
		return err
	}
	time.Sleep(restartLook)
	asked, err := r.questions()
	if err != nil {
		return err
	}
	usual = asked - usual // what is asked in this time without a restart
	start := time.Now()
	for i := range r.processes {
		asked, err := r.questions()
		if err != nil {
			return err
		}
		from := time.Now()
		if err := r.restart(i); err != nil {
			return err
		}
		time.Sleep(time.Until(from.Add(restartLook)))
		now, err := r.questions()
		if err != nil {
			return err
		}
		away := l.h.absences(span{from, time.Now()})
		more := float64(max(0, now-asked-usual)) / float64(max(1, len(away)))
		r.note("%d viewers sent away, %.1f queries more for each", len(away), more)
		r.holds(fmt.Sprintf("4 queries a viewer, not %.1f", more), more <= 4)
		r.atMost("95 % back after", quantile(away, 0.95), 20*time.Second)
	}
	restarting := span{start, time.Now()}
	if _, err := r.finish(l, 20*time.Second); err != nil {
		return err
	}
	r.note("%d viewers", len(l.viewers))
	r.atMost("ack p99", quantile(l.h.answers(restarting, acked), 0.99), time.Second)
	r.count("errors shown", r.shown(l, restarting), 0)
	return nil
}

// questions is how many statements the database has had.
func (r *run) questions() (n int64, err error) {
	var name string
	err = r.sql.QueryRow("SHOW GLOBAL STATUS LIKE 'Questions'").Scan(&name, &n)
	return n, err
}
