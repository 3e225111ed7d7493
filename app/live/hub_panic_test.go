package live_test

import (
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// twoRooms has a viewer in the room where things go wrong, one of another variant there, and one in
// another room.
func twoRooms(t *testing.T, times live.HubTimes) (h *house, hit, variant, other *page) {
	t.Helper()
	h = open(t, times)
	h.mayPanic = true
	tokyo := h.someone(1)
	tokyo.Variant = "Asia/Tokyo"
	hit, variant = h.watch(h.someone(1), at(bus.Cursor{Epoch: 1})), h.watch(tokyo, at(bus.Cursor{Epoch: 1}))
	other = h.watch(h.someone(2), at(bus.Cursor{Epoch: 1}))
	h.post(1, "a")
	h.post(2, "a")
	for _, p := range []*page{hit, variant, other} {
		p.reaches(1, 1)
	}
	return h, hit, variant, other
}

// What cannot be rendered is not left out: the page is told to load again. All others go on.
func TestAPanicInRender(t *testing.T) {
	t.Parallel()
	h, hit, variant, other := twoRooms(t, live.HubTimes{TickUp: time.Hour})
	var sick atomic.Bool
	sick.Store(true)
	h.world.set(func() {
		h.world.painting = func(room, seq uint64, variant string) {
			if sick.Load() && room == 1 && seq == 3 && variant == "UTC" {
				panic("on purpose")
			}
		}
	})
	more := make([]*page, 20)
	for i := range more {
		more[i] = h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 1}))
	}
	rig.Eventually(t, "all are in", func() bool { return h.hub.Size().InRooms == 23 })
	for range 4 {
		h.post(1, "b")
		h.post(2, "b")
	}
	for _, p := range more {
		p.ends("reset")
		p.isExactly(2, uint64(len(p.entries()))+1)
	}
	hit.ends("reset")
	variant.reaches(1, 5)
	other.reaches(1, 5)
	if n := h.hub.Stats.Panics.Load(); n == 0 || n > 8 {
		t.Errorf("%d panics for 21 viewers", n)
	}
	sick.Store(false)
	h.watch(h.someone(1), at(bus.Cursor{Epoch: 1})).reaches(1, 5)
}

// A reader that panics lets go of the room, and tries again by itself.
func TestAPanicInAfter(t *testing.T) {
	t.Parallel()
	h, hit, variant, other := twoRooms(t, live.HubTimes{TickUp: time.Hour, Again: 20 * time.Millisecond})
	var sick atomic.Bool
	sick.Store(true)
	h.world.set(func() {
		h.world.fault = func(what string, id uint64) error {
			if sick.Load() && what == "after" && id == 1 {
				panic("on purpose")
			}
			return nil
		}
	})
	h.post(1, "b")
	rig.Eventually(t, "it has tried again", func() bool { return h.hub.Stats.Panics.Load() > 2 })
	comer := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 9})) // reads on the way in
	if word := comer.ends("heartbeat"); word.retry == 0 {
		t.Errorf("no advice: %+v", word)
	}
	h.post(2, "b")
	other.reaches(1, 2)
	sick.Store(false)
	hit.reaches(1, 2)
	variant.reaches(1, 2)
	h.watch(h.someone(1), at(bus.Cursor{Epoch: 1})).reaches(1, 2)
}

func TestAPanicInEnds(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	h.mayPanic = true
	victim := h.someone(1)
	h.world.set(func() {
		h.world.judging = func(_, seq, user uint64) {
			if user == victim.User && seq == 2 {
				panic("on purpose")
			}
		}
	})
	hit, same := h.watch(victim, at(bus.Cursor{Epoch: 1})), h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "both are in", func() bool { return h.hub.Size().InRooms == 2 })
	for range 4 {
		h.post(1, "x")
	}
	hit.ends("reset")
	same.reaches(1, 4)
}

// The lists of one person panic: hers come later, everybody else's in time.
func TestAPanicInLists(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Lists: time.Millisecond, Again: 20 * time.Millisecond})
	h.mayPanic = true
	ill, well, wild := h.someone(0), h.someone(0), h.someone(0)
	var sick atomic.Bool
	sick.Store(true)
	h.world.set(func() {
		h.world.follows[ill.User] = []uint64{5}
		h.world.fault = func(what string, id uint64) error {
			if sick.Load() && what == "lists" && id == ill.User {
				panic("on purpose")
			}
			return nil
		}
		h.world.showing = func(user uint64, _ *live.Viewer) []byte {
			if sick.Load() && user == wild.User {
				panic("on purpose")
			}
			return []byte("state")
		}
	})
	pages := []*page{h.watch(ill, nil), h.watch(wild, nil), h.watch(well, nil)}
	rig.Eventually(t, "the others' lists come", func() bool { return len(pages[2].states()) == 1 })
	rig.Eventually(t, "they are tried again", func() bool { return h.hub.Stats.Panics.Load() > 3 })
	sick.Store(false)
	for _, p := range pages {
		rig.Eventually(t, "all lists come", func() bool { return len(p.states()) == 1 })
	}
	rig.Eventually(t, "the rooms are followed", func() bool { return h.hub.Size().Followed == 1 })
}

// The sweeper and the look at the sessions outlive what they call.
func TestAPanicInTheTicks(t *testing.T) {
	t.Parallel()
	h, hit, _, _ := twoRooms(t, live.HubTimes{TickUp: 20 * time.Millisecond, TickDown: 20 * time.Millisecond, Sessions: 10 * time.Millisecond})
	victim := h.someone(0)
	out := h.watch(victim, nil)
	h.world.set(func() {
		h.world.fault = func(what string, _ uint64) error {
			if what == "heads" || what == "alive" {
				panic("on purpose")
			}
			return nil
		}
	})
	rig.Eventually(t, "both have panicked", func() bool { return h.hub.Stats.Panics.Load() > 6 })
	h.world.set(func() {
		h.world.fault = nil
		h.world.dead[victim.Session] = true
	})
	h.world.post(1, "no bell")
	hit.reaches(1, 2)
	out.ends("signed-out")
}

func TestAPanicWhenAStreamIsLetGo(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{})
	h.mayPanic = true
	v := h.someone(1)
	v.OnEnd = func() { panic("on purpose") }
	p := h.watch(v, at(bus.Cursor{Epoch: 1}))
	other := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "both are in", func() bool { return h.hub.Size().InRooms == 2 })
	p.leave()
	rig.Eventually(t, "it has panicked", func() bool { return h.hub.Stats.Panics.Load() == 1 && h.hub.Viewers() == 1 })
	h.post(1, "x")
	other.reaches(1, 1)
}
