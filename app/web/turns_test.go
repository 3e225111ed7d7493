package web

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"parley/views"
)

// TestRequestsOfOnePersonTakeTurns is T42: whoever has as many requests under way as they may waits with the
// next one, and nobody else does.
func TestRequestsOfOnePersonTakeTurns(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	ann, bob := s.person("ann"), s.person("bob")
	room := s.befriend(ann, bob)
	var dones []func()
	for range requestsAtOnce {
		done, err := s.server.turns.take(t.Context(), ann.user().ID)
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
	eventually(t, "the request waits", func() bool { return s.server.turns.waiting(ann.user().ID) == 1 })
	bob.get(views.RoomPath(room)).mustBe(200)
	s.visitor().get("/sign-in").mustBe(200)
	early.Store(false)
	dones[0]()
	answered.Wait()
	for _, done := range dones[1:] {
		done()
	}
	eventually(t, "nothing is kept", func() bool { return s.server.turns.waiting(ann.user().ID) == -1 })
}

// TestPagesThatWaitHoldNoTurn holds that the pages of a reader without scripts, which wait for the next
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

// TestTurns holds that a turn is never lost, whoever gives up while waiting for it.
func TestTurns(t *testing.T) {
	t.Parallel()
	list := newTurns(true)
	var running, most atomic.Int64
	crowdOf(50, func(i int) {
		ctx, cancel := context.WithCancel(t.Context())
		if i%3 == 0 {
			go cancel()
		}
		defer cancel()
		done, err := list.take(ctx, 1)
		if err != nil {
			return
		}
		if n := running.Add(1); n > most.Load() {
			most.Store(n)
		}
		running.Add(-1)
		done()
	})
	if most.Load() > requestsAtOnce || list.waiting(1) != -1 {
		t.Errorf("%d at once, %d left", most.Load(), list.waiting(1))
	}
}

// waiting returns how many requests of a person wait for their turn, -1 if there are none of any kind.
func (t *turns) waiting(person uint64) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l := t.list[person]; l != nil {
		return len(l.waiting)
	}
	return -1
}
