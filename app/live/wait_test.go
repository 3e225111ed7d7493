package live_test

import (
	"context"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// startWait waits for a room in a goroutine, and returns once the hub knows.
func (f *fixture) startWait(ctx context.Context, after bus.Cursor) (back chan error) {
	back = make(chan error, 1)
	asked := f.source.count(f.source.calls, "heads/1")
	go func() { back <- f.hub.Wait(ctx, 1, after) }()
	rig.Eventually(f.t, "the wait has started", func() bool { return f.source.count(f.source.calls, "heads/1") > asked })
	return back
}

func mustReturn(t *testing.T, back chan error) {
	t.Helper()
	select {
	case err := <-back:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("still waiting")
	}
}

// What ends a wait: a signal, an entry from before it started, a sweep while the bus is down, another
// epoch, the end of its context, and the end of the hub.
func TestWait(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour, DownSweepInterval: 20 * time.Millisecond})
	end := f.source.posts(1, 3)

	back := f.startWait(t.Context(), end)
	f.bus.Publish(entrySignal(1, bus.Cursor{Epoch: 1, Seq: 2})) // late or doubled
	f.post(2, "in another room")
	if len(back) > 0 {
		t.Fatal("it returned for nothing")
	}
	before := end
	end = f.post(1, "the news")
	mustReturn(t, back)
	mustReturn(t, f.startWait(t.Context(), before))

	back = f.startWait(t.Context(), end)
	f.source.update(func() { f.source.room(1).epoch = 2 })
	f.bus.Publish(entrySignal(1, bus.Cursor{Epoch: 2, Seq: 1}))
	mustReturn(t, back)

	end = f.source.end(1)
	back = f.startWait(t.Context(), end)
	f.bus.emit(bus.EventDown)
	end = f.source.post(1, "without a signal")
	mustReturn(t, back)

	ctx, cancel := context.WithCancel(t.Context())
	back = f.startWait(ctx, end)
	cancel()
	mustReturn(t, back)

	back = f.startWait(t.Context(), end)
	f.hub.Close()
	mustReturn(t, back)
}
