package live_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// lineFormat is a format of lines without heartbeats.
type lineFormat struct{}

func (lineFormat) Append(dst []byte, f live.StreamEvent) []byte {
	if f.Event == live.HeartbeatEvent {
		return dst
	}
	return fmt.Appendf(dst, "%s|%s|%s\n", f.ID, f.Event, f.Data)
}

func TestAnotherFormat(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{BeatInterval: time.Millisecond})
	v := f.viewer(1)
	v.Format = lineFormat{}
	near, far := f.connect(&net.Dialer{})
	defer func() { _ = far.Close() }()
	f.hub.Serve(near, responseHead(true), v, from(bus.Cursor{Epoch: 1}))
	p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	f.post(1, "a")
	f.post(1, "b")
	f.remove(1, v.User)
	response, err := http.ReadResponse(bufio.NewReader(far), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range strings.Split(string(text), "\n") {
		if !strings.HasPrefix(line, "0-0||user") { // the lists
			lines = append(lines, line)
		}
	}
	if want := []string{"1-1||1/1/UTC/a", "1-2||1/2/UTC/b", "1-3||1/3/UTC/leave", "0-0|closed|", ""}; !slices.Equal(lines, want) {
		t.Errorf("%q", lines)
	}
	p.receives(1, 3)
}

// A stream that is replaced after some entries continues where it ended.
func TestMaxEvents(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{})
	last := bus.Cursor{Epoch: 1}
	for range 5 {
		v := f.viewer(1)
		v.MaxEvents = 10
		p := f.open(v, &last)
		for range 25 {
			f.post(1, "x")
		}
		if word := p.endsWith("heartbeat"); word.retry != live.RetryNow {
			t.Errorf("it reconnects after %v", word.retry)
		}
		entries := p.entries()
		p.hasExactly(last.Seq+1, last.Seq+uint64(len(entries)))
		if len(entries) < 10 {
			t.Errorf("it ended after %d entries", len(entries))
		}
		last = entries[len(entries)-1].id
	}
}

func TestAPageWithoutLists(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{ListsInterval: time.Millisecond})
	v := f.viewer(1)
	v.WithoutLists = true
	p := f.open(v, from(bus.Cursor{Epoch: 1}))
	f.change(v.User, "x")
	f.post(1, "x")
	p.receives(1, 1)
	if s := f.hub.Size(); s.Users > 0 || len(p.states()) > 0 {
		t.Errorf("it has lists: %+v", s)
	}
}

// Nothing counts as seen while it is waiting for the kernel.
func TestOnSeen(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{WriteTimeout: time.Minute})
	var seen atomic.Uint64
	v := f.viewer(1)
	v.OnSeen = func(seq uint64) { seen.Store(seq) }
	p := f.openWithoutReading(v, from(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page has joined", func() bool { return f.hub.Size().InRooms == 1 })
	f.post(1, "short")
	rig.Eventually(t, "the first one is seen", func() bool { return seen.Load() == 1 })
	f.fill(1, 60)
	before := seen.Load()
	if before == 61 {
		t.Error("all counts as seen before it was read")
	}
	time.Sleep(50 * time.Millisecond)
	if now := seen.Load(); now != before {
		t.Errorf("%d counts as seen after %d, although nothing was read", now, before)
	}
	go p.read()
	rig.Eventually(t, "all are seen", func() bool { return seen.Load() == 61 })
	p.receives(1, 61)
}

// panickingFormat panics at everything but entries.
type panickingFormat struct{}

func (panickingFormat) Append(dst []byte, f live.StreamEvent) []byte {
	if f.Event != "" {
		panic("on purpose")
	}
	return f.Append(dst)
}

func TestAPanicInAFormat(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{BeatInterval: time.Millisecond})
	f.mayPanic = true
	open := func() *page {
		v := f.viewer(1)
		v.Format = panickingFormat{}
		return f.open(v, from(bus.Cursor{Epoch: 1}))
	}
	pages := []*page{open(), open()}
	others := []*page{f.open(f.viewer(1), from(bus.Cursor{Epoch: 1})), f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))}
	f.post(1, "x")
	for _, p := range append(pages, others...) {
		p.receives(1, 1)
	}
	rig.Eventually(t, "heartbeats panic", func() bool { return f.hub.Stats.Panics.Load() > 5 })
	for _, p := range others {
		rig.Eventually(t, "the others have theirs", func() bool { return len(p.named("heartbeat")) > 0 })
	}
	f.bus.Publish(entrySignal(1, f.source.restore(1, 0)))
	for _, p := range pages {
		rig.Eventually(t, "it ends all the same", p.hasEnded)
	}
	for _, p := range others {
		p.endsWith("reset")
	}
	late := open()
	rig.Eventually(t, "it is reset as well", late.hasEnded)
	more := f.open(f.viewer(2), nil)
	v := f.viewer(2)
	v.Format = panickingFormat{}
	last := f.open(v, nil)
	rig.Eventually(t, "both have joined", func() bool { return f.hub.Size().InRooms == 2 })
	f.hub.Close()
	more.endsWith("heartbeat")
	rig.Eventually(t, "closing ends it all the same", last.hasEnded)
	var once sync.WaitGroup
	v = f.viewer(2)
	once.Add(1)
	v.Format, v.OnEnd = panickingFormat{}, once.Done
	f.open(v, nil)
	once.Wait()
}
