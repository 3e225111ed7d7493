package web

import (
	"sync"
	"sync/atomic"
	"testing"

	"parley/views"
)

// TestRequestsOfOnePersonTakeTurns is T42: whoever has the most requests under way that are allowed waits with the
// next one, and nobody else does.
func TestRequestsOfOnePersonTakeTurns(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	ann, bob := s.person("ann"), s.person("bob")
	room := s.befriend(ann, bob)
	var dones []func()
	for range requestsAtOnce {
		done, err := s.server.turns.Take(t.Context(), ann.user().ID)
		must(t, err)
		dones = append(dones, done)
	}
	var answered sync.WaitGroup
	var early atomic.Bool
	early.Store(true)
	answered.Go(func() {
		ann.get("/rooms").mustBe(200)
		if early.Load() {
			t.Error("one more was handled")
		}
	})
	eventually(t, "the request waits", func() bool { return s.server.turns.Users(ann.user().ID) == requestsAtOnce+1 })
	bob.get(views.RoomPath(room)).mustBe(200)
	s.visitor().get("/sign-in").mustBe(200)
	early.Store(false)
	dones[0]()
	answered.Wait()
	for _, done := range dones[1:] {
		done()
	}
	eventually(t, "nothing is kept", func() bool { return s.server.turns.Users(ann.user().ID) == 0 })
}

// TestPagesThatWaitHoldNoTurn checks that the pages of a reader without scripts, which wait for the next
// message, leave their reader every turn.
func TestPagesThatWaitHoldNoTurn(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	ann, bob := s.person("ann"), s.person("bob")
	room := s.befriend(ann, bob)
	var pages []chan *reply
	for range requestsAtOnce + 1 {
		pages = append(pages, ann.awaitsPage(room, s.cursorNow(room)))
	}
	eventually(t, "all wait", func() bool { return s.server.limiter.Open() == len(pages) })
	ann.get("/rooms").mustBe(200)
	bob.say(room, "the news")
	for _, page := range pages {
		soonAnswered(t, page).mustBe(200).mustHave("the news")
	}
}
