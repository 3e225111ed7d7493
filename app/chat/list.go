package chat

import (
	"context"

	"parley/db"
)

// Line is one room in somebody's list.
type Line struct {
	db.Line
	Friend db.User // the other person of a direct room
	Mine   bool    // the last thing in it was said by me
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
	ids := make([]uint64, 0, len(partners))
	for _, id := range partners {
		ids = append(ids, id)
	}
	users, err := c.store.UsersByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, len(rows))
	for i, row := range rows {
		lines[i] = Line{Line: row, Friend: users[partners[row.RoomID]], Mine: row.SaidBy == me.ID}
	}
	return lines, nil
}
