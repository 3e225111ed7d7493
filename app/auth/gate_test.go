package auth

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		const each = 50 * time.Millisecond
		var running, most, done, busy atomic.Int64
		start := time.Now()
		for range 500 {
			go func() {
				err := g.do(t.Context(), func() {
					most.Store(max(most.Load(), running.Add(1)))
					time.Sleep(each)
					running.Add(-1)
				})
				switch {
				case err == nil:
					done.Add(1)
				case errors.Is(err, ErrBusy):
					busy.Add(1)
				default:
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		if n := busy.Load(); n != int64(500-cap(g.slots)-maxWaiting) {
			t.Errorf("%d were refused at once", n)
		}
		time.Sleep(2 * maxWait)
		if most.Load() > int64(cap(g.slots)) || done.Load() != int64(cap(g.slots)+maxWaiting) || g.entered.Load() != done.Load() {
			t.Errorf("at most %d at once, %d done, %d counted", most.Load(), done.Load(), g.entered.Load())
		}
		if took := time.Since(start); took > 3*maxWait {
			t.Errorf("took %v", took)
		}
	})
}

func TestGateGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		for range cap(g.slots) {
			go func() { _ = g.do(t.Context(), func() { time.Sleep(time.Minute) }) }()
		}
		synctest.Wait()
		start := time.Now()
		if err := g.do(t.Context(), func() { t.Error("ran") }); !errors.Is(err, ErrBusy) || time.Since(start) != maxWait {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := g.do(ctx, func() { t.Error("ran") }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a browser that left: %v", err)
		}
		if len(g.queue) != 0 {
			t.Errorf("%d still wait", len(g.queue))
		}
		time.Sleep(time.Hour)
	})
}
