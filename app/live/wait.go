package live

import (
	"context"
	"parley/app/bus"
	"sync"
)

// waits are those who wait for a room without a stream, each for one answer.
type waits struct {
	mu    sync.Mutex
	rooms map[uint64]map[*waiter]struct{}
}

type waiter struct {
	after bus.Cursor
	news  chan struct{} // holds a token once there is something
}

// Wait returns when the log of a room seems to go on after a cursor, and otherwise when the context
// ends or the hub closes. Whoever waits must look for themselves: a bell may be wrong.
func (h *Hub) Wait(ctx context.Context, room uint64, after bus.Cursor) error {
	w := &waiter{after: after, news: make(chan struct{}, 1)}
	h.waits.add(room, w)
	defer h.waits.remove(room, w)
	// After that, or what came in between would be heard by nobody.
	heads, err := h.source.Heads(ctx, []uint64{room})
	if err != nil {
		return err
	}
	w.ring(heads[room])
	select {
	case <-w.news:
	case <-ctx.Done():
	case <-h.done:
	}
	return nil
}

func (w *waiter) ring(c bus.Cursor) {
	if c == w.after || c.Epoch == w.after.Epoch && c.Seq < w.after.Seq {
		return
	}
	select {
	case w.news <- struct{}{}:
	default:
	}
}

func (l *waits) add(room uint64, w *waiter) {
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

func (l *waits) remove(room uint64, w *waiter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.rooms[room], w)
	if len(l.rooms[room]) == 0 {
		delete(l.rooms, room)
	}
}

// ring tells those who wait for a room where its log ends.
func (l *waits) ring(room uint64, c bus.Cursor) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for w := range l.rooms[room] {
		w.ring(c)
	}
}

// appendRooms adds the rooms that somebody waits for.
func (l *waits) appendRooms(ids []uint64) []uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id := range l.rooms {
		ids = append(ids, id)
	}
	return ids
}
