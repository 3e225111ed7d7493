package main

import (
	"context"
	"runtime"
	"testing"
	"time"
)

func TestWhenMemoryIsReturned(t *testing.T) {
	const mb = 1 << 20
	for _, test := range []struct {
		what        string
		last, now   heap
		quiet, some bool
	}{
		{"a rush", heap{}, heap{allocated: 50 * mb, objects: 40 * mb, live: 10 * mb, free: 20 * mb}, false, true},
		{"after it", heap{allocated: 50 * mb}, heap{allocated: 51 * mb, objects: 12 * mb, live: 10 * mb, free: 20 * mb}, true, true},
		{"what is not collected counts", heap{}, heap{objects: 20 * mb, live: 10 * mb}, true, true},
		{"nothing to gain", heap{}, heap{objects: 11 * mb, live: 10 * mb, free: 2 * mb}, true, false},
		{"little of very much", heap{}, heap{objects: 330 * mb, live: 300 * mb, free: 20 * mb}, true, false},
		{"before the first collection", heap{}, heap{objects: 3 * mb}, true, false},
	} {
		if quiet, some := test.now.isQuietSince(test.last), test.now.spares(); quiet != test.quiet || some != test.some {
			t.Errorf("%s: quiet %v, something to give back %v", test.what, quiet, some)
		}
	}
}

func TestMemoryIsReturned(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	rush := make([][]byte, 64)
	for i := range rush {
		rush[i] = make([]byte, 1<<20)
	}
	runtime.KeepAlive(rush)
	clear(rush)
	runtime.GC() // as happens in two minutes at the latest; what became garbage since is not known to be any
	given := make(chan struct{}, 1)
	go returnMemoryOften(ctx, time.Millisecond, func() {
		select {
		case given <- struct{}{}:
		default:
		}
	})
	select {
	case <-given:
	case <-time.After(time.Minute):
		t.Error("nothing is given back after a rush")
	}
}
