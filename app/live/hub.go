package live

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"
)

// Record is one entry of a room's log as its viewers get it.
type Record struct {
	Seq uint64
	// Render makes what a viewer of this variant is shown. It is called once for each variant
	// that somebody watches in, and the bytes are shared.
	Render func(variant string) []byte
	// Ends tells whether a user's time in the room is over with this entry; nil is nobody's.
	Ends func(user uint64) bool
}

// Source is what a hub asks the database. Every function may be called at any time.
type Source struct {
	// Heads reads where these rooms' logs end.
	Heads func(ctx context.Context, rooms []uint64) (map[uint64]Cursor, error)
	// After reads up to limit entries of a room's log from after a seq, and the log's epoch.
	After func(ctx context.Context, room, seq uint64, limit int) (epoch uint64, records []Record, err error)
	// Alive tells which of these sessions are still signed in.
	Alive func(ctx context.Context, sessions []uint64) (map[uint64]bool, error)
	// Lists reads all that a user's pages show beside a room: the rooms whose entries change it,
	// and what to send to each viewer of this user.
	Lists func(ctx context.Context, user uint64) (rooms []uint64, render func(*Viewer) []byte, err error)
}

// The times of a hub, from DELIVERY.md.
const (
	queryTime     = 5 * time.Second  // the longest wait for the database
	tickUp        = 15 * time.Second // heals what no one noticed
	tickDown      = 1 * time.Second  // instead of the bus
	sessionsEvery = 10 * time.Second
	beatSlots     = 17 // a viewer gets a heartbeat every 17 s
	lingerTime    = 30 * time.Second
	keepRecords   = 256 // of a room, for those who come back
	maxBehind     = 200 // further behind, a page is better loaded again
)

// Hub serves the viewers of one process. It reads what is new in a room once, renders it once,
// and writes the same bytes to everybody who watches.
type Hub struct {
	source Source
	bus    Bus
	log    *slog.Logger
	stop   func()
	done   chan struct{}
	ending sync.Once
	work   sync.WaitGroup
	Stats  Stats
	lists  *lists

	mu       sync.Mutex
	rooms    map[uint64]*room
	sessions map[uint64]map[*Viewer]struct{}
	beats    [beatSlots]map[*Viewer]struct{}
	born     uint64 // viewers so far; spreads them over the slots
	drained  bool
}

// NewHub starts a hub that hears the bus.
func NewHub(source Source, bus Bus, log *slog.Logger) *Hub {
	h := &Hub{source: source, bus: bus, log: log, done: make(chan struct{}),
		rooms: map[uint64]*room{}, sessions: map[uint64]map[*Viewer]struct{}{}}
	for i := range h.beats {
		h.beats[i] = map[*Viewer]struct{}{}
	}
	h.lists = newLists(h)
	h.stop = bus.Listen(h.hear)
	h.every(sessionsEvery, h.checkSessions)
	h.every(time.Second, h.beat())
	h.guard("lists", h.lists.run)
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
			v.End(Frame{Event: HeartbeatEvent, Retry: 200*time.Millisecond + rand.N(spread), Data: []byte("-")})
		}
		h.work.Wait()
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

func (h *Hub) hear(e Event) {
	switch {
	case e.What == Rang && e.Signal.Kind == Entry:
		h.lists.roomChanged(e.Signal.Room)
		if r := h.watched(e.Signal.Room); r != nil {
			r.ring(Cursor{Epoch: e.Signal.Epoch, Seq: e.Signal.Seq})
		}
	case e.What == Rang && e.Signal.Kind == Cut:
		if r := h.watched(e.Signal.Room); r != nil {
			r.read()
		}
	case e.What == Rang && e.Signal.Kind == SessionEnded:
		h.endSession(e.Signal.Session)
	case e.What == Rang && e.Signal.Kind == UserChanged:
		h.lists.userChanged(e.Signal.User)
	default: // the bus was away, or may have lost something: look everywhere
		h.guard("sweep", func() {
			h.sweep()
			h.checkSessions()
			h.lists.allChanged()
		})
	}
}

