package chat

import (
	"context"

	"parley/app/bus"
	"parley/db"
)

// CheckMember returns nil if I am in a room now, and ErrNotFound if not.
func (c *Chat) CheckMember(ctx context.Context, me db.User, room uint64) error {
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

// members lists up to n who are in a room now, from the beginning or after a position: those who came first before
// the others. If there are more, next is the position of the last of these.
func (c *Chat) members(ctx context.Context, room uint64, after db.MemberPosition, n int) (list []db.User, next *db.MemberPosition, err error) {
	found, err := c.store.MembersFrom(ctx, room, after, n+1)
	if err != nil {
		return nil, nil, err
	}
	if len(found) > n {
		found = found[:n]
		next = &found[n-1]
	}
	ids := make([]uint64, len(found))
	for i, m := range found {
		ids[i] = m.UserID
	}
	list, err = c.peopleInOrder(ctx, ids)
	return list, next, err
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

// RecountMembers corrects the numbers of members that another version of this program did not keep. Call it from
// time to time.
func (c *Chat) RecountMembers(ctx context.Context) error {
	return c.store.WithPriority(db.Idle).RecountMembers(ctx)
}
