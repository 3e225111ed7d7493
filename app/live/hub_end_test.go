package live_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

func TestEntryThatEndsAMembership(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	gone, other := f.viewer(1), f.viewer(1)
	tab := f.viewer(1)
	tab.User = gone.User
	tab.Chunked = false
	pages := []*page{f.open(gone, from(bus.Cursor{Epoch: 1})), f.open(tab, from(bus.Cursor{Epoch: 1}))}
	stays := f.open(other, from(bus.Cursor{Epoch: 1}))
	f.post(1, "before")
	f.remove(1, gone.User)
	for range 5 {
		f.post(1, "after")
	}
	for _, p := range pages {
		p.endsWith("closed")
		p.hasExactly(1, 2)
	}
	stays.receives(1, 7)
	if stays.hasEnded() {
		t.Error("another viewer was ended as well")
	}
}

// All entries come at once, with the end among them.
func TestEndAmongManyEntries(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	v := f.viewer(1)
	f.source.posts(1, 10)
	f.source.remove(1, v.User)
	f.source.posts(1, 10)
	p := f.open(v, from(bus.Cursor{Epoch: 1}))
	p.endsWith("closed")
	p.hasExactly(1, 11)
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1})).receives(1, 21)
}

func TestClosingARoomEndsAllItsStreams(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	var pages []*page
	for range 30 {
		pages = append(pages, f.open(f.viewer(1), from(bus.Cursor{Epoch: 1})))
	}
	f.post(1, "last words")
	end := f.source.add(1, entry{text: "closed", ends: func(uint64) bool { return true }})
	f.bus.Publish(entrySignal(1, end))
	for _, p := range pages {
		p.endsWith("closed")
		p.hasExactly(1, 2)
	}
}

func TestRemovalsDuringTraffic(t *testing.T) {
	const people = 120
	f := newFixture(t, live.Intervals{SweepInterval: 200 * time.Millisecond})
	f.bus.setDeliver(unreliable)
	viewers, pages := make([]*live.Viewer, people), make([]*page, people)
	for i := range people {
		viewers[i] = f.viewer(1)
		pages[i] = f.open(viewers[i], from(bus.Cursor{Epoch: 1}))
	}
	var writers sync.WaitGroup
	var done atomic.Bool
	for range 3 {
		writers.Go(func() {
			for !done.Load() {
				f.post(1, "traffic")
				time.Sleep(rand.N(10 * time.Millisecond))
			}
		})
	}
	left := make([]uint64, 100)
	for i := range left {
		left[i] = f.remove(1, viewers[i].User).Seq
		time.Sleep(rand.N(5 * time.Millisecond))
	}
	done.Store(true)
	writers.Wait()
	for i, p := range pages {
		if i < len(left) {
			p.endsWith("closed")
			p.hasExactly(1, left[i])
			continue
		}
		p.receives(1, f.source.end(1).Seq)
		if p.hasEnded() {
			t.Fatal("somebody who was not removed was cut")
		}
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{CheckInterval: 20 * time.Millisecond})
	first, second, third := f.viewer(1), f.viewer(2), f.viewer(0)
	second.Session, second.User = first.Session, first.User
	signalled := []*page{f.open(first, from(bus.Cursor{Epoch: 1})), f.open(second, nil)}
	silent := f.open(third, nil)
	other := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	f.bus.Publish(bus.Signal{Kind: bus.SessionEnded, Session: first.Session})
	for _, p := range signalled {
		p.endsWith("signed-out")
	}
	if silent.hasEnded() {
		t.Error("another session was ended")
	}
	f.source.update(func() { f.source.ended[third.Session] = true })
	silent.endsWith("signed-out")
	f.post(1, "on")
	other.receives(1, 1)
	if other.hasEnded() {
		t.Error("another session was ended")
	}
}

func TestSessionsSurviveADatabaseOutage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{CheckInterval: 5 * time.Millisecond})
	p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	f.source.update(func() { f.source.fault = failing("alive") })
	rig.Eventually(t, "the sessions are checked", func() bool { return f.source.count(f.source.calls, "alive/0") > 5 })
	if p.hasEnded() {
		t.Error("a session was ended")
	}
}

