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

// TestOfACrowdOnlyWhoComesIsLookedUp fills a room from another process. Then it checks that the hub asks about one
// newcomer, and about one who hides, and nobody else.
func TestOfACrowdOnlyWhoComesIsLookedUp(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []uint64
	hides := map[uint64]bool{7: true}
	s, b := newFakeSource(), newFakeBus(t)
	source := withPresence(s.liveSource())
	source.Visible = func(_ context.Context, _ uint64, users []uint64) (visible []uint64, err error) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, users...)
		return slices.DeleteFunc(slices.Clone(users), func(u uint64) bool { return hides[u] || u >= strangers }), nil
	}
	source.Crowd = func(_ context.Context, _ uint64, visible, typing []uint64) (func(*live.Viewer) []byte, error) {
		return func(*live.Viewer) []byte { return fmt.Appendf(nil, "%d and typing %v", len(visible), typing) }, nil
	}
	take := func() (users []uint64) {
		mu.Lock()
		defer mu.Unlock()
		users, asked = asked, nil
		return users
	}
	wantAsked := func(want ...uint64) {
		t.Helper()
		if users := take(); !slices.Equal(users, want) {
			t.Errorf("asked about %v, and not %v", users, want)
		}
	}
	intervals := presenceIntervals
	intervals.PeerTTL, intervals.AnnounceInterval = time.Hour, time.Hour
	f := startFixture(t, s, b, source, intervals)
	one := f.enters(1)
	one.showsPresence("present [1] typing []")
	for user := range uint64(200) {
		f.bus.Publish(bus.Signal{Kind: bus.Arrived, Room: 5, User: user + 2})
	}
	one.showsPresence("200 and typing []")
	take()
	f.bus.Publish(bus.Signal{Kind: bus.Arrived, Room: 5, User: 400})
	one.showsPresence("201 and typing []")
	wantAsked(400)
	f.bus.Publish(bus.Signal{Kind: bus.Arrived, Room: 5, User: strangers})
	rig.Eventually(t, "a stranger is looked up", func() bool { return slices.Contains(take(), strangers) })
	mu.Lock()
	hides[9] = true
	mu.Unlock()
	f.bus.Publish(bus.Signal{Kind: bus.VisibilityChanged, User: 9})
	one.showsPresence("200 and typing []")
	wantAsked(9)
	f.bus.Publish(bus.Signal{Kind: bus.Left, Room: 5, User: 400})
	one.showsPresence("199 and typing []")
	wantAsked()
	if n := len(f.hub.Visible(5)); n != 199 {
		t.Errorf("a page gets %d people", n)
	}
}

// TestACrowdIsAnnouncedInPortions fills a room here. Another process that asks who is there hears of some, and of the
// others later.
func TestACrowdIsAnnouncedInPortions(t *testing.T) {
	a := live.NewAnnouncement(5, 450)
	now := time.Now()
	seen := map[uint64]bool{}
	for _, want := range []int{200, 0, 200, 50, 0} {
		signals := a.Some(now)
		if len(signals) != want {
			t.Errorf("%d signals at once, and not %d", len(signals), want)
		}
		for _, s := range signals {
			seen[s.User] = true
		}
		if want == 200 && len(seen) == 200 {
			continue // no time has passed
		}
		now = now.Add(time.Second)
	}
	if len(seen) != 450 {
		t.Errorf("%d of 450 were announced", len(seen))
	}
}
