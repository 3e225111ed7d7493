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

func TestAnEntryThatEndsAUsersTime(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	gone, other := h.someone(1), h.someone(1)
	tab := h.someone(1)
	tab.User = gone.User
	tab.Chunked = false
	pages := []*page{h.watch(gone, at(bus.Cursor{Epoch: 1})), h.watch(tab, at(bus.Cursor{Epoch: 1}))}
	stays := h.watch(other, at(bus.Cursor{Epoch: 1}))
	h.post(1, "before")
	h.remove(1, gone.User)
	for range 5 {
		h.post(1, "after")
	}
	for _, p := range pages {
		p.ends("closed")
		p.isExactly(1, 2)
	}
	stays.reaches(1, 7)
	if stays.isOver() {
		t.Error("the other one was cut as well")
	}
}

// All of it came at once, the end in the middle.
func TestAnEndAmongManyEntries(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	v := h.someone(1)
	h.world.posts(1, 10)
	h.world.remove(1, v.User)
	h.world.posts(1, 10)
	p := h.watch(v, at(bus.Cursor{Epoch: 1}))
	p.ends("closed")
	p.isExactly(1, 11)
	h.watch(h.someone(1), at(bus.Cursor{Epoch: 1})).reaches(1, 21)
}

func TestARoomThatClosesEndsForAll(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	var pages []*page
	for range 30 {
		pages = append(pages, h.watch(h.someone(1), at(bus.Cursor{Epoch: 1})))
	}
	h.post(1, "last words")
	end := h.world.add(1, entry{text: "closed", ends: func(uint64) bool { return true }})
	h.bus.Publish(entryBell(1, end))
	for _, p := range pages {
		p.ends("closed")
		p.isExactly(1, 2)
	}
}

// Only the signal to look is heard, the bell of the entry is not.
func TestCutLooksForTheEnd(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	v := h.someone(1)
	p := h.watch(v, at(bus.Cursor{Epoch: 1}))
	h.post(1, "hello")
	p.reaches(1, 1)
	h.world.remove(1, v.User)
	h.bus.Publish(bus.Signal{Kind: bus.AccessChanged, Room: 1, User: v.User})
	p.ends("closed")
	p.isExactly(1, 2)
}

func TestRemovalsDuringTraffic(t *testing.T) {
	const people = 120
	h := open(t, live.HubTimes{TickUp: 200 * time.Millisecond})
	h.bus.mu.Lock()
	h.bus.mangle = unreliable
	h.bus.mu.Unlock()
	viewers, pages := make([]*live.Viewer, people), make([]*page, people)
	for i := range people {
		viewers[i] = h.someone(1)
		pages[i] = h.watch(viewers[i], at(bus.Cursor{Epoch: 1}))
	}
	var writers sync.WaitGroup
	var done atomic.Bool
	for range 3 {
		writers.Go(func() {
			for !done.Load() {
				h.post(1, "traffic")
				time.Sleep(rand.N(10 * time.Millisecond))
			}
		})
	}
	left := make([]uint64, 100)
	for i := range left {
		left[i] = h.remove(1, viewers[i].User).Seq
		time.Sleep(rand.N(5 * time.Millisecond))
	}
	done.Store(true)
	writers.Wait()
	for i, p := range pages {
		if i < len(left) {
			p.ends("closed")
			p.isExactly(1, left[i])
			continue
		}
		p.reaches(1, h.world.end(1).Seq)
		if p.isOver() {
			t.Fatal("one who was not removed was cut")
		}
	}
}

func TestASessionThatEnds(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Sessions: 20 * time.Millisecond})
	first, second, third := h.someone(1), h.someone(2), h.someone(0)
	second.Session, second.User = first.Session, first.User
	belled := []*page{h.watch(first, at(bus.Cursor{Epoch: 1})), h.watch(second, nil)}
	silent := h.watch(third, nil)
	other := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	h.bus.Publish(bus.Signal{Kind: bus.SessionEnded, Session: first.Session})
	for _, p := range belled {
		p.ends("signed-out")
	}
	if silent.isOver() {
		t.Error("another session was ended")
	}
	h.world.set(func() { h.world.dead[third.Session] = true })
	silent.ends("signed-out")
	h.post(1, "on")
	other.reaches(1, 1)
	if other.isOver() {
		t.Error("another session was ended")
	}
}

// That the database does not answer says nothing about the sessions.
func TestSessionsOutliveTheDatabase(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Sessions: 5 * time.Millisecond})
	p := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	h.world.set(func() { h.world.fault = failing("alive") })
	rig.Eventually(t, "the sessions are looked at", func() bool { return h.world.count(h.world.asked, "alive/0") > 5 })
	if p.isOver() {
		t.Error("a session was ended")
	}
}

