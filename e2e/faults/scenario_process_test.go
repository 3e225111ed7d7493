package faults

import (
	"fmt"
	"parley/e2e/rig"
	"syscall"
	"time"
)

func processKilled(r *run) error {
	random := newRand(r.seed, r.label, 0)
	l := r.startLoad(r.label, r.seed, r.loadConfig())
	if err := l.awaitLive(30 * time.Second); err != nil {
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
		if err := rig.WaitFor(20*time.Second, "the process to be ready again", func() bool { return r.balancer.readyCount() == 2 }); err != nil {
			return err
		}
	}
	killing := timeSpan{start, time.Now()}
	if err := r.awaitHealthy(30 * time.Second); err != nil {
		return err
	}
	if err := l.awaitLive(20 * time.Second); err != nil {
		return err
	}
	if _, err := r.finish(l, 15*time.Second); err != nil {
		return err
	}
	away := l.history.outages(killing)
	r.figure("%d streams lost", len(away))
	r.atMost("reconnected p99", quantile(away, 0.99), 15*time.Second)
	r.figure("%d posts cut off", len(l.history.latencies(killing, unknown)))
	return nil
}

// restart stops a process as an operator would, and starts it again.
func (r *run) restart(i int) error {
	p := r.processes[i]
	start := time.Now()
	p.Signal(syscall.SIGTERM)
	code, ended := p.Wait(40 * time.Second)
	if !ended {
		return fmt.Errorf("process %d does not exit", i)
	}
	r.atMost(fmt.Sprintf("process %d exits after", i), time.Since(start), 25*time.Second)
	r.expect(fmt.Sprintf("process %d exits with 0, not %d", i, code), code == 0)
	return p.Start()
}

func rollingRestart(r *run) error {
	l := r.startLoad(r.label, r.seed, r.loadConfig())
	if err := l.awaitLive(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	start := time.Now()
	for i := range r.processes {
		if err := r.restart(i); err != nil {
			return err
		}
		if err := rig.WaitFor(20*time.Second, "both processes to be ready", func() bool { return r.balancer.readyCount() == 2 }); err != nil {
			return err
		}
		time.Sleep(3 * time.Second)
	}
	restarting := timeSpan{start, time.Now()}
	if err := l.awaitLive(20 * time.Second); err != nil {
		return err
	}
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	away := l.history.outages(restarting)
	r.figure("%d streams ended", len(away))
	r.atMost("back p99", quantile(away, 0.99), 15*time.Second)
	r.atMost("ack p99", quantile(l.history.latencies(restarting, acked), 0.99), time.Second)
	r.countAtMost("errors visible to users", r.visibleErrors(l, restarting), 0)
	r.countAtMost("pages reloaded", l.history.count(resetSent, restarting), 0)
	return nil
}

// visibleErrors counts what a user would have seen as an error: a form that was not accepted, or a message
// refused for good over a socket. What a socket loses, its page sends again by itself.
func (r *run) visibleErrors(l *load, in timeSpan) (n int) {
	l.history.mu.Lock()
	defer l.history.mu.Unlock()
	for _, c := range l.history.Calls {
		if in.contains(c.Sent) && (c.Outcome == refused || c.Outcome != acked && c.Transport == "form") {
			r.t.Log(l.history.describeCall(c))
			n++
		}
	}
	return n
}

// restartWindow is how long the pages are observed after each restart.
const restartWindow = 25 * time.Second

// manyViewers is a rolling restart with many open pages: they must come back, and not all at once.
func manyViewers(r *run) error {
	pages := r.times(25, 5)
	l := r.startLoad(r.label, r.seed, loadConfig{rooms: r.rooms, pages: pages, rate: 10, interval: 10 * time.Millisecond})
	if err := l.awaitLive(2 * time.Minute); err != nil {
		return err
	}
	time.Sleep(5 * time.Second)
	usual, err := r.queryCount()
	if err != nil {
		return err
	}
	time.Sleep(restartWindow)
	queries, err := r.queryCount()
	if err != nil {
		return err
	}
	usual = queries - usual // queries in this time without a restart
	start := time.Now()
	for i := range r.processes {
		queries, err := r.queryCount()
		if err != nil {
			return err
		}
		from := time.Now()
		if err := r.restart(i); err != nil {
			return err
		}
		time.Sleep(time.Until(from.Add(restartWindow)))
		now, err := r.queryCount()
		if err != nil {
			return err
		}
		away := l.history.outages(timeSpan{from, time.Now()})
		extra := float64(max(0, now-queries-usual)) / float64(max(1, len(away)))
		r.figure("%d viewers disconnected, %.1f extra queries for each", len(away), extra)
		r.expect(fmt.Sprintf("at most 4 extra queries per viewer, not %.1f", extra), extra <= 4)
		r.atMost("95 % back after", quantile(away, 0.95), 20*time.Second)
	}
	restarting := timeSpan{start, time.Now()}
	if _, err := r.finish(l, 20*time.Second); err != nil {
		return err
	}
	r.figure("%d viewers", len(l.viewers))
	r.atMost("ack p99", quantile(l.history.latencies(restarting, acked), 0.99), time.Second)
	r.countAtMost("errors visible to users", r.visibleErrors(l, restarting), 0)
	return nil
}

// queryCount returns the number of statements that the database has run.
func (r *run) queryCount() (n int64, err error) {
	var name string
	err = r.sql.QueryRow("SHOW GLOBAL STATUS LIKE 'Questions'").Scan(&name, &n)
	return n, err
}
