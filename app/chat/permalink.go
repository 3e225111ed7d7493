package chat

import (
	"context"

	"parley/app/markup"
	"parley/db"
)

// Permalink is one message with everything that is known of it.
type Permalink struct {
	Entry
	Room   db.Room
	Friend db.User      // the other person of a direct room
	Texts  []db.Message // all that it had, oldest first; the last is the one it has
}

// Permalink reads a message that I may see and that has not been deleted; ErrNotFound for all others.
func (c *Chat) Permalink(ctx context.Context, me db.User, room, seq uint64) (p Permalink, err error) {
	err = c.store.Snapshot(ctx, func(tx *db.DB) error {
		r, _, err := tx.RoomOf(ctx, me.ID, room)
		if err != nil {
			return err
		}
		reader, err := readerOf(ctx, tx, me, room)
		if err != nil {
			return err
		}
		m, err := reader.message(ctx, seq)
		if err != nil {
			return err
		}
		list, err := reader.entries(ctx, []db.Message{m}, r.LastSeq)
		if err != nil {
			return err
		}
		p = Permalink{Entry: list[0], Room: r}
		if p.Texts, err = reader.versions(ctx, m); err != nil || r.Kind != db.RoomDirect {
			return err
		}
		p.Friend, err = partner(ctx, tx, me, room)
		return err
	})
	return p, notFound(err)
}

// AsQuote is how a reply to a message shows it.
func (p Permalink) AsQuote() Quote {
	return Quote{Seq: p.Seq, Author: p.Author, Text: markup.FirstLine(p.Body, maxQuote), Photos: p.PhotoCount}
}
