package chat

import (
	"context"

	"parley/app/bus"
	"parley/db"
)

// EntriesAfter reads up to n entries of a room of mine after a seq, oldest first, as I may see them now. ErrNotFound
// is for a room that I am not in, or no longer: an export that reads a room to its end ends there.
func (c *Chat) EntriesAfter(ctx context.Context, me db.User, room, after uint64, n int) (v HistoryPage, err error) {
	err = c.store.Snapshot(ctx, func(tx *db.DB) error {
		in, reader, err := c.readerIn(ctx, tx, me, room)
		if err != nil {
			return err
		}
		v = HistoryPage{Room: in.Room, Friend: in.Partner, Level: in.Member.Level(), Spans: in.Spans, Cursor: bus.Cursor{Epoch: in.Room.Epoch, Seq: in.Room.LastSeq}}
		rows, err := tx.MessagesFrom(ctx, room, after+1, reader.spans, n)
		if err != nil {
			return err
		}
		v.Entries, err = reader.entries(ctx, rows, in.Room.LastSeq)
		return err
	})
	return v, notFound(err)
}
