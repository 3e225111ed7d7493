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

// The last signal of a quiet room is lost, and no other follows.
func TestSweepFindsWhatNoSignalAnnounced(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: 50 * time.Millisecond})
	p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page has joined", func() bool { return f.hub.Size().InRooms == 1 })
	f.source.post(1, "without a signal")
	p.receives(1, 1)
	if n := f.hub.Stats.SweepsThatFound.Load(); n != 1 {
		t.Errorf("%d entries were found without a signal", n)
	}
}

// A process whose bus is down looks for entries itself, at once and then often, although the usual
// interval has only just begun.
func TestABusThatIsDown(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour, DownSweepInterval: 20 * time.Millisecond})
	p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page has joined", func() bool { return f.hub.Size().InRooms == 1 })
	f.bus.emit(bus.EventDown)
	for range 5 {
		f.post(1, "the signal is lost")
		p.receives(1, f.source.end(1).Seq)
	}
	f.bus.emit(bus.EventRecovered)
	f.post(1, "the signal arrives")
	p.receives(1, 6)
}

func TestSweepAfterLostSignals(t *testing.T) {
	t.Parallel()
	for _, kind := range []bus.EventKind{bus.EventMissed, bus.EventRecovered} {
		f := newFixture(t, live.Intervals{SweepInterval: time.Hour, CheckInterval: time.Hour, ListsInterval: time.Millisecond})
		v, dead := f.viewer(1), f.viewer(2)
		p, out := f.open(v, from(bus.Cursor{Epoch: 1})), f.open(dead, nil)
		rig.Eventually(t, "the lists are shown", func() bool { return len(p.states()) == 1 })
		f.source.posts(1, 3)
		f.source.update(func() {
			f.source.ended[dead.Session] = true
			f.source.state[v.User] = "changed"
		})
		f.bus.emit(kind)
		p.receives(1, 3)
		out.endsWith("signed-out")
		rig.Eventually(t, "the lists are read as well", func() bool { return len(p.states()) == 2 })
	}
}

// Whoever can write to Redis can report lost signals without end.
func TestFloodOfLossReports(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page has joined", func() bool { return f.hub.Size().InRooms == 1 })
	before := f.source.count(f.source.calls, "heads/1")
	began := time.Now()
	for range 10_000 {
		f.bus.emit(bus.EventMissed)
	}
	most := 3 + int(time.Since(began)/(100*time.Millisecond))
	if n := f.source.count(f.source.calls, "heads/1") - before; n > most {
		t.Errorf("%d sweeps in %v", n, time.Since(began))
	}
	f.source.post(1, "x")
	f.bus.emit(bus.EventMissed)
	p.receives(1, 1)
}

// The database is down when the bus recovers: the sweep that is due then must not wait for the next
// usual interval.
func TestFailedSweepIsRetried(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour, DownSweepInterval: 20 * time.Millisecond})
	p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page has joined", func() bool { return f.hub.Size().InRooms == 1 })
	f.source.update(func() { f.source.fault = failing("") })
	f.source.post(1, "x")
	f.bus.emit(bus.EventRecovered)
	time.Sleep(50 * time.Millisecond)
	f.source.update(func() { f.source.fault = nil })
	p.receives(1, 1)
}

func TestStreamsOutliveTheDatabase(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: 30 * time.Millisecond, CheckInterval: 20 * time.Millisecond, RetryDelay: 20 * time.Millisecond})
	var pages []*page
	for range 10 {
		pages = append(pages, f.open(f.viewer(1), from(bus.Cursor{Epoch: 1})))
	}
	f.post(1, "a")
	for _, p := range pages {
		p.receives(1, 1)
	}
	f.source.update(func() { f.source.fault = failing("") })
	f.post(1, "b")
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1})).receives(1, 1) // from memory
	refused := f.open(f.viewer(2), from(bus.Cursor{Epoch: 1}))
	if word := refused.endsWith("heartbeat"); word.retry < 20*time.Millisecond {
		t.Errorf("no advice for a viewer that could not start: %+v", word)
	}
	rig.Eventually(t, "it retries", func() bool { return f.source.count(f.source.calls, "after/1") > 6 })
	f.post(1, "c")
	for _, p := range pages {
		p.hasExactly(1, 1)
		if p.hasEnded() {
			t.Fatal("a stream ended")
		}
	}
	f.source.update(func() { f.source.fault = nil })
	for _, p := range pages {
		p.receives(1, 3)
	}
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1})).receives(1, 3)
}

