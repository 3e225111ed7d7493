package live_test

import (
	"net"
	"runtime"
	"testing"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

func TestIdleViewersHaveNoGoroutines(t *testing.T) {
	f := newFixture(t, live.Intervals{})
	before := runtime.NumGoroutine()
	for range 100 {
		near, far := f.connect(&net.Dialer{})
		defer func() { _ = far.Close() }()
		f.hub.Serve(near, responseHead(true), f.viewer(0), nil)
	}
	rig.Eventually(t, "all viewers rest", func() bool { return f.hub.Size().Users == 100 && runtime.NumGoroutine() <= before })
}

// An event may be on its way when its viewer ends and another takes the seat.
func TestALateEventEndsNoOtherViewer(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{})
	first := f.open(f.viewer(0), nil)
	handle := f.hub.HangUpOfSeat(1)
	first.hangUp()
	rig.Eventually(t, "it is gone", func() bool { return f.hub.Viewers() == 0 })
	handle()
	second := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	for range 100 {
		handle()
	}
	f.post(1, "x")
	second.receives(1, 1)
	if second.hasEnded() {
		t.Error("a late event ended another viewer")
	}
	f.hub.HangUpOfSeat(1)()
	rig.Eventually(t, "an event that is not late counts", second.hasEnded)
}
