package live_test

import (
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// twoRooms opens a page in the room where things go wrong, one of another variant there, and one in
// another room.
func twoRooms(t *testing.T, intervals live.Intervals) (f *fixture, hit, variant, other *page) {
	t.Helper()
	f = newFixture(t, intervals)
	f.mayPanic = true
	tokyo := f.viewer(1)
	tokyo.Variant = "Asia/Tokyo"
	hit, variant = f.open(f.viewer(1), from(bus.Cursor{Epoch: 1})), f.open(tokyo, from(bus.Cursor{Epoch: 1}))
	other = f.open(f.viewer(2), from(bus.Cursor{Epoch: 1}))
	f.post(1, "a")
	f.post(2, "a")
	for _, p := range []*page{hit, variant, other} {
		p.receives(1, 1)
	}
	return f, hit, variant, other
}

// An entry that cannot be rendered is not left out: the page reloads. All others continue.
func TestAPanicInRender(t *testing.T) {
	t.Parallel()
	f, hit, variant, other := twoRooms(t, live.Intervals{SweepInterval: time.Hour})
	var broken atomic.Bool
	broken.Store(true)
	f.source.update(func() {
		f.source.onRender = func(room, seq uint64, variant string) {
			if broken.Load() && room == 1 && seq == 3 && variant == "UTC" {
				panic("on purpose")
			}
		}
	})
	more := make([]*page, 20)
	for i := range more {
		more[i] = f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 1}))
	}
	rig.Eventually(t, "all have joined", func() bool { return f.hub.Size().InRooms == 23 })
	for range 4 {
		f.post(1, "b")
		f.post(2, "b")
	}
	for _, p := range more {
		p.endsWith("reset")
		p.hasExactly(2, uint64(len(p.entries()))+1)
	}
	hit.endsWith("reset")
	variant.receives(1, 5)
	other.receives(1, 5)
	if n := f.hub.Stats.Panics.Load(); n == 0 || n > 8 {
		t.Errorf("%d panics for 21 viewers", n)
	}
	broken.Store(false)
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1})).receives(1, 5)
}

// A reader that panics leaves the room unlocked, and retries by itself.
func TestAPanicInAfter(t *testing.T) {
	t.Parallel()
	f, hit, variant, other := twoRooms(t, live.Intervals{SweepInterval: time.Hour, RetryDelay: 20 * time.Millisecond})
	var broken atomic.Bool
	broken.Store(true)
	f.source.update(func() {
		f.source.fault = func(what string, id uint64) error {
			if broken.Load() && what == "after" && id == 1 {
				panic("on purpose")
			}
			return nil
		}
	})
	f.post(1, "b")
	rig.Eventually(t, "it has retried", func() bool { return f.hub.Stats.Panics.Load() > 2 })
	comer := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 9})) // reads while it joins
	if word := comer.endsWith("heartbeat"); word.retry == 0 {
		t.Errorf("no advice: %+v", word)
	}
	f.post(2, "b")
	other.receives(1, 2)
	broken.Store(false)
	hit.receives(1, 2)
	variant.receives(1, 2)
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1})).receives(1, 2)
}

func TestAPanicInEnds(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	f.mayPanic = true
	victim := f.viewer(1)
	f.source.update(func() {
		f.source.onEnds = func(_, seq, user uint64) {
			if user == victim.User && seq == 2 {
				panic("on purpose")
			}
		}
	})
	hit, same := f.open(victim, from(bus.Cursor{Epoch: 1})), f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "both have joined", func() bool { return f.hub.Size().InRooms == 2 })
	for range 4 {
		f.post(1, "x")
	}
	hit.endsWith("reset")
	same.receives(1, 4)
}

// The lists of one user panic: theirs come later, everybody else's in time.
func TestAPanicInLists(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{ListsInterval: time.Millisecond, RetryDelay: 20 * time.Millisecond})
	f.mayPanic = true
	reading, fine, rendering := f.viewer(0), f.viewer(0), f.viewer(0)
	var broken atomic.Bool
	broken.Store(true)
	f.source.update(func() {
		f.source.follows[reading.User] = []uint64{5}
		f.source.fault = func(what string, id uint64) error {
			if broken.Load() && what == "lists" && id == reading.User {
				panic("on purpose")
			}
			return nil
		}
		f.source.renderLists = func(user uint64, _ *live.Viewer) []byte {
			if broken.Load() && user == rendering.User {
				panic("on purpose")
			}
			return []byte("state")
		}
	})
	pages := []*page{f.open(reading, nil), f.open(rendering, nil), f.open(fine, nil)}
	rig.Eventually(t, "the other lists arrive", func() bool { return len(pages[2].states()) == 1 })
	rig.Eventually(t, "they are retried", func() bool { return f.hub.Stats.Panics.Load() > 3 })
	broken.Store(false)
	for _, p := range pages {
		rig.Eventually(t, "all lists arrive", func() bool { return len(p.states()) == 1 })
	}
	rig.Eventually(t, "the rooms are followed", func() bool { return f.hub.Size().Followed == 1 })
}

// The sweeper and the check of sessions survive what they call.
func TestAPanicInUpkeep(t *testing.T) {
	t.Parallel()
	f, hit, _, _ := twoRooms(t, live.Intervals{SweepInterval: 20 * time.Millisecond, DownSweepInterval: 20 * time.Millisecond, CheckInterval: 10 * time.Millisecond})
	victim := f.viewer(0)
	out := f.open(victim, nil)
	f.source.update(func() {
		f.source.fault = func(what string, _ uint64) error {
			if what == "heads" || what == "alive" {
				panic("on purpose")
			}
			return nil
		}
	})
	rig.Eventually(t, "both have panicked", func() bool { return f.hub.Stats.Panics.Load() > 3 && f.conns.Panics() > 3 })
	f.source.update(func() {
		f.source.fault = nil
		f.source.ended[victim.Session] = true
	})
	f.source.post(1, "without a signal")
	hit.receives(1, 2)
	out.endsWith("signed-out")
}

func TestAPanicWhenAStreamEnds(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{})
	f.mayPanic = true
	v := f.viewer(1)
	v.OnEnd = func() { panic("on purpose") }
	p := f.open(v, from(bus.Cursor{Epoch: 1}))
	other := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "both have joined", func() bool { return f.hub.Size().InRooms == 2 })
	p.hangUp()
	rig.Eventually(t, "it has panicked", func() bool { return f.hub.Stats.Panics.Load() == 1 && f.hub.Viewers() == 1 })
	f.post(1, "x")
	other.receives(1, 1)
}
