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

// RoomSummary is one room in somebody's list.
type RoomSummary struct {
	db.RoomSummary
	Friend db.User // the other person of a direct room
	By     db.User // who wrote the last message of a group
}

// Rooms lists the rooms that I am in, the latest message first.
func (c *Chat) Rooms(ctx context.Context, me db.User) ([]RoomSummary, error) {
	rows, err := c.store.RoomSummaries(ctx, me.ID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	partners, err := c.store.PartnersOf(ctx, me.ID)
	if err != nil {
		return nil, err
	}
	ids := slices.Collect(maps.Values(partners))
	for _, row := range rows {
		if row.Kind == db.RoomGroup {
			ids = append(ids, row.SaidBy)
		}
	}
	users, err := c.store.UsersByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	markLikeAmong(users)
	lines := make([]RoomSummary, 0, len(rows))
	for _, row := range rows {
		line := RoomSummary{RoomSummary: row}
		if row.Kind == db.RoomGroup {
			line.By = users[row.SaidBy]
		} else if line.Friend = users[partners[row.RoomID]]; line.Friend.ID == 0 {
			continue // it ended between the two queries
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// RoomName is a room with what it takes to name it.
type RoomName struct {
	Room   db.Room
	Friend db.User // the other person of a direct room
}

// RoomNames lists the rooms that I am in by name, without anything that is said in them.
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
	markLikeAmong(users)
	list := make([]RoomName, len(rooms))
	for i, r := range rooms {
		list[i] = RoomName{Room: r, Friend: users[partners[r.ID]]}
	}
	slices.SortStableFunc(list, func(a, b RoomName) int {
		return strings.Compare(text.Fold(cmp.Or(a.Friend.DisplayName, a.Room.Name)), text.Fold(cmp.Or(b.Friend.DisplayName, b.Room.Name)))
	})
	return list, nil
}
