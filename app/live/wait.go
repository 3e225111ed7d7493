package live

import (
	"context"
	"sync"
	"time"

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

// Wait returns when a room's log continues after a cursor, and otherwise when the context ends or the
// hub closes. The caller reads the log itself.
func (h *Hub) Wait(ctx context.Context, room uint64, after bus.Cursor) error {
	w := &waiter{after: after, wake: make(chan struct{}, 1)}
	h.waiters.add(room, w)
	defer h.waiters.remove(room, w)
	for lags := 0; ; {
		// Only now, or an entry that is added in between would go unnoticed.
		heads, err := h.source.Heads(ctx, []uint64{room})
		if err != nil {
			return err
		}
		if w.isNews(heads[room]) {
			return nil
		}
		var again <-chan time.Time
		if h.signaled.isBehind(room, heads[room], time.Now()) {
			again = time.After(lagPause(lags, h.times.lagPause))
		}
		select {
		case <-again:
			lags++
		case <-w.wake: // by a signal, which may be wrong or ahead of the database, or by a sweep
			lags = 0
		case <-ctx.Done():
			return nil
		case <-h.done:
			return nil
		}
	}
}

// isNews reports whether a log that ends at c has something new for the waiter.
func (w *waiter) isNews(c bus.Cursor) bool {
	return c != w.after && (c.Epoch != w.after.Epoch || c.Seq > w.after.Seq)
}

// notify wakes the waiter if a log that ends at c has something new for it.
func (w *waiter) notify(c bus.Cursor) {
	if !w.isNews(c) {
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
