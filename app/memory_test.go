package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"

	"parley/e2e/rig"
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

func TestGCPercent(t *testing.T) {
	const mb = 1 << 20
	for live, want := range map[uint64]int{0: 300, 1 * mb: 300, 8 * mb: 300, 10 * mb: 220, 15 * mb: 113, 16 * mb: 100, 900 * mb: 100} {
		if got := gcPercent(live); got != want {
			t.Errorf("%d MB in use: %d %%, want %d", live/mb, got, want)
		}
	}
}

func TestWhoSetsGOGC(t *testing.T) {
	for want, environment := range map[bool][]string{true: {"A=b", "GOGC=50"}, false: {"A=b", "GOGC=", "NOGOGC=50"}} {
		if got := setsGOGC(environment); got != want {
			t.Errorf("%v: %v", environment, got)
		}
	}
}

// TestThePaceFollowsTheHeap checks that a small heap is collected seldom, and a larger one by Go's own rule after the next
// collection.
func TestThePaceFollowsTheHeap(t *testing.T) {
	percent := func() uint64 {
		sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	before := percent()
	t.Cleanup(func() { debug.SetGCPercent(int(before)) })
	runtime.GC()
	runtime.GC()                                 // pools keep what is in them through one
	collectSeldom(t.Context())                   // which ends before the clean-up
	if got := percent(); got <= usualGCPercent { // what the tests before have left takes less than half of the floor
		t.Fatalf("%d %% for a small heap", got)
	}
	large := make([]byte, heapFloor)
	rig.Eventually(t, "Go's own pace", func() bool { runtime.GC(); return percent() == usualGCPercent })
	runtime.KeepAlive(large)
	rig.Eventually(t, "a slower pace again", func() bool { runtime.GC(); return percent() > usualGCPercent })
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
