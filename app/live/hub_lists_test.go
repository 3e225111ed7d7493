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

// shows waits until the newest state of a page is this one.
func (p *page) shows(state string) {
	p.t.Helper()
	rig.Eventually(p.t, "the page shows "+state, func() bool {
		states := p.states()
		return len(states) > 0 && strings.HasSuffix(states[len(states)-1].data, ": "+state)
	})
}

func (f *fixture) change(user uint64, state string) {
	f.source.update(func() { f.source.state[user] = state })
	f.bus.Publish(bus.Signal{Kind: bus.UserChanged, User: user})
}

func (f *fixture) listsCalls(user uint64) int {
	return f.source.count(f.source.calls, fmt.Sprint("lists/", user))
}

func TestListsFollowTheUser(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{ListsInterval: time.Millisecond})
	v, tab, other := f.viewer(1), f.viewer(0), f.viewer(0)
	tab.User = v.User
	f.source.update(func() { f.source.state[v.User] = "one" })
	pages := []*page{f.open(v, from(bus.Cursor{Epoch: 1})), f.open(tab, nil)}
	stranger := f.open(other, nil)
	for _, state := range []string{"one", "two", "three"} {
		f.change(v.User, state)
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

func TestAnUnchangedStateIsNotSentAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{ListsInterval: time.Millisecond})
	v := f.viewer(0)
	p := f.open(v, nil)
	f.change(v.User, "same")
	p.shows("same")
	shown := len(p.states())
	for range 20 {
		read := f.listsCalls(v.User)
		f.change(v.User, "same")
		rig.Eventually(t, "they are read", func() bool { return f.listsCalls(v.User) > read })
	}
	f.change(v.User, "other")
	p.shows("other")
	if n := len(p.states()); n != shown+1 {
		t.Errorf("%d states were shown", n-shown)
	}
}

func TestManyChangesAreBatched(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{ListsInterval: 100 * time.Millisecond})
	v := f.viewer(0)
	f.source.update(func() { f.source.follows[v.User] = []uint64{1, 2, 3} })
	p := f.open(v, nil)
	p.shows("")
	began := time.Now()
	for i := range 1000 {
		f.change(v.User, fmt.Sprint(i))
		f.post(uint64(i%3)+1, "x")
	}
	took := time.Since(began)
	p.shows("999")
	if n, most := f.listsCalls(v.User), 4+int(took/(100*time.Millisecond)); n > most {
		t.Errorf("read %d times for 2,000 changes within %v", n, took)
	}
}

func TestListsFollowTheRooms(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{ListsInterval: time.Millisecond})
	v := f.viewer(0)
	f.source.update(func() { f.source.follows[v.User] = []uint64{1} })
	p := f.open(v, nil)
	p.shows("")
	// grows changes what is shown and publishes an entry of a room, as a post there does.
	grows := func(room uint64, state string) {
		f.source.update(func() { f.source.state[v.User] = state })
		f.post(room, "x")
	}
	grows(1, "from room 1")
	p.shows("from room 1")
	grows(2, "from room 2")
	time.Sleep(50 * time.Millisecond)
	p.shows("from room 1")
	f.source.update(func() { f.source.follows[v.User] = []uint64{2, 3} })
	f.change(v.User, "moved")
	p.shows("moved")
	rig.Eventually(t, "it follows two rooms", func() bool { return f.hub.Size().Followed == 2 })
	grows(3, "from room 3")
	p.shows("from room 3")
	read := f.listsCalls(v.User)
	f.post(1, "x")
	time.Sleep(50 * time.Millisecond)
	if f.listsCalls(v.User) != read {
		t.Error("it still follows the room that it has left")
	}
	p.hangUp()
	rig.Eventually(t, "nobody is followed", func() bool { return f.hub.Size() == live.HubSize{Rooms: f.hub.Size().Rooms} })
	f.change(v.User, "nobody watches")
	time.Sleep(50 * time.Millisecond)
	if f.listsCalls(v.User) != read {
		t.Error("lists were read for nobody")
	}
}

// A room that is new to the lists grows after they were read and before it is followed.
func TestARoomGrowsWhileTheListsAreRead(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{ListsInterval: time.Millisecond})
	v := f.viewer(0)
	var once atomic.Bool
	f.source.update(func() {
		f.source.follows[v.User] = []uint64{7}
		f.source.fault = func(what string, _ uint64) error {
			if what == "lists" && once.CompareAndSwap(false, true) { // the state has been read
				f.source.update(func() { f.source.state[v.User] = "newer" })
				f.post(7, "x")
			}
			return nil
		}
	})
	f.open(v, nil).shows("newer")
}

