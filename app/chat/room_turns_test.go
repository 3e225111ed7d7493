package chat

import (
	"context"
	"sync"
	"testing"

	"parley/e2e/rig"
)

// TestChangesToOneRoomLeaveConnections is T39: while a change to a room is under way, others to the same room wait
// without a connection to the database, so posts have one.
func TestChangesToOneRoomLeaveConnections(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		busy := e.makeFriends(t, e.people[0], e.people[1])
		other := e.makeFriends(t, e.people[0], e.people[2])
		seq := e.post(t, e.people[0], busy, "react to this")
		done, err := e.changes.take(t.Context(), busy)
		must(t, err)
		const changes = 40 // more than there are connections
		var all sync.WaitGroup
		for i := range changes {
			all.Go(func() { must(t, e.React(t.Context(), e.people[i%2], busy, seq, []string{"👍", "🎉"}[i/2%2])) })
		}
		rig.Eventually(t, "all wait", func() bool { return e.changes.waiting(busy) == 1+changes })
		e.post(t, e.people[2], other, "hello")
		e.post(t, e.people[1], busy, "hello")
		done()
		all.Wait()
		if e.changes.waiting(busy) != 0 {
			t.Error("the room is kept")
		}
	})
}

// TestRoomTurnsAreGivenUp holds that whoever gives up waiting leaves nothing behind.
func TestRoomTurnsAreGivenUp(t *testing.T) {
	turns := roomTurns{rooms: map[uint64]*roomTurn{}}
	done, err := turns.take(t.Context(), 1)
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := turns.take(ctx, 1); err == nil {
		t.Error("two have the turn")
	}
	otherDone, err := turns.take(t.Context(), 2)
	must(t, err)
	otherDone()
	done()
	if turns.waiting(1)+turns.waiting(2) != 0 {
		t.Error("a room is kept")
	}
}

// waiting returns how many have a turn or wait for one.
func (t *roomTurns) waiting(room uint64) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r := t.rooms[room]; r != nil {
		return r.users
	}
	return 0
}