// The reader of a room that nobody watches any more must not keep asking a database that is down.
func TestReaderStopsWithItsViewers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	f.post(1, "a")
	p.receives(1, 1)
	f.source.update(func() { f.source.fault = failing("after") })
	f.post(1, "b")
	rig.Eventually(t, "it retries", func() bool { return f.source.count(f.source.calls, "after/1") > 4 })
	p.hangUp()
	rig.Eventually(t, "nobody watches", func() bool { return f.hub.Size().Holders == 0 })
	time.Sleep(time.Second) // the longest pause between two attempts
	asked := f.source.count(f.source.calls, "after/1")
	time.Sleep(1200 * time.Millisecond)
	if again := f.source.count(f.source.calls, "after/1"); again != asked {
		t.Errorf("%d more reads for nobody", again-asked)
	}
	f.source.update(func() { f.source.fault = nil })
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 1})).receives(2, 2)
}

// No signal waits for a database or a rendering that hangs, nor for a viewer that waits for them.
func TestSignalsNeverWait(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{ListsInterval: time.Millisecond, BeatInterval: time.Millisecond})
	hang := make(chan struct{})
	var once sync.Once
	release := func() { once.Do(func() { close(hang) }) }
	defer release()
	var hanging atomic.Int64
	stop := func() {
		hanging.Add(1)
		<-hang
	}
	first, second := f.viewer(1), f.viewer(2)
	pages := []*page{f.open(first, from(bus.Cursor{Epoch: 1})), f.open(second, from(bus.Cursor{Epoch: 1}))}
	rig.Eventually(t, "both have joined", func() bool { return f.hub.Size().InRooms == 2 && len(pages[0].states()) == 1 })
	f.source.update(func() {
		f.source.onRender = func(room, _ uint64, _ string) {
			if room == 1 {
				stop()
			}
		}
		f.source.fault = func(what string, id uint64) error {
			if what == "after" && id == 2 || what == "lists" || what == "alive" {
				stop()
			}
			return nil
		}
	})
	published := make(chan struct{})
	go func() {
		defer close(published)
		f.post(1, "hangs in Render")
		f.post(2, "hangs in After")
		f.bus.Publish(bus.Signal{Kind: bus.UserChanged, User: first.User})
		f.bus.emit(bus.EventMissed)
		rig.Eventually(t, "all hang", func() bool { return hanging.Load() >= 4 })
		third := f.viewer(1)
		third.User = first.User
		f.open(third, from(bus.Cursor{Epoch: 1})) // waits for what hangs
		time.Sleep(50 * time.Millisecond)
		for range 100 {
			f.post(1, "x")
			f.post(2, "x")
			f.bus.emit(bus.EventMissed)
			for _, v := range []*live.Viewer{first, second, third} {
				f.bus.Publish(bus.Signal{Kind: bus.UserChanged, User: v.User})
			}
			f.bus.Publish(bus.Signal{Kind: bus.SessionEnded, Session: 4711})
		}
		f.bus.Publish(bus.Signal{Kind: bus.SessionEnded, Session: first.Session})
	}()
	select {
	case <-published:
	case <-time.After(time.Minute):
		t.Error("a signal waits")
	}
	release()
	pages[1].receives(1, 101)
	pages[0].endsWith("signed-out")
}
