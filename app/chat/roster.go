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
	Friends []db.User // mine who are not in it
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
	friends, err := c.Friends(ctx, me)
	friends = slices.DeleteFunc(friends, func(f db.User) bool {
		return slices.ContainsFunc(members, func(m db.User) bool { return m.ID == f.ID })
	})
	return Roster{Room: r, Muted: m.Muted, Members: members, Friends: friends}, err
}

// Friends lists my friends.
func (c *Chat) Friends(ctx context.Context, me db.User) ([]db.User, error) {
	people, err := c.People(ctx, me)
	friends := make([]db.User, len(people.Friends))
	for i, f := range people.Friends {
		friends[i] = f.User
	}
	return friends, err
}
