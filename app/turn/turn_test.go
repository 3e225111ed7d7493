package turn

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestTake checks that no more than the bound have a turn at a time, that no turn is lost, whoever gives up while
// waiting for it, and that nothing is left behind.
func TestTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const atOnce = 3
		queue := New(atOnce)
		var running, most, served atomic.Int64
		var all sync.WaitGroup
		for i := range 60 {
			all.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if i%3 == 0 { // gives up, in the queue or before
					cancel()
				}
				done, err := queue.Take(ctx, 1)
				if err != nil {
					return
				}
				n := running.Add(1)
				for before := most.Load(); n > before && !most.CompareAndSwap(before, n); before = most.Load() {
				}
				time.Sleep(time.Second)
				running.Add(-1)
				served.Add(1)
				done()
			})
		}
		all.Wait()
		if most.Load() != atOnce || served.Load() < 40 || queue.Users(1) != 0 {
			t.Errorf("%d at once, %d of 40 and more served, %d left", most.Load(), served.Load(), queue.Users(1))
		}
	})
}

// TestKeysDoNotWaitForEachOther checks that a turn of one key does not delay anybody who wants another.
func TestKeysDoNotWaitForEachOther(t *testing.T) {
	queue := New(1)
	done, err := queue.Take(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	other, err := queue.Take(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := queue.Take(ctx, 1); err == nil {
		t.Error("two have the turn of one key")
	}
	other()
	done()
	if queue.Users(1)+queue.Users(2) != 0 {
		t.Error("a key is kept")
	}
}
