package live_test

import (
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

func TestCursorsThatCannotGoOn(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	h.world.posts(1, 300)
	for _, test := range []struct {
		name   string
		joined uint64
		from   bus.Cursor
		ok     bool
	}{
		{"at the end", 0, bus.Cursor{Epoch: 1, Seq: 300}, true},
		{"a page behind", 0, bus.Cursor{Epoch: 1, Seq: 100}, true},
		{"more than a page behind", 0, bus.Cursor{Epoch: 1, Seq: 99}, false},
		{"at the beginning", 0, bus.Cursor{Epoch: 1}, false},
		{"beyond the end", 0, bus.Cursor{Epoch: 1, Seq: 301}, false},
		{"far beyond the end", 0, bus.Cursor{Epoch: 1, Seq: 1<<64 - 1}, false},
		{"of a log to come", 0, bus.Cursor{Epoch: 2, Seq: 300}, false},
		{"of no log", 0, bus.Cursor{}, false},
		{"where the member came", 250, bus.Cursor{Epoch: 1, Seq: 249}, true},
		{"before the member came", 250, bus.Cursor{Epoch: 1, Seq: 248}, false},
	} {
		v := h.someone(1)
		v.Joined = test.joined
		p := h.watch(v, &test.from)
		if !test.ok {
			p.ends("reset")
			if n := len(p.entries()); n > 0 {
				t.Errorf("%s: %d entries before the reset", test.name, n)
			}
			continue
		}
		p.reaches(test.from.Seq+1, 300)
	}
}

// The page knows an entry whose bell has yet to ring here.
func TestACursorBeyondWhatWeKnow(t *testing.T) {
	t.Parallel()
	for _, ahead := range []int{1, 199, 200, 201, 450} {
		h := open(t, live.HubTimes{TickUp: time.Hour})
		h.world.posts(1, 5)
		first := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 5}))
		rig.Eventually(t, "the first one is in", func() bool { return h.hub.Size().InRooms == 1 })
		end := h.world.posts(1, ahead)
		second := h.watch(h.someone(1), &end)
		first.reaches(6, end.Seq)
		h.post(1, "and on")
		second.reaches(end.Seq+1, end.Seq+1)
		first.reaches(6, end.Seq+1)
	}
}

// A page from after a restore comes before the bell of it. It must not be told to load again and
// again until the next tick.
func TestAPageOfTheNewLogComesFirst(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	h.world.posts(1, 9)
	old := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 9}))
	rig.Eventually(t, "the old one is in", func() bool { return h.hub.Size().InRooms == 1 })
	end := h.world.restore(1, 4)
	page := h.watch(h.someone(1), &end)
	old.ends("reset")
	h.post(1, "x")
	page.reaches(5, 5)
}

func TestAnotherEpochResetsAll(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	h.world.posts(1, 9)
	var pages []*page
	for range 20 {
		pages = append(pages, h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 4})))
	}
	for _, p := range pages {
		p.reaches(5, 9)
	}
	end := h.world.restore(1, 3)
	h.bus.Publish(entryBell(1, end))
	for _, p := range pages {
		p.ends("reset")
		p.isExactly(5, 9)
	}
	again := h.watch(h.someone(1), &end)
	h.post(1, "new history")
	again.reaches(4, 4)
}

