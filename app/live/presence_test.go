package live_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// presenceTimes are those of the real thing, a hundred times as fast.
var presenceTimes = live.HubTimes{Away: 50 * time.Millisecond, Writes: time.Second, Announce: 100 * time.Millisecond,
	Heard: 300 * time.Millisecond, Calm: 5 * time.Millisecond, Quick: time.Millisecond}

// hidden are the people who let nobody see that they are here; strangers are in no room.
const hidden, strangers = 50, 900

// telling makes a world tell who is here, to each viewer what others it sees.
func telling(source live.Source) live.Source {
	source.Here = func(_ context.Context, _ uint64, here, writing []uint64) ([]uint64, func(*live.Viewer) []byte, error) {
		unseen := func(u uint64) bool { return u >= hidden }
		here, writing = slices.DeleteFunc(slices.Clone(here), unseen), slices.DeleteFunc(slices.Clone(writing), unseen)
		return here, func(v *live.Viewer) []byte { return fmt.Appendf(nil, "here %v writing %v", here, writing) }, nil
	}
	return source
}

// houses are several processes on one database and one bus.
func houses(t *testing.T, n int, times live.HubTimes) (list []*house) {
	t.Helper()
	for range n {
		h := open(t, live.HubTimes{})
		h.hub.Close()
		if len(list) > 0 {
			h.world, h.bus = list[0].world, list[0].bus
		}
		h.hub = live.NewHastyHub(telling(h.world.source()), h.bus, quiet, times)
		t.Cleanup(h.hub.Close)
		list = append(list, h)
	}
	return list
}

// comes opens a page of a user in room 5.
func (h *house) comes(user uint64) *page {
	return h.watch(&live.Viewer{User: user, Session: user, Room: 5, WithoutLists: true, Chunked: true}, nil)
}

// tells waits until the newest that a page says of who is here is this.
func (p *page) tells(want string) {
	p.t.Helper()
	rig.Eventually(p.t, "the page tells "+want, func() bool {
		states := p.states()
		return len(states) > 0 && states[len(states)-1].data == want
	})
}

func TestPresenceAcrossProcesses(t *testing.T) {
	t.Parallel()
	h := houses(t, 2, presenceTimes)
	one := h[0].comes(1)
	one.tells("here [1] writing []")
	two := h[1].comes(2) // whose process asks who is here
	two.tells("here [1 2] writing []")
	one.tells("here [1 2] writing []")
	again := h[0].comes(2)
	again.tells("here [1 2] writing []")
	two.leave() // still here in the other process
	h[1].comes(3).tells("here [1 2 3] writing []")
	again.leave()
	one.tells("here [1 3] writing []")
}

func TestAPageThatIsLoadedAgainIsNoDeparture(t *testing.T) {
	t.Parallel()
	times := presenceTimes
	times.Away = time.Hour
	h := houses(t, 2, times)
	one := h[0].comes(1)
	for range 5 {
		two := h[1].comes(2)
		two.tells("here [1 2] writing []")
		two.leave()
	}
	one.tells("here [1 2] writing []")
	if n := len(one.states()); n > 2 {
		t.Errorf("the other was told %d times", n)
	}
}

// Whoever does not want to be seen rings for nobody, and a process that dies takes its people along.
func TestWhoHidesIsNotRung(t *testing.T) {
	t.Parallel()
	h := houses(t, 2, presenceTimes)
	var mu sync.Mutex
	heard := map[bus.Signal]bool{}
	defer h[0].bus.Listen(func(e bus.Event) {
		mu.Lock()
		defer mu.Unlock()
		heard[e.Signal] = true
	})()
	h[0].comes(hidden).tells("here [] writing []")
	one := h[1].comes(1)
	one.tells("here [1] writing []")
	for range 3 { // at the longest, until it was told again
		h[1].comes(1).tells("here [1] writing []")
	}
	mu.Lock()
	if heard[bus.Signal{Kind: bus.Arrived, Room: 5, User: hidden}] || !heard[bus.Signal{Kind: bus.Arrived, Room: 5, User: 1}] {
		t.Errorf("heard %v", heard)
	}
	mu.Unlock()
	h[1].bus.Publish(bus.Signal{Kind: bus.Arrived, Room: 5, User: 9}) // from a process that says no more
	one.tells("here [1 9] writing []")
	one.tells("here [1] writing []")
}

func TestWritingEndsByItselfAndWithTheMessage(t *testing.T) {
	t.Parallel()
	times := presenceTimes
	h := houses(t, 1, times)[0]
	one := h.comes(1)
	one.tells("here [1] writing []")
	h.bus.Publish(bus.Signal{Kind: bus.Typing, Room: 5, User: 2})
	one.tells("here [1] writing [2]")
	one.tells("here [1] writing []")

	times.Writes = time.Hour
	h = houses(t, 1, times)[0]
	one = h.comes(1)
	one.tells("here [1] writing []")
	h.bus.Publish(bus.Signal{Kind: bus.Typing, Room: 5, User: 7})
	one.tells("here [1] writing [7]")
	h.post(5, "by 7")
	one.tells("here [1] writing []")
}

// A flood of signals costs what a handful does, and nothing of rooms that nobody watches is kept.
func TestForgedPresenceIsBounded(t *testing.T) {
	t.Parallel()
	times := presenceTimes
	times.Heard, times.Writes = time.Hour, time.Hour
	h := houses(t, 1, times)[0]
	one := h.comes(1)
	one.tells("here [1] writing []")
	for i := range uint64(10_000) {
		h.bus.Publish(bus.Signal{Kind: bus.Arrived, Room: 5, User: strangers + i})
		h.bus.Publish(bus.Signal{Kind: bus.Typing, Room: 5, User: strangers + i})
		h.bus.Publish(bus.Signal{Kind: bus.Arrived, Room: 1000 + i, User: i})
		h.bus.Publish(bus.Signal{Kind: bus.RollCall, Room: 5})
	}
	if n := len(h.hub.Here(5)); n > 129 {
		t.Errorf("%d people are kept", n)
	}
	if n := len(h.hub.Here(1001)); n > 0 {
		t.Errorf("%d people are kept in a room that nobody watches", n)
	}
	if n := len(one.states()); n > 20 {
		t.Errorf("the page was told %d times", n)
	}
	one.tells("here [1] writing []")
}
