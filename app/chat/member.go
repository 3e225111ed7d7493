package chat

import (
	"context"

	"parley/app/bus"
	"parley/db"
)

// IsMember returns nil if I am in a room now, and ErrNotFound if not.
func (c *Chat) IsMember(ctx context.Context, me db.User, room uint64) error {
	_, _, err := c.store.RoomOf(ctx, me.ID, room)
	return notFound(err)
}

// Entrance is where a member's stream of a room may begin, and what it may show.
type Entrance struct {
	Joined uint64     // the entry that the member's time in the room began with, or the first that has not been erased since
	Head   bus.Cursor // the end of the room's log
	Spans  db.Spans   // a change that comes may be about any part of these
}

// Entrance looks a room up for the stream of a member; ErrNotFound for everybody else.
func (c *Chat) Entrance(ctx context.Context, me db.User, room uint64) (Entrance, error) {
	e, found, err := c.entrances.Load(ctx, db.RoomUser{Room: room, User: me.ID})
	if err != nil {
		return Entrance{}, err
	}
	if !found {
		return Entrance{}, ErrNotFound
	}
	return Entrance{Joined: max(e.Member.JoinedSeq, e.Room.ErasedSeq+1), Head: bus.Cursor{Epoch: e.Room.Epoch, Seq: e.Room.LastSeq}, Spans: e.Spans}, nil
}

// Partner returns the other person of a direct room that I am in, and nobody for a group.
func (c *Chat) Partner(ctx context.Context, me db.User, room uint64) (db.User, error) {
	r, _, err := c.store.RoomOf(ctx, me.ID, room)
	if err != nil || r.Kind != db.RoomDirect {
		return db.User{}, notFound(err)
	}
	return partner(ctx, c.store, me, room)
}

func partner(ctx context.Context, tx *db.DB, me db.User, room uint64) (db.User, error) {
	ids, err := tx.MemberIDs(ctx, room)
	for _, id := range ids {
		if id != me.ID {
			return tx.UserByID(ctx, id)
		}
	}
	return db.User{}, err
}

// members lists n who are in a room now, after so many others: those who came first before the others.
func (c *Chat) members(ctx context.Context, room uint64, skip, n int) ([]db.User, error) {
	ids, err := c.store.MembersFrom(ctx, room, skip, n)
	if err != nil {
		return nil, err
	}
	return c.peopleInOrder(ctx, ids)
}

// peopleInOrder returns the accounts of these people, in the same order.
func (c *Chat) peopleInOrder(ctx context.Context, ids []uint64) ([]db.User, error) {
	users, err := c.store.UsersByID(ctx, ids)
	list := make([]db.User, 0, len(ids))
	for _, id := range ids {
		list = append(list, users[id])
	}
	return list, err
}
