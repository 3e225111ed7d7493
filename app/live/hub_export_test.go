package live

import (
	"log/slog"
	"parley/app/bus"
	"time"
)

// HubTimes are intervals for a test; what is zero is as usual.
type HubTimes struct {
	Query, TickUp, TickDown, Sessions, Beat, Linger, Keep, Slow, Age, Again, Lists, Away, Writes, Announce, Heard, Calm, Quick time.Duration
}

// NewHastyHub is NewHub in the tests' time.
func NewHastyHub(source Source, bus bus.Bus, log *slog.Logger, t HubTimes) *Hub {
	d := defaultTimes()
	for _, set := range []struct {
		to   *time.Duration
		with time.Duration
	}{
		{&d.query, t.Query},
		{&d.tickUp, t.TickUp},
		{&d.tickDown, t.TickDown},
		{&d.sessions, t.Sessions},
		{&d.beat, t.Beat},
		{&d.linger, t.Linger},
		{&d.keep, t.Keep},
		{&d.slow, t.Slow},
		{&d.age, t.Age},
		{&d.again, t.Again},
		{&d.lists, t.Lists},
		{&d.away, t.Away},
		{&d.writes, t.Writes},
		{&d.announce, t.Announce},
		{&d.heard, t.Heard},
		{&d.calm, t.Calm},
		{&d.quick, t.Quick},
	} {
		if set.with > 0 {
			*set.to = set.with
		}
	}
	return newHub(source, bus, log, d)
}

// HubSize is how much a hub holds.
type HubSize struct {
	Viewers, Sessions, Rooms, InRooms, Holders, Users, Followed int
}

// Size counts what a hub holds.
func (h *Hub) Size() (s HubSize) {
	s.Viewers = h.Viewers()
	h.mu.Lock()
	defer h.mu.Unlock()
	s.Sessions, s.Rooms = len(h.sessions), len(h.rooms)
	for _, r := range h.rooms {
		r.mu.Lock()
		s.InRooms += len(r.viewers)
		r.mu.Unlock()
		s.Holders += r.holders
	}
	h.lists.mu.Lock()
	defer h.lists.mu.Unlock()
	s.Users, s.Followed = len(h.lists.users), len(h.lists.rooms)
	return s
}

// Hold keeps everybody else from a viewer, until let.
func (v *Viewer) Hold() (let func()) {
	v.mu.Lock()
	return v.mu.Unlock
}

// Kept counts the records that a room holds.
func (h *Hub) Kept(id uint64) int {
	r := h.watched(id)
	if r == nil {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.records)
}
