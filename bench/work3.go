package main

import (
	"context"
	"fmt"
	"time"
)

// crowdWork is W3 and W6, in rooms of a hundred people with a hundred messages each: many viewers when nothing is said,
// with what their connecting costs; and many who come back at once, all those messages behind.
func crowdWork(rooms, idle int, lasts time.Duration) (w3, w6 work) {
	const size, behind = 100, 100
	var people []person
	var ids []uint64
	var written *builder
	prepare := func(b *builder) {
		if written == b {
			return
		}
		written = b
		people, ids = b.people("crowd", rooms*size), nil
		for i := range rooms {
			members := people[i*size : (i+1)*size]
			room := b.group(fmt.Sprint("Crowd ", i), members)
			b.bury(room, members, behind)
			ids = append(ids, room)
		}
	}
	stream := func(s *stage, seq uint64) func(i int) (string, uint64, uint64, person, bool) {
		return func(i int) (string, uint64, uint64, person, bool) {
			who := i % len(people)
			return s.at(i), ids[who/size], seq, people[who], false
		}
	}
	w3 = work{"W3", prepare, func(_ context.Context, s *stage, r *report) error {
		return idleViewers(s, r, idle, lasts, stream(s, 1+behind))
	}}
	w6 = work{"W6", prepare, func(_ context.Context, s *stage, r *report) error {
		heads := map[uint64]uint64{}
		for _, room := range ids {
			heads[room] = 1 + behind
		}
		return storm(s, r, len(people), behind, heads, stream(s, 1))
	}}
	return w3, w6
}

type streams = func(i int) (addr string, room, seq uint64, p person, watches bool)

func idleViewers(s *stage, r *report, n int, lasts time.Duration, stream streams) error {
	a := &audience{}
	defer a.close()
	if err := a.openMany(min(n, 100), stream); err != nil { // what the first ones need is no viewer's
		return err
	}
	a.close()
	s.settle()
	before, err := s.memory()
	if err != nil {
		return err
	}
	all := &audience{}
	defer all.close()
	var opened time.Duration
	spent, err := s.during(func() error {
		start := time.Now()
		err := all.openMany(n, stream)
		opened = time.Since(start)
		s.settle() // the lists of a page follow when its stream is open
		s.settleQueue("lists", 1)
		return err
	})
	if err != nil {
		return err
	}
	time.Sleep(lasts) // until buffers are given back
	after, err := s.memory()
	if err != nil {
		return err
	}
	routines, err := s.metric("go_goroutines")
	if err != nil {
		return err
	}
	quiet, err := s.during(func() error { time.Sleep(lasts); return nil })
	if err != nil {
		return err
	}
	all.close()
	r.problems("W3", all.problems)
	raw, err := rawIdle(n)
	if err != nil {
		return err
	}
	kase, each := fmt.Sprint(n, " viewers"), float64(n)
	r.add("W3", kase, "bytes/viewer", float64(after-before)/each, raw)
	r.add("W3", kase, "goroutines", routines, 0)
	r.add("W3", kase, "idle CPU %", 100*quiet.server.Seconds()/quiet.wall.Seconds(), 0)
	r.add("connect", kase, "server ms/stream", ms(spent.server)/each, 0)
	r.add("connect", kase, "database ms/stream", ms(spent.database)/each, 0)
	r.add("connect", kase, "statements/stream", spent.statements/each, 0)
	r.add("connect", kase, "streams/s", each/opened.Seconds(), 0)
	return nil
}

// rawIdle is the bytes of memory that a connection is to the raw loop.
func rawIdle(n int) (float64, error) {
	l, err := startRaw()
	if err != nil {
		return 0, err
	}
	defer l.close()
	before, err := memoryOf(l.cmd.Process.Pid)
	if err != nil {
		return 0, err
	}
	stop, err := l.watch(n)
	if err != nil {
		return 0, err
	}
	defer stop()
	after, err := memoryOf(l.cmd.Process.Pid)
	return float64(after-before) / float64(n), err
}
