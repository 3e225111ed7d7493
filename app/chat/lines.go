package chat

import (
	"context"
	"slices"
	"time"

	"parley/app/cache"
	"parley/db"
)

// The lines of room lists are kept, because a list is shown again with every message in any of its rooms, and all its
// other lines are as they were. One statement reads the versions of the rooms; only the lines of other versions are read.
// So no line is older than the statement that has just found its version. (Where statements go to servers of which some
// lag, a count may stay behind until the next entry.)

// linesCache is the number of bytes of lines that a process keeps.
const linesCache = 32 << 20

// lineTTL is how long a line is used, because a process of an older version does not count changes of names, photos and
// blocks.
const lineTTL = time.Minute

// Lines are lines of room lists, by whose list and room.
type Lines = cache.Cache[db.RoomUser, *keptLine]

// keptLine is a line that several readers use, and that nobody changes.
type keptLine struct {
	db.RoomSummary
	readAt time.Time
}

// holdsFor reports whether a line is what a read would find at this version.
func (k *keptLine) holdsFor(v db.RoomVersion) bool {
	return k.RoomVersion == v && time.Since(k.readAt) < lineTTL
}

// lineBytesKept is about what a line takes besides its texts.
const lineBytesKept = 480

// summariesOf returns these rooms as my list shows them, in its order.
func (c *Chat) summariesOf(ctx context.Context, me db.User, rooms []uint64) ([]*db.RoomSummary, error) {
	versions, err := c.store.RoomVersionsOf(ctx, me.ID, rooms)
	if err != nil {
		return nil, err
	}
	return c.summaries(ctx, versions)
}

// summaries returns the rooms of these versions or later ones, but for those that are hidden. The rooms of each person are
// in the order of their list.
func (c *Chat) summaries(ctx context.Context, versions []db.VersionOfRoom) ([]*db.RoomSummary, error) {
	list := make([]*db.RoomSummary, 0, len(versions))
	var missing []db.RoomUser
	for _, v := range versions {
		key := db.RoomUser{Room: v.RoomID, User: v.UserID}
		line, ok := c.Lines.Get(key)
		if ok && line.holdsFor(v.RoomVersion) {
			list = append(list, &line.RoomSummary)
		} else {
			missing = append(missing, key)
		}
	}
	c.Stats.LinesKept.Add(uint64(len(list)))
	// What one statement has brought is kept even if there is no time for the next: many lists are read together.
	for some := range slices.Chunk(missing, db.BatchSize) {
		read, err := c.readLines(ctx, some)
		if err != nil {
			return nil, err
		}
		list = append(list, read...)
	}
	list = slices.DeleteFunc(list, func(r *db.RoomSummary) bool { return r.IsHidden })
	slices.SortFunc(list, func(a, b *db.RoomSummary) int { return b.Position().Compare(a.Position()) })
	return list, nil
}

// readLines reads lines and keeps them.
func (c *Chat) readLines(ctx context.Context, of []db.RoomUser) ([]*db.RoomSummary, error) {
	now := time.Now()
	read, err := c.store.RoomSummaries(ctx, of)
	if err != nil {
		return nil, err
	}
	list := make([]*db.RoomSummary, len(read))
	for i, row := range read {
		line := &keptLine{row, now}
		size := lineBytesKept + len(line.Said) + len(line.Name) + len(line.Person.Username) + len(line.Person.DisplayName)
		c.Lines.AddFor(line.UserID, db.RoomUser{Room: line.RoomID, User: line.UserID}, line, size)
		list[i] = &line.RoomSummary
	}
	c.Stats.LinesRead.Add(uint64(len(read)))
	return list, nil
}
