package live_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// The last ring of a quiet room is lost, and nothing else ever rings.
func TestTheTickHealsALostRing(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: 50 * time.Millisecond})
	p := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page is in", func() bool { return h.hub.Size().InRooms == 1 })
	h.world.post(1, "nobody rings")
	p.reaches(1, 1)
	if n := h.hub.Stats.SweepsThatFound.Load(); n != 1 {
		t.Errorf("%d entries were found without a bell", n)
	}
}

// A process whose bus is down looks by itself, at once and then often, though the usual tick has
// only just begun.
func TestABusThatIsDown(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour, TickDown: 20 * time.Millisecond})
	p := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page is in", func() bool { return h.hub.Size().InRooms == 1 })
	h.bus.tell(bus.EventDown)
	for range 5 {
		h.post(1, "nobody hears the bell")
		p.reaches(1, h.world.end(1).Seq)
	}
	h.bus.tell(bus.EventRecovered)
	h.post(1, "heard")
	p.reaches(1, 6)
}

func TestTheBusAsksForASweep(t *testing.T) {
	t.Parallel()
	for _, what := range []bus.EventKind{bus.EventMissed, bus.EventRecovered} {
		h := open(t, live.HubTimes{TickUp: time.Hour, Sessions: time.Hour, Lists: time.Millisecond})
		v, dead := h.someone(1), h.someone(2)
		p, out := h.watch(v, at(bus.Cursor{Epoch: 1})), h.watch(dead, nil)
		rig.Eventually(t, "the lists are shown", func() bool { return len(p.states()) == 1 })
		h.world.posts(1, 3)
		h.world.set(func() {
			h.world.dead[dead.Session] = true
			h.world.state[v.User] = "changed"
		})
		h.bus.tell(what)
		p.reaches(1, 3)
		out.ends("signed-out")
		rig.Eventually(t, "the lists are looked at as well", func() bool { return len(p.states()) == 2 })
	}
}

// Whoever can write to Redis can say "you missed something" as often as it likes.
func TestAFloodOfMissedSignals(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	p := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page is in", func() bool { return h.hub.Size().InRooms == 1 })
	before := h.world.count(h.world.asked, "heads/1")
	began := time.Now()
	for range 10_000 {
		h.bus.tell(bus.EventMissed)
	}
	most := 3 + int(time.Since(began)/(100*time.Millisecond))
	if n := h.world.count(h.world.asked, "heads/1") - before; n > most {
		t.Errorf("%d sweeps in %v", n, time.Since(began))
	}
	h.world.post(1, "x")
	h.bus.tell(bus.EventMissed)
	p.reaches(1, 1)
}

// The database is away when the bus comes back: the sweep that was due then must not wait for the
// next usual tick.
func TestASweepThatFailedIsTriedAgain(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour, TickDown: 20 * time.Millisecond})
	p := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page is in", func() bool { return h.hub.Size().InRooms == 1 })
	h.world.set(func() { h.world.fault = failing("") })
	h.world.post(1, "x")
	h.bus.tell(bus.EventRecovered)
	time.Sleep(50 * time.Millisecond)
	h.world.set(func() { h.world.fault = nil })
	p.reaches(1, 1)
}

func TestStreamsOutliveTheDatabase(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: 30 * time.Millisecond, Sessions: 20 * time.Millisecond, Again: 20 * time.Millisecond})
	var pages []*page
	for range 10 {
		pages = append(pages, h.watch(h.someone(1), at(bus.Cursor{Epoch: 1})))
	}
	h.post(1, "a")
	for _, p := range pages {
		p.reaches(1, 1)
	}
	h.world.set(func() { h.world.fault = failing("") })
	h.post(1, "b")
	h.watch(h.someone(1), at(bus.Cursor{Epoch: 1})).reaches(1, 1) // from memory
	refused := h.watch(h.someone(2), at(bus.Cursor{Epoch: 1}))
	if word := refused.ends("heartbeat"); word.retry < 20*time.Millisecond {
		t.Errorf("no advice for one who could not begin: %+v", word)
	}
	rig.Eventually(t, "it tries again", func() bool { return h.world.count(h.world.asked, "after/1") > 6 })
	h.post(1, "c")
	for _, p := range pages {
		p.isExactly(1, 1)
		if p.isOver() {
			t.Fatal("a stream ended")
		}
	}
	h.world.set(func() { h.world.fault = nil })
	for _, p := range pages {
		p.reaches(1, 3)
	}
	h.watch(h.someone(1), at(bus.Cursor{Epoch: 1})).reaches(1, 3)
}