func TestHeartbeatsCarryTheCursor(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Beat: 2 * time.Millisecond})
	h.world.posts(1, 4)
	room := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 4}))
	none := h.watch(h.someone(0), nil)
	beats := func(p *page, data string) func() bool {
		return func() bool {
			return len(p.heard(func(e event) bool { return e.name == "heartbeat" && e.data == data })) > 1
		}
	}
	rig.Eventually(t, "it tells the cursor", beats(room, "1-4"))
	h.post(1, "x")
	rig.Eventually(t, "it tells the new cursor", beats(room, "1-5"))
	rig.Eventually(t, "it tells that there is none", beats(none, "-"))
	for _, p := range []*page{room, none} {
		if n := len(p.heard(func(e event) bool { return e.name == "heartbeat" && e.id != bus.Cursor{} })); n > 0 {
			t.Errorf("%d heartbeats moved the cursor", n)
		}
	}
	if beat := room.named("heartbeat")[0]; beat.retry != 0 {
		t.Errorf("advice in %+v", beat)
	}
}

// A heartbeat that finds a viewer on its way in must not come before the head of the response.
func TestNothingIsWrittenBeforeTheHead(t *testing.T) {
	h := open(t, live.HubTimes{Beat: 50 * time.Microsecond})
	for range 500 {
		p := h.watch(h.someone(1), nil)
		rig.Eventually(t, "a response has begun", func() bool { return len(p.named("heartbeat")) > 0 || p.isOver() })
		if p.isOver() {
			t.Fatalf("the response is broken: %v", p.err)
		}
		p.leave()
	}
}

func TestAStreamThatIsOldIsMadeAnew(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Beat: 2 * time.Millisecond, Age: 300 * time.Millisecond})
	last := bus.Cursor{Epoch: 1}
	for range 4 {
		p := h.watch(h.someone(1), &last)
		began := time.Now()
		for range 10 {
			h.post(1, "x")
		}
		p.reaches(last.Seq+1, last.Seq+10)
		if word := p.ends("heartbeat"); word.retry < 50*time.Millisecond || word.retry > time.Second {
			t.Errorf("no advice to come back soon: %+v", word)
		}
		if lived := time.Since(began); lived < 200*time.Millisecond {
			t.Errorf("it lived for %v", lived)
		}
		last.Seq += 10
	}
}

func TestClosingEndsAll(t *testing.T) {
	h := open(t, live.HubTimes{})
	var gone atomic.Int64
	var pages []*page
	for i := range 400 {
		v := h.someone(uint64(i % 5))
		v.OnEnd = func() {
			time.Sleep(10 * time.Millisecond)
			gone.Add(1)
		}
		pages = append(pages, h.watch(v, nil))
	}
	rig.Eventually(t, "all are in", func() bool { return h.hub.Size().InRooms == 320 })
	var closing sync.WaitGroup
	for range 3 {
		closing.Go(h.hub.Close)
	}
	closing.Wait()
	if n := gone.Load(); n != 400 {
		t.Errorf("%d of 400 have been let go when Close returned", n)
	}
	var soonest, latest time.Duration = time.Hour, 0
	for _, p := range pages {
		word := p.ends("heartbeat")
		soonest, latest = min(soonest, word.retry), max(latest, word.retry)
	}
	if soonest < 100*time.Millisecond || latest > 20*time.Second || latest-soonest < time.Second {
		t.Errorf("they come back between %v and %v", soonest, latest)
	}
	if s := h.hub.Size(); s.Viewers+s.Sessions+s.Holders+s.InRooms+s.Users > 0 {
		t.Errorf("left: %+v", s)
	}

	late := h.someone(1)
	late.OnEnd = func() { gone.Add(1) }
	if word := h.watch(late, nil).ends("heartbeat"); word.retry == 0 {
		t.Errorf("no advice for one who came too late: %+v", word)
	}
	if n := gone.Load(); n != 401 {
		t.Error("who came too late was not let go")
	}
	h.post(1, "nobody hears it")
	h.bus.tell(bus.EventMissed)
}

// Streams begin, bells ring and the bus falls while the hub closes.
func TestClosingInTheMiddleOfItAll(t *testing.T) {
	for range 20 {
		h := open(t, live.HubTimes{TickUp: time.Millisecond, Sessions: time.Millisecond, Beat: time.Millisecond})
		var opened, gone atomic.Int64
		var busy sync.WaitGroup
		for range 3 {
			busy.Go(func() {
				for range 15 {
					v := h.someone(1)
					v.OnEnd = func() { gone.Add(1) }
					opened.Add(1)
					h.watch(v, nil)
					h.post(1, "x")
					h.bus.tell(bus.EventMissed)
					h.bus.Publish(bus.Signal{Kind: bus.SessionEnded, Session: v.Session})
				}
			})
		}
		time.Sleep(rand.N(10 * time.Millisecond))
		h.hub.Close()
		busy.Wait()
		rig.Eventually(t, "all are let go", func() bool { return gone.Load() == opened.Load() })
	}
}
