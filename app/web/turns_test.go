package web

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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

// TestWhoIsSignedOutWhileWaitingGetsNothing checks that a request which waits for its turn ends with its session.
func TestWhoIsSignedOutWhileWaitingGetsNothing(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	ann := s.person("ann")
	other := ann.another()
	var dones []func()
	for range requestsAtOnce {
		done, err := s.server.turns.Take(t.Context(), ann.id)
		must(t, err)
		dones = append(dones, done)
	}
	var answered sync.WaitGroup
	answered.Go(func() { other.get("/rooms").mustGoTo("/sign-in") })
	answered.Go(func() { ann.get("/rooms").mustBe(200) })
	eventually(t, "both wait", func() bool { return s.server.turns.Users(ann.id) == requestsAtOnce+2 })
	must(t, s.server.accounts.EndSession(t.Context(), ann.id, other.session))
	time.Sleep(entranceTime)
	for _, done := range dones {
		done()
	}
	answered.Wait()
	eventually(t, "nothing is kept", func() bool { return s.server.turns.Users(ann.id) == 0 })
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

// TestNobodyIsLetInByAnOldEntrance changes a room while the request for its page waits for a turn. The page has been shown
// before, so it is kept.
func TestNobodyIsLetInByAnOldEntrance(t *testing.T) {
	const secret = "the secret text"
	for _, change := range []string{"blocked", "removed", "deleted"} {
		t.Run(change, func(t *testing.T) {
			s := start(t, options{limits: true})
			ann, bob := s.person("ann"), s.person("bob")
			room := s.befriend(ann, bob)
			if change == "removed" {
				room = bob.makesGroup("Choir", ann)
			}
			seq := bob.says(room, secret)
			ann.get(views.RoomPath(room)).mustBe(200).mustHave(secret)
			var dones []func()
			for range requestsAtOnce {
				done, err := s.server.turns.Take(t.Context(), ann.id)
				must(t, err)
				dones = append(dones, done)
			}
			answer := make(chan *reply, 1)
			go func() { answer <- ann.get(views.RoomPath(room)) }()
			eventually(t, "the request waits", func() bool { return s.server.turns.Users(ann.id) == requestsAtOnce+1 })
			waits := time.Now()
			switch change {
			case "blocked":
				bob.post("/friends/ann/block", nil).mustBe(303)
			case "removed":
				bob.post(views.RoomPath(room)+"/members/ann/remove", nil).mustBe(303)
			case "deleted":
				bob.post(messagePath(room, seq)+"/delete", nil).mustBe(303)
			}
			eventually(t, "the entrance is old", func() bool { return time.Since(waits) > entranceTime })
			for _, done := range dones {
				done()
			}
			if a := <-answer; strings.Contains(a.body, secret) {
				t.Errorf("%s while the request waited, and it was answered %d with the text", change, a.status)
			}
		})
	}
}
