package markup

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Cache keeps what texts were parsed to, so that each is parsed once whatever pages, streams and languages
// show it. What it keeps depends on the text alone, so nothing in it can be out of date. A nil Cache keeps
// nothing.
type Cache struct {
	most int // bytes

	mu   sync.Mutex
	list *simplelru.LRU[string, *cached]
	used int // bytes of the texts in the list that are parsed
}

// cached is a text that is parsed when it is first asked for; others who ask for it then wait for that.
type cached struct {
	text func() *Text
	size int // 0 until it is parsed
}

// maxTexts bounds the list beside its bytes, for texts that are being parsed and have no size yet. It is
// far more than the bytes have room for.
const maxTexts = 1 << 20

// NewCache returns a cache of at most so many bytes.
func NewCache(bytes int) *Cache {
	c := &Cache{most: bytes}
	c.list, _ = simplelru.NewLRU(maxTexts, func(_ string, old *cached) { c.used -= old.size }) // fails for no list only
	return c
}

// Text returns a text, parsed.
func (c *Cache) Text(source string) *Text {
	if c == nil {
		return Parse(source)
	}
	return c.entry(source).text()
}

func (c *Cache) entry(source string) *cached {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, have := c.list.Get(source); have {
		return e
	}
	e := &cached{}
	e.text = sync.OnceValue(func() *Text {
		t := Parse(source)
		c.count(source, e, t.size())
		return t
	})
	c.list.Add(source, e)
	return e
}

// count notes the size of a text that has been parsed, and forgets those that were not asked for the longest
// until all fit.
func (c *Cache) count(source string, e *cached, size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now, _ := c.list.Peek(source); now != e {
		return // forgotten in the meantime
	}
	e.size = size
	for c.used += size; c.used > c.most; {
		c.list.RemoveOldest()
	}
}
