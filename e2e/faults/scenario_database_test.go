package faults

import (
	"time"
)

func databaseKilled(r *run) error {
	l := r.chat(r.label, r.seed, r.volume())
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	down := span{from: time.Now()}
	r.database.Kill()
	r.atMost("not ready after", r.takes(5*time.Second, func() bool {
		for _, p := range r.processes {
			if ok, _ := p.ready(); ok {
				return false
			}
		}
		return true
	}), 5*time.Second)
	time.Sleep(time.Until(down.from.Add(r.length(15*time.Second, 6*time.Second))))
	down.to = time.Now()
	if err := r.database.Start(); err != nil {
		return err
	}
	back := time.Now()
	r.atMost("ready again after", r.takes(10*time.Second, func() bool {
		for _, p := range r.processes {
			if ok, _ := p.ready(); !ok {
				return false
			}
		}
		return true
	}), 5*time.Second)
	time.Sleep(r.length(10*time.Second, 5*time.Second))
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	during := l.h.answers(down, later, unknown, refused)
	r.note("%d attempts refused", len(during))
	r.holds("posts are refused while it is away", len(during) > 0)
	r.atMost("refused in (p99)", quantile(during, 0.99), 3*time.Second)
	r.count("unanswered", len(l.h.answers(span{down.from, time.Now()}, unknown)), 0)
	r.count("text gone or refused for ever", len(l.h.answers(span{down.from, time.Now()}, refused)), 0)
	r.count("failed posts from 5 s after", l.h.failed(span{back.Add(5 * time.Second), time.Now()}), 0)
	r.count("streams lost", l.h.count(lost, span{down.from, l.ended}), 0)
	return nil
}

// takes measures how long it takes until something holds; a bit more than the limit if it does not.
func (r *run) takes(limit time.Duration, holds func() bool) time.Duration {
	start := time.Now()
	if err := within(limit, "", holds); err != nil {
		return limit + time.Since(start)
	}
	return time.Since(start)
}
