package chat

import (
	"cmp"
	"context"
	"errors"
	"time"

	"parley/db"
)

// markTime is how long a page waits for what it shows to be marked as read.
const markTime = time.Second

// Read marks a room as read up to a seq; 0 means everything.
func (c *Chat) Read(ctx context.Context, me db.User, room, seq uint64) error {
	return c.ReadOn(ctx, me, room, 0, seq)
}

// ReadOn is Read for a page that does not show all that is unread: it does nothing until everything above it,
// up to a seq, is read, because there is one mark for a room.
func (c *Chat) ReadOn(ctx context.Context, me db.User, room, above, seq uint64) error {
	r, m, err := c.store.RoomOf(ctx, me.ID, room)
	if err != nil {
		return notFound(err)
	}
	if m.ReadSeq < above {
		return nil
	}
	if seq == 0 || seq > r.LastSeq {
		seq = r.LastSeq
	}
	if seq <= m.ReadSeq {
		return nil
	}
	marking, cancel := context.WithTimeout(ctx, markTime)
	defer cancel()
	moved, err := c.store.MarkRead(marking, me.ID, r, seq)
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
	in, reader, err := c.readerIn(ctx, c.store, me, room)
	if err != nil {
		return notFound(err)
	}
	if _, err := reader.message(ctx, seq); err != nil {
		return err
	}
	from := seq - 1
	if !in.Member.SeesAll { // it may be from an earlier time of mine
		from = max(from, in.Member.JoinedSeq)
	}
	moved, err := c.store.MarkUnread(ctx, me.ID, room, from)
	if err == nil && moved {
		c.notifyUsers(me.ID)
	}
	return err
}

// SetNotifyLevel stores which messages of a room notify me. Messages in a muted room still count as unread.
func (c *Chat) SetNotifyLevel(ctx context.Context, me db.User, room uint64, level db.NotifyLevel) error {
	switch level {
	case db.NotifyAll, db.NotifyMentions, db.NotifyNothing:
	default:
		return cmp.Or(c.CheckMember(ctx, me, room), ErrBadLevel)
	}
	if err := c.store.SetNotifyLevel(ctx, me.ID, room, level); err != nil {
		return notFound(err)
	}
	c.notifyUsers(me.ID)
	return nil
}

// NotifyLevel returns which messages of a room notify me. ErrNotFound if I am not in it.
func (c *Chat) NotifyLevel(ctx context.Context, me db.User, room uint64) (db.NotifyLevel, error) {
	_, m, err := c.store.RoomOf(ctx, me.ID, room)
	return m.Level(), notFound(err)
}
