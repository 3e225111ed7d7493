package chat

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"parley/app/text"
	"parley/db"
)

// RoomName is a room with what it is called by.
type RoomName struct {
	Room   db.Room
	Friend db.User // the other person of a direct room
}

// RoomNames lists the rooms that I am in by name, and nothing of what is said in them.
func (c *Chat) RoomNames(ctx context.Context, me db.User) ([]RoomName, error) {
	rooms, err := c.store.RoomsOf(ctx, me.ID)
	if err != nil {
		return nil, err
	}
	partners, err := c.store.PartnersOf(ctx, me.ID)
	if err != nil {
		return nil, err
	}
	users, err := c.store.UsersByID(ctx, slices.Collect(maps.Values(partners)))
	if err != nil {
		return nil, err
	}
	list := make([]RoomName, len(rooms))
	for i, r := range rooms {
		list[i] = RoomName{Room: r, Friend: users[partners[r.ID]]}
	}
	slices.SortStableFunc(list, func(a, b RoomName) int {
		return strings.Compare(text.Fold(cmp.Or(a.Friend.DisplayName, a.Room.Name)), text.Fold(cmp.Or(b.Friend.DisplayName, b.Room.Name)))
	})
	return list, nil
}