// One page of a user is out of date, the other is not.
func TestListsForAPageInAnotherLocale(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{ListsInterval: time.Millisecond})
	old, tab := f.viewer(1), f.viewer(0)
	tab.User = old.User
	old.Variant, tab.Variant = "de", "en"
	f.source.update(func() {
		f.source.renderLists = func(_ uint64, v *live.Viewer) []byte {
			if v.Variant == "de" {
				return nil
			}
			return []byte("english: state")
		}
	})
	pages := []*page{f.open(old, from(bus.Cursor{Epoch: 1})), f.open(tab, nil)}
	pages[0].endsWith("reset")
	pages[1].shows("state")
	if n := f.hub.Stats.Resets[live.OtherLocale].Load(); n != 1 {
		t.Errorf("%d pages were told to reload", n)
	}
}

// However many people watch, and however slow their lists are, reading them takes a fifth of the time.
func TestListsTakeAFifthOfTheTime(t *testing.T) {
	f := newFixture(t, live.Intervals{ListsInterval: 10 * time.Millisecond})
	var inside atomic.Int64
	f.source.update(func() {
		f.source.fault = func(what string, _ uint64) error {
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
		viewers[i] = f.viewer(0)
		f.open(viewers[i], nil)
	}
	began := time.Now()
	inside.Store(0)
	for time.Since(began) < 3*time.Second {
		for _, v := range viewers {
			f.bus.Publish(bus.Signal{Kind: bus.UserChanged, User: v.User})
		}
		time.Sleep(time.Millisecond)
	}
	share := float64(inside.Load()) / float64(time.Since(began))
	if share > 0.22 || share < 0.02 {
		t.Errorf("they took %.0f %% of the time", 100*share)
	}
	for _, v := range viewers {
		if f.listsCalls(v.User) == 0 {
			t.Error("somebody's lists were never read")
		}
	}
}

// TestListsAreReadTogether checks that many who wait for their lists are served together, each with their own, and that one
// whose lists fail is read alone from then on.
func TestListsAreReadTogether(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{ListsInterval: 50 * time.Millisecond, RetryDelay: 20 * time.Millisecond})
	f.source.update(func() {
		f.source.fault = func(what string, id uint64) error {
			if what == "lists" && id%10 == 0 {
				return errUnavailable
			}
			return nil
		}
	})
	var pages []*page
	for range 200 {
		pages = append(pages, f.open(f.viewer(0), nil))
	}
	for i, p := range pages {
		if (i+1)%10 != 0 {
			p.shows("")
		}
	}
	f.source.update(func() {
		if f.source.listsAtOnce < 5 {
			t.Errorf("at most %d were read together", f.source.listsAtOnce)
		}
		f.source.fault = nil
	})
	for i, p := range pages {
		p.shows("")
		for _, state := range p.states() {
			if !strings.HasPrefix(state.data, fmt.Sprintf("user %d:", i+1)) {
				t.Errorf("user %d is shown %q", i+1, state.data)
			}
		}
	}
}

// A database that hung must not stop the lists for minutes, and users whose lists fail must not stop
// those of others.
func TestListsRecoverAfterTheDatabaseHung(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{ListsInterval: 5 * time.Millisecond, QueryTimeout: 100 * time.Millisecond, RetryDelay: 20 * time.Millisecond})
	var hung atomic.Bool
	f.source.update(func() {
		f.source.fault = func(what string, id uint64) error {
			switch {
			case what != "lists":
				return nil
			case hung.Load():
				time.Sleep(100 * time.Millisecond)
				return errUnavailable
			case id%2 == 0:
				return errors.New("no such user")
			}
			return nil
		}
	})
	var pages []*page
	for range 30 {
		pages = append(pages, f.open(f.viewer(0), nil))
	}
	rig.Eventually(t, "the lists are shown", func() bool {
		for i := 0; i < len(pages); i += 2 {
			if len(pages[i].states()) == 0 {
				return false
			}
		}
		return true
	})
	hung.Store(true)
	for user := range uint64(30) {
		f.change(user+1, "now")
	}
	time.Sleep(300 * time.Millisecond)
	hung.Store(false)
	for i := 0; i < len(pages); i += 2 {
		pages[i].shows("now")
	}
}

// TestListsThatFailForOneViewerAreReadAgain checks that what only one page shows may fail to be read: the
// page stays as it is, and gets everything later.
func TestListsThatFailForOneViewerAreReadAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{ListsInterval: time.Millisecond, RetryDelay: 10 * time.Millisecond})
	var broken atomic.Bool
	f.source.update(func() {
		f.source.fault = func(what string, _ uint64) error {
			if what == "render" && broken.Load() {
				return errUnavailable
			}
			return nil
		}
	})
	v := f.viewer(0)
	p := f.open(v, nil)
	p.shows("")
	broken.Store(true)
	f.change(v.User, "new")
	before := f.listsCalls(v.User)
	rig.Eventually(t, "it is tried again", func() bool { return f.listsCalls(v.User) > before+2 })
	if n := len(p.states()); n != 1 {
		t.Errorf("the page was shown %d states", n)
	}
	broken.Store(false)
	p.shows("new")
}
