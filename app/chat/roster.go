package chat

import (
	"context"
	"slices"

	"parley/db"
)

// Roster is who is in a group, and which of my friends I could add.
type Roster struct {
	Room    db.Room
	Muted   bool      // for me
	Members []db.User // those who came first before the others
	Friends []db.User // mine who are not in it, the newest of them
}

// Roster reads a group that I am in. ErrNotFound for every other room.
func (c *Chat) Roster(ctx context.Context, me db.User, room uint64) (Roster, error) {
	r, m, err := c.store.RoomOf(ctx, me.ID, room)
	if err != nil {
		return Roster{}, notFound(err)
	}
	if r.Kind != db.RoomGroup {
		return Roster{}, ErrNotFound
	}
	members, err := c.members(ctx, room)
	if err != nil {
		return Roster{}, err
	}
	if err := c.markLike(ctx, room, members); err != nil {
		return Roster{}, err
	}
	friends, err := c.newestFriends(ctx, me, maxGroup+PeoplePage) // even if all members are friends of mine
	friends = slices.DeleteFunc(friends, func(f db.User) bool {
		return slices.ContainsFunc(members, func(m db.User) bool { return m.ID == f.ID })
	})
	friends = friends[:min(len(friends), PeoplePage)]
	return Roster{Room: r, Muted: m.Muted, Members: members, Friends: friends}, err
}

// Friends lists my friends, those of the last page of friendships alone.
func (c *Chat) Friends(ctx context.Context, me db.User) ([]db.User, error) {
	return c.newestFriends(ctx, me, PeoplePage)
}

func (c *Chat) newestFriends(ctx context.Context, me db.User, n int) ([]db.User, error) {
	pairs, err := c.store.PairsIn(ctx, me.ID, db.ListFriends, nil, n)
	if err != nil {
		return nil, err
	}
	ids := make([]uint64, len(pairs))
	for i, f := range pairs {
		ids[i] = f.Other(me.ID)
	}
	users, err := c.store.UsersByID(ctx, ids)
	friends := make([]db.User, len(ids))
	for i, id := range ids {
		friends[i] = users[id]
	}
	return friends, err
}
