package live

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestTasksDoNotWait starts many tasks that wait for each other: all of them run at once, and each once.
func TestTasksDoNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 10 * mostIdle
		w := newWorkers()
		for range 3 {
			var running atomic.Int32
			var all sync.WaitGroup
			open := make(chan struct{})
			for range n {
				all.Add(1)
				w.start(func() {
					defer all.Done()
					running.Add(1)
					<-open
				})
			}
			synctest.Wait()
			if got := running.Load(); got != n {
				t.Errorf("%d tasks run at once instead of %d", got, n)
			}
			close(open)
			all.Wait()
		}
		time.Sleep(2 * idleTime) // or the test would leave goroutines
	})
}

// TestIdleGoroutines checks that a goroutine is used again, that no more than a few are kept, and none for long.
func TestIdleGoroutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorkers()
		idle := func(when string, want int32) {
			t.Helper()
			synctest.Wait()
			if got := w.idle.Load(); got != want {
				t.Errorf("%s: %d goroutines are idle instead of %d", when, got, want)
			}
		}
		w.start(func() {})
		idle("after a task", 1)
		w.start(func() { time.Sleep(time.Millisecond) })
		idle("during another", 0)
		time.Sleep(time.Millisecond)
		idle("after both", 1)
		for range 10 * mostIdle {
			w.start(func() { time.Sleep(time.Millisecond) })
		}
		time.Sleep(time.Millisecond)
		idle("after a rush", mostIdle)
		time.Sleep(2 * idleTime)
		idle("later", 0)
	})
}
