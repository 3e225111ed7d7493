package chat

import (
	"context"
	"errors"
	"time"

	"parley/db"
)

// markTime is how long a page waits for what it shows to be marked as read.
const markTime = time.Second

// Read marks a room as read up to a seq; 0 is all that there is.
func (c *Chat) Read(ctx context.Context, me db.User, room, seq uint64) error {
	r, m, err := c.store.RoomOf(ctx, me.ID, room)
	if err != nil {
		return notFound(err)
	}
	if seq == 0 || seq > r.LastSeq {
		seq = r.LastSeq
	}
	if seq <= m.ReadSeq {
		return nil
	}
	marking, cancel := context.WithTimeout(ctx, markTime)
	defer cancel()
	moved, err := c.store.MarkRead(marking, me.ID, room, seq)
	if errors.Is(err, db.ErrUnavailable) {
		return nil // reading goes on while nothing can be written, and the next mark covers this one
	}
	if err == nil && moved {
		c.notifyUsers(me.ID)
	}
	return err
}

// MarkUnread makes a message, and what came after it, unread for me again.
func (c *Chat) MarkUnread(ctx context.Context, me db.User, room, seq uint64) error {
	_, m, err := c.store.RoomOf(ctx, me.ID, room)
	if err != nil {
		return notFound(err)
	}
	reader, err := c.readerOf(ctx, c.store, me, room)
	if err != nil {
		return err
	}
	if _, err := reader.message(ctx, seq); err != nil {
		return err
	}
	moved, err := c.store.MarkUnread(ctx, me.ID, room, max(seq-1, m.JoinedSeq)) // it may be from an earlier time of mine
	if err == nil && moved {
		c.notifyUsers(me.ID)
	}
	return err
}

// SetMuted mutes or unmutes a room for me. Messages in a muted room still count as unread.
func (c *Chat) SetMuted(ctx context.Context, me db.User, room uint64, muted bool) error {
	if err := c.store.SetMuted(ctx, me.ID, room, muted); err != nil {
		return notFound(err)
	}
	c.notifyUsers(me.ID)
	return nil
}

// IsMuted reports whether I have muted a room. ErrNotFound if I am not in it.
func (c *Chat) IsMuted(ctx context.Context, me db.User, room uint64) (bool, error) {
	_, m, err := c.store.RoomOf(ctx, me.ID, room)
	return m.Muted, notFound(err)
}
