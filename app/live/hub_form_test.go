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

// plain is a format of lines, in which a heartbeat is nothing.
type plain struct{}

func (plain) Append(dst []byte, f live.StreamEvent) []byte {
	if f.Event == live.HeartbeatEvent {
		return dst
	}
	return fmt.Appendf(dst, "%s|%s|%s\n", f.ID, f.Event, f.Data)
}

func TestAnotherFormat(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Beat: time.Millisecond})
	v := h.someone(1)
	v.Format = plain{}
	near, far := h.pair(&net.Dialer{})
	defer func() { _ = far.Close() }()
	h.hub.Serve(near, responseHead(true), v, at(bus.Cursor{Epoch: 1}))
	p := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	h.post(1, "a")
	h.post(1, "b")
	h.remove(1, v.User)
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
	p.reaches(1, 3)
}

// A stream that is made anew after some entries goes on where it ended.
func TestAStreamOfSoManyEntries(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{})
	last := bus.Cursor{Epoch: 1}
	for range 5 {
		v := h.someone(1)
		v.MaxEvents = 10
		p := h.watch(v, &last)
		for range 25 {
			h.post(1, "x")
		}
		if word := p.ends("heartbeat"); word.retry != live.RetryNow {
			t.Errorf("it comes back after %v", word.retry)
		}
		entries := p.entries()
		p.isExactly(last.Seq+1, last.Seq+uint64(len(entries)))
		if len(entries) < 10 {
			t.Errorf("it ended after %d entries", len(entries))
		}
		last = entries[len(entries)-1].id
	}
}

func TestAPageAloneGetsNoLists(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Lists: time.Millisecond})
	v := h.someone(1)
	v.WithoutLists = true
	p := h.watch(v, at(bus.Cursor{Epoch: 1}))
	h.change(v.User, "x")
	h.post(1, "x")
	p.reaches(1, 1)
	if s := h.hub.Size(); s.Users > 0 || len(p.states()) > 0 {
		t.Errorf("it has lists: %+v", s)
	}
}

// Nothing counts as seen that still waits for the kernel.
func TestSeenIsWhatWasWritten(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Slow: time.Minute})
	var seen atomic.Uint64
	v := h.someone(1)
	v.OnSeen = func(seq uint64) { seen.Store(seq) }
	p := h.stare(v, at(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page is in", func() bool { return h.hub.Size().InRooms == 1 })
	h.post(1, "short")
	rig.Eventually(t, "the first one is seen", func() bool { return seen.Load() == 1 })
	h.fill(1, 60)
	waits := seen.Load()
	if waits == 61 {
		t.Error("all counts as seen before it was read")
	}
	time.Sleep(50 * time.Millisecond)
	if now := seen.Load(); now != waits {
		t.Errorf("%d counts as seen after %d, though nothing was read", now, waits)
	}
	go p.read()
	rig.Eventually(t, "all are seen", func() bool { return seen.Load() == 61 })
	p.reaches(1, 61)
}

// sick is a format that panics at everything but entries.
type sick struct{}

func (sick) Append(dst []byte, f live.StreamEvent) []byte {
	if f.Event != "" {
		panic("on purpose")
	}
	return f.Append(dst)
}

func TestAPanicInAFormat(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Beat: time.Millisecond})
	h.mayPanic = true
	watch := func() *page {
		v := h.someone(1)
		v.Format = sick{}
		return h.watch(v, at(bus.Cursor{Epoch: 1}))
	}
	pages := []*page{watch(), watch()}
	others := []*page{h.watch(h.someone(1), at(bus.Cursor{Epoch: 1})), h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))}
	h.post(1, "x")
	for _, p := range append(pages, others...) {
		p.reaches(1, 1)
	}
	rig.Eventually(t, "heartbeats panic", func() bool { return h.hub.Stats.Panics.Load() > 5 })
	for _, p := range others {
		rig.Eventually(t, "the others have theirs", func() bool { return len(p.named("heartbeat")) > 0 })
	}
	h.bus.Publish(entryBell(1, h.world.restore(1, 0)))
	for _, p := range pages {
		rig.Eventually(t, "it is ended all the same", p.isOver)
	}
	for _, p := range others {
		p.ends("reset")
	}
	late := watch()
	rig.Eventually(t, "it is reset as well", late.isOver)
	more := h.watch(h.someone(2), nil)
	v := h.someone(2)
	v.Format = sick{}
	last := h.watch(v, nil)
	rig.Eventually(t, "both are in", func() bool { return h.hub.Size().InRooms == 2 })
	h.hub.Close()
	more.ends("heartbeat")
	rig.Eventually(t, "closing ends it all the same", last.isOver)
	var once sync.WaitGroup
	v = h.someone(2)
	once.Add(1)
	v.Format, v.OnEnd = sick{}, once.Done
	h.watch(v, nil)
	once.Wait()
}
