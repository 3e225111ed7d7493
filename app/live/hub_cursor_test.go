package live_test

import (
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

func TestCursorsThatCannotContinue(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	f.source.posts(1, 300)
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
		{"of a later epoch", 0, bus.Cursor{Epoch: 2, Seq: 300}, false},
		{"of no log", 0, bus.Cursor{}, false},
		{"where the membership began", 250, bus.Cursor{Epoch: 1, Seq: 249}, true},
		{"before the membership", 250, bus.Cursor{Epoch: 1, Seq: 248}, false},
	} {
		v := f.viewer(1)
		v.Joined = test.joined
		p := f.open(v, &test.from)
		if !test.ok {
			p.endsWith("reset")
			if n := len(p.entries()); n > 0 {
				t.Errorf("%s: %d entries before the reset", test.name, n)
			}
			continue
		}
		p.receives(test.from.Seq+1, 300)
	}
}

// The page has seen an entry whose signal has not arrived here yet.
func TestCursorAheadOfTheHub(t *testing.T) {
	t.Parallel()
	for _, ahead := range []int{1, 199, 200, 201, 450} {
		f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
		f.source.posts(1, 5)
		first := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 5}))
		rig.Eventually(t, "the first one has joined", func() bool { return f.hub.Size().InRooms == 1 })
		end := f.source.posts(1, ahead)
		second := f.open(f.viewer(1), &end)
		first.receives(6, end.Seq)
		f.post(1, "and on")
		second.receives(end.Seq+1, end.Seq+1)
		first.receives(6, end.Seq+1)
	}
}

// A page of the restored log comes before any signal. It must not reload again and again
// until the next sweep.
func TestPageOfTheNewLogComesFirst(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	f.source.posts(1, 9)
	old := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 9}))
	rig.Eventually(t, "the old one is in", func() bool { return f.hub.Size().InRooms == 1 })
	end := f.source.restore(1, 4)
	page := f.open(f.viewer(1), &end)
	old.endsWith("reset")
	f.post(1, "x")
	page.receives(5, 5)
}

func TestNewEpochResetsEverybody(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	f.source.posts(1, 9)
	var pages []*page
	for range 20 {
		pages = append(pages, f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 4})))
	}
	for _, p := range pages {
		p.receives(5, 9)
	}
	end := f.source.restore(1, 3)
	f.bus.Publish(entrySignal(1, end))
	for _, p := range pages {
		p.endsWith("reset")
		p.hasExactly(5, 9)
	}
	again := f.open(f.viewer(1), &end)
	f.post(1, "new history")
	again.receives(4, 4)
}

// While a log is replaced, every page either gets the one it asked for or reloads.
func TestEpochsChangeWhileViewersJoin(t *testing.T) {
	f := newFixture(t, live.Intervals{SweepInterval: 20 * time.Millisecond})
	f.source.posts(1, 30)
	var done atomic.Bool
	changes := make(chan struct{})
	go func() {
		defer close(changes)
		for !done.Load() {
			end := f.source.restore(1, 20)
			f.bus.Publish(entrySignal(1, end))
			for range 10 {
				f.post(1, "x")
				time.Sleep(time.Millisecond)
			}
		}
	}()
	var pages []*page
	var from []bus.Cursor
	for range 300 {
		c := f.source.end(1)
		pages, from = append(pages, f.open(f.viewer(1), &c)), append(from, c)
		time.Sleep(time.Millisecond)
	}
	done.Store(true)
	<-changes
	f.bus.Publish(entrySignal(1, f.source.restore(1, 25)))
	for i, p := range pages {
		rig.Eventually(t, "all have learned that the log is another one", p.hasEnded)
		if p.last().name != "reset" {
			t.Fatalf("the last was %+v", p.last())
		}
		next := from[i]
		for _, e := range p.entries() {
			if next.Seq++; e.id != next {
				t.Fatalf("%v arrived instead of %v", e.id, next)
			}
		}
	}
}

// The log is replaced between the check of a viewer's cursor and its place in the room.
func TestNewEpochWhileJoining(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	f.source.posts(1, 20)
	first := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 20}))
	rig.Eventually(t, "the first one has joined", func() bool { return f.hub.Size().InRooms == 1 })
	v := f.viewer(1)
	held := make(chan func(), 1)
	f.source.update(func() {
		f.source.fault = func(what string, _ uint64) error {
			if what == "heads" && len(held) == 0 {
				held <- v.Hold()
			}
			return nil
		}
	})
	p := f.open(v, nil)
	rig.Eventually(t, "it is held", func() bool { return len(held) == 1 })
	time.Sleep(50 * time.Millisecond) // for the check of its cursor
	end := f.source.restore(1, 5)
	f.bus.Publish(entrySignal(1, end))
	first.endsWith("reset")
	after := f.open(f.viewer(1), &end)
	rig.Eventually(t, "the new log is loaded", func() bool { return f.hub.Size().InRooms == 1 })
	(<-held)()
	p.endsWith("reset")
	f.post(1, "x")
	after.receives(6, 6)
}

func TestAGapIsNeverSkipped(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	f.post(1, "a")
	p.receives(1, 1)
	f.source.update(func() { f.source.room(1).hidden[3] = true })
	for range 4 {
		f.post(1, "b")
	}
	rig.Eventually(t, "the gap is counted and the log read again", func() bool { return f.hub.Stats.Gaps.Load() >= 3 })
	for _, e := range p.entries() {
		if e.id.Seq > 2 {
			t.Fatalf("%d arrived despite the gap", e.id.Seq)
		}
	}
	f.source.update(func() { delete(f.source.room(1).hidden, 3) })
	p.receives(1, 5)
}

// There is a gap in what is read for a viewer that is behind, with as many records as asked for.
func TestAGapFurtherBackIsNeverSkipped(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour, RetryDelay: 10 * time.Millisecond})
	f.source.posts(1, 20)
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 15})).receives(16, 20)
	f.source.update(func() { f.source.room(1).hidden[14] = true })
	p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 12}))
	if word := p.endsWith("heartbeat"); word.retry == 0 {
		t.Errorf("no advice in %+v", word)
	}
	if n := len(p.entries()); n > 0 || f.hub.Stats.Gaps.Load() == 0 {
		t.Errorf("%d entries, %d gaps", n, f.hub.Stats.Gaps.Load())
	}
	f.source.update(func() { delete(f.source.room(1).hidden, 14) })
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 12})).receives(13, 20)
}

func TestOldRecordsAreDroppedAndReadAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{BeatInterval: 2 * time.Millisecond, RecordTTL: 500 * time.Millisecond})
	p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page has joined", func() bool { return f.hub.Size().InRooms == 1 })
	for range 400 {
		f.post(1, "x")
	}
	p.receives(1, 400)
	if n := f.hub.KeptRecords(1); n > 256 {
		t.Errorf("%d records are kept", n)
	}
	rig.Eventually(t, "all are dropped", func() bool { return f.hub.KeptRecords(1) == 0 })
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 220})).receives(221, 400)
	f.post(1, "y")
	p.receives(1, 401)
}
