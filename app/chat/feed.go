package chat

import (
	"context"
	"strings"

	"parley/app/bus"
	"parley/db"
)

// After reads a room's log for all of its viewers: the epoch, and up to limit entries from after a
// seq. The hub decides who may see which.
func (c *Chat) After(ctx context.Context, room, seq uint64, limit int) (epoch uint64, list []Entry, err error) {
	epoch, rows, err := c.store.LogAfter(ctx, room, seq, limit)
	if err != nil || len(rows) == 0 {
		return epoch, nil, err
	}
	c.casts.follow(room, epoch, rows)
	list, err = roomReader{tx: c.store, room: room, spans: everything, texts: c.Texts}.load(ctx, nil, rows, atItsTime)
	return epoch, list, err
}

// Committed holds messages that this process has just committed to a room's log, one after the other.
type Committed struct {
	Room, Epoch uint64

	rows  []db.Message // at least one
	looks uint64       // the version of everybody's names and photos when these were written
}

// First returns the seq of the first of them.
func (c Committed) First() uint64 { return c.rows[0].Seq }

// Last returns the seq of the last of them.
func (c Committed) Last() uint64 { return c.rows[len(c.rows)-1].Seq }

// handOver passes on the posts of a transaction that is committed for certain, if they are whole in
// themselves. Whatever a post has elsewhere, such as its photos and whom it mentions, must be read together
// with it: the database that is asked may be behind the one that was written.
func (c *Chat) handOver(r db.Room, looks uint64, batch []*pending) {
	if c.committed == nil {
		return
	}
	rows := make([]db.Message, len(batch))
	for i, p := range batch {
		if p.entry.PhotoCount > 0 || p.entry.TargetSeq != 0 || strings.Contains(p.entry.Body, "@") {
			return
		}
		rows[i] = p.entry
	}
	c.committed(Committed{Room: r.ID, Epoch: r.Epoch, rows: rows, looks: looks})
}

// Entries returns committed messages as After does, without reading them, nor the people of their room while those look
// as they did. The entry before them is nil if it is not known.
func (c *Chat) Entries(ctx context.Context, posts Committed, before *db.Message) ([]Entry, error) {
	if before != nil && !before.IsListed() {
		before = nil
	}
	cast, err := c.castFor(ctx, posts)
	if err != nil {
		return nil, err
	}
	return roomReader{tx: c.store, room: posts.Room, spans: everything, texts: c.Texts, cast: cast}.load(ctx, before, posts.rows, atItsTime)
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
