// Package cache keeps values within a number of bytes, and evicts the least recently used; whoever adds beyond their share
// first loses their own. It does not know whether a value is still right: either a key contains everything that its value
// depends on, or the caller checks the value.
package cache

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Cache keeps values by their keys. A nil *Cache keeps nothing.
type Cache[K comparable, V any] struct {
	most int // bytes

	mu     sync.Mutex
	list   *simplelru.LRU[K, kept[V]]
	used   int // bytes of the values in the list
	owners map[uint64]*owned[K]
	making map[K]chan struct{}
}

type kept[V any] struct {
	value V
	size  int
	owner uint64
}

// owned lists what is kept for one person.
type owned[K comparable] struct {
	list *simplelru.LRU[K, struct{}]
	used int
}

// overhead is about what the lists and their maps take for a value besides its size and its key's, in bytes.
const overhead = 300

// share limits what is kept for one person, besides the newest value, to 1/share of the cache.
const share = 16

// maxValues bounds the list beside its bytes, and is never reached because of the overhead.
const maxValues = 1 << 30

// New returns a cache of at most this many bytes.
func New[K comparable, V any](bytes int) *Cache[K, V] {
	c := &Cache[K, V]{most: bytes, owners: map[uint64]*owned[K]{}, making: map[K]chan struct{}{}}
	c.list, _ = simplelru.NewLRU(maxValues, c.forgot) // fails for no list only
	return c
}

// forgot counts a value that has left the list.
func (c *Cache[K, V]) forgot(key K, old kept[V]) {
	c.used -= old.size
	if o := c.owners[old.owner]; o != nil {
		o.list.Remove(key)
		if o.used -= old.size; o.list.Len() == 0 {
			delete(c.owners, old.owner)
		}
	}
}

// Get returns the value of a key, if it is kept.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	if c == nil {
		return value, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.list.Get(key)
	if o := c.owners[found.owner]; ok && o != nil {
		o.list.Get(key)
	}
	return found.value, ok
}

// Add keeps a value of the given size, in place of an earlier one. A value that is larger than the whole cache is not
// kept.
func (c *Cache[K, V]) Add(key K, value V, bytes int) { c.AddFor(0, key, value, bytes) }

// AddFor is Add on behalf of somebody, whoever else gets the value later. Beyond their share of the cache their own
// values are evicted, so that nobody pushes out everybody else's by asking for one thing in many ways. Owner 0 has no
// share.
func (c *Cache[K, V]) AddFor(owner uint64, key K, value V, bytes int) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list.Remove(key)
	bytes += overhead
	if bytes > c.most {
		return
	}
	c.own(owner, key, bytes)
	c.list.Add(key, kept[V]{value, bytes, owner})
	for c.used += bytes; c.used > c.most; {
		c.list.RemoveOldest()
	}
}

// Remove forgets the value of a key.
func (c *Cache[K, V]) Remove(key K) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list.Remove(key)
}

// own counts a value for its owner, in place of what is beyond their share before it.
func (c *Cache[K, V]) own(owner uint64, key K, bytes int) {
	if owner == 0 {
		return
	}
	for c.owners[owner] != nil && c.owners[owner].used > c.most/share {
		oldest, _, _ := c.owners[owner].list.GetOldest()
		c.list.Remove(oldest)
	}
	o := c.owners[owner]
	if o == nil {
		o = &owned[K]{}
		o.list, _ = simplelru.NewLRU[K, struct{}](maxValues, nil)
		c.owners[owner] = o
	}
	o.list.Add(key, struct{}{})
	o.used += bytes
}

// Claim lets one caller at a time make the value of a key, so that many who ask at once make it only once. done must be
// called once the value is kept, or could not be made. If somebody else is making it, done is nil, and wait is closed
// when they are done.
func (c *Cache[K, V]) Claim(key K) (done func(), wait <-chan struct{}) {
	if c == nil {
		return func() {}, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if busy, is := c.making[key]; is {
		return nil, busy
	}
	made := make(chan struct{})
	c.making[key] = made
	return func() {
		c.mu.Lock()
		delete(c.making, key)
		c.mu.Unlock()
		close(made)
	}, nil
}

// Bytes returns how much is kept.
func (c *Cache[K, V]) Bytes() int {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.used
}

// Len returns how many values are kept.
func (c *Cache[K, V]) Len() int {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.list.Len()
}
