package chat

import (
	"context"
	"slices"
	"strings"

	"parley/app/text"
	"parley/db"
)

// RoomSummary is one room in somebody's list.
type RoomSummary struct {
	*db.RoomSummary      // kept for others, so nobody may change it
	SharesName      bool // its Person, with somebody else in the list
}

// Friend returns the other person of a direct room, and nobody for any other room.
func (r RoomSummary) Friend() db.User {
	if r.Kind != db.RoomDirect {
		return db.User{}
	}
	return r.person()
}

// By returns who wrote the last message of a group.
func (r RoomSummary) By() db.User {
	if r.Kind == db.RoomDirect {
		return db.User{}
	}
	return r.person()
}

func (r RoomSummary) person() db.User {
	u := r.Person
	u.SharesName = r.SharesName
	return u
}

// RoomsPage is the part of my room list to read.
type RoomsPage struct {
	After *db.RoomPosition // the rooms after this one; nil is from the beginning
	Size  int              // the number of rooms
	With  uint64           // a room that is in the list whatever page it would be on, because it is open
}

// mostSorted is the most rooms of a list that are sorted here, which takes the lines of all of them, once. The database
// does it for people who are in more.
const mostSorted = 60

// Rooms reads a page of my rooms, the latest message first, and where the next page begins; nil if there is
// none. A room that is there because it is open comes last.
func (c *Chat) Rooms(ctx context.Context, me db.User, p RoomsPage) (list []RoomSummary, next *db.RoomPosition, err error) {
	versions, err := c.store.RoomVersions(ctx, me.ID, c.mostSorted+1)
	if err != nil {
		return nil, nil, err
	}
	if len(versions) > c.mostSorted {
		ids, err := c.store.RoomIDs(ctx, me.ID, p.After, p.Size+1)
		if err != nil {
			return nil, nil, err
		}
		return c.RoomsOf(ctx, &List{Me: me, RoomIDs: ids}, p.Size, p.With)
	}
	rows, err := c.summaries(ctx, versions)
	if p.After != nil {
		rows = slices.DeleteFunc(rows, func(r *db.RoomSummary) bool { return r.RoomID != p.With && r.Position().Compare(*p.After) >= 0 })
	}
	rows, next = firstRooms(rows, p.Size, p.With)
	return roomSummaries(rows), next, err
}

// RoomIDs lists all rooms of my list in its order.
func (c *Chat) RoomIDs(ctx context.Context, me db.User) ([]uint64, error) {
	return c.store.RoomIDs(ctx, me.ID, nil, 0)
}

// List is the room list of somebody, with what waits for them beside it.
type List struct {
	Me      db.User
	Waiting db.Waiting
	RoomIDs []uint64 // all its rooms, in its order

	rows []*db.RoomSummary // of all its rooms; nil if the person is in more than mostSorted
}

// Lists reads the room lists of these people, as many as it can at once. Those whose accounts are gone are missing. There
// may be no more than db.BatchSize of them.
func (c *Chat) Lists(ctx context.Context, users []uint64) (map[uint64]*List, error) {
	readers, err := c.store.Readers(ctx, users)
	if err != nil {
		return nil, err
	}
	lists := make(map[uint64]*List, len(readers))
	var short []uint64
	for id, r := range readers {
		lists[id] = &List{Me: r.User, Waiting: r.Waiting}
		if r.Rooms <= c.mostSorted {
			short, lists[id].rows = append(short, id), []*db.RoomSummary{}
		} else if lists[id].RoomIDs, err = c.RoomIDs(ctx, r.User); err != nil {
			return nil, err
		}
	}
	versions, err := c.store.AllRoomVersions(ctx, short)
	if err != nil {
		return nil, err
	}
	rows, err := c.summaries(ctx, versions)
	for _, row := range rows {
		l := lists[row.UserID]
		l.RoomIDs, l.rows = append(l.RoomIDs, row.RoomID), append(l.rows, row)
	}
	return lists, err
}

// RoomsOf is Rooms, from the beginning, of a list that has just been read.
func (c *Chat) RoomsOf(ctx context.Context, l *List, size int, with uint64) (list []RoomSummary, next *db.RoomPosition, err error) {
	rows := l.rows
	if rows == nil {
		shown := slices.Clone(l.RoomIDs[:min(size+1, len(l.RoomIDs))])
		if with != 0 && !slices.Contains(shown, with) {
			shown = append(shown, with)
		}
		if rows, err = c.summariesOf(ctx, l.Me, shown); err != nil {
			return nil, nil, err
		}
	}
	rows, next = firstRooms(rows, size, with)
	return roomSummaries(rows), next, nil
}

// firstRooms cuts a list off after size rooms, except for one that is open, and returns where it continues.
func firstRooms(rows []*db.RoomSummary, size int, with uint64) (shown []*db.RoomSummary, next *db.RoomPosition) {
	if len(rows) <= size {
		return rows, nil
	}
	shown = rows[:size:size]
	for _, row := range rows[size:] {
		if row.RoomID == with {
			shown = append(shown, row)
		}
	}
	at := rows[size-1].Position()
	return shown, &at
}

// roomSummaries returns rows as my list shows them. A direct room that has lost its other member is not shown.
func roomSummaries(rows []*db.RoomSummary) []RoomSummary {
	var alike lookalikes
	for _, row := range rows {
		alike.add(&row.Person)
	}
	lines := make([]RoomSummary, 0, len(rows))
	for _, row := range rows {
		if row.Kind != db.RoomDirect || row.PartnerID != 0 {
			lines = append(lines, RoomSummary{row, alike.found[row.Person.ID]})
		}
	}
	return lines
}

// IsHidden reports whether a room is hidden from me, because I block who made or owns it.
func (c *Chat) IsHidden(ctx context.Context, me db.User, room uint64) (bool, error) {
	return c.store.IsHidden(ctx, me.ID, room)
}

// maxSearched is the most rooms that are searched by name: more than anybody has, and a bound on the work.
const maxSearched = 2000

// FindRooms returns up to size rooms of my list whose name, or whose friend's name or username, has every
// word of the query, as the beginning of a word first. An empty query finds the rooms at the top of my list.
func (c *Chat) FindRooms(ctx context.Context, me db.User, query string, size int) ([]RoomSummary, error) {
	ids, err := c.store.RoomIDs(ctx, me.ID, nil, maxSearched)
	if err != nil {
		return nil, err
	}
	words := foldedWords(text.First(query, maxQuery))
	ranks := map[uint64]int{}
	if len(words) > 0 {
		names, err := c.named(ctx, me, ids)
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			ranks[n.ID] = n.rank(words)
		}
		ids = slices.DeleteFunc(ids, func(id uint64) bool { return ranks[id] == 0 })
		slices.SortStableFunc(ids, func(a, b uint64) int { return ranks[b] - ranks[a] })
	}
	rows, err := c.summariesOf(ctx, me, ids[:min(size, len(ids))])
	if err != nil {
		return nil, err
	}
	list := roomSummaries(rows)
	slices.SortStableFunc(list, func(a, b RoomSummary) int { return ranks[b.RoomID] - ranks[a.RoomID] })
	return list, nil
}

// maxQuery is the most characters of a query that are looked at.
const maxQuery = 100

// foldedWords returns the words of a text in one spelling each. A query is folded once, and not for each name.
func foldedWords(s string) []string {
	words := strings.Fields(s)
	for i, word := range words {
		words[i] = text.Fold(word)
	}
	return words
}
