package live

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"parley/app/bus"
	"slices"
	"sync"
	"time"
)

// Record is one entry of a room's log as its viewers get it.
type Record struct {
	Seq uint64
	// Render makes what a viewer of this variant is shown. It is called once for each variant
	// that somebody watches in, and the bytes are shared.
	Render func(variant string) []byte
	// At is when the entry was written down, by the clock of the process that did; zero is unknown.
	At time.Time
	// Ends tells whether a user's time in the room is over with this entry; nil is nobody's.
	Ends func(user uint64) bool
	// Author is who has done with writing, if somebody has said something; 0 is nobody.
	Author uint64
	// ErasesEarlier tells that this entry takes something of earlier ones away. What was rendered of them
	// before is not sent again.
	ErasesEarlier bool
}

// Source is what a hub asks the database. Every function may be called at any time.
type Source struct {
	// Heads reads where these rooms' logs end.
	Heads func(ctx context.Context, rooms []uint64) (map[uint64]bus.Cursor, error)
	// After reads up to limit entries of a room's log from after a seq, and the log's epoch.
	After func(ctx context.Context, room, seq uint64, limit int) (epoch uint64, records []Record, err error)
	// Alive tells which of these sessions are still signed in.
	Alive func(ctx context.Context, sessions []uint64) (map[uint64]bool, error)
	// Lists reads all that a user's pages show beside a room: the rooms whose entries change it, and
	// what to send to each viewer of this user, or that its page is out of date and must load again.
	Lists func(ctx context.Context, user uint64) (rooms []uint64, render func(*Viewer) (state []byte, current bool), err error)
	// Here tells which of these people in a room may be shown to be here, to anybody at all, and what
	// to send to each viewer of the room. The ids may be anything. Without it nobody is told.
	Here func(ctx context.Context, room uint64, here, writing []uint64) (shown []uint64, render func(*Viewer) []byte, err error)
	// Delivered hears how long each entry took from when it was written down until the kernel had it
	// for the viewers here who were waiting for it. It must not wait; nil hears nothing.
	Delivered func(time.Duration)
}

// Hub serves the viewers of one process. It reads what is new in a room once, renders it once,
// and writes the same bytes to everybody who watches.
type Hub struct {
	source   Source
	bus      bus.Bus
	log      *slog.Logger
	times    times
	stop     func()
	done     chan struct{}
	look     chan struct{} // something may have been lost: look everywhere
	ending   sync.Once
	crew     crew
	Stats    Stats
	lists    *lists
	presence *presence
	waits    waits

	// Locks are taken in this order: a room's loading, the hub's, a room's, a viewer's; the lists'
	// beside all of them. A listener of the bus takes none that is held while something is rendered
	// or read, which leaves out loading and the viewers'.
	mu       sync.Mutex
	rooms    map[uint64]*room
	sessions map[uint64][]*Viewer
	beats    [beatSlots]map[*Viewer]struct{}
	born     uint64 // viewers so far; spreads them over the slots
	drained  bool
}

// NewHub starts a hub that hears the bus.
func NewHub(source Source, bus bus.Bus, log *slog.Logger) *Hub {
	return newHub(source, bus, log, defaultTimes())
}

func newHub(source Source, bus bus.Bus, log *slog.Logger, t times) *Hub {
	h := &Hub{source: source, bus: bus, log: log, times: t, done: make(chan struct{}), look: make(chan struct{}, 1),
		rooms: map[uint64]*room{}, sessions: map[uint64][]*Viewer{}}
	for i := range h.beats {
		h.beats[i] = map[*Viewer]struct{}{}
	}
	h.lists, h.presence = newLists(h), newPresence(h)
	h.stop = bus.Listen(h.hear)
	h.every(t.sessions, h.checkSessions)
	h.every(t.beat, h.beat())
	h.guard("lists", h.lists.run)
	h.guard("presence", h.presence.run)
	h.guard("sweeper", h.sweepOften)
	return h
}

// Close ends every stream, telling its page when to come back, and stops the hub. The returns
// are spread out so that the next process is not met by all of them at once.
func (h *Hub) Close() {
	h.ending.Do(func() {
		h.stop()
		close(h.done)
		viewers := h.drain()
		spread := min(15*time.Second, time.Second+time.Duration(len(viewers))*2*time.Millisecond)
		for _, v := range viewers {
			v.End(comeBack(200*time.Millisecond + rand.N(spread)))
		}
		h.crew.wait()
	})
}

func (h *Hub) drain() (viewers []*Viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drained = true
	for _, slot := range h.beats {
		for v := range slot {
			viewers = append(viewers, v)
		}
	}
	return viewers
}

// Viewers counts the open streams.
func (h *Hub) Viewers() (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, slot := range h.beats {
		n += len(slot)
	}
	return n
}

// hear never waits: what takes longer than a look into a map is done by others.
func (h *Hub) hear(e bus.Event) {
	switch {
	case e.Kind == bus.EventSignal && e.Signal.Kind == bus.EntryAdded:
		h.lists.roomChanged(e.Signal.Room)
		h.waits.ring(e.Signal.Room, bus.Cursor{Epoch: e.Signal.Epoch, Seq: e.Signal.Seq})
		if r := h.watched(e.Signal.Room); r != nil {
			r.ring(bus.Cursor{Epoch: e.Signal.Epoch, Seq: e.Signal.Seq})
		}
	case e.Kind == bus.EventSignal && e.Signal.Kind == bus.AccessChanged:
		if r := h.watched(e.Signal.Room); r != nil {
			r.read()
		}
	case e.Kind == bus.EventSignal && e.Signal.Kind == bus.SessionEnded:
		if viewers := h.under(e.Signal.Session); len(viewers) > 0 {
			h.guard("session", func() { signOut(viewers) })
		}
	case e.Kind == bus.EventSignal && e.Signal.Kind == bus.UserChanged:
		h.lists.userChanged(e.Signal.User)
	case e.Kind == bus.EventSignal:
		h.presence.hear(e.Signal)
	default: // the bus was away, is away, or may have lost something
		select {
		case h.look <- struct{}{}:
		default:
		}
	}
}

// watched is the room if somebody here watches it.
func (h *Hub) watched(id uint64) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rooms[id]
}

// under are the viewers that this session has open.
func (h *Hub) under(session uint64) []*Viewer {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.sessions[session])
}

func signOut(viewers []*Viewer) {
	for _, v := range viewers {
		v.End(StreamEvent{Event: SignedOutEvent})
	}
}

// comeBack is the last that is said to a page that should connect again after a while.
func comeBack(after time.Duration) StreamEvent {
	return StreamEvent{Event: HeartbeatEvent, Retry: after, Data: []byte("-")}
}
