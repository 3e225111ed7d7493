package chat

import (
	"context"

	"parley/db"
)

// Heir is a room that I own, and who would own it without me; nobody if I am alone in it.
type Heir struct {
	Room db.Room
	User db.User
}

// maxHeirs is the most of my rooms that a page names.
const maxHeirs = 50

// Heirs lists who would get my rooms.
func (c *Chat) Heirs(ctx context.Context, me db.User) ([]Heir, error) {
	rooms, err := c.store.OwnedRooms(ctx, me.ID, maxHeirs)
	if err != nil {
		return nil, err
	}
	list, ids := make([]Heir, len(rooms)), make([]uint64, len(rooms))
	for i, r := range rooms {
		list[i].Room = r
		if ids[i], err = heirOf(ctx, c.store, r); err != nil {
			return nil, err
		}
	}
	people, err := c.store.UsersByID(ctx, ids)
	for i := range list {
		list[i].User = people[ids[i]]
	}
	return list, err
}
