package chat

import (
	"context"
	"maps"
	"slices"

	"parley/db"
)

// Line is one room in somebody's list.
type Line struct {
	db.Line
	Friend db.User // the other person of a direct room
	By     db.User // who said the last thing in a group
}

// Rooms lists the rooms that I am in, the latest said first.
func (c *Chat) Rooms(ctx context.Context, me db.User) ([]Line, error) {
	rows, err := c.store.LinesOf(ctx, me.ID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	partners, err := c.store.PartnersOf(ctx, me.ID)
	if err != nil {
		return nil, err
	}
	ids := slices.Collect(maps.Values(partners))
	for _, row := range rows {
		if row.Kind == db.Group {
			ids = append(ids, row.SaidBy)
		}
	}
	users, err := c.store.UsersByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, 0, len(rows))
	for _, row := range rows {
		line := Line{Line: row}
		if row.Kind == db.Group {
			line.By = users[row.SaidBy]
		} else if line.Friend = users[partners[row.RoomID]]; line.Friend.ID == 0 {
			continue // it ended between the two questions
		}
		lines = append(lines, line)
	}
	return lines, nil
}
