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
		r, m, err := tx.RoomOf(ctx, me.ID, room)
		if err != nil {
			return err
		}
		reader, err := c.readerOf(ctx, tx, me, room)
		if err != nil {
			return err
		}
		v = HistoryPage{Room: r, Level: m.Level(), Spans: reader.spans, Cursor: bus.Cursor{Epoch: r.Epoch, Seq: r.LastSeq}}
		rows, err := tx.MessagesFrom(ctx, room, after+1, reader.spans, n)
		if err != nil {
			return err
		}
		if v.Entries, err = reader.entries(ctx, rows, r.LastSeq); err != nil {
			return err
		}
		if r.Kind == db.RoomDirect {
			v.Friend, err = partner(ctx, tx, me, room)
		}
		return err
	})
	return v, notFound(err)
}
