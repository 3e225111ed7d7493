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

// presenceIntervals are about a hundred times shorter than the real ones.
var presenceIntervals = live.Intervals{LeaveGrace: 50 * time.Millisecond, TypingTTL: time.Second, AnnounceInterval: 100 * time.Millisecond,
	PeerTTL: 300 * time.Millisecond, PresenceInterval: 5 * time.Millisecond, TypingInterval: time.Millisecond}

// Users from hidden on let nobody see that they are present; those from strangers on are in no room.
const hidden, strangers = 50, 900

// withPresence makes a source render who is present and who is typing.
func withPresence(source live.Source) live.Source {
	source.Presence = func(_ context.Context, _ uint64, present, typing []uint64) ([]uint64, func(*live.Viewer) []byte, error) {
		isHidden := func(u uint64) bool { return u >= hidden }
		present, typing = slices.DeleteFunc(slices.Clone(present), isHidden), slices.DeleteFunc(slices.Clone(typing), isHidden)
		return present, func(v *live.Viewer) []byte { return fmt.Appendf(nil, "present %v typing %v", present, typing) }, nil
	}
	return source
}

// processes returns several hubs on one source and one bus.
func processes(t *testing.T, n int, intervals live.Intervals) (list []*fixture) {
	t.Helper()
	s, b := newFakeSource(), newFakeBus(t)
	for range n {
		list = append(list, startFixture(t, s, b, withPresence(s.liveSource()), intervals))
	}
	return list
}

// enters opens a page of a user in room 5.
func (f *fixture) enters(user uint64) *page {
	return f.open(&live.Viewer{User: user, Session: user, Room: 5, WithoutLists: true, Chunked: true}, nil)
}

// showsPresence waits until the newest state that a page shows is this one.
func (p *page) showsPresence(want string) {
	p.t.Helper()
	rig.Eventually(p.t, "the page shows "+want, func() bool {
		states := p.states()
		return len(states) > 0 && states[len(states)-1].data == want
	})
}

func TestPresenceAcrossProcesses(t *testing.T) {
	t.Parallel()
	f := processes(t, 2, presenceIntervals)
	one := f[0].enters(1)
	one.showsPresence("present [1] typing []")
	two := f[1].enters(2) // whose process asks who is present
	two.showsPresence("present [1 2] typing []")
	one.showsPresence("present [1 2] typing []")
	again := f[0].enters(2)
	again.showsPresence("present [1 2] typing []")
	two.hangUp() // still present in the other process
	f[1].enters(3).showsPresence("present [1 2 3] typing []")
	again.hangUp()
	one.showsPresence("present [1 3] typing []")
}

func TestAReloadDoesNotCountAsLeaving(t *testing.T) {
	t.Parallel()
	intervals := presenceIntervals
	intervals.LeaveGrace = time.Hour
	f := processes(t, 2, intervals)
	one := f[0].enters(1)
	for range 5 {
		two := f[1].enters(2)
		two.showsPresence("present [1 2] typing []")
		two.hangUp()
	}
	one.showsPresence("present [1 2] typing []")
	if n := len(one.states()); n > 2 {
		t.Errorf("the other page was updated %d times", n)
	}
}

// A hidden user is not announced, and the users of a process that dies are forgotten.
func TestHiddenUsersAreNotAnnounced(t *testing.T) {
	t.Parallel()
	f := processes(t, 2, presenceIntervals)
	var mu sync.Mutex
	heard := map[bus.Signal]bool{}
	defer f[0].bus.Listen(func(e bus.Event) {
		mu.Lock()
		defer mu.Unlock()
		heard[e.Signal] = true
	})()
	f[0].enters(hidden).showsPresence("present [] typing []")
	one := f[1].enters(1)
	one.showsPresence("present [1] typing []")
	for range 3 { // long enough for another announcement
		f[1].enters(1).showsPresence("present [1] typing []")
	}
	mu.Lock()
	if heard[bus.Signal{Kind: bus.Arrived, Room: 5, User: hidden}] || !heard[bus.Signal{Kind: bus.Arrived, Room: 5, User: 1}] {
		t.Errorf("heard %v", heard)
	}
	mu.Unlock()
	f[1].bus.Publish(bus.Signal{Kind: bus.Arrived, Room: 5, User: 9}) // from a process that then falls silent
	one.showsPresence("present [1 9] typing []")
	one.showsPresence("present [1] typing []")
}

func TestTypingEndsByItselfAndWithTheMessage(t *testing.T) {
	t.Parallel()
	intervals := presenceIntervals
	f := processes(t, 1, intervals)[0]
	one := f.enters(1)
	one.showsPresence("present [1] typing []")
	f.bus.Publish(bus.Signal{Kind: bus.Typing, Room: 5, User: 2})
	one.showsPresence("present [1] typing [2]")
	one.showsPresence("present [1] typing []")

	intervals.TypingTTL = time.Hour
	f = processes(t, 1, intervals)[0]
	one = f.enters(1)
	one.showsPresence("present [1] typing []")
	f.bus.Publish(bus.Signal{Kind: bus.Typing, Room: 5, User: 7})
	one.showsPresence("present [1] typing [7]")
	f.post(5, "by 7")
	one.showsPresence("present [1] typing []")
}

// A flood of signals costs no more than a few do, and nothing is kept of rooms that nobody watches.
func TestForgedPresenceIsBounded(t *testing.T) {
	t.Parallel()
	intervals := presenceIntervals
	intervals.PeerTTL, intervals.TypingTTL = time.Hour, time.Hour
	f := processes(t, 1, intervals)[0]
	one := f.enters(1)
	one.showsPresence("present [1] typing []")
	for i := range uint64(10_000) {
		f.bus.Publish(bus.Signal{Kind: bus.Arrived, Room: 5, User: strangers + i})
		f.bus.Publish(bus.Signal{Kind: bus.Typing, Room: 5, User: strangers + i})
		f.bus.Publish(bus.Signal{Kind: bus.Arrived, Room: 1000 + i, User: i})
		f.bus.Publish(bus.Signal{Kind: bus.RollCall, Room: 5})
	}
	if n := len(f.hub.Present(5)); n > 5001 {
		t.Errorf("%d people are kept", n)
	}
	if n := len(f.hub.Present(1001)); n > 0 {
		t.Errorf("%d people are kept in a room that nobody watches", n)
	}
	if n := len(one.states()); n > 20 {
		t.Errorf("the page was updated %d times", n)
	}
	one.showsPresence("present [1] typing []")
}
