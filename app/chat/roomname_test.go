package chat

import (
	"fmt"
	"testing"

	"parley/app/search"
	"parley/db"
)

// TestRoomNamesAmong compares the names of the rooms that a search has read with those that are read for the form alone.
func TestRoomNamesAmong(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, me, friend, blocked := t.Context(), e.people[0], e.people[1], e.people[2]
		e.makeFriends(t, me, friend)
		e.makeFriends(t, me, blocked)
		hidden, err := e.CreateGroup(ctx, blocked, "Hidden", []string{me.Username})
		must(t, err)
		left, err := e.CreateGroup(ctx, friend, "Left", []string{me.Username})
		must(t, err)
		must(t, e.LeaveGroup(ctx, me, left))
		must(t, e.Block(ctx, me, blocked.Username))
		check := func(want int) {
			t.Helper()
			found, err := e.Search(ctx, me, search.Request{Text: "nothing"})
			must(t, err)
			for _, r := range found.Rooms {
				if r.ID == hidden || r.ID == left {
					t.Errorf("a search has read %q", r.Name)
				}
			}
			for _, others := range [][]uint64{nil, {found.Rooms[0].ID, found.Rooms[len(found.Rooms)-1].ID}} {
				among, err := e.RoomNamesAmong(ctx, me, found.Rooms, others...)
				must(t, err)
				read, err := e.RoomNames(ctx, me, others...)
				must(t, err)
				equal(t, "the names", fmt.Sprint(among), fmt.Sprint(read))
				if len(among) < want {
					t.Errorf("%d rooms are named instead of %d", len(among), want)
				}
			}
		}
		check(1)
		for i := range maxNamed {
			r := db.Room{Kind: db.RoomGroup, Name: fmt.Sprint("Group ", i), IsOpen: true, CreatedAt: e.now()}
			must(t, e.store.CreateRoom(ctx, &r))
			must(t, e.store.AddMember(ctx, r.ID, me.ID, 1))
		}
		check(maxNamed)
	})
}
