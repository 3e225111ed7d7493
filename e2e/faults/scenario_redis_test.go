package faults

import (
	"net"
	"syscall"
	"time"
)

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
	time.Sleep(r.length(15*time.Second, 7*time.Second))
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
	return busLost(r, r.length(30*time.Second, 8*time.Second),
		func() error { r.redis.Signal(syscall.SIGSTOP); return nil },
		func() error { r.redis.Signal(syscall.SIGCONT); return nil })
}

// redisAbsent starts both processes anew while there is no Redis, and empties it later.
func redisAbsent(r *run) error {
	l := r.chat(r.label, r.seed, r.volume())
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	r.redis.Kill()
	for i := range r.processes {
		if err := r.restart(i); err != nil {
			return err
		}
		r.holds("it is ready without Redis", within(5*time.Second, "", func() bool { ok, _ := r.processes[i].ready(); return ok }) == nil)
	}
	if err := l.ready(20 * time.Second); err != nil {
		return err
	}
	without := span{from: time.Now()}
	time.Sleep(8 * time.Second)
	without.to = time.Now()
	if err := r.redis.Start(); err != nil {
		return err
	}
	r.atMost("bus up after", r.takes(15*time.Second, func() bool { return r.processes[0].busUp() && r.processes[1].busUp() }), 15*time.Second)
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
	r.atMost("delivery p99 without Redis", quantile(l.h.deliveries(s, without), 0.99), 3*time.Second)
	r.count("failed posts without Redis", l.h.failed(without), 0)
	r.count("signed out", l.h.count(signedOut, span{l.h.Start, time.Now()}), 0)
	return nil
}

// ringsBent loses and doubles rings of a bus that looks healthy, and then the last ring of rooms
// that fall quiet.
func ringsBent(r *run) error {
	for i, b := range r.benders {
		b.set(chance(r.seed, r.label, i), 0.3, 0.3)
	}
	defer func() {
		for _, b := range r.benders {
			b.set(nil, 0, 0)
		}
	}()
	l := r.chat(r.label, r.seed, r.volume())
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(r.length(15*time.Second, 6*time.Second))
	lost, doubled := 0, 0
	for i, b := range r.benders {
		one, two := b.done()
		lost, doubled = lost+one, doubled+two
		b.set(chance(r.seed, r.label, i), 1, 0)
	}
	r.note("%d rings lost, %d doubled", lost, doubled)
	r.holds("rings were lost and doubled", lost > 0 && doubled > 0)
	time.Sleep(time.Second)
	l.quiet(20 * time.Second)
	took, err := l.caughtUp(25 * time.Second)
	if err != nil {
		return err
	}
	r.atMost("quiet rooms healed after", took, 20*time.Second)
	_, err = r.finish(l, time.Second)
	return err
}
