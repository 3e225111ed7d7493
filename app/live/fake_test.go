package live_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"

	"parley/app/bus"
	"parley/app/live"
)

var discardLog = slog.New(slog.DiscardHandler)

// fakeSource is a database of rooms in memory, in which things can go wrong.
type fakeSource struct {
	mu      sync.Mutex
	rooms   map[uint64]*roomLog
	ended   map[uint64]bool // sessions
	state   map[uint64]string
	follows map[uint64][]uint64
	calls   map[string]int // "after/5": how often a function was called for a room or a user
	renders map[string]int // "5/18/UTC"

	fault       func(what string, id uint64) error       // may fail, wait and panic
	onRender    func(room, seq uint64, variant string)   // in Render; may wait and panic
	onEnds      func(room, seq, user uint64)             // in Ends; may panic
	listsAtOnce int                                      // the most that were read together
	renderLists func(user uint64, v *live.Viewer) []byte // replaces what lists render; nil is out of date
}

type roomLog struct {
	epoch   uint64
	entries []entry
	hidden  map[uint64]bool // seqs that a read does not return
	lags    bool            // reads see only what was there when it began to lag
	seen    int             // the number of these entries
}

type entry struct {
	text string
	ends func(user uint64) bool
}

func newFakeSource() *fakeSource {
	return &fakeSource{rooms: map[uint64]*roomLog{}, ended: map[uint64]bool{}, state: map[uint64]string{},
		follows: map[uint64][]uint64{}, calls: map[string]int{}, renders: map[string]int{}}
}

// update changes the source with its lock held.
func (s *fakeSource) update(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *fakeSource) room(id uint64) *roomLog {
	if s.rooms[id] == nil {
		s.rooms[id] = &roomLog{epoch: 1, hidden: map[uint64]bool{}}
	}
	return s.rooms[id]
}

// post appends an entry, and returns where the log ends now.
func (s *fakeSource) post(room uint64, text string) bus.Cursor { return s.add(room, entry{text: text}) }

// posts appends n entries.
func (s *fakeSource) posts(room uint64, n int) (end bus.Cursor) {
	for i := range n {
		end = s.post(room, fmt.Sprint("text ", i))
	}
	return end
}

// remove appends an entry that ends a user's membership.
func (s *fakeSource) remove(room, user uint64) bus.Cursor {
	return s.add(room, entry{text: "leave", ends: func(u uint64) bool { return u == user }})
}

func (s *fakeSource) add(room uint64, e entry) bus.Cursor {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.room(room)
	l.entries = append(l.entries, e)
	return bus.Cursor{Epoch: l.epoch, Seq: uint64(len(l.entries))}
}

// lag makes reads of a room see its present state only, as those of a node that applies nothing.
func (s *fakeSource) lag(room uint64) {
	s.update(func() {
		l := s.room(room)
		l.lags, l.seen = true, len(l.entries)
	})
}

// visible returns what a read sees of a log. The caller holds the lock.
func (l *roomLog) visible() []entry {
	if l.lags {
		return l.entries[:l.seen]
	}
	return l.entries
}

func (s *fakeSource) end(room uint64) bus.Cursor {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.room(room)
	return bus.Cursor{Epoch: l.epoch, Seq: uint64(len(l.entries))}
}

// restore replaces a room by an older state of it.
func (s *fakeSource) restore(room uint64, length int) bus.Cursor {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.room(room)
	l.epoch, l.entries = l.epoch+1, l.entries[:length:length]
	return bus.Cursor{Epoch: l.epoch, Seq: uint64(length)}
}

func (s *fakeSource) count(of map[string]int, key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return of[key]
}

func (s *fakeSource) counts(of map[string]int) map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(of)
}

func (s *fakeSource) call(what string, id uint64) error {
	s.mu.Lock()
	s.calls[fmt.Sprint(what, "/", id)]++
	fault := s.fault
	s.mu.Unlock()
	if fault == nil {
		return nil
	}
	return fault(what, id)
}

func (s *fakeSource) liveSource() live.Source {
	return live.Source{Heads: s.heads, After: s.after, Lists: s.lists}
}

func (s *fakeSource) heads(_ context.Context, rooms []uint64) (map[uint64]bus.Cursor, error) {
	ends := map[uint64]bus.Cursor{}
	s.mu.Lock()
	for _, id := range rooms {
		l := s.room(id)
		ends[id] = bus.Cursor{Epoch: l.epoch, Seq: uint64(len(l.visible()))}
	}
	s.mu.Unlock()
	// Only now, so that a test can make the answer old.
	return ends, s.call("heads", rooms[0])
}

