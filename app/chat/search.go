package chat

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"parley/db"
)

// FoundSize is how many messages a page of a search shows.
const FoundSize = 20

const searchesAtOnce = 4 // each takes a core for a moment

// SearchQuery is what somebody searches for. One of text and author must say something.
type SearchQuery struct {
	Text   string
	Room   uint64      // 0 is all of mine
	Author string      // a username, "" is everybody
	Below  db.Position // where the page before ended; the zero Spot is the beginning
}

// SearchHit is a message that was found.
type SearchHit struct {
	db.Message // with the text that it has on the page of the one who searches
	Author     db.User
	Pieces     []Excerpt
}

// SearchResults is a page of what was found, the newest first.
type SearchResults struct {
	Hits    []SearchHit
	Next    *db.Position // give this as Below for the next page; nil when there is none
	Partial bool         // the next page goes on where this one had to stop, and may have none
	Whole   string       // a word that so many begin with that only itself was looked for
	Behind  bool         // something that was said long ago is not in the index yet
}

// Search finds messages in my rooms that I may see. ErrEmpty: nothing to look for; ErrTooLong: too
// much; ErrNotFound: a room that is not mine.
func (c *Chat) Search(ctx context.Context, me db.User, w SearchQuery) (SearchResults, error) {
	q, err := parseQuery(w.Text)
	if err != nil {
		return SearchResults{}, err
	}
	author := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(w.Author), "@"))
	if len(q) == 0 && (author == "" || strings.TrimSpace(w.Text) != "") {
		return SearchResults{}, ErrEmpty
	}
	if c.searches != nil && !c.searches.allow(me.ID, c.now()) {
		return SearchResults{}, ErrTooFast
	}
	select { // each takes a core for a moment
	case c.searching <- struct{}{}:
		defer func() { <-c.searching }()
	case <-ctx.Done():
		return SearchResults{}, db.ErrUnavailable
	}
	s := search{ctx: ctx, store: c.store, query: q, now: c.now().UnixMicro() + db.ClockDoubt, below: cmp.Or(w.Below, db.EndPosition)}
	if s.rooms, err = c.reach(ctx, me, w.Room); err != nil {
		return SearchResults{}, err
	}
	if s.found.Behind, err = c.bringUp(ctx, s.rooms); err != nil {
		return SearchResults{}, err
	}
	if author != "" {
		u, err := c.store.UserByName(ctx, author)
		if errors.Is(err, db.ErrNotFound) { // the same as of somebody who has said nothing to me
			return s.found, nil
		}
		if err != nil {
			return SearchResults{}, err
		}
		s.author = u.ID
	}
	if err := s.run(); err != nil {
		return SearchResults{}, err
	}
	return s.found, s.name()
}

// reach lists the rooms to look in.
func (c *Chat) reach(ctx context.Context, me db.User, room uint64) ([]db.SearchableRoom, error) {
	rooms, err := c.store.SearchableRooms(ctx, me.ID)
	if err != nil || room == 0 {
		return rooms, err
	}
	rooms = slices.DeleteFunc(rooms, func(r db.SearchableRoom) bool { return r.RoomID != room })
	if len(rooms) == 0 {
		return nil, ErrNotFound
	}
	return rooms, nil
}

// bringUp indexes what is new in these rooms, and tells whether more is missing than that.
func (c *Chat) bringUp(ctx context.Context, rooms []db.SearchableRoom) (behind bool, err error) {
	var late []uint64
	for _, r := range rooms {
		if r.Mark < r.LastSeq {
			late = append(late, r.RoomID)
		}
	}
	if len(late) == 0 {
		return false, nil
	}
	late, err = c.indexSome(ctx, late)
	if errors.Is(err, db.ErrUnavailable) { // searching goes on while nothing can be written
		return true, nil
	}
	return len(late) > 0, err
}