func TestHeartbeatsCarryTheCursor(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{BeatInterval: 2 * time.Millisecond})
	f.source.posts(1, 4)
	room := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 4}))
	none := f.open(f.viewer(0), nil)
	beats := func(p *page, data string) func() bool {
		return func() bool {
			return len(p.filter(func(e event) bool { return e.name == "heartbeat" && e.data == data })) > 1
		}
	}
	rig.Eventually(t, "it carries the cursor", beats(room, "1-4"))
	f.post(1, "x")
	rig.Eventually(t, "it carries the new cursor", beats(room, "1-5"))
	rig.Eventually(t, "it says that there is none", beats(none, "-"))
	for _, p := range []*page{room, none} {
		if n := len(p.filter(func(e event) bool { return e.name == "heartbeat" && e.id != bus.Cursor{} })); n > 0 {
			t.Errorf("%d heartbeats moved the cursor", n)
		}
	}
	if beat := room.named("heartbeat")[0]; beat.retry != 0 {
		t.Errorf("advice in %+v", beat)
	}
}

// A heartbeat must not overtake the head of a response that is about to start.
func TestNothingIsWrittenBeforeTheHead(t *testing.T) {
	f := newFixture(t, live.Intervals{BeatInterval: 50 * time.Microsecond})
	for range 500 {
		p := f.open(f.viewer(1), nil)
		rig.Eventually(t, "a response has begun", func() bool { return len(p.named("heartbeat")) > 0 || p.hasEnded() })
		if p.hasEnded() {
			t.Fatalf("the response is broken: %v", p.err)
		}
		p.hangUp()
	}
}

func TestOldStreamIsReplaced(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{BeatInterval: 2 * time.Millisecond, MaxAge: 300 * time.Millisecond})
	last := bus.Cursor{Epoch: 1}
	for range 4 {
		p := f.open(f.viewer(1), &last)
		began := time.Now()
		for range 10 {
			f.post(1, "x")
		}
		p.receives(last.Seq+1, last.Seq+10)
		if word := p.endsWith("heartbeat"); word.retry < 50*time.Millisecond || word.retry > time.Second {
			t.Errorf("no advice to reconnect soon: %+v", word)
		}
		if lived := time.Since(began); lived < 200*time.Millisecond {
			t.Errorf("it lasted %v", lived)
		}
		last.Seq += 10
	}
}

func TestCloseEndsAllStreams(t *testing.T) {
	f := newFixture(t, live.Intervals{})
	var gone atomic.Int64
	var pages []*page
	for i := range 400 {
		v := f.viewer(uint64(i % 5))
		v.OnEnd = func() {
			time.Sleep(10 * time.Millisecond)
			gone.Add(1)
		}
		pages = append(pages, f.open(v, nil))
	}
	rig.Eventually(t, "all have joined", func() bool { return f.hub.Size().InRooms == 320 })
	var closing sync.WaitGroup
	for range 3 {
		closing.Go(f.hub.Close)
	}
	closing.Wait()
	if n := gone.Load(); n != 400 {
		t.Errorf("%d of 400 had ended when Close returned", n)
	}
	var soonest, latest time.Duration = time.Hour, 0
	for _, p := range pages {
		word := p.endsWith("heartbeat")
		soonest, latest = min(soonest, word.retry), max(latest, word.retry)
	}
	if soonest < 100*time.Millisecond || latest > 20*time.Second || latest-soonest < time.Second {
		t.Errorf("they reconnect between %v and %v", soonest, latest)
	}
	if s := f.hub.Size(); s.Viewers+s.Sessions+s.Holders+s.InRooms+s.Users > 0 {
		t.Errorf("left: %+v", s)
	}

	late := f.viewer(1)
	late.OnEnd = func() { gone.Add(1) }
	if word := f.open(late, nil).endsWith("heartbeat"); word.retry == 0 {
		t.Errorf("no advice for a viewer that came too late: %+v", word)
	}
	if n := gone.Load(); n != 401 {
		t.Error("the viewer that came too late was not ended")
	}
	f.post(1, "too late")
	f.bus.emit(bus.EventMissed)
}

// Streams start, signals come and the bus goes down while the hub closes.
func TestCloseUnderLoad(t *testing.T) {
	for range 20 {
		f := newFixture(t, live.Intervals{SweepInterval: time.Millisecond, CheckInterval: time.Millisecond, BeatInterval: time.Millisecond})
		var opened, gone atomic.Int64
		var busy sync.WaitGroup
		for range 3 {
			busy.Go(func() {
				for range 15 {
					v := f.viewer(1)
					v.OnEnd = func() { gone.Add(1) }
					opened.Add(1)
					f.open(v, nil)
					f.post(1, "x")
					f.bus.emit(bus.EventMissed)
					f.bus.Publish(bus.Signal{Kind: bus.SessionEnded, Session: v.Session})
				}
			})
		}
		time.Sleep(rand.N(10 * time.Millisecond))
		f.hub.Close()
		busy.Wait()
		rig.Eventually(t, "all have ended", func() bool { return gone.Load() == opened.Load() })
	}
}
