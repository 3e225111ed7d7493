package chat

import (
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
		done, err := e.changes.Take(t.Context(), busy)
		must(t, err)
		const changes = 40 // more than there are connections
		var all sync.WaitGroup
		for i := range changes {
			all.Go(func() { must(t, e.React(t.Context(), e.people[i%2], busy, seq, []string{"👍", "🎉"}[i/2%2])) })
		}
		rig.Eventually(t, "all wait", func() bool { return e.changes.Users(busy) == 1+changes })
		e.post(t, e.people[2], other, "hello")
		e.post(t, e.people[1], busy, "hello")
		done()
		all.Wait()
		if e.changes.Users(busy) != 0 {
			t.Error("the room is kept")
		}
	})
}
