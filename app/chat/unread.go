package chat

import (
	"context"
	"errors"

	"parley/db"
)

// Read marks what was said up to a seq as seen; 0 is all that there is.
func (c *Chat) Read(ctx context.Context, me db.User, room, seq uint64) error {
	r, m, err := c.store.RoomOf(ctx, me.ID, room)
	if err != nil {
		return hidden(err)
	}
	if seq == 0 || seq > r.LastSeq {
		seq = r.LastSeq
	}
	if seq <= m.ReadSeq {
		return nil
	}
	moved, err := c.store.MarkRead(ctx, me.ID, room, seq)
	if errors.Is(err, db.ErrUnavailable) {
		return nil // reading goes on while nothing can be written, and the next mark covers this one
	}
	if err == nil && moved {
		c.changed(me.ID)
	}
	return err
}

// MarkUnread makes me find a message, and what was said after it, new again.
func (c *Chat) MarkUnread(ctx context.Context, me db.User, room, seq uint64) error {
	_, m, err := c.store.RoomOf(ctx, me.ID, room)
	if err != nil {
		return hidden(err)
	}
	if _, err := c.said(ctx, c.store, me, room, seq); err != nil {
		return err
	}
	moved, err := c.store.MarkUnread(ctx, me.ID, room, max(seq-1, m.JoinedSeq)) // it may be from an earlier time of mine
	if err == nil && moved {
		c.changed(me.ID)
	}
	return err
}

// SetMuted makes a room quiet for me, or ends that: it still counts, but calls for nobody.
func (c *Chat) SetMuted(ctx context.Context, me db.User, room uint64, muted bool) error {
	if err := c.store.SetMuted(ctx, me.ID, room, muted); err != nil {
		return hidden(err)
	}
	c.changed(me.ID)
	return nil
}

// IsMuted tells whether I have made a room quiet. ErrNotFound when I am not in it.
func (c *Chat) IsMuted(ctx context.Context, me db.User, room uint64) (bool, error) {
	_, m, err := c.store.RoomOf(ctx, me.ID, room)
	return m.Muted, hidden(err)
}
