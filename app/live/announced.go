package live

import (
	"sync"
	"time"

	"parley/app/bus"
)

// announcements remember how far signals said that logs reach, until the database has been seen to be
// there. The one that this process asks may be behind the one that was written: another node of a
// cluster, a replica behind a proxy. Without this, what it lacked at the signal would wait for a sweep.
type announcements struct {
	mu    sync.Mutex
	rooms map[uint64]announcement
}

type announcement struct {
	end   bus.Cursor
	until time.Time
}

// maxAnnounced bounds the rooms that are remembered: whoever can write to Redis could forge more. What
// is beyond it waits for a sweep.
const maxAnnounced = 10_000

// note remembers that a log reaches c, for ttl. It takes no other lock.
func (a *announcements) note(room uint64, c bus.Cursor, now time.Time, ttl time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	known, ok := a.rooms[room]
	switch {
	case ok && reaches(known.end, c) && now.Before(known.until):
		return
	case !ok && len(a.rooms) >= maxAnnounced:
		return
	case a.rooms == nil:
		a.rooms = map[uint64]announcement{}
	}
	a.rooms[room] = announcement{end: c, until: now.Add(ttl)}
}

// isBehind reports whether a log that the database ends at c has been announced to go further. If not,
// what was announced is forgotten.
func (a *announcements) isBehind(room uint64, c bus.Cursor, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	known, ok := a.rooms[room]
	if !ok {
		return false
	}
	if reaches(c, known.end) || !now.Before(known.until) {
		delete(a.rooms, room)
		return false
	}
	return true
}

// among returns those of the rooms of which something has been announced.
func (a *announcements) among(rooms []uint64) (found []uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.rooms) == 0 {
		return nil
	}
	for _, room := range rooms {
		if _, ok := a.rooms[room]; ok {
			found = append(found, room)
		}
	}
	return found
}

// forgetOld drops what has been announced too long ago: it was forged, or is in a room of nobody here.
func (a *announcements) forgetOld(now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for room, known := range a.rooms {
		if !now.Before(known.until) {
			delete(a.rooms, room)
		}
	}
}

// reaches reports whether a log that ends at c has all of what ends at want. An epoch is greater than
// all before it.
func reaches(c, want bus.Cursor) bool {
	return c.Epoch > want.Epoch || c.Epoch == want.Epoch && c.Seq >= want.Seq
}

// lagPause returns how long to wait before the database is asked again: 20 ms the first time, then 50,
// 100 and so on up to the longest pause.
func lagPause(times int, longest time.Duration) time.Duration {
	steps := []time.Duration{20, 50, 100, 200, 500}
	if times < len(steps) {
		return min(steps[times]*time.Millisecond, longest)
	}
	return longest
}
