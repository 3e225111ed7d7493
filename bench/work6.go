package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// storm is W6: everybody connects at once, and wants what they have missed.
func storm(s *stage, r *report, n, behind int, heads map[uint64]uint64, stream streams) error {
	a := &audience{}
	defer a.close()
	s.settle()
	var peak atomic.Int64
	stop, sampled := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(sampled)
		for {
			if now, err := s.resident(); err == nil {
				peak.Store(max(peak.Load(), now))
			}
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	var wall time.Duration
	var failed atomic.Int64
	spent, err := s.during(func() error {
		start := time.Now()
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				if status, err := a.open(stream(i)); err != nil || status != 200 {
					failed.Add(1)
				}
			})
		}
		all.Wait()
		a.await(heads, 30*time.Second)
		wall = time.Since(start)
		s.settle()
		return nil
	})
	close(stop)
	<-sampled
	if err != nil {
		return err
	}
	a.close()
	a.refused.Range(func(status, count any) bool {
		r.problems("W6", []string{fmt.Sprintf("%d of %d streams were answered %d", count.(*atomic.Int64).Load(), n, status)})
		return true
	})
	r.problems("W6", a.problems)
	ended := 0
	for _, v := range a.viewers {
		if v.ended.Load() {
			ended++
		}
	}
	served := max(1, n-int(failed.Load()))
	raw, err := rawStorm(n, int(a.bytes.Load())/served)
	if err != nil {
		return err
	}
	kase := fmt.Sprintf("%d back, %d behind", n, behind)
	r.add("W6", kase, "seconds", wall.Seconds(), raw.Seconds())
	r.add("W6", kase, "refused", float64(failed.Load()), 0)
	r.add("W6", kase, "ended by the server", float64(ended), 0)
	r.add("W6", kase, "peak MB", float64(peak.Load())/1e6, 0)
	r.add("W6", kase, "statements/viewer", spent.statements/float64(n), 0)
	r.add("W6", kase, "server us/delivery", us(spent.server)/float64(max(1, a.delivered.Load())), 0)
	r.add("W6", kase, "database us/delivery", us(spent.database)/float64(max(1, a.delivered.Load())), 0)
	return nil
}

// rawStorm returns how long the raw loop takes to accept n connections and write size bytes to each.
func rawStorm(n, size int) (time.Duration, error) {
	l, err := startRaw()
	if err != nil {
		return 0, err
	}
	defer l.close()
	start := time.Now()
	stop, err := l.watch(n)
	if err != nil {
		return 0, err
	}
	defer stop()
	err = l.write(size, 1, 1, 0)
	return time.Since(start), err
}
