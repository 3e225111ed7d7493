package faults

import (
	"net"
	"parley/e2e/rig"
	"syscall"
	"time"
)

// withoutBus runs the load while Redis is away.
func withoutBus(r *run, away time.Duration, stop, restore func() error) error {
	l := r.startLoad(r.label, r.seed, r.loadConfig())
	if err := l.awaitLive(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	down := timeSpan{from: time.Now()}
	if err := stop(); err != nil {
		return err
	}
	noticed := rig.WaitFor(6*time.Second, "both processes to notice", func() bool { return !r.processes[0].busUp() && !r.processes[1].busUp() })
	r.figure("noticed after %s", short(time.Since(down.from)))
	r.expect("both processes notice within 6 s", noticed == nil)
	stayedReady := true
	for time.Since(down.from) < away {
		for _, p := range r.processes {
			ready, _ := p.ready()
			stayedReady = stayedReady && ready
		}
		time.Sleep(200 * time.Millisecond)
	}
	r.expect("both processes stay ready", stayedReady)
	down.to = time.Now()
	if err := restore(); err != nil {
		return err
	}
	up := timeSpan{from: time.Now().Add(5 * time.Second)}
	time.Sleep(r.duration(15*time.Second, 7*time.Second))
	up.to = time.Now()
	s, err := r.finish(l, 5*time.Second)
	if err != nil {
		return err
	}
	r.countAtMost("failed posts", l.history.failedPosts(timeSpan{l.history.Start, time.Now()}), 0)
	r.atMost("ack p99", quantile(l.history.latencies(down, acked), 0.99), 300*time.Millisecond)
	r.atMost("delivery p99 while down", quantile(l.history.deliveryTimes(s, down), 0.99), 3*time.Second)
	r.atMost("delivery p99 from 5 s after the end", quantile(l.history.deliveryTimes(s, up), 0.99), 500*time.Millisecond)
	r.countAtMost("streams lost", l.history.count(disconnected, timeSpan{down.from, up.to}), 0)
	return nil
}

func redisKilled(r *run) error {
	return withoutBus(r, r.duration(20*time.Second, 8*time.Second),
		func() error { r.redis.Kill(); return nil }, r.redis.Start)
}

func redisFrozen(r *run) error {
	return withoutBus(r, r.duration(30*time.Second, 8*time.Second),
		func() error { r.redis.Signal(syscall.SIGSTOP); return nil },
		func() error { r.redis.Signal(syscall.SIGCONT); return nil })
}

// redisAbsent restarts both processes while there is no Redis, and flushes it later.
func redisAbsent(r *run) error {
	l := r.startLoad(r.label, r.seed, r.loadConfig())
	if err := l.awaitLive(30 * time.Second); err != nil {
		return err
	}
	r.redis.Kill()
	for i := range r.processes {
		if err := r.restart(i); err != nil {
			return err
		}
		r.expect("a process is ready without Redis", rig.WaitFor(5*time.Second, "", func() bool { ok, _ := r.processes[i].ready(); return ok }) == nil)
	}
	if err := l.awaitLive(20 * time.Second); err != nil {
		return err
	}
	without := timeSpan{from: time.Now()}
	time.Sleep(8 * time.Second)
	without.to = time.Now()
	if err := r.redis.Start(); err != nil {
		return err
	}
	r.atMost("bus up after", r.timeUntil(15*time.Second, func() bool { return r.processes[0].busUp() && r.processes[1].busUp() }), 15*time.Second)
	conn, err := net.Dial("tcp", r.redis.Addr)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.Write([]byte("FLUSHALL\r\n")); err != nil {
		return err
	}
	time.Sleep(4 * time.Second)
	s, err := r.finish(l, 5*time.Second)
	if err != nil {
		return err
	}
	r.atMost("delivery p99 without Redis", quantile(l.history.deliveryTimes(s, without), 0.99), 3*time.Second)
	r.countAtMost("failed posts without Redis", l.history.failedPosts(without), 0)
	r.countAtMost("signed out", l.history.count(signedOut, timeSpan{l.history.Start, time.Now()}), 0)
	return nil
}

// signalsLost drops and duplicates signals of a bus that looks healthy, and then drops the last signals of
// rooms in which nobody posts any more.
func signalsLost(r *run) error {
	for i, f := range r.signalFaults {
		f.set(newRand(r.seed, r.label, i), 0.3, 0.3)
	}
	defer func() {
		for _, f := range r.signalFaults {
			f.set(nil, 0, 0)
		}
	}()
	l := r.startLoad(r.label, r.seed, r.loadConfig())
	if err := l.awaitLive(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(r.duration(15*time.Second, 6*time.Second))
	lost, duplicated := 0, 0
	for i, f := range r.signalFaults {
		l, d := f.counts()
		lost, duplicated = lost+l, duplicated+d
		f.set(newRand(r.seed, r.label, i), 1, 0)
	}
	r.figure("%d signals lost, %d duplicated", lost, duplicated)
	r.expect("signals were lost and duplicated", lost > 0 && duplicated > 0)
	time.Sleep(time.Second)
	l.settle(20 * time.Second)
	took, err := l.awaitCurrent(25 * time.Second)
	if err != nil {
		return err
	}
	r.atMost("quiet rooms current after", took, 20*time.Second)
	_, err = r.finish(l, time.Second)
	return err
}
