package chat

import (
	"context"

	"parley/db"
)

// Succession is a room that I own, and who would own it without me; nobody if I am alone in it.
type Succession struct {
	Room db.Room
	User db.User
}

// maxSuccessions is the most of my rooms that a page names.
const maxSuccessions = 50

// Successions lists who would get my rooms.
func (c *Chat) Successions(ctx context.Context, me db.User) ([]Succession, error) {
	rooms, err := c.store.OwnedRooms(ctx, me.ID, maxSuccessions)
	if err != nil {
		return nil, err
	}
	list, ids := make([]Succession, len(rooms)), make([]uint64, len(rooms))
	for i, r := range rooms {
		list[i].Room = r
		if ids[i], err = successorOf(ctx, c.store, r); err != nil {
			return nil, err
		}
	}
	people, err := c.store.UsersByID(ctx, ids)
	for i := range list {
		list[i].User = people[ids[i]]
	}
	return list, err
}
