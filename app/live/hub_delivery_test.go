package live_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// unreliable loses three signals in ten, doubles three and delays three.
func unreliable(publish func()) {
	switch n := rand.IntN(10); {
	case n < 3:
	case n < 6:
		publish()
		publish()
	case n < 9:
		time.AfterFunc(rand.N(20*time.Millisecond), publish)
	default:
		publish()
	}
}

// A viewer that keeps coming back with the last id that it has seen gets every entry once and in order,
// whatever happens to the signals.
func TestEveryEntryOnceAcrossReconnects(t *testing.T) {
	f := newFixture(t, live.Intervals{SweepInterval: 200 * time.Millisecond, ListsInterval: 10 * time.Millisecond})
	f.bus.setDeliver(unreliable)

	stays := f.open(f.viewer(1), from(f.source.end(1)))
	var writers sync.WaitGroup
	var done atomic.Bool
	for range 4 {
		writers.Go(func() {
			for !done.Load() {
				f.post(1, "hello")
				time.Sleep(rand.N(4 * time.Millisecond))
			}
		})
	}
	last := bus.Cursor{Epoch: 1}
	resets := 0
	for range 50 {
		p := f.open(f.viewer(1), from(last))
		time.Sleep(rand.N(60 * time.Millisecond))
		p.hangUp()
		rig.Eventually(t, "the page has read everything", p.hasEnded)
		if len(p.named("reset")) > 0 { // the only excuse for a gap
			resets++
			last = f.source.end(1)
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
	end := f.source.end(1)
	p := f.open(f.viewer(1), from(last))
	p.receives(last.Seq+1, end.Seq)
	stays.receives(1, end.Seq)
	if resets > 0 {
		t.Errorf("%d resets, although nobody was far behind", resets)
	}
	t.Logf("%d entries", end.Seq)
}

// Pages start from a cursor that was read earlier, while entries are added.
func TestNoWindowBetweenPageAndStream(t *testing.T) {
	f := newFixture(t, live.Intervals{})
	var writers sync.WaitGroup
	var done atomic.Bool
	for room := uint64(1); room <= 3; room++ {
		writers.Go(func() {
			for !done.Load() {
				f.post(room, "x")
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
		c := f.source.end(room)
		time.Sleep(rand.N(time.Millisecond))
		all = append(all, opened{f.open(f.viewer(room), &c), room, c.Seq + 1})
	}
	done.Store(true)
	writers.Wait()
	for _, o := range all {
		o.page.receives(o.from, f.source.end(o.room).Seq)
	}
}

// The signal of an entry comes while the first viewer of the room is joining: after the end of the log
// was read, and before the viewer is in.
func TestSignalWhileTheRoomLoads(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	f.source.posts(1, 3)
	var once sync.Once
	f.source.update(func() {
		f.source.fault = func(what string, _ uint64) error {
			if what == "heads" {
				once.Do(func() { f.post(1, "just now") })
			}
			return nil
		}
	})
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 3})).receives(4, 4)
}

// A signal that was lost while nobody watched costs the next viewer nothing.
func TestSignalLostWhileNobodyWatches(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	first := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	f.post(1, "a")
	first.receives(1, 1)
	first.hangUp()
	rig.Eventually(t, "nobody watches", func() bool { return f.hub.Size().InRooms == 0 && f.hub.Viewers() == 0 })
	f.source.posts(1, 5) // without a signal
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 1})).receives(2, 6)
}

func TestStreamWithoutCursorStartsAtTheEnd(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	f.source.posts(1, 7)
	p := f.open(f.viewer(1), nil)
	rig.Eventually(t, "the page has joined", func() bool { return f.hub.Size().InRooms == 1 })
	f.post(1, "new")
	p.receives(8, 8)
}

