// Package cache keeps values within a number of bytes, and forgets those that were not asked for the longest. It
// never says whether a value still holds: a key says all that a value depends on, or whoever gets the value checks it.
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
	making map[K]chan struct{}
}

type kept[V any] struct {
	value V
	size  int
}

// overhead is about what the list and its map take for a value besides its size and its key's, in bytes.
const overhead = 200

// maxValues bounds the list beside its bytes, and is never reached because of the overhead.
const maxValues = 1 << 30

// New returns a cache of at most so many bytes.
func New[K comparable, V any](bytes int) *Cache[K, V] {
	c := &Cache[K, V]{most: bytes, making: map[K]chan struct{}{}}
	c.list, _ = simplelru.NewLRU(maxValues, func(_ K, old kept[V]) { c.used -= old.size }) // fails for no list only
	return c
}

// Get returns the value of a key, if it is kept.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	if c == nil {
		return value, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.list.Get(key)
	return found.value, ok
}

// Add keeps a value of so many bytes, in place of an earlier one. One that is larger than the whole cache is not kept.
func (c *Cache[K, V]) Add(key K, value V, bytes int) {
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
	c.list.Add(key, kept[V]{value, bytes})
	for c.used += bytes; c.used > c.most; {
		c.list.RemoveOldest()
	}
}

// Claim lets one at a time make the value of a key, so that many who ask for it at once make it once. done must be
// called when the value is kept, or could not be made. If somebody else is making it, done is nil, and wait is closed
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
