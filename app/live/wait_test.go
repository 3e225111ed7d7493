package live_test

import (
	"context"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// waits is somebody who waits for a room, and is known to the hub when it returns.
func (h *house) waits(ctx context.Context, after bus.Cursor) (back chan error) {
	back = make(chan error, 1)
	asked := h.world.count(h.world.asked, "heads/1")
	go func() { back <- h.hub.Wait(ctx, 1, after) }()
	rig.Eventually(h.t, "the wait has begun", func() bool { return h.world.count(h.world.asked, "heads/1") > asked })
	return back
}

func comesBack(t *testing.T, back chan error) {
	t.Helper()
	select {
	case err := <-back:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("still waiting")
	}
}

// What ends a wait: a bell, what was there before it began, the tick while the bus is down, another
// epoch, the patience of whoever waits, and the hub's end.
func TestWait(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour, TickDown: 20 * time.Millisecond})
	end := h.world.posts(1, 3)

	back := h.waits(t.Context(), end)
	h.bus.Publish(entryBell(1, bus.Cursor{Epoch: 1, Seq: 2})) // a bell that is late or doubled
	h.post(2, "in another room")
	if len(back) > 0 {
		t.Fatal("it came back for nothing")
	}
	before := end
	end = h.post(1, "the news")
	comesBack(t, back)
	comesBack(t, h.waits(t.Context(), before))

	back = h.waits(t.Context(), end)
	h.world.set(func() { h.world.room(1).epoch = 2 })
	h.bus.Publish(entryBell(1, bus.Cursor{Epoch: 2, Seq: 1}))
	comesBack(t, back)

	end = h.world.end(1)
	back = h.waits(t.Context(), end)
	h.bus.tell(bus.EventDown)
	end = h.world.post(1, "nobody rings")
	comesBack(t, back)

	ctx, cancel := context.WithCancel(t.Context())
	back = h.waits(ctx, end)
	cancel()
	comesBack(t, back)

	back = h.waits(t.Context(), end)
	h.hub.Close()
	comesBack(t, back)
}
