package chat

import (
	"context"
	"log/slog"

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
	return found, notFound(err)
}

// KeepIndex makes messages findable, those of this process and of others, until the context ends.
func (c *Chat) KeepIndex(ctx context.Context, log *slog.Logger) { c.engine.Run(ctx, log) }