// A reader of a room that nobody watches any more must not go on asking a database that is away.
func TestAReaderGoesWithItsViewers(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	p := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	h.post(1, "a")
	p.reaches(1, 1)
	h.world.set(func() { h.world.fault = failing("after") })
	h.post(1, "b")
	rig.Eventually(t, "it tries again", func() bool { return h.world.count(h.world.asked, "after/1") > 4 })
	p.leave()
	rig.Eventually(t, "nobody is here", func() bool { return h.hub.Size().Holders == 0 })
	time.Sleep(time.Second) // the longest pause between two tries
	asked := h.world.count(h.world.asked, "after/1")
	time.Sleep(1200 * time.Millisecond)
	if again := h.world.count(h.world.asked, "after/1"); again != asked {
		t.Errorf("%d more questions for nobody", again-asked)
	}
	h.world.set(func() { h.world.fault = nil })
	h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 1})).reaches(2, 2)
}

// The bus is never held up by a database or a rendering that hangs, nor by who waits for them.
func TestBellsNeverWait(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Lists: time.Millisecond, Beat: time.Millisecond})
	hang := make(chan struct{})
	var free sync.Once
	release := func() { free.Do(func() { close(hang) }) }
	defer release()
	var hanging atomic.Int64
	stop := func() {
		hanging.Add(1)
		<-hang
	}
	first, second := h.someone(1), h.someone(2)
	pages := []*page{h.watch(first, at(bus.Cursor{Epoch: 1})), h.watch(second, at(bus.Cursor{Epoch: 1}))}
	rig.Eventually(t, "both are in", func() bool { return h.hub.Size().InRooms == 2 && len(pages[0].states()) == 1 })
	h.world.set(func() {
		h.world.painting = func(room, _ uint64, _ string) {
			if room == 1 {
				stop()
			}
		}
		h.world.fault = func(what string, id uint64) error {
			if what == "after" && id == 2 || what == "lists" || what == "alive" {
				stop()
			}
			return nil
		}
	})
	rung := make(chan struct{})
	go func() {
		defer close(rung)
		h.post(1, "hangs in Render")
		h.post(2, "hangs in After")
		h.bus.Publish(bus.Signal{Kind: bus.UserChanged, User: first.User})
		h.bus.tell(bus.EventMissed)
		rig.Eventually(t, "all hang", func() bool { return hanging.Load() >= 4 })
		third := h.someone(1)
		third.User = first.User
		h.watch(third, at(bus.Cursor{Epoch: 1})) // waits for those who hang
		time.Sleep(50 * time.Millisecond)
		for range 100 {
			h.post(1, "x")
			h.post(2, "x")
			h.bus.tell(bus.EventMissed)
			for _, v := range []*live.Viewer{first, second, third} {
				h.bus.Publish(bus.Signal{Kind: bus.UserChanged, User: v.User})
				h.bus.Publish(bus.Signal{Kind: bus.AccessChanged, Room: v.Room, User: v.User})
			}
			h.bus.Publish(bus.Signal{Kind: bus.SessionEnded, Session: 4711})
		}
		h.bus.Publish(bus.Signal{Kind: bus.SessionEnded, Session: first.Session})
	}()
	select {
	case <-rung:
	case <-time.After(20 * time.Second):
		t.Error("a bell waits")
	}
	release()
	pages[1].reaches(1, 101)
	pages[0].ends("signed-out")
}
