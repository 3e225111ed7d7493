package chat

import (
	"context"

	"parley/app/bus"
)

// After reads a room's log for all of its viewers: the epoch, and up to limit entries from after a
// seq. The hub decides who may see which.
func (c *Chat) After(ctx context.Context, room, seq uint64, limit int) (epoch uint64, list []Entry, err error) {
	epoch, rows, err := c.store.LogAfter(ctx, room, seq, limit)
	if err != nil || len(rows) == 0 {
		return epoch, nil, err
	}
	list, err = roomReader{tx: c.store, room: room, spans: everything, texts: c.Texts}.load(ctx, nil, rows, atItsTime)
	return epoch, list, err
}

// Heads reads where the logs of these rooms end, 500 rooms a query.
func (c *Chat) Heads(ctx context.Context, rooms []uint64) (map[uint64]bus.Cursor, error) {
	heads, err := c.store.Heads(ctx, rooms)
	if err != nil {
		return nil, err
	}
	ends := make(map[uint64]bus.Cursor, len(heads))
	for _, h := range heads {
		ends[h.RoomID] = bus.Cursor{Epoch: h.Epoch, Seq: h.LastSeq}
	}
	return ends, nil
}