// An entry is the same bytes for everybody of a variant, and is rendered once for each.
func TestRenderedOnceForEachVariant(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{})
	variants := []string{"UTC", "Asia/Tokyo", "UTC", "Asia/Tokyo", "UTC"}
	var pages []*page
	for i, variant := range variants {
		v := f.viewer(1)
		v.Variant, v.Chunked = variant, i != 4
		pages = append(pages, f.open(v, from(bus.Cursor{Epoch: 1})))
	}
	rig.Eventually(t, "all have joined", func() bool { return f.hub.Size().InRooms == len(pages) })
	for range 40 {
		f.post(1, "line\r\nbreak\rand\nmore")
	}
	late := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 5}))
	late.receives(6, 40)
	for _, p := range pages {
		p.receives(1, 40)
	}
	for i := range 40 {
		utc, tokyo := pages[0].entries()[i].data, pages[1].entries()[i].data
		if utc == tokyo {
			t.Fatalf("both variants are %q", utc)
		}
		for n, p := range pages {
			if got, want := p.entries()[i].data, map[string]string{"UTC": utc, "Asia/Tokyo": tokyo}[variants[n]]; got != want {
				t.Fatalf("%q is not %q", got, want)
			}
		}
		if i >= 5 && late.entries()[i-5].data != utc {
			t.Fatalf("the late viewer got %q and not %q", late.entries()[i-5].data, utc)
		}
	}
	for what, times := range f.source.counts(f.source.renders) {
		if times != 1 {
			t.Errorf("%s was rendered %d times", what, times)
		}
	}
}

// What does not depend on what somebody may see is rendered once for people who have joined one after the other, and sent
// to all of them as the same bytes.
func TestRenderedOnceWhateverTheViewersMaySee(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{})
	var pages []*page
	for i := range 6 {
		v := f.viewer(1)
		v.Sees = fmt.Sprint([]string{" all ", " part "}[i%2], i)
		pages = append(pages, f.open(v, from(bus.Cursor{Epoch: 1})))
	}
	rig.Eventually(t, "all have joined", func() bool { return f.hub.Size().InRooms == len(pages) })
	f.post(1, "hello")
	f.post(1, "re: hello")
	f.post(1, "bye")
	for i, p := range pages {
		p.receives(1, 3)
		answer := "re: hello"
		if i%2 == 1 {
			answer = fmt.Sprint("re: hello part ", i)
		}
		for n, want := range []string{"hello", answer, "bye"} {
			if got := p.entries()[n].data; !strings.HasSuffix(got, "/"+want) {
				t.Errorf("page %d got %q instead of %q", i, got, want)
			}
		}
	}
	if all := f.source.counts(f.source.renders); len(all) != 3+len(pages)/2 {
		t.Errorf("rendered: %v", all)
	}
}

func TestHTTP10GetsNoChunks(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{})
	v := f.viewer(1)
	v.Chunked = false
	p := f.open(v, from(bus.Cursor{Epoch: 1}))
	for range 5 {
		f.post(1, "x")
	}
	p.receives(1, 5)
	f.source.restore(1, 2)
	f.bus.Publish(entrySignal(1, bus.Cursor{Epoch: 2, Seq: 2}))
	p.endsWith("reset")
	if p.proto != "HTTP/1.0" {
		t.Errorf("the response is %s", p.proto)
	}
}

func TestTwoThousandViewers(t *testing.T) {
	const viewers, entries = 2000, 50
	f := newFixture(t, live.Intervals{ListsInterval: time.Second})
	pages := make([]*page, viewers)
	for i := range pages {
		pages[i] = f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	}
	rig.Eventually(t, "all have joined", func() bool { return f.hub.Size().InRooms == viewers })
	for range entries {
		f.post(1, "hello everybody")
	}
	for _, p := range pages {
		p.receives(1, entries)
	}
	if n := f.hub.Stats.Delivered.Load(); n != viewers*entries {
		t.Errorf("%d deliveries were counted", n)
	}
	if n := f.hub.Stats.Resets[live.FarBehind].Load() + f.hub.Stats.SlowCut.Load(); n > 0 {
		t.Errorf("%d had to reload", n)
	}
}
