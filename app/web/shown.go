package web

import (
	"errors"
	"time"
	"unsafe"

	"parley/app/chat"
	"parley/db"
	"parley/views"
)

// shownEntry is an entry as all pages in a locale show it, and what their lists depend on.
type shownEntry struct {
	room, seq, author uint64
	kind              db.MessageKind
	deleted           bool
	at                time.Time
	day               string
	item              views.Item
}

var errNotRendered = errors.New("web: an entry could not be rendered")

// entranceTime is how long a session, or an entrance that was looked up with it, lets somebody in. A request may wait for
// its turn for seconds, and they may have been signed out or removed meanwhile.
const entranceTime = 100 * time.Millisecond

// history reads a part of a room. What a room opens with is rendered once for everybody who sees the same (chat.Opening),
// unless the newest comes first, where no message continues another.
func (s *Server) history(c *call, room uint64, at chat.Place) (chat.HistoryPage, error) {
	if at != (chat.Place{Unread: at.Unread}) || c.me.NewestFirst {
		return s.chat.History(c.ctx, c.me, room, at)
	}
	as := s.rendering(c.me.ID, s.locale(c))
	switch {
	case c.opens != room, time.Since(c.askedAt) > entranceTime:
		return s.chat.Opening(c.ctx, c.me, room, at.Unread, as)
	case c.entrance == nil:
		return chat.HistoryPage{}, chat.ErrNotFound
	}
	return s.chat.OpeningOf(c.ctx, c.me, *c.entrance, at.Unread, as)
}

// rendering renders entries for somebody's locale.
func (s *Server) rendering(me uint64, l locale) chat.Rendering {
	return chat.Rendering{Key: l, Render: func(list []chat.Entry) (any, int, error) {
		size := 0
		shown := make([]shownEntry, len(list))
		for i, entry := range list {
			e := s.items.entry(me, entry, l)
			if e.Item == (views.Item{}) {
				return nil, 0, errNotRendered
			}
			m := e.Message
			shown[i] = shownEntry{m.RoomID, m.Seq, m.AuthorID, m.Kind, e.Deleted, e.At, e.Day, e.Item}
			size += int(unsafe.Sizeof(shown[i])) + len(e.Day) + e.Item.Len()
		}
		return shown, size, nil
	}}
}

// entriesIn returns the entries of a page, which may be rendered already.
func (s *Server) entriesIn(v chat.HistoryPage, l locale) []views.Entry {
	shown, rendered := v.Rendered.([]shownEntry)
	if !rendered {
		entries := make([]views.Entry, len(v.Entries))
		for i, e := range v.Entries {
			entries[i] = s.items.found(e, l)
		}
		return entries
	}
	entries := make([]views.Entry, len(shown))
	for i, e := range shown {
		entries[i] = views.Entry{
			Words: l.words, Message: db.Message{RoomID: e.room, Seq: e.seq, AuthorID: e.author, Kind: e.kind}, Deleted: e.deleted,
			At: e.at, Day: e.day, Item: e.item,
		}
	}
	return entries
}
