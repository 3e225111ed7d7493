package chat

import (
	"context"
	"slices"

	"parley/app/text"
	"parley/db"
)

// OpenRoomsPage is the number of rooms on a page of the open rooms.
const OpenRoomsPage = 30

// OpenRooms lists the rooms that anybody may join, those with the newest messages first, and where the next
// page begins; nil if there is none.
func (c *Chat) OpenRooms(ctx context.Context, me db.User, after *db.RoomPosition) (list []db.FoundRoom, next *db.RoomPosition, err error) {
	ids, err := c.store.OpenRoomIDs(ctx, after, OpenRoomsPage+1)
	if err != nil {
		return nil, nil, err
	}
	list, err = c.store.OpenRooms(ctx, me.ID, ids[:min(len(ids), OpenRoomsPage)])
	if len(ids) > OpenRoomsPage && len(list) > 0 {
		at := list[len(list)-1].Position()
		next = &at
	}
	return list, next, err
}

// FindOpenRooms lists up to a page of the open rooms in whose name, or what they are about, is every word of a
// query; those in whose name the words begin a word come first.
func (c *Chat) FindOpenRooms(ctx context.Context, me db.User, query string) ([]db.FoundRoom, error) {
	words := foldedWords(text.First(query, maxQuery))
	texts, err := c.store.OpenRoomTexts(ctx, maxSearched)
	if err != nil {
		return nil, err
	}
	ranks := map[uint64]int{}
	var ids []uint64
	for _, t := range texts {
		named := RoomName{Kind: db.RoomOpen, Name: t.Name}
		described := RoomName{Kind: db.RoomOpen, Name: t.Name + " " + t.About}
		if rank := 2*named.rank(words) + described.rank(words); rank > 0 {
			ranks[t.ID], ids = rank, append(ids, t.ID)
		}
	}
	slices.SortStableFunc(ids, func(a, b uint64) int { return ranks[b] - ranks[a] })
	list, err := c.store.OpenRooms(ctx, me.ID, ids[:min(len(ids), OpenRoomsPage)])
	slices.SortStableFunc(list, func(a, b db.FoundRoom) int { return ranks[b.RoomID] - ranks[a.RoomID] })
	return list, err
}
