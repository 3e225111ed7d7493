package chat

import (
	"context"
	"time"

	"parley/db"
)

// FirstSince returns the first entry that I may see in a room and that is no older than a moment; its Seq is 0
// if there is none.
func (c *Chat) FirstSince(ctx context.Context, me db.User, room uint64, moment time.Time) (first db.Message, err error) {
	err = c.store.Snapshot(ctx, func(tx *db.DB) error {
		in, reader, err := c.readerIn(ctx, tx, me, room)
		if err != nil {
			return err
		}
		from, err := tx.SeqSince(ctx, in.Room, moment)
		if err != nil || from == 0 {
			return err
		}
		rows, err := tx.MessagesFrom(ctx, room, from, reader.spans, 1)
		if len(rows) > 0 {
			first = rows[0]
		}
		return err
	})
	return first, notFound(err)
}
