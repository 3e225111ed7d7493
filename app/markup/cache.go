package markup

import "parley/app/cache"

// Cache keeps what texts were parsed to, so that each is parsed once whatever pages, streams and languages
// show it. What it keeps depends on the text alone, so nothing in it can be out of date. A nil Cache keeps
// nothing.
type Cache struct{ texts *cache.Cache[string, *Text] }

// NewCache returns a cache of at most this many bytes.
func NewCache(bytes int) *Cache { return &Cache{cache.New[string, *Text](bytes)} }

// Text returns a text, parsed. Others who ask for it meanwhile wait for that.
func (c *Cache) Text(source string) *Text {
	if c == nil {
		return Parse(source)
	}
	for {
		if t, ok := c.texts.Get(source); ok {
			return t
		}
		done, wait := c.texts.Claim(source)
		if done != nil {
			return c.parse(source, done)
		}
		<-wait
	}
}

func (c *Cache) parse(source string, done func()) *Text {
	defer done()
	if t, ok := c.texts.Get(source); ok { // parsed since it was looked for
		return t
	}
	t := Parse(source)
	c.texts.Add(source, t, t.size())
	return t
}
