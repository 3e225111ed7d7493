package live_test

import (
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// Tests of a database that lags behind the one that was written: a node of a cluster, a replica. The
// signal comes before what it announces, no other follows, and no sweep helps.

func TestALaggingDatabaseIsReadAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour, ListsInterval: time.Millisecond})
	v, other := f.viewer(1), f.viewer(0)
	f.source.update(func() { f.source.follows[other.User] = []uint64{1} })
	p, lists := f.open(v, from(bus.Cursor{Epoch: 1})), f.open(other, nil)
	rig.Eventually(t, "both have joined", func() bool {
		return f.hub.Size().InRooms == 1 && f.hub.Size().Followed == 1 && len(lists.states()) == 1
	})
	back := f.startWait(t.Context(), bus.Cursor{Epoch: 1})

	f.source.lag(1)
	f.post(1, "a")
	f.post(1, "b")
	late := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1})) // comes after the signal
	lateWait := f.startWait(t.Context(), bus.Cursor{Epoch: 1})
	asked := f.source.count(f.source.calls, "after/1")
	rig.Eventually(t, "it is asked again", func() bool {
		return f.source.count(f.source.calls, "after/1") > asked+2 && f.listsCalls(other.User) > 3
	})
	if p.hasExactly(1, 0); len(back)+len(lateWait) > 0 {
		t.Fatal("a wait ended for nothing")
	}
	f.source.update(func() {
		f.source.room(1).lags = false
		f.source.state[other.User] = "caught up"
	})
	caughtUp := time.Now()
	p.receives(1, 2)
	late.receives(1, 2)
	mustReturn(t, back)
	mustReturn(t, lateWait)
	lists.shows("caught up")
	if took := time.Since(caughtUp); took > rig.Limit(5*time.Second) {
		t.Errorf("it took %v", took)
	}
	if n := f.hub.Stats.SweepsThatFound.Load(); n != 0 {
		t.Errorf("%d sweeps found it", n)
	}

	// Nothing is left to ask for.
	read := f.listsCalls(other.User)
	rig.Eventually(t, "lists are read once more at most", func() bool {
		now := f.listsCalls(other.User)
		time.Sleep(300 * time.Millisecond)
		again := f.listsCalls(other.User)
		return now == again && again <= read+3
	})
}

// A signal that interrupts a pause is followed at once, however long the database has lagged.
func TestASignalEndsThePauseOfALag(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour, LagTTL: time.Minute})
	p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page has joined", func() bool { return f.hub.Size().InRooms == 1 })
	f.bus.Publish(entrySignal(1, bus.Cursor{Epoch: 1, Seq: 1 << 40})) // forged
	time.Sleep(2 * time.Second)                                       // the pauses are as long as they get
	var slowest time.Duration
	for i := range 5 {
		begin := time.Now()
		f.post(1, "true")
		p.receives(1, uint64(i)+1)
		slowest = max(slowest, time.Since(begin))
		time.Sleep(50 * time.Millisecond)
	}
	if slowest > 900*time.Millisecond {
		t.Errorf("a post took up to %v", slowest)
	}
}

// What no database will ever show is given up: whoever can write to Redis can announce anything.
func TestForgedSignalsAreGivenUp(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour, ListsInterval: time.Millisecond, LagTTL: 500 * time.Millisecond})
	other := f.viewer(0)
	f.source.update(func() { f.source.follows[other.User] = []uint64{1} })
	p, lists := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1})), f.open(other, nil)
	rig.Eventually(t, "both have joined", func() bool { return f.hub.Size().InRooms == 1 && len(lists.states()) == 1 })
	f.bus.Publish(entrySignal(1, bus.Cursor{Epoch: 1, Seq: 1 << 60}))
	f.bus.Publish(entrySignal(1, bus.Cursor{Epoch: 1 << 60, Seq: 1}))
	calls := func() int {
		return f.source.count(f.source.calls, "after/1") + f.source.count(f.source.calls, "heads/1") + f.listsCalls(other.User)
	}
	rig.Eventually(t, "nothing is read any more", func() bool {
		before := calls()
		time.Sleep(1500 * time.Millisecond) // the longest pause, and more
		return calls() == before
	})
	if n := calls(); n > 60 {
		t.Errorf("%d reads for two forged signals", n)
	}
	for room := range 3 * live.MaxAnnounced {
		f.bus.Publish(entrySignal(uint64(room)+100, bus.Cursor{Epoch: 1, Seq: 1}))
	}
	if n := f.hub.Announced(); n > live.MaxAnnounced {
		t.Errorf("%d rooms are remembered", n)
	}
	f.post(1, "true")
	p.receives(1, 1)
}
