package chat

import (
	"context"

	"parley/app/cache"
	"parley/db"
)

// The lines of room lists are kept, because a list is shown again with every message in any of its rooms, and all its
// other lines are as they were. One statement reads the heads of the rooms, each with the version of its line; only the
// lines of other versions are read. What is not in a log, such as names, photos and what somebody has muted, is in the
// heads. So no line is older than the statement that has just found its version. (Where statements go to servers of which
// some lag, a count may stay behind until the next entry.)

// linesCache is how many bytes of lines a process keeps.
const linesCache = 32 << 20

// Lines are lines of room lists, by whose list and room.
type Lines = cache.Cache[db.RoomUser, *db.RoomLine]

// lineBytesKept is about what a line takes besides the text of its message.
const lineBytesKept = 250

// summariesOf returns these rooms as my list shows them, in its order.
func (c *Chat) summariesOf(ctx context.Context, me db.User, rooms []uint64) ([]db.RoomSummary, error) {
	heads, err := c.store.RoomHeadsOf(ctx, me.ID, rooms)
	if err != nil {
		return nil, err
	}
	return c.summaries(ctx, heads)
}

// summaries reads the lines that belong to these heads, as far as they are not kept. The rooms of each person are in the
// order of their list.
func (c *Chat) summaries(ctx context.Context, heads []db.RoomHead) ([]db.RoomSummary, error) {
	lines := make([]db.RoomLine, 0, len(heads))
	var missing []db.RoomUser
	for _, h := range heads {
		key := db.RoomUser{Room: h.RoomID, User: h.UserID}
		line, ok := c.Lines.Get(key)
		if ok && line.At == h.Version {
			lines = append(lines, *line)
		} else {
			missing = append(missing, key)
		}
	}
	read, err := c.store.RoomLines(ctx, missing)
	if err != nil {
		return nil, err
	}
	for _, line := range read {
		c.Lines.AddFor(line.User, db.RoomUser{Room: line.ID, User: line.User}, &line, lineBytesKept+len(line.Said))
	}
	c.Stats.LinesKept.Add(uint64(len(lines)))
	c.Stats.LinesRead.Add(uint64(len(read)))
	list := db.Summaries(heads, append(lines, read...))
	return list, c.addLateAuthors(ctx, list)
}

// addLateAuthors finds who wrote the newest message of rooms in which it came after their heads were read.
func (c *Chat) addLateAuthors(ctx context.Context, list []db.RoomSummary) error {
	isLate := func(r db.RoomSummary) bool {
		return r.Kind != db.RoomDirect && r.SaidBy != 0 && r.SaidBy != r.Person.ID
	}
	var late []uint64
	for _, r := range list {
		if isLate(r) {
			late = append(late, r.SaidBy)
		}
	}
	if len(late) == 0 {
		return nil
	}
	authors, err := c.store.UsersByID(ctx, late)
	for i, r := range list {
		if isLate(r) {
			list[i].Person = authors[r.SaidBy]
		}
	}
	return err
}
