package live

import (
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
	r.cache.mu.Lock()
	defer r.cache.mu.Unlock()
	for _, cached := range r.cache.list {
		if cached.key == key {
			return cached.bytes
		}
	}
	bytes := key.format.Append(nil, StreamEvent{ID: bus.Cursor{Epoch: epoch, Seq: r.Seq}, Data: r.Render(key.variant)})
	r.cache.list = append(r.cache.list, cachedEvent{key, bytes})
	return bytes
}

func newRendered(records []Record) []rendered {
	list := make([]rendered, len(records))
	now := time.Now()
	for i, record := range records {
		list[i] = rendered{Record: record, readAt: now, cache: &eventCache{}}
	}
	return list
}
