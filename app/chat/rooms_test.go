package chat

import (
	"slices"
	"testing"
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
