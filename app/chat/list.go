package chat

import (
	"context"
	"maps"
	"slices"

	"parley/db"
)

// RoomSummary is one room in somebody's list.
type RoomSummary struct {
	db.RoomSummary
	Friend db.User // the other person of a direct room
	By     db.User // who said the last thing in a group
}

// Rooms lists the rooms that I am in, the latest said first.
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
	lines := make([]RoomSummary, 0, len(rows))
	for _, row := range rows {
		line := RoomSummary{RoomSummary: row}
		if row.Kind == db.RoomGroup {
			line.By = users[row.SaidBy]
		} else if line.Friend = users[partners[row.RoomID]]; line.Friend.ID == 0 {
			continue // it ended between the two questions
		}
		lines = append(lines, line)
	}
	return lines, nil
}