func (s *fakeSource) after(_ context.Context, room, seq uint64, limit int) (uint64, []live.Record, error) {
	if err := s.call("after", room); err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.room(room)
	var list []live.Record
	entries := l.visible()
	for ; seq < uint64(len(entries)) && len(list) < limit; seq++ {
		if !l.hidden[seq+1] {
			list = append(list, s.record(room, seq+1, entries[seq]))
		}
	}
	return l.epoch, list, nil
}

func (s *fakeSource) record(room, seq uint64, e entry) live.Record {
	hides := func(sees string) bool { // an answer is to an earlier entry, which not everybody may see
		return strings.HasPrefix(e.text, "re: ") && strings.Contains(sees, "part")
	}
	r := live.Record{Seq: seq, Row: seq, Hides: hides, Render: func(variant any, sees string) []byte {
		s.mu.Lock()
		s.renders[fmt.Sprint(room, "/", seq, "/", variant, sees)]++
		onRender := s.onRender
		s.mu.Unlock()
		if onRender != nil {
			onRender(room, seq, variant.(string))
		}
		return fmt.Appendf(nil, "%d/%d/%s/%s%s", room, seq, variant, e.text, sees)
	}}
	_, _ = fmt.Sscanf(e.text, "by %d", &r.Author)
	onEnds := s.onEnds
	if e.ends != nil || onEnds != nil {
		r.Ends = func(user uint64) bool {
			if onEnds != nil {
				onEnds(room, seq, user)
			}
			return e.ends != nil && e.ends(user)
		}
	}
	return r
}

func (s *fakeSource) alive(_ context.Context, sessions []uint64) (map[uint64]bool, error) {
	if err := s.call("alive", 0); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	alive := map[uint64]bool{}
	for _, id := range sessions {
		alive[id] = !s.ended[id]
	}
	return alive, nil
}

func (s *fakeSource) lists(_ context.Context, users []uint64) (map[uint64]live.Lists, error) {
	s.update(func() { s.listsAtOnce = max(s.listsAtOnce, len(users)) })
	lists := map[uint64]live.Lists{}
	for _, user := range users {
		s.mu.Lock()
		rooms, state, renderLists := s.follows[user], s.state[user], s.renderLists
		s.mu.Unlock()
		if err := s.call("lists", user); err != nil {
			return nil, err
		}
		lists[user] = live.Lists{Rooms: rooms, Render: func(_ context.Context, v *live.Viewer) ([]byte, bool, error) {
			if err := s.call("render", user); err != nil {
				return nil, false, err
			}
			if renderLists != nil {
				data := renderLists(user, v)
				return data, data != nil, nil
			}
			return fmt.Appendf(nil, "user %d: %s", user, state), true, nil
		}}
	}
	return lists, nil
}

var errUnavailable = errors.New("the database is down")

// failing is a fault that hits one function, or all of them.
func failing(what string) func(string, uint64) error {
	return func(called string, _ uint64) error {
		if called == what || what == "" {
			return errUnavailable
		}
		return nil
	}
}

// fakeBus is a bus in one process that loses, doubles and delays signals on request.
type fakeBus struct {
	*bus.Local
	mu        sync.Mutex
	listeners []func(bus.Event)
	deliver   func(publish func())
	down      bool
}

func newFakeBus(t *testing.T) *fakeBus {
	b := &fakeBus{Local: bus.NewLocal(discardLog)}
	t.Cleanup(func() { _ = b.Local.Close() })
	return b
}

func (b *fakeBus) Listen(on func(bus.Event)) func() {
	b.mu.Lock()
	b.listeners = append(b.listeners, on)
	b.mu.Unlock()
	return b.Local.Listen(on)
}

func (b *fakeBus) Publish(s bus.Signal) {
	b.mu.Lock()
	deliver, down := b.deliver, b.down
	b.mu.Unlock()
	switch {
	case down: // as if another process had published it
	case deliver != nil:
		deliver(func() { b.Local.Publish(s) })
	default:
		b.Local.Publish(s)
	}
}

func (b *fakeBus) Up() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.down
}

// emit sends an event of the bus itself to every listener.
func (b *fakeBus) emit(kind bus.EventKind) {
	b.mu.Lock()
	if kind != bus.EventMissed {
		b.down = kind == bus.EventDown
	}
	listeners := b.listeners
	b.mu.Unlock()
	for _, on := range listeners {
		on(bus.Event{Kind: kind})
	}
}

// setDeliver replaces how signals get through.
func (b *fakeBus) setDeliver(deliver func(publish func())) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deliver = deliver
}

func entrySignal(room uint64, c bus.Cursor) bus.Signal {
	return bus.Signal{Kind: bus.EntryAdded, Room: room, Epoch: c.Epoch, Seq: c.Seq}
}
