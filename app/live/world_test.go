package live_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"testing"

	"parley/app/bus"
	"parley/app/live"
)

// quiet is the log of hubs and buses under test.
var quiet = slog.New(slog.DiscardHandler)

// world is a database of rooms in memory, in which things can go wrong.
type world struct {
	mu      sync.Mutex
	rooms   map[uint64]*book
	dead    map[uint64]bool // sessions
	state   map[uint64]string
	follows map[uint64][]uint64
	asked   map[string]int // "after/5": how often a function was called for a room or a user
	renders map[string]int // "5/18/UTC"

	fault    func(what string, id uint64) error       // may fail, wait and panic
	painting func(room, seq uint64, variant string)   // in Render; may wait and panic
	judging  func(room, seq, user uint64)             // in Ends; may panic
	showing  func(user uint64, v *live.Viewer) []byte // replaces what lists show; nil is out of date
}

type book struct {
	epoch   uint64
	entries []entry
	hidden  map[uint64]bool // seqs that a read does not return
}

type entry struct {
	text string
	ends func(user uint64) bool
}

func newWorld() *world {
	return &world{rooms: map[uint64]*book{}, dead: map[uint64]bool{}, state: map[uint64]string{},
		follows: map[uint64][]uint64{}, asked: map[string]int{}, renders: map[string]int{}}
}

// set changes the world while nobody looks.
func (w *world) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

func (w *world) room(id uint64) *book {
	if w.rooms[id] == nil {
		w.rooms[id] = &book{epoch: 1, hidden: map[uint64]bool{}}
	}
	return w.rooms[id]
}

// post appends an entry, and returns where the log ends now.
func (w *world) post(room uint64, text string) bus.Cursor { return w.add(room, entry{text: text}) }

// posts appends n entries.
func (w *world) posts(room uint64, n int) (end bus.Cursor) {
	for i := range n {
		end = w.post(room, fmt.Sprint("text ", i))
	}
	return end
}

// remove appends an entry that ends a user's time in the room.
func (w *world) remove(room, user uint64) bus.Cursor {
	return w.add(room, entry{text: "leave", ends: func(u uint64) bool { return u == user }})
}

func (w *world) add(room uint64, e entry) bus.Cursor {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := w.room(room)
	b.entries = append(b.entries, e)
	return bus.Cursor{Epoch: b.epoch, Seq: uint64(len(b.entries))}
}

func (w *world) end(room uint64) bus.Cursor {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := w.room(room)
	return bus.Cursor{Epoch: b.epoch, Seq: uint64(len(b.entries))}
}

// restore puts an older state of a room in its place.
func (w *world) restore(room uint64, length int) bus.Cursor {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := w.room(room)
	b.epoch, b.entries = b.epoch+1, b.entries[:length:length]
	return bus.Cursor{Epoch: b.epoch, Seq: uint64(length)}
}

func (w *world) count(of map[string]int, key string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return of[key]
}

func (w *world) counts(of map[string]int) map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(of)
}

func (w *world) enter(what string, id uint64) error {
	w.mu.Lock()
	w.asked[fmt.Sprint(what, "/", id)]++
	fault := w.fault
	w.mu.Unlock()
	if fault == nil {
		return nil
	}
	return fault(what, id)
}

func (w *world) source() live.Source {
	return live.Source{Heads: w.heads, After: w.after, Alive: w.alive, Lists: w.lists}
}

func (w *world) heads(_ context.Context, rooms []uint64) (map[uint64]bus.Cursor, error) {
	ends := map[uint64]bus.Cursor{}
	for _, id := range rooms {
		ends[id] = w.end(id)
	}
	// After the look, so that a test can let the answer be old.
	return ends, w.enter("heads", rooms[0])
}

func (w *world) after(_ context.Context, room, seq uint64, limit int) (uint64, []live.Record, error) {
	if err := w.enter("after", room); err != nil {
		return 0, nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	b := w.room(room)
	var list []live.Record
	for ; seq < uint64(len(b.entries)) && len(list) < limit; seq++ {
		if !b.hidden[seq+1] {
			list = append(list, w.record(room, seq+1, b.entries[seq]))
		}
	}
	return b.epoch, list, nil
}

func (w *world) record(room, seq uint64, e entry) live.Record {
	r := live.Record{Seq: seq, Render: func(variant string) []byte {
		w.mu.Lock()
		w.renders[fmt.Sprint(room, "/", seq, "/", variant)]++
		painting := w.painting
		w.mu.Unlock()
		if painting != nil {
			painting(room, seq, variant)
		}
		return fmt.Appendf(nil, "%d/%d/%s/%s", room, seq, variant, e.text)
	}}
	_, _ = fmt.Sscanf(e.text, "by %d", &r.Author)
	judging := w.judging
	if e.ends != nil || judging != nil {
		r.Ends = func(user uint64) bool {
			if judging != nil {
				judging(room, seq, user)
			}
			return e.ends != nil && e.ends(user)
		}
	}
	return r
}

func (w *world) alive(_ context.Context, sessions []uint64) (map[uint64]bool, error) {
	if err := w.enter("alive", 0); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	alive := map[uint64]bool{}
	for _, s := range sessions {
		alive[s] = !w.dead[s]
	}
	return alive, nil
}

func (w *world) lists(_ context.Context, user uint64) ([]uint64, func(*live.Viewer) ([]byte, bool), error) {
	w.mu.Lock()
	rooms, state, showing := w.follows[user], w.state[user], w.showing
	w.mu.Unlock()
	if err := w.enter("lists", user); err != nil {
		return nil, nil, err
	}
	return rooms, func(v *live.Viewer) ([]byte, bool) {
		if showing != nil {
			data := showing(user, v)
			return data, data != nil
		}
		return fmt.Appendf(nil, "user %d: %s", user, state), true
	}, nil
}

var errAway = errors.New("the database is away")

// failing is a fault that hits one function.
func failing(what string) func(string, uint64) error {
	return func(asked string, _ uint64) error {
		if asked == what || what == "" {
			return errAway
		}
		return nil
	}
}

// bells is a bus in one process that loses, doubles and delays what is rung, when it is told to.
type bells struct {
	*bus.Local
	mu     sync.Mutex
	hears  func(bus.Event)
	mangle func(ring func())
	down   bool
}

func newBells(t *testing.T) *bells {
	b := &bells{Local: bus.NewLocal(quiet)}
	t.Cleanup(func() { _ = b.Local.Close() })
	return b
}

func (b *bells) Listen(on func(bus.Event)) func() {
	b.mu.Lock()
	b.hears = on
	b.mu.Unlock()
	return b.Local.Listen(on)
}

func (b *bells) Publish(s bus.Signal) {
	b.mu.Lock()
	mangle, down := b.mangle, b.down
	b.mu.Unlock()
	switch {
	case down: // as if another process had rung
	case mangle != nil:
		mangle(func() { b.Local.Publish(s) })
	default:
		b.Local.Publish(s)
	}
}

func (b *bells) Up() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.down
}

// tell brings an event of the bus itself.
func (b *bells) tell(what bus.EventKind) {
	b.mu.Lock()
	if what != bus.EventMissed {
		b.down = what == bus.EventDown
	}
	hears := b.hears
	b.mu.Unlock()
	hears(bus.Event{Kind: what})
}

func entryBell(room uint64, c bus.Cursor) bus.Signal {
	return bus.Signal{Kind: bus.EntryAdded, Room: room, Epoch: c.Epoch, Seq: c.Seq}
}
