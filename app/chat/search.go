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

// Wanted is what somebody searches for. One of text and author must say something.
type Wanted struct {
	Text   string
	Room   uint64  // 0 is all of mine
	Author string  // a username, "" is everybody
	Below  db.Spot // where the page before ended; the zero Spot is the beginning
}

// Hit is a message that was found.
type Hit struct {
	db.Message // with the text that it has on the page of the one who searches
	Author     db.User
	Pieces     []Piece
}

// Results is a page of what was found, the newest first.
type Results struct {
	Hits    []Hit
	Next    *db.Spot // give this as Below for the next page; nil when there is none
	Partial bool     // the next page goes on where this one had to stop, and may have none
	Whole   string   // a word that so many begin with that only itself was looked for
	Behind  bool     // something that was said long ago is not in the index yet
}

// Search finds messages in my rooms that I may see. ErrEmpty: nothing to look for; ErrTooLong: too
// much; ErrNotFound: a room that is not mine.
func (c *Chat) Search(ctx context.Context, me db.User, w Wanted) (Results, error) {
	q, err := parseQuery(w.Text)
	if err != nil {
		return Results{}, err
	}
	author := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(w.Author), "@"))
	if len(q) == 0 && (author == "" || strings.TrimSpace(w.Text) != "") {
		return Results{}, ErrEmpty
	}
	if c.searches != nil && !c.searches.allow(me.ID, c.now()) {
		return Results{}, ErrTooFast
	}
	select { // each takes a core for a moment
	case c.searching <- struct{}{}:
		defer func() { <-c.searching }()
	case <-ctx.Done():
		return Results{}, db.ErrUnavailable
	}
	s := search{ctx: ctx, store: c.store, query: q, now: c.now().UnixMicro() + db.ClockDoubt, below: cmp.Or(w.Below, db.Last)}
	if s.rooms, err = c.reach(ctx, me, w.Room); err != nil {
		return Results{}, err
	}
	if s.found.Behind, err = c.bringUp(ctx, s.rooms); err != nil {
		return Results{}, err
	}
	if author != "" {
		u, err := c.store.UserByName(ctx, author)
		if errors.Is(err, db.ErrNotFound) { // the same as of somebody who has said nothing to me
			return s.found, nil
		}
		if err != nil {
			return Results{}, err
		}
		s.author = u.ID
	}
	if err := s.run(); err != nil {
		return Results{}, err
	}
	return s.found, s.name()
}

// reach lists the rooms to look in.
func (c *Chat) reach(ctx context.Context, me db.User, room uint64) ([]db.Reach, error) {
	rooms, err := c.store.ReachOf(ctx, me.ID)
	if err != nil || room == 0 {
		return rooms, err
	}
	rooms = slices.DeleteFunc(rooms, func(r db.Reach) bool { return r.RoomID != room })
	if len(rooms) == 0 {
		return nil, ErrNotFound
	}
	return rooms, nil
}

// bringUp indexes what is new in these rooms, and tells whether more is missing than that.
func (c *Chat) bringUp(ctx context.Context, rooms []db.Reach) (behind bool, err error) {
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
