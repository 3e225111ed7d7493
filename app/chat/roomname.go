package chat

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"parley/app/text"
	"parley/db"
)

// RoomName is a room with what it takes to name it.
type RoomName struct {
	ID     uint64
	Kind   db.RoomKind
	Name   string
	Friend db.User // the other person of a direct room
}

// maxNamed is the most rooms that a form offers. Those further down in the list are searched with all others.
const maxNamed = 100

// RoomNames lists the rooms at the top of my list by name, and these others of mine, without anything that is said in
// them.
func (c *Chat) RoomNames(ctx context.Context, me db.User, others ...uint64) ([]RoomName, error) {
	rooms, err := c.topRooms(ctx, me, others)
	return byName(rooms), err
}

// RoomNamesAmong is RoomNames after a search, which has read all rooms of my list already.
func (c *Chat) RoomNamesAmong(ctx context.Context, me db.User, rooms []db.NamedRoom, others ...uint64) ([]RoomName, error) {
	if len(rooms) > maxNamed {
		ids, err := c.store.RoomIDs(ctx, me.ID, nil, maxNamed)
		if err != nil {
			return nil, err
		}
		ids = append(ids, others...)
		slices.Sort(ids)
		rooms = slices.DeleteFunc(slices.Clone(rooms), func(r db.NamedRoom) bool { _, is := slices.BinarySearch(ids, r.ID); return !is })
	}
	return byName(rooms), nil
}

// byName returns rooms in the order of their names.
func byName(rooms []db.NamedRoom) []RoomName {
	list := roomNames(rooms)
	folded := make(map[uint64]string, len(list))
	for _, n := range list {
		folded[n.ID] = text.Fold(cmp.Or(n.Friend.DisplayName, n.Name))
	}
	slices.SortStableFunc(list, func(a, b RoomName) int { return strings.Compare(folded[a.ID], folded[b.ID]) })
	return list
}

// topRooms reads the rooms at the top of my list, all of them at once if there are no more, and these others of mine.
func (c *Chat) topRooms(ctx context.Context, me db.User, others []uint64) ([]db.NamedRoom, error) {
	rooms, err := c.store.NamedRooms(ctx, me.ID, maxNamed+1)
	if err != nil {
		return nil, err
	}
	if len(rooms) > maxNamed {
		ids, err := c.store.RoomIDs(ctx, me.ID, nil, maxNamed)
		if err != nil {
			return nil, err
		}
		return c.store.NamedRoomsOf(ctx, me.ID, append(ids, others...))
	}
	known := make(map[uint64]bool, len(rooms)+1)
	known[0] = true
	for _, r := range rooms {
		known[r.ID] = true
	}
	hidden, err := c.store.NamedRoomsOf(ctx, me.ID, slices.DeleteFunc(slices.Clone(others), func(id uint64) bool { return known[id] }))
	return append(rooms, hidden...), err
}

// named reads what it takes to name these rooms of mine.
func (c *Chat) named(ctx context.Context, me db.User, ids []uint64) ([]RoomName, error) {
	rooms, err := c.store.NamedRoomsOf(ctx, me.ID, ids)
	return roomNames(rooms), err
}

// roomNames returns rooms in the order of their ids.
func roomNames(rooms []db.NamedRoom) []RoomName {
	slices.SortFunc(rooms, func(a, b db.NamedRoom) int { return cmp.Compare(a.ID, b.ID) })
	var alike lookalikes
	for i := range rooms {
		alike.add(&rooms[i].Partner)
	}
	list := make([]RoomName, len(rooms))
	for i, r := range rooms {
		list[i] = RoomName{ID: r.ID, Kind: r.Kind, Name: r.Name, Friend: alike.mark(r.Partner)}
	}
	return list
}

// rank returns 2 if every folded word of a query begins a word of the name, 1 if each is somewhere in it, else 0.
func (n RoomName) rank(query []string) int {
	name := n.Friend.DisplayName + " " + n.Friend.Username
	if n.Kind != db.RoomDirect {
		name = n.Name
	}
	whole, starts, rank := text.Fold(name), text.Starts(name), 2
	for _, word := range query {
		switch {
		case begins(starts, word):
		case strings.Contains(whole, word):
			rank = 1
		default:
			return 0
		}
	}
	return rank
}
