package chat

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"parley/db"
)

// TestFindRooms checks that rooms are found by the beginnings of words first, then by anything in a name.
func TestFindRooms(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx := t.Context()
		me, other := e.people[0], e.people[1]
		direct := e.makeFriends(t, me, other)
		group := func(name string) uint64 {
			room, err := e.CreateGroup(ctx, me, name, nil)
			must(t, err)
			return room
		}
		walk, train, trail := group("Saturday Wálk"), group("Release train"), group("Strain")
		must(t, e.store.SetProfile(ctx, other.ID, "Ann-Kathrin O'Neil", "", ""))
		hike, yamada := group("the ann-kathrin hike"), group("山田太郎")
		_, err := e.CreateGroup(ctx, e.people[2], "Train of a stranger", nil)
		must(t, err)
		for query, want := range map[string][]uint64{
			"":                        {yamada, hike, trail, train, walk, direct},
			"train":                   {train, trail},
			"TRAIN rel":               {train},
			"walk":                    {walk},
			other.Username:            {direct},
			"kathrin":                 {hike, direct},
			"ann-k":                   {hike, direct},
			"neil":                    {direct},
			"O’Neil ann":              {direct},
			"太郎":                      {yamada},
			"nothing":                 nil,
			"train " + other.Username: nil,
		} {
			list, err := e.FindRooms(ctx, me, query, 10)
			must(t, err)
			var got []uint64
			for _, r := range list {
				got = append(got, r.RoomID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q finds %v, not %v", query, got, want)
			}
		}
		if list, err := e.FindRooms(ctx, me, "", 2); err != nil || len(list) != 2 {
			t.Errorf("%d rooms, %v", len(list), err)
		}
	})
}

// TestPagesOfRooms turns the pages of a list, with a room that is open beside it, as they are put in order here and by
// the database, which does it for those who are in very many rooms.
func TestPagesOfRooms(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, me, friend := t.Context(), e.people[0], e.people[1]
		list := []uint64{e.makeFriends(t, me, friend)}
		for range 6 {
			e.advance(time.Second)
			room, err := e.CreateGroup(ctx, me, "Room", nil)
			must(t, err)
			list = append([]uint64{room}, list...)
		}
		e.advance(time.Second)
		e.post(t, friend, list[6], "now it is the first")
		list = append([]uint64{list[6]}, list[:6]...)
		rooms := func(p RoomsPage) (ids []uint64, next *db.RoomPosition) {
			t.Helper()
			lines, next, err := e.Rooms(ctx, me, p)
			must(t, err)
			for _, l := range lines {
				ids = append(ids, l.RoomID)
			}
			return ids, next
		}
		for _, most := range []int{mostSorted, 7, 3} {
			e.mostSorted = most
			first, next := rooms(RoomsPage{Size: 3})
			equalLists(t, "the first page", first, list[:3])
			second, next := rooms(RoomsPage{Size: 3, After: next})
			equalLists(t, "the second page", second, list[3:6])
			last, next := rooms(RoomsPage{Size: 3, After: next})
			equalLists(t, "the last page", last, list[6:])
			equal(t, "what comes after it", next, nil)
			beside, _ := rooms(RoomsPage{Size: 2, With: list[5]})
			equalLists(t, "the list beside a room", beside, []uint64{list[0], list[1], list[5]})
			beside, _ = rooms(RoomsPage{Size: 2, With: list[1]})
			equalLists(t, "the list beside a room of it", beside, list[:2])
			beside, _ = rooms(RoomsPage{Size: 2, With: 9999})
			equalLists(t, "the list beside a room that is not mine", beside, list[:2])

			lists, err := e.Lists(ctx, []uint64{me.ID, friend.ID, 9999})
			must(t, err)
			equal(t, "lists", len(lists), 2)
			equalLists(t, "the whole list", lists[me.ID].RoomIDs, list)
			equalLists(t, "the list of another", lists[friend.ID].RoomIDs, list[:1])
			for _, with := range []uint64{0, list[1], list[5], 9999} {
				lines, next, err := e.RoomsOf(ctx, lists[me.ID], 2, with)
				must(t, err)
				alone, after, err := e.Rooms(ctx, me, RoomsPage{Size: 2, With: with})
				must(t, err)
				if !reflect.DeepEqual(lines, alone) || !reflect.DeepEqual(next, after) {
					t.Errorf("with room %d: %+v, %+v, and alone %+v, %+v", with, lines, next, alone, after)
				}
			}
		}
	})
}

// TestLinesAreRead checks that when a list is shown again, only the lines of rooms where something happened are read.
func TestLinesAreRead(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		me, friend := e.people[0], e.people[1]
		room := e.makeFriends(t, me, friend)
		e.makeFriends(t, me, e.people[2])
		reads := func(what string, want int, change func()) {
			t.Helper()
			change()
			before := e.Stats.LinesRead.Load()
			_, _, err := e.Rooms(t.Context(), me, RoomsPage{Size: 10})
			must(t, err)
			equal(t, what, int(e.Stats.LinesRead.Load()-before), want)
		}
		reads("at first", 2, func() {})
		reads("again", 0, func() {})
		reads("after a message", 1, func() { e.post(t, friend, room, "hello") })
		reads("after it was read", 1, func() { must(t, e.Read(t.Context(), me, room, 99)) })
		reads("after a change of a name, which may be anybody's", 2, func() { must(t, e.store.SetProfile(t.Context(), friend.ID, "Another", "", "")) })
		reads("after a minute, because an older process does not count changes of names", 2, func() {
			for _, other := range []db.User{friend, e.people[2]} {
				key := db.RoomUser{Room: e.roomOf(t, me, other), User: me.ID}
				line, ok := e.Lines.Get(key)
				equal(t, "kept", ok, true)
				e.Lines.Add(key, &keptLine{line.RoomSummary, line.readAt.Add(-lineTTL)}, 1)
			}
		})
		reads("after that", 0, func() {})
		e.Lines = nil
		reads("without a cache", 2, func() {})
	})
}
