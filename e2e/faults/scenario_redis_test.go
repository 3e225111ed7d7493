package faults

import (
	"syscall"
	"time"
)

var scenarios = []scenario{
	{name: "F1", title: "kill -9 Redis", seeds: 3, run: redisKilled},
	{name: "F2", title: "Redis frozen", fast: true, seeds: 3, run: redisFrozen},
	{name: "F5", title: "kill -9 MariaDB", fast: true, seeds: 3, run: databaseKilled},
	{name: "F9", title: "kill -9 a process in mid-post", fast: true, seeds: 1, run: processKilled},
}

// busLost is the load while Redis is away: what breaks it, and what brings it back.
func busLost(r *run, away time.Duration, breaking, mending func() error) error {
	l := r.chat(r.label, r.seed, r.volume())
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	down := span{from: time.Now()}
	if err := breaking(); err != nil {
		return err
	}
	noticed := within(6*time.Second, "both processes notice", func() bool { return !r.processes[0].busUp() && !r.processes[1].busUp() })
	r.note("noticed after %s", short(time.Since(down.from)))
	r.holds("both notice in 6 s", noticed == nil)
	steady := true
	for time.Since(down.from) < away {
		for _, p := range r.processes {
			ready, _ := p.ready()
			steady = steady && ready
		}
		time.Sleep(200 * time.Millisecond)
	}
	r.holds("both stay ready", steady)
	down.to = time.Now()
	if err := mending(); err != nil {
		return err
	}
	up := span{from: time.Now().Add(5 * time.Second)}
	time.Sleep(r.length(15*time.Second, 9*time.Second))
	up.to = time.Now()
	s, err := r.finish(l, 5*time.Second)
	if err != nil {
		return err
	}
	r.count("failed posts", l.h.failed(span{l.h.Start, time.Now()}), 0)
	r.atMost("ack p99", quantile(l.h.answers(down, acked), 0.99), 300*time.Millisecond)
	r.atMost("delivery p99 while down", quantile(l.h.deliveries(s, down), 0.99), 3*time.Second)
	r.atMost("delivery p99 from 5 s after", quantile(l.h.deliveries(s, up), 0.99), 500*time.Millisecond)
	r.count("streams lost", l.h.count(lost, span{down.from, up.to}), 0)
	return nil
}

func redisKilled(r *run) error {
	return busLost(r, r.length(20*time.Second, 8*time.Second),
		func() error { r.redis.Kill(); return nil }, r.redis.Start)
}

func redisFrozen(r *run) error {
	return busLost(r, r.length(30*time.Second, 10*time.Second),
		func() error { r.redis.Signal(syscall.SIGSTOP); return nil },
		func() error { r.redis.Signal(syscall.SIGCONT); return nil })
}
