package live

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley/app/bus"
	"parley/app/conn"
)

// Record is one entry of a room's log as its viewers get it.
type Record struct {
	Seq uint64
	// Render returns what viewers of a variant who may see this part of the log are shown: "" for everything that the
	// entry shows of others. It is called once for each of these, and the viewers share the bytes.
	Render func(variant any, sees string) []byte
	// Hides reports whether the entry shows something that viewers who see this part of the log may not see; nil hides
	// nothing.
	Hides func(sees string) bool
	// At is when the entry was committed, by the clock of the process that did it; zero is unknown.
	At time.Time
	// Ends reports whether a user's membership ends with this entry; nil ends nobody's.
	Ends func(user uint64) bool
	// Author is the user whose typing mark this entry ends; 0 if none.
	Author uint64
	// ErasesEarlier is set if this entry removes content of earlier ones. What was rendered of those
	// is not sent again.
	ErasesEarlier bool
	// Reloads is set if the viewers may see another part of the log from this entry on, so that their pages
	// reload after it.
	Reloads bool
	// Row is the source's own. Batch.Records gets that of the entry before its first one.
	Row any
}

// Source is what a hub asks of the rest of the program. Its functions may be called at any time.
type Source struct {
	// Heads reads where the logs of these rooms end.
	Heads func(ctx context.Context, rooms []uint64) (map[uint64]bus.Cursor, error)
	// After reads up to limit entries of a room's log after a seq, and the log's epoch.
	After func(ctx context.Context, room, seq uint64, limit int) (epoch uint64, records []Record, err error)
	// Lists reads everything that the pages of these users show beside a room. Users for whom it returns nothing are
	// tried again.
	Lists func(ctx context.Context, users []uint64) (map[uint64]Lists, error)
	// Presence returns which of these people in a room may be announced to other processes, and a
	// function that renders for a viewer who is present and who is typing. The ids may be forged. If it
	// is nil, presence is off.
	Presence func(ctx context.Context, room uint64, present, typing []uint64) (visible []uint64, render func(*Viewer) []byte, err error)
	// Visible and Crowd take the place of Presence where more than crowdSize are present. Visible is asked about those
	// who have come, and returns which of them may be announced. Crowd gets all of those, in the order of their
	// ids; the ids of who is typing may be forged. If they are nil, Presence is for all.
	Visible func(ctx context.Context, room uint64, users []uint64) ([]uint64, error)
	Crowd   func(ctx context.Context, room uint64, visible, typing []uint64) (render func(*Viewer) []byte, err error)
	// ObserveDelivery receives how long each entry took from its commit until the kernel had it for the
	// viewers here who were waiting for it. It must not wait, and may be nil.
	ObserveDelivery func(time.Duration)
}

// Lists are what a user's pages show beside a room.
type Lists struct {
	Rooms []uint64 // whose entries change it
	// Render renders it for a viewer of this user, or reports that the viewer's page is out of date and must reload.
	// It may read what only that viewer shows, until ctx ends; if that fails, all is read once more.
	Render func(ctx context.Context, v *Viewer) (state []byte, current bool, err error)
}

// Hub serves the streams of one process. It reads the new entries of a room once, renders each once for
// each variant, and writes the same bytes to everybody who watches.
type Hub struct {
	source   Source
	conns    *conn.Registry
	bus      bus.Bus
	log      *slog.Logger
	times    times
	unlisten func()
	done     chan struct{}
	resync   chan struct{} // holds a token while signals may have been lost
	closing  sync.Once
	tasks    taskGroup
	workers  *workers
	Stats    Stats
	lists    *lists
	presence *presence
	waiters  waiters
	hangUps  hangUpWatcher
	writes   writes
	signaled announcements

	// Locks are taken in this order: a room's loading, the hub's, the connection registry's, a room's, a
	// viewer's; the lists' and the presence's beside all of them. A listener of the bus takes no lock
	// that is held while something is rendered or read, which leaves out loading and the viewers'. The
	// hang-ups' comes after a viewer's.
	mu       sync.Mutex
	rooms    map[uint64]*room
	beats    [beatSlots]map[*Viewer]struct{}
	attached uint64 // viewers so far; spreads them over the slots
	variants map[any]any
}

// NewHub starts a hub that listens to the bus. Its streams end with their sessions in the registry.
func NewHub(source Source, conns *conn.Registry, b bus.Bus, log *slog.Logger) *Hub {
	return newHub(source, conns, b, log, defaultTimes())
}

func newHub(source Source, conns *conn.Registry, b bus.Bus, log *slog.Logger, t times) *Hub {
	h := &Hub{source: source, conns: conns, bus: b, log: log, times: t,
		done: make(chan struct{}), resync: make(chan struct{}, 1), workers: newWorkers(), rooms: map[uint64]*room{}}
	for i := range h.beats {
		h.beats[i] = map[*Viewer]struct{}{}
	}
	h.lists, h.presence, h.hangUps = newLists(h), newPresence(h), newHangUpWatcher(h)
	h.unlisten = b.Listen(h.onEvent)
	h.every(t.beatInterval, "heartbeats", h.beat())
	h.goSafe("lists", h.lists.run)
	h.goSafe("presence", h.presence.run)
	h.goSafe("sweeper", h.sweepOften)
	return h
}

// Close drains the registry, which tells every page when to connect to another process, waits until
// all streams have ended, and stops the hub.
func (h *Hub) Close() {
	h.closing.Do(func() {
		h.unlisten()
		close(h.done)
		h.conns.Drain()
		h.hangUps.close()
		h.tasks.close()
	})
}

// Viewers returns the number of open streams.
func (h *Hub) Viewers() (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, slot := range h.beats {
		n += len(slot)
	}
	return n
}

// onEvent never waits: whatever takes longer than looking into a map is left to others.
func (h *Hub) onEvent(e bus.Event) {
	if e.Kind != bus.EventSignal { // the bus is down, was down, or may have lost something
		select {
		case h.resync <- struct{}{}:
		default:
		}
		return
	}
	switch s := e.Signal; s.Kind {
	case bus.EntryAdded:
		end := bus.Cursor{Epoch: s.Epoch, Seq: s.Seq}
		h.signaled.note(s.Room, end, time.Now(), h.times.lagTTL)
		h.lists.roomChanged(s.Room)
		h.waiters.notify(s.Room, end)
		if r := h.room(s.Room); r != nil {
			r.advance(end)
		}
	case bus.UserChanged:
		h.lists.userChanged(s.User)
	case bus.SessionEnded: // for the registry
	default:
		h.presence.onSignal(s)
	}
}

// room returns the room if it has viewers here, or had some lately, and otherwise nil.
func (h *Hub) room(id uint64) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rooms[id]
}
