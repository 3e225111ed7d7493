package chat

import (
	"context"
	"sync"
)

// roomTurns lets this process make one change to a room at a time: T39 in docs/threats.md. A transaction that waits
// for a room's lock in MySQL holds a connection, and there are few; the changes that six people can make to one
// room at once would hold all of them, and posts to other rooms would wait for one. Posts have a turn of their own,
// in the room's batch.
type roomTurns struct {
	mu    sync.Mutex
	rooms map[uint64]*roomTurn // those with somebody who has a turn or waits
}

type roomTurn struct {
	taken chan struct{} // holds one while somebody has the turn
	users int
}

// take waits for the turn of a room. done must be called once.
func (t *roomTurns) take(ctx context.Context, room uint64) (done func(), err error) {
	t.mu.Lock()
	r := t.rooms[room]
	if r == nil {
		r = &roomTurn{taken: make(chan struct{}, 1)}
		t.rooms[room] = r
	}
	r.users++
	t.mu.Unlock()
	select {
	case r.taken <- struct{}{}:
		return func() { <-r.taken; t.leave(room) }, nil
	case <-ctx.Done():
		t.leave(room)
		return nil, ctx.Err()
	}
}

func (t *roomTurns) leave(room uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.rooms[room]
	if r.users--; r.users == 0 {
		delete(t.rooms, room)
	}
}
