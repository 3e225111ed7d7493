package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"parley/app/bus"
	"parley/db"
	"parley/e2e/rig"
)

// TestProcessesThatDoNotHearEachOther plays what a process sees of the others on its database and on its
// Redis, every five seconds.
func TestProcessesThatDoNotHearEachOther(t *testing.T) {
	t.Parallel()
	type look struct{ known, heard int }
	repeat := func(n int, l look) (list []look) {
		for range n {
			list = append(list, l)
		}
		return list
	}
	for name, one := range map[string]struct {
		looks    []look
		notReady bool
		errors   int
	}{
		"alone":                               {repeat(10, look{1, 1}), false, 0},
		"two on one Redis":                    {repeat(10, look{2, 2}), false, 0},
		"two on two Redis, started at once":   {repeat(5, look{2, 1}), true, 1},
		"for 15 seconds":                      {repeat(4, look{2, 1}), false, 0},
		"the first of two on two Redis":       {append(repeat(3, look{1, 1}), repeat(20, look{2, 1})...), false, 1},
		"one more is on the other Redis":      {append(repeat(3, look{2, 2}), repeat(20, look{3, 2})...), false, 1},
		"one died, and is known for a while":  {append(repeat(3, look{2, 2}), append(repeat(3, look{2, 1}), repeat(3, look{1, 1})...)...), false, 0},
		"the Redis is the same after a while": {append(repeat(9, look{2, 1}), look{2, 2}), false, 1},
		"more are heard than known":           {repeat(9, look{2, 3}), false, 0},
		"it comes and goes":                   {append(repeat(4, look{2, 1}), append([]look{{2, 2}}, repeat(4, look{2, 1})...)...), false, 0},
	} {
		var log bytes.Buffer
		c := &cluster{}
		now := time.Unix(0, 0)
		for _, l := range one.looks {
			c.hearing.compare(l.known, l.heard, now, slog.New(slog.NewTextHandler(&log, nil)))
			now = now.Add(heartbeatInterval)
		}
		if got := c.problem() != ""; got != one.notReady {
			t.Errorf("%s: the problem is %q", name, c.problem())
		}
		if n := strings.Count(log.String(), "level=ERROR"); n != one.errors {
			t.Errorf("%s: %d errors: %s", name, n, log.String())
		}
		if c.hearing.pause(); c.problem() != "" {
			t.Errorf("%s: not ready while Redis is down: %q", name, c.problem())
		}
	}
}

// TestTwoRedis checks that two processes on one MySQL know of each other, whatever Redis they have.
func TestTwoRedis(t *testing.T) {
	t.Parallel()
	address := rig.MySQL(t)
	join := func() *cluster {
		store, err := db.Open(address)
		if err == nil {
			err = store.Migrate(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		redis, err := bus.NewRedis(rig.Redis(t), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		c := joinCluster(store, redis, slog.New(slog.DiscardHandler))
		t.Cleanup(func() {
			c.leave()
			_ = redis.Close()
			_ = store.Close()
		})
		return c
	}
	first, second := join(), join()
	if second.processes() != 2 || second.problem() != "" {
		t.Errorf("the second knows of %d, %q", second.processes(), second.problem())
	}
	rig.Eventually(t, "the second is known, and not heard", func() bool {
		return first.processes() == 2 && first.bus.Up() && first.bus.Peers() == 1
	})
}