// watched is the room if somebody here watches it.
func (h *Hub) watched(id uint64) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rooms[id]
}

// sweepOften looks for entries that no bell told of, every second while the bus is down.
func (h *Hub) sweepOften() {
	for {
		wait := tickUp
		if !h.bus.Up() {
			wait = tickDown
		}
		wait += time.Duration((rand.Float64() - 0.5) * 0.4 * float64(wait))
		select {
		case <-h.done:
			return
		case <-time.After(wait):
		}
		h.sweep()
		if !h.bus.Up() {
			h.lists.allChanged()
		}
	}
}

// sweep compares the ends of all watched rooms with the database in one query.
func (h *Hub) sweep() {
	h.mu.Lock()
	ids := make([]uint64, 0, len(h.rooms))
	for id := range h.rooms {
		ids = append(ids, id)
	}
	h.mu.Unlock()
	if len(ids) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), queryTime)
	defer cancel()
	heads, err := h.source.Heads(ctx, ids)
	if err != nil {
		h.log.Warn("looking for new entries failed", "error", err)
		return
	}
	for id, head := range heads {
		if r := h.watched(id); r != nil && r.ring(head) {
			h.Stats.SweepsThatFound.Add(1)
		}
	}
}

func (h *Hub) endSession(id uint64) {
	h.mu.Lock()
	viewers := make([]*Viewer, 0, len(h.sessions[id]))
	for v := range h.sessions[id] {
		viewers = append(viewers, v)
	}
	h.mu.Unlock()
	for _, v := range viewers {
		v.End(Frame{Event: SignedOutEvent})
	}
}

// checkSessions finds the sessions that ended without a bell, or by their age.
func (h *Hub) checkSessions() {
	h.mu.Lock()
	ids := make([]uint64, 0, len(h.sessions))
	for id := range h.sessions {
		ids = append(ids, id)
	}
	h.mu.Unlock()
	if len(ids) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), queryTime)
	defer cancel()
	alive, err := h.source.Alive(ctx, ids)
	if err != nil {
		h.log.Warn("checking the sessions failed", "error", err)
		return
	}
	for _, id := range ids {
		if !alive[id] {
			h.endSession(id)
		}
	}
}

// beat sends a heartbeat to one slot of viewers each second, and ends the old among them: a
// stream that is made anew now and then never depends on what was true long ago.
func (h *Hub) beat() func() {
	slot := 0
	return func() {
		h.mu.Lock()
		viewers := make([]*Viewer, 0, len(h.beats[slot]))
		for v := range h.beats[slot] {
			viewers = append(viewers, v)
		}
		if slot == 0 {
			h.forgetQuiet()
		}
		h.mu.Unlock()
		slot = (slot + 1) % beatSlots
		now := time.Now()
		for _, v := range viewers {
			v.beat(now)
		}
	}
}

// forgetQuiet drops the rooms that nobody has watched for a while. The caller holds the lock.
func (h *Hub) forgetQuiet() {
	now := time.Now()
	for id, r := range h.rooms {
		if r.holders == 0 && now.Sub(r.empty) > lingerTime {
			delete(h.rooms, id)
			continue
		}
		r.forgetOld(now)
	}
}

// every runs fn again and again until the hub closes.
func (h *Hub) every(pause time.Duration, fn func()) {
	h.guard("every "+pause.String(), func() {
		ticker := time.NewTicker(pause)
		defer ticker.Stop()
		for {
			select {
			case <-h.done:
				return
			case <-ticker.C:
				h.safely("tick", fn)
			}
		}
	})
}

// guard starts a goroutine of the hub that cannot take the process with it.
func (h *Hub) guard(what string, fn func()) {
	h.work.Add(1)
	go func() {
		defer h.work.Done()
		h.safely(what, fn)
	}()
}

func (h *Hub) safely(what string, fn func()) {
	defer func() {
		if cause := recover(); cause != nil {
			h.Stats.Panics.Add(1)
			h.log.Error("panic in the hub", "what", what, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
		}
	}()
	fn()
}