// While a log is replaced, everybody either sees the one it asked for or is told to load again.
func TestEpochsChangeWhileViewersCome(t *testing.T) {
	h := open(t, live.HubTimes{TickUp: 20 * time.Millisecond})
	h.world.posts(1, 30)
	var done atomic.Bool
	changes := make(chan struct{})
	go func() {
		defer close(changes)
		for !done.Load() {
			end := h.world.restore(1, 20)
			h.bus.Publish(entryBell(1, end))
			for range 10 {
				h.post(1, "x")
				time.Sleep(time.Millisecond)
			}
		}
	}()
	var pages []*page
	var from []bus.Cursor
	for range 300 {
		c := h.world.end(1)
		pages, from = append(pages, h.watch(h.someone(1), &c)), append(from, c)
		time.Sleep(time.Millisecond)
	}
	done.Store(true)
	<-changes
	h.bus.Publish(entryBell(1, h.world.restore(1, 25)))
	for i, p := range pages {
		rig.Eventually(t, "all have heard that the log is another one", p.isOver)
		if p.last().name != "reset" {
			t.Fatalf("the last was %+v", p.last())
		}
		next := from[i]
		for _, e := range p.entries() {
			if next.Seq++; e.id != next {
				t.Fatalf("%v came where %v was expected", e.id, next)
			}
		}
	}
}

// The log is replaced at the moment between the look at a viewer's cursor and its place in the room.
func TestAnotherEpochOnTheWayIn(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	h.world.posts(1, 20)
	first := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 20}))
	rig.Eventually(t, "the first one is in", func() bool { return h.hub.Size().InRooms == 1 })
	v := h.someone(1)
	held := make(chan func(), 1)
	h.world.set(func() {
		h.world.fault = func(what string, _ uint64) error {
			if what == "heads" && len(held) == 0 {
				held <- v.Hold()
			}
			return nil
		}
	})
	p := h.watch(v, nil)
	rig.Eventually(t, "it is held", func() bool { return len(held) == 1 })
	time.Sleep(50 * time.Millisecond) // the look at its cursor
	end := h.world.restore(1, 5)
	h.bus.Publish(entryBell(1, end))
	first.ends("reset")
	after := h.watch(h.someone(1), &end)
	rig.Eventually(t, "the new log is loaded", func() bool { return h.hub.Size().InRooms == 1 })
	(<-held)()
	p.ends("reset")
	h.post(1, "x")
	after.reaches(6, 6)
}

func TestAGapIsNeverSkipped(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	p := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	h.post(1, "a")
	p.reaches(1, 1)
	h.world.set(func() { h.world.room(1).hidden[3] = true })
	for range 4 {
		h.post(1, "b")
	}
	rig.Eventually(t, "the gap is counted and read again", func() bool { return h.hub.Stats.Gaps.Load() >= 3 })
	for _, e := range p.entries() {
		if e.id.Seq > 2 {
			t.Fatalf("%d came over the gap", e.id.Seq)
		}
	}
	h.world.set(func() { delete(h.world.room(1).hidden, 3) })
	p.reaches(1, 5)
}

// A gap in what is read for one who comes from behind, with as many records as asked for.
func TestAGapBehindIsNeverSkipped(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour, Again: 10 * time.Millisecond})
	h.world.posts(1, 20)
	h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 15})).reaches(16, 20)
	h.world.set(func() { h.world.room(1).hidden[14] = true })
	p := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 12}))
	if word := p.ends("heartbeat"); word.retry == 0 {
		t.Errorf("no advice in %+v", word)
	}
	if n := len(p.entries()); n > 0 || h.hub.Stats.Gaps.Load() == 0 {
		t.Errorf("%d entries, %d gaps", n, h.hub.Stats.Gaps.Load())
	}
	h.world.set(func() { delete(h.world.room(1).hidden, 14) })
	h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 12})).reaches(13, 20)
}

func TestOldRecordsAreForgottenAndReadAgain(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Beat: 2 * time.Millisecond, Keep: 500 * time.Millisecond})
	p := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page is in", func() bool { return h.hub.Size().InRooms == 1 })
	for range 400 {
		h.post(1, "x")
	}
	p.reaches(1, 400)
	if n := h.hub.Kept(1); n > 256 {
		t.Errorf("%d records are kept", n)
	}
	rig.Eventually(t, "all are forgotten", func() bool { return h.hub.Kept(1) == 0 })
	h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 220})).reaches(221, 400)
	h.post(1, "y")
	p.reaches(1, 401)
}
