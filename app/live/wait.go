package live

import (
	"context"
	"sync"

	"parley/app/bus"
)

// waiters are the requests that wait for a room without a stream, each for one answer.
type waiters struct {
	mu    sync.Mutex
	rooms map[uint64]map[*waiter]struct{}
}

type waiter struct {
	after bus.Cursor
	wake  chan struct{} // holds a token once there is something new
}

// Wait returns when a room's log seems to continue after a cursor, and otherwise when the context ends
// or the hub closes. The caller must read the log itself: a signal may be wrong.
func (h *Hub) Wait(ctx context.Context, room uint64, after bus.Cursor) error {
	w := &waiter{after: after, wake: make(chan struct{}, 1)}
	h.waiters.add(room, w)
	defer h.waiters.remove(room, w)
	// Only now, or an entry that is added in between would go unnoticed.
	heads, err := h.source.Heads(ctx, []uint64{room})
	if err != nil {
		return err
	}
	w.notify(heads[room])
	select {
	case <-w.wake:
	case <-ctx.Done():
	case <-h.done:
	}
	return nil
}

// notify wakes the waiter unless a log that ends at c has nothing new for it.
func (w *waiter) notify(c bus.Cursor) {
	if c == w.after || c.Epoch == w.after.Epoch && c.Seq < w.after.Seq {
		return
	}
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (l *waiters) add(room uint64, w *waiter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rooms == nil {
		l.rooms = map[uint64]map[*waiter]struct{}{}
	}
	if l.rooms[room] == nil {
		l.rooms[room] = map[*waiter]struct{}{}
	}
	l.rooms[room][w] = struct{}{}
}

func (l *waiters) remove(room uint64, w *waiter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.rooms[room], w)
	if len(l.rooms[room]) == 0 {
		delete(l.rooms, room)
	}
}

// notify tells everybody who waits for a room where its log ends.
func (l *waiters) notify(room uint64, end bus.Cursor) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for w := range l.rooms[room] {
		w.notify(end)
	}
}

// appendRooms appends the rooms that somebody waits for.
func (l *waiters) appendRooms(ids []uint64) []uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id := range l.rooms {
		ids = append(ids, id)
	}
	return ids
}
