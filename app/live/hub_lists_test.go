package live_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// shows waits until a page shows a state.
func (p *page) shows(state string) {
	p.t.Helper()
	rig.Eventually(p.t, "the page shows "+state, func() bool {
		states := p.states()
		return len(states) > 0 && strings.HasSuffix(states[len(states)-1].data, ": "+state)
	})
}

func (h *house) change(user uint64, state string) {
	h.world.set(func() { h.world.state[user] = state })
	h.bus.Publish(bus.Signal{Kind: bus.UserChanged, User: user})
}

func (h *house) listsRead(user uint64) int {
	return h.world.count(h.world.asked, fmt.Sprint("lists/", user))
}

func TestListsFollowTheUser(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Lists: time.Millisecond})
	v, tab, other := h.someone(1), h.someone(0), h.someone(0)
	tab.User = v.User
	h.world.set(func() { h.world.state[v.User] = "one" })
	pages := []*page{h.watch(v, at(bus.Cursor{Epoch: 1})), h.watch(tab, nil)}
	stranger := h.watch(other, nil)
	for _, state := range []string{"one", "two", "three"} {
		h.change(v.User, state)
		for _, p := range pages {
			p.shows(state)
		}
	}
	stranger.shows("")
	if n := len(stranger.states()); n != 1 {
		t.Errorf("a stranger was shown %d states", n)
	}
	for _, p := range pages {
		for _, e := range p.states() {
			if !strings.HasPrefix(e.data, fmt.Sprintf("user %d:", v.User)) {
				t.Errorf("shown: %q", e.data)
			}
		}
	}
}

func TestTheSameStateIsNotShownTwice(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Lists: time.Millisecond})
	v := h.someone(0)
	p := h.watch(v, nil)
	h.change(v.User, "same")
	p.shows("same")
	shown := len(p.states())
	for range 20 {
		read := h.listsRead(v.User)
		h.change(v.User, "same")
		rig.Eventually(t, "they are read", func() bool { return h.listsRead(v.User) > read })
	}
	h.change(v.User, "other")
	p.shows("other")
	if n := len(p.states()); n != shown+1 {
		t.Errorf("%d states were shown", n-shown)
	}
}

func TestManyChangesAreOne(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Lists: 100 * time.Millisecond})
	v := h.someone(0)
	h.world.set(func() { h.world.follows[v.User] = []uint64{1, 2, 3} })
	p := h.watch(v, nil)
	p.shows("")
	began := time.Now()
	for i := range 1000 {
		h.change(v.User, fmt.Sprint(i))
		h.post(uint64(i%3)+1, "x")
	}
	took := time.Since(began)
	p.shows("999")
	if n, most := h.listsRead(v.User), 4+int(took/(100*time.Millisecond)); n > most {
		t.Errorf("read %d times for 2,000 changes within %v", n, took)
	}
}

func TestListsFollowTheRooms(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Lists: time.Millisecond})
	v := h.someone(0)
	h.world.set(func() { h.world.follows[v.User] = []uint64{1} })
	p := h.watch(v, nil)
	p.shows("")
	// grows changes what is shown and rings for a room, as a post there does.
	grows := func(room uint64, state string) {
		h.world.set(func() { h.world.state[v.User] = state })
		h.post(room, "x")
	}
	grows(1, "from room 1")
	p.shows("from room 1")
	grows(2, "from room 2")
	time.Sleep(50 * time.Millisecond)
	p.shows("from room 1")
	h.world.set(func() { h.world.follows[v.User] = []uint64{2, 3} })
	h.change(v.User, "moved")
	p.shows("moved")
	rig.Eventually(t, "it follows two rooms", func() bool { return h.hub.Size().Followed == 2 })
	grows(3, "from room 3")
	p.shows("from room 3")
	read := h.listsRead(v.User)
	h.post(1, "x")
	time.Sleep(50 * time.Millisecond)
	if h.listsRead(v.User) != read {
		t.Error("it still follows the room it has left")
	}
	p.leave()
	rig.Eventually(t, "nobody is followed", func() bool { return h.hub.Size() == live.HubSize{Rooms: h.hub.Size().Rooms} })
	h.change(v.User, "nobody looks")
	time.Sleep(50 * time.Millisecond)
	if h.listsRead(v.User) != read {
		t.Error("lists were read for nobody")
	}
}

