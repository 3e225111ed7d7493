package web

import (
	"sync/atomic"

	"parley/app/cache"
	"parley/app/chat"
	"parley/views"
)

// itemCache is the number of bytes of rendered entries and lines that a process keeps: the newest page of some 300 rooms
// in one locale, and the room lists of as many people.
const itemCache = 24 << 20

// itemBytesKept is about what an item takes besides its HTML: its key, which is kept three times.
const itemBytesKept = 150

// items are entries as they were rendered, for every page and stream that shows the same. What somebody posts is
// rendered when the first stream gets it, and is then in the next pages and replays as it is.
type items struct {
	cache  *cache.Cache[views.ItemKey, views.Item]
	made   atomic.Uint64
	shared atomic.Uint64
}

func newItems() *items { return &items{cache: cache.New[views.ItemKey, views.Item](itemCache)} }

// entry is entryView with the entry rendered. It is kept for whoever opened the page, 0 for a stream. Two who ask for the
// same at the same moment may both render it.
func (i *items) entry(owner uint64, e chat.Entry, l locale) views.Entry {
	v := entryView(e, l)
	key := views.ItemKeyOf(v)
	if i.find(&v, key) {
		return v
	}
	item, err := views.RenderItem(v)
	if err != nil {
		return v // without an item: whoever shows it tries again, and reports what is wrong
	}
	i.made.Add(1)
	i.keep(owner, key, item)
	v.Item = item
	return v
}

// found is entry for a page of history: an entry that has not been rendered is rendered with its page and not kept.
// Everybody scrolls through history once, and one person could push out what others see.
func (i *items) found(e chat.Entry, l locale) views.Entry {
	v := entryView(e, l)
	i.find(&v, views.ItemKeyOf(v))
	return v
}

// find gives an entry its item, if that is kept.
func (i *items) find(v *views.Entry, key views.ItemKey) (ok bool) {
	if v.Item, ok = i.cache.Get(key); ok {
		i.shared.Add(1)
	}
	return ok
}

// line returns the line of a list, rendered. If it cannot be, whoever shows it tries again, and reports what is wrong.
func (i *items) line(owner uint64, l views.Line) views.Item {
	item, ok := i.cache.Get(l.Key)
	if !ok {
		var err error
		if item, err = l.Render(); err == nil {
			i.keep(owner, l.Key, item)
		}
	}
	return item
}

func (i *items) keep(owner uint64, key views.ItemKey, item views.Item) {
	i.cache.AddFor(owner, key, item, item.Len()+itemBytesKept)
}
