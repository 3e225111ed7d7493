package live

import (
	"log/slog"
	"time"

	"parley/app/bus"
	"parley/app/conn"
)

// Intervals are those of a hub under test; zero ones are as usual.
type Intervals struct {
	LagTTL, QueryTimeout, SweepInterval, DownSweepInterval, BeatInterval, RoomTTL, RecordTTL, WriteTimeout, MaxAge, RetryDelay, ListsInterval,
	LeaveGrace, TypingTTL, AnnounceInterval, PeerTTL, PresenceInterval, TypingInterval time.Duration

	CheckInterval time.Duration // of the registry of connections
	Readers       bool          // watch with a goroutine for each viewer, as on systems without epoll
}

// NewFastHub is NewHub with other intervals.
func NewFastHub(source Source, conns *conn.Registry, b bus.Bus, log *slog.Logger, i Intervals) *Hub {
	t := defaultTimes()
	for _, set := range []struct {
		to   *time.Duration
		with time.Duration
	}{
		{&t.queryTimeout, i.QueryTimeout},
		{&t.sweepInterval, i.SweepInterval},
		{&t.downSweepInterval, i.DownSweepInterval},
		{&t.lagTTL, i.LagTTL},
		{&t.beatInterval, i.BeatInterval},
		{&t.roomTTL, i.RoomTTL},
		{&t.recordTTL, i.RecordTTL},
		{&t.writeTimeout, i.WriteTimeout},
		{&t.maxAge, i.MaxAge},
		{&t.retryDelay, i.RetryDelay},
		{&t.listsInterval, i.ListsInterval},
		{&t.leaveGrace, i.LeaveGrace},
		{&t.typingTTL, i.TypingTTL},
		{&t.announceInterval, i.AnnounceInterval},
		{&t.peerTTL, i.PeerTTL},
		{&t.presenceInterval, i.PresenceInterval},
		{&t.typingInterval, i.TypingInterval},
	} {
		if set.with > 0 {
			*set.to = set.with
		}
	}
	h := newHub(source, conns, b, log, t)
	if i.Readers {
		h.hangUps.close()
		h.hangUps = readers{h}
	}
	return h
}

// HubSize is how much a hub holds.
type HubSize struct {
	Viewers, Sessions, Rooms, InRooms, Holders, Users, Followed int
}

// Size returns the sizes of a hub and its registry.
func (h *Hub) Size() (s HubSize) {
	s.Viewers = h.Viewers()
	s.Sessions = h.conns.Sessions()
	h.mu.Lock()
	defer h.mu.Unlock()
	s.Rooms = len(h.rooms)
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

// Hold keeps everybody else from a viewer until release is called.
func (v *Viewer) Hold() (release func()) {
	v.mu.Lock()
	return v.mu.Unlock
}

// KeptRecords returns how many records a room holds.
func (h *Hub) KeptRecords(id uint64) int {
	r := h.room(id)
	if r == nil {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.records)
}

// MaxAnnounced is the number of rooms whose signals a hub remembers.
const MaxAnnounced = maxAnnounced

// Announced returns the number of rooms whose signals the hub remembers.
func (h *Hub) Announced() int {
	h.signaled.mu.Lock()
	defer h.signaled.mu.Unlock()
	return len(h.signaled.rooms)
}

// HandedTTL is how long a batch may wait for its reader.
const HandedTTL = handedTTL

// IsHandedOver reports whether a room keeps a batch that was handed over.
func (h *Hub) IsHandedOver(id uint64) bool {
	r := h.room(id)
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.handed != nil
}

// ReadRoom makes sure that a room reads its log once more, whether or not there is anything new.
func (h *Hub) ReadRoom(id uint64) { h.room(id).markDirty() }

// Announcement is a room whose people are announced again.
type Announcement struct{ of *attendance }

// NewAnnouncement begins to announce people 1 to n of a room.
func NewAnnouncement(room uint64, n int) Announcement {
	a := newAttendance(room)
	for user := range uint64(n) {
		a.announced[user+1] = true
		a.toAnnounce = append(a.toAnnounce, user+1)
	}
	return Announcement{a}
}

// Some returns what is announced at a time.
func (a Announcement) Some(now time.Time) []bus.Signal { return a.of.announceSome(nil, now) }

// MaxSentIn is the most bytes that a client may send into its stream.
const MaxSentIn = maxSentIn