// A room that is new to the lists grows after they were read and before it is followed.
func TestARoomThatGrowsWhileTheListsAreRead(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Lists: time.Millisecond})
	v := h.someone(0)
	var once atomic.Bool
	h.world.set(func() {
		h.world.follows[v.User] = []uint64{7}
		h.world.fault = func(what string, _ uint64) error {
			if what == "lists" && once.CompareAndSwap(false, true) { // the state has been read
				h.world.set(func() { h.world.state[v.User] = "newer" })
				h.post(7, "x")
			}
			return nil
		}
	})
	h.watch(v, nil).shows("newer")
}

// One page of a user is out of date, the other is not.
func TestListsThatDoNotFitThePage(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Lists: time.Millisecond})
	old, tab := h.someone(1), h.someone(0)
	tab.User = old.User
	old.Manner, tab.Manner = "de", "en"
	h.world.set(func() {
		h.world.showing = func(_ uint64, v *live.Viewer) []byte {
			if v.Manner == "de" {
				return nil
			}
			return []byte("english: state")
		}
	})
	pages := []*page{h.watch(old, at(bus.Cursor{Epoch: 1})), h.watch(tab, nil)}
	pages[0].ends("reset")
	pages[1].shows("state")
	if n := h.hub.Stats.Resets[live.OtherLocale].Load(); n != 1 {
		t.Errorf("%d pages were told to load again", n)
	}
}

// However many people watch, and however slow their lists are, it is a fifth of the time.
func TestListsTakeAFifthOfTheTime(t *testing.T) {
	h := open(t, live.HubTimes{Lists: 10 * time.Millisecond})
	var inside atomic.Int64
	h.world.set(func() {
		h.world.fault = func(what string, _ uint64) error {
			if what == "lists" {
				began := time.Now()
				time.Sleep(4 * time.Millisecond)
				inside.Add(int64(time.Since(began)))
			}
			return nil
		}
	})
	viewers := make([]*live.Viewer, 60)
	for i := range viewers {
		viewers[i] = h.someone(0)
		h.watch(viewers[i], nil)
	}
	began := time.Now()
	inside.Store(0)
	for time.Since(began) < 3*time.Second {
		for _, v := range viewers {
			h.bus.Publish(bus.Signal{Kind: bus.UserChanged, User: v.User})
		}
		time.Sleep(time.Millisecond)
	}
	share := float64(inside.Load()) / float64(time.Since(began))
	if share > 0.22 || share < 0.02 {
		t.Errorf("they took %.0f %% of the time", 100*share)
	}
	for _, v := range viewers {
		if h.listsRead(v.User) == 0 {
			t.Error("somebody was never served")
		}
	}
}

// A database that hung must not silence the lists for minutes, and those who are ill not the others.
func TestListsAfterTheDatabaseHung(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Lists: 5 * time.Millisecond, Query: 100 * time.Millisecond, Again: 20 * time.Millisecond})
	var away atomic.Bool
	h.world.set(func() {
		h.world.fault = func(what string, id uint64) error {
			switch {
			case what != "lists":
				return nil
			case away.Load():
				time.Sleep(100 * time.Millisecond)
				return errAway
			case id%2 == 0:
				return errors.New("nobody knows this user")
			}
			return nil
		}
	})
	var pages []*page
	for range 30 {
		pages = append(pages, h.watch(h.someone(0), nil))
	}
	rig.Eventually(t, "the lists are shown", func() bool {
		for i := 0; i < len(pages); i += 2 {
			if len(pages[i].states()) == 0 {
				return false
			}
		}
		return true
	})
	away.Store(true)
	for user := range uint64(30) {
		h.change(user+1, "now")
	}
	time.Sleep(300 * time.Millisecond)
	away.Store(false)
	for i := 0; i < len(pages); i += 2 {
		pages[i].shows("now")
	}
}
