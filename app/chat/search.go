package chat

import (
	"context"
	"log/slog"
	"math"
	"time"

	"parley/app/search"
	"parley/db"
)

// Search finds messages in my rooms that I may see: one of search's errors if the request makes no
// sense, ErrTooFast, or ErrNotFound for a room that is not mine.
func (c *Chat) Search(ctx context.Context, me db.User, r search.Request) (search.Results, error) {
	q, err := search.Parse(r)
	if err != nil {
		return search.Results{}, err
	}
	if !c.searchLimit.allow(me.ID, c.now()) {
		return search.Results{}, ErrTooFast
	}
	found, err := c.engine.Find(ctx, me, q)
	if err != nil {
		return found, notFound(err)
	}
	return found, c.markAuthors(ctx, found.Hits)
}

// markAuthors marks the authors who share a name with somebody in the room, or with each other.
func (c *Chat) markAuthors(ctx context.Context, hits []search.Hit) error {
	rooms := make([]uint64, len(hits))
	for i, h := range hits {
		rooms[i] = h.RoomID
	}
	names, err := c.store.NamesInAll(ctx, rooms)
	like := make(map[uint64]likeNames, len(names))
	for room, list := range names {
		like[room] = likeNamesOf(list)
	}
	var alike lookalikes
	for i := range hits {
		alike.add(&hits[i].Author)
	}
	for i, h := range hits {
		hits[i].Author = alike.mark(like[h.RoomID].mark(h.Author, math.MaxUint64))
	}
	return err
}

// IndexBehind returns how many rooms the search index has yet to catch up with, and for how long there have been some
// without a break.
func (c *Chat) IndexBehind() (rooms int, lag time.Duration) { return c.engine.Behind() }

// KeepIndex makes messages findable, those of this process and of others, until the context ends.
func (c *Chat) KeepIndex(ctx context.Context, log *slog.Logger) { c.engine.Run(ctx, log) }
