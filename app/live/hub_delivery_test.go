package live_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// unreliable loses, doubles and delays three rings in ten each.
func unreliable(ring func()) {
	switch n := rand.IntN(10); {
	case n < 3:
	case n < 6:
		ring()
		ring()
	case n < 9:
		time.AfterFunc(rand.N(20*time.Millisecond), ring)
	default:
		ring()
	}
}

// A viewer that comes back again and again with the last id it has seen gets every entry once and
// in order, whatever happens to the bells meanwhile.
func TestEveryEntryOnceAcrossReconnects(t *testing.T) {
	h := open(t, live.HubTimes{TickUp: 200 * time.Millisecond, Lists: 10 * time.Millisecond})
	h.bus.mu.Lock()
	h.bus.mangle = unreliable
	h.bus.mu.Unlock()

	stays := h.watch(h.someone(1), at(h.world.end(1)))
	var writers sync.WaitGroup
	var done atomic.Bool
	for range 4 {
		writers.Go(func() {
			for !done.Load() {
				h.post(1, "hello")
				time.Sleep(rand.N(4 * time.Millisecond))
			}
		})
	}
	last := bus.Cursor{Epoch: 1}
	resets := 0
	for range 50 {
		p := h.watch(h.someone(1), at(last))
		time.Sleep(rand.N(60 * time.Millisecond))
		p.leave()
		rig.Eventually(t, "the page has read to its end", p.isOver)
		if len(p.named("reset")) > 0 { // the only excuse
			resets++
			last = h.world.end(1)
			continue
		}
		for _, e := range p.entries() {
			if e.id.Seq != last.Seq+1 {
				t.Fatalf("%d came after %d", e.id.Seq, last.Seq)
			}
			if want := fmt.Sprintf("1/%d/UTC/hello", e.id.Seq); e.data != want {
				t.Fatalf("%q came for %q", e.data, want)
			}
			last = e.id
		}
	}
	done.Store(true)
	writers.Wait()
	end := h.world.end(1)
	p := h.watch(h.someone(1), at(last))
	p.reaches(last.Seq+1, end.Seq)
	stays.reaches(1, end.Seq)
	if resets > 0 {
		t.Errorf("%d resets, though nobody was far behind", resets)
	}
	t.Logf("%d entries", end.Seq)
}

// Pages begin at a cursor that was read before, while entries come in.
func TestNoWindowBetweenPageAndStream(t *testing.T) {
	h := open(t, live.HubTimes{})
	var writers sync.WaitGroup
	var done atomic.Bool
	for room := uint64(1); room <= 3; room++ {
		writers.Go(func() {
			for !done.Load() {
				h.post(room, "x")
				time.Sleep(rand.N(10 * time.Millisecond))
			}
		})
	}
	type opened struct {
		page *page
		room uint64
		from uint64
	}
	var all []opened
	for i := range 300 {
		room := uint64(i%3) + 1
		c := h.world.end(room)
		time.Sleep(rand.N(time.Millisecond))
		all = append(all, opened{h.watch(h.someone(room), &c), room, c.Seq + 1})
	}
	done.Store(true)
	writers.Wait()
	for _, o := range all {
		o.page.reaches(o.from, h.world.end(o.room).Seq)
	}
}

// The bell of an entry rings while the first viewer of the room is on its way in: after the end of
// the log was read, and before the viewer is there.
func TestABellWhileTheRoomIsLoaded(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	h.world.posts(1, 3)
	var once sync.Once
	h.world.set(func() {
		h.world.fault = func(what string, _ uint64) error {
			if what == "heads" {
				once.Do(func() { h.post(1, "just now") })
			}
			return nil
		}
	})
	h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 3})).reaches(4, 4)
}

// A bell that was lost while nobody watched is not missed by who comes next.
func TestABellWhileNobodyWatches(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	first := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	h.post(1, "a")
	first.reaches(1, 1)
	first.leave()
	rig.Eventually(t, "nobody watches", func() bool { return h.hub.Size().InRooms == 0 && h.hub.Viewers() == 0 })
	h.world.posts(1, 5) // no bell
	h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 1})).reaches(2, 6)
}

func TestWithoutACursorTheStreamStartsAtTheEnd(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	h.world.posts(1, 7)
	p := h.watch(h.someone(1), nil)
	rig.Eventually(t, "the page is in", func() bool { return h.hub.Size().InRooms == 1 })
	h.post(1, "new")
	p.reaches(8, 8)
}

// The same entry is the same bytes for everybody of a variant, and is made once for each.
func TestRenderedOnceForEachVariant(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{})
	variants := []string{"UTC", "Asia/Tokyo", "UTC", "Asia/Tokyo", "UTC"}
	var pages []*page
	for i, variant := range variants {
		v := h.someone(1)
		v.Variant, v.Chunked = variant, i != 4
		pages = append(pages, h.watch(v, at(bus.Cursor{Epoch: 1})))
	}
	rig.Eventually(t, "all are in", func() bool { return h.hub.Size().InRooms == len(pages) })
	for range 40 {
		h.post(1, "line\r\nbreak\rand\nmore")
	}
	late := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1, Seq: 5}))
	late.reaches(6, 40)
	for _, p := range pages {
		p.reaches(1, 40)
	}
	for i := range 40 {
		utc, tokyo := pages[0].entries()[i].data, pages[1].entries()[i].data
		if utc == tokyo {
			t.Fatalf("both variants show %q", utc)
		}
		for n, p := range pages {
			if got, want := p.entries()[i].data, map[string]string{"UTC": utc, "Asia/Tokyo": tokyo}[variants[n]]; got != want {
				t.Fatalf("%q is not %q", got, want)
			}
		}
		if i >= 5 && late.entries()[i-5].data != utc {
			t.Fatalf("who came late sees %q and not %q", late.entries()[i-5].data, utc)
		}
	}
	for what, times := range h.world.counts(h.world.renders) {
		if times != 1 {
			t.Errorf("%s was rendered %d times", what, times)
		}
	}
}

func TestOldHTTPGetsNoChunks(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{})
	v := h.someone(1)
	v.Chunked = false
	p := h.watch(v, at(bus.Cursor{Epoch: 1}))
	for range 5 {
		h.post(1, "x")
	}
	p.reaches(1, 5)
	h.world.restore(1, 2)
	h.bus.Publish(entryBell(1, bus.Cursor{Epoch: 2, Seq: 2}))
	p.ends("reset")
	if p.proto != "HTTP/1.0" {
		t.Errorf("it is %s", p.proto)
	}
}

func TestTwoThousandViewers(t *testing.T) {
	const viewers, entries = 2000, 50
	h := open(t, live.HubTimes{Lists: time.Second})
	pages := make([]*page, viewers)
	for i := range pages {
		pages[i] = h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	}
	rig.Eventually(t, "all are in", func() bool { return h.hub.Size().InRooms == viewers })
	for range entries {
		h.post(1, "hello everybody")
	}
	for _, p := range pages {
		p.reaches(1, entries)
	}
	if n := h.hub.Stats.Delivered.Load(); n != viewers*entries {
		t.Errorf("%d deliveries were counted", n)
	}
	if n := h.hub.Stats.Resets[live.FarBehind].Load() + h.hub.Stats.SlowCut.Load(); n > 0 {
		t.Errorf("%d had to load again", n)
	}
}
