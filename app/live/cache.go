package live

import (
	"slices"
	"sync"
	"time"

	"parley/app/bus"
)

// rendered is a record with the bytes that its viewers get.
type rendered struct {
	Record
	readAt time.Time
	cache  *eventCache
}

// eventCache holds the bytes of one entry for each render key that was asked for.
type eventCache struct {
	mu   sync.Mutex
	list []cachedEvent
}

type cachedEvent struct {
	key   renderKey
	bytes []byte
}

// event returns the entry as an event of a stream, rendered once for each key.
func (r rendered) event(key renderKey, epoch uint64) []byte {
	if !r.hides(key.sees) {
		key.sees = ""
	}
	r.cache.mu.Lock()
	defer r.cache.mu.Unlock()
	for _, cached := range r.cache.list {
		if cached.key == key {
			return cached.bytes
		}
	}
	data := r.Render(key.variant, key.sees)
	bytes := key.format.Append(make([]byte, 0, len(data)+eventRoom), StreamEvent{ID: bus.Cursor{Epoch: epoch, Seq: r.Seq}, Data: data})
	bytes = slices.Clip(bytes) // several viewers share it
	r.cache.list = append(r.cache.list, cachedEvent{key, bytes})
	return bytes
}

// eventRoom is spare capacity for the id, and for what comes before each line of the data. Most entries have a few lines.
const eventRoom = 128

// hides reports whether something of the entry is hidden from viewers who see this part of the log.
func (r *rendered) hides(sees string) bool { return sees != "" && r.Hides != nil && r.Hides(sees) }

func newRendered(records []Record) []rendered {
	list := make([]rendered, len(records))
	now := time.Now()
	for i, record := range records {
		list[i] = rendered{Record: record, readAt: now, cache: &eventCache{}}
	}
	return list
}

// sharedBytes is what viewers of one kind at one place get.
type sharedBytes struct {
	sharedKey
	bytes []byte // empty if rendering panicked
}

type sharedKey struct {
	renderKey
	chunked bool
	from    bus.Cursor
	count   int
}

// keepMissed is the number of places and kinds of viewers for which a room keeps what they have missed.
const keepMissed = 8

// missed holds the bytes that viewers who came back to a room were sent, as long as its records do not change. When a
// network fails, all viewers come back at once and lack the same entries: without it each of them would hold its own
// copy until the kernel has taken it.
type missed struct {
	mu   sync.Mutex
	list []sharedBytes
}

// get returns the bytes for a key, which are made once for all who ask.
func (m *missed) get(key sharedKey, render func() []byte) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.list {
		if s.sharedKey == key {
			return s.bytes
		}
	}
	bytes := render()
	if len(m.list) == keepMissed {
		m.list = slices.Delete(m.list, 0, 1)
	}
	m.list = append(m.list, sharedBytes{key, bytes})
	return bytes
}
