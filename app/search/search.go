// Package search finds messages by their words, in the rooms of the person who searches and with the
// texts that this person sees on the pages.
//
// An index of words (db.Posting) follows the log of each room, and a search brings the index of its
// rooms up to date first. The index narrows a search down; what is found is decided by comparing the
// query with the visible text. A page of results costs no more than a fixed budget of reads
// and time, and the next page goes on from where the budget was used up.
package search

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"parley/app/turn"
	"parley/db"
)

// Why there was no search. The sentences for people are made in web.
var (
	ErrEmpty   = errors.New("search: there is nothing to look for")
	ErrTooLong = errors.New("search: the query is too long")
	ErrBadText = errors.New("search: the query has characters that no message has")
)

// PageSize is the number of messages on a page of results.
const PageSize = 20

// maxSearches is the most searches that run at once, each for another person; each takes a core for a moment.
const maxSearches = 4

// Hit is a message that was found.
type Hit struct {
	db.Message         // with the text that the person who searches sees, and without what no search shows
	Author     db.User // without what no list shows
	Excerpt    []Piece
}

// Results is a page of what was found, the newest first.
type Results struct {
	Hits      []Hit
	Next      *db.Position // the Below of the next page; nil when there is none
	Partial   bool         // the budget is used up: the next page goes on here, and may be empty
	ExactOnly string       // a word that too many words begin with, so only the word itself was looked for
	Behind    bool         // some old messages are not in the index yet
	// Rooms are all rooms that the person could have searched, in no order, even if they have searched only one.
	Rooms []db.NamedRoom
}

// Engine is the index and the searches of this process.
type Engine struct {
	store   *db.DB
	now     func() time.Time
	changed roomSet
	people  *turn.Queue   // who search: one search of each at a time
	slots   chan struct{} // for the searches of all
	lag     lag
	// Plain returns a text without its formatting, for excerpts. Without it they show what was typed.
	Plain func(text string) string
	// onSlice is called at the end of the transaction of a slice, with the number of terms that it added
	// or removed. It is for tests, and nil otherwise.
	onSlice func(terms int)
}

// New returns an engine over a database, with a clock in UTC.
func New(store *db.DB, now func() time.Time) *Engine {
	return &Engine{store: store, now: now, people: turn.New(1), slots: make(chan struct{}, maxSearches)}
}

// takeTurn admits a few searches at a time, and one of each person: whoever asks often waits for their own searches,
// and not others for them.
func (e *Engine) takeTurn(ctx context.Context, user uint64) (done func(), err error) {
	leave, err := e.people.Take(ctx, user)
	if err != nil {
		return nil, err
	}
	select {
	case e.slots <- struct{}{}:
		return func() { <-e.slots; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

// Find returns a page of the messages that match a query and that I may see. db.ErrNotFound means
// that I am not in the room of the query, and db.ErrUnavailable that the context ended before the
// search could begin.
func (e *Engine) Find(ctx context.Context, me db.User, q Query) (Results, error) {
	done, err := e.takeTurn(ctx, me.ID)
	if err != nil {
		return Results{}, db.ErrUnavailable
	}
	defer done()
	s := scan{store: e.store, phrases: q.phrases, plain: e.Plain, now: e.now().UnixMicro() + db.ClockDoubt, below: cmp.Or(q.below, db.EndPosition)}
	if s.rooms, s.results.Rooms, err = e.store.SearchableRooms(ctx, me.ID); err != nil {
		return Results{}, err
	}
	if q.room != 0 {
		s.rooms = slices.DeleteFunc(s.rooms, func(r db.SearchableRoom) bool { return r.RoomID != q.room })
		if len(s.rooms) == 0 {
			return Results{}, db.ErrNotFound
		}
	}
	if s.results.Behind, err = e.catchUpFor(ctx, s.rooms); err != nil {
		return Results{}, err
	}
	if q.author != "" {
		u, err := e.store.UserByName(ctx, q.author)
		if errors.Is(err, db.ErrNotFound) { // the same as for somebody who has sent me nothing
			return s.results, nil
		}
		if err != nil {
			return Results{}, err
		}
		s.author = u.ID
	}
	if err := s.run(ctx); err != nil {
		return Results{}, err
	}
	return s.results, nil
}
