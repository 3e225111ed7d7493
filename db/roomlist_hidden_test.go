package db

import (
	"reflect"
	"testing"
)

// block makes one person block another, or stop.
func block(t *testing.T, d *DB, who, whom uint64, on bool) {
	t.Helper()
	must(t, d.Tx(t.Context(), func(tx *DB) error {
		f, err := tx.LockPair(t.Context(), who, whom, noon)
		if err != nil {
			return err
		}
		f.SetBlocks(who, on)
		return tx.SavePair(t.Context(), f)
	}))
}

// TestHiddenRooms checks that a block hides the groups that the other made or owns, from whoever blocks and
// from nobody else, until it ends; not one's own, and not those of others.
func TestHiddenRooms(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, users := t.Context(), createUsers(t, d, 4)
		me, other, third, fourth := users[1].ID, users[0].ID, users[2].ID, users[3].ID
		group := func(maker, owner uint64) uint64 {
			r := Room{Kind: RoomGroup, Name: "Room", IsOpen: true, Epoch: 7, OwnerID: owner, MakerID: maker, CreatedAt: noon}
			must(t, d.CreateRoom(ctx, &r))
			for _, u := range users {
				must(t, d.AddMember(ctx, r.ID, u.ID, 1))
			}
			return r.ID
		}
		direct := Room{Kind: RoomDirect, IsOpen: true, Epoch: 7, CreatedAt: noon}
		must(t, d.CreateRoom(ctx, &direct))
		must(t, d.AddMember(ctx, direct.ID, me, 1))
		made, owned, both, given, mine, theirs := group(other, third), group(third, other), group(other, other), group(other, me), group(me, me), group(third, third)
		all := []uint64{theirs, mine, given, both, owned, made, direct.ID}
		check := func(what string, user uint64, shown ...uint64) {
			t.Helper()
			ids, err := d.RoomIDs(ctx, user, nil, 0)
			must(t, err)
			equalLists(t, what+": list", ids, shown)
			equalLists(t, what+": lines", roomsOf(shownSummaries(t, d, user, all)), shown)
			var asked []RoomUser // of everybody, in one query
			for _, room := range all {
				for _, u := range users {
					asked = append(asked, RoomUser{room, u.ID})
				}
			}
			entrances, err := d.Entrances(ctx, asked)
			must(t, err)
			checkEntrants(t, d, what, asked)
			searched, _, err := d.SearchableRooms(ctx, user)
			must(t, err)
			equal(t, what+": searched", len(searched), len(shown))
			for _, room := range all {
				listed := false
				for _, id := range shown {
					listed = listed || id == room
				}
				r, m, err := d.RoomOf(ctx, user, room)
				if (err == nil) != listed {
					t.Errorf("%s: room %d is listed: %v, but opens with %v", what, room, listed, err)
				}
				spans, err := d.SpansOf(ctx, user, room)
				must(t, err)
				e, is := entrances[RoomUser{room, user}]
				if is != listed || is && !reflect.DeepEqual(e, briefly(r, m, spans)) {
					t.Errorf("%s: room %d is listed: %v, and entered as %v", what, room, listed, e)
				}
				alone, err := d.EntranceOf(ctx, user, room)
				if (err == nil) != listed || listed && !reflect.DeepEqual(alone, Entrance{Room: r, Member: m, Spans: spans}) {
					t.Errorf("%s: room %d is listed: %v, and entered alone as %v, %v", what, room, listed, alone, err)
				}
				hidden, err := d.IsHidden(ctx, user, room)
				must(t, err)
				if user == me && hidden == listed {
					t.Errorf("%s: room %d is hidden: %v", what, room, hidden)
				}
			}
		}
		groups := []uint64{theirs, mine, given, both, owned, made}
		check("before", me, all...)
		block(t, d, me, other, true)
		check("who blocks the maker", me, theirs, mine, given, direct.ID)
		check("who is blocked", other, groups...)
		check("somebody else", fourth, groups...)
		must(t, d.SetRoomOwner(ctx, made, me, third)) // who is no friend of mine
		must(t, d.SetRoomOwner(ctx, both, me, other))
		check("who blocks the maker and was given what is hidden", me, theirs, mine, given, direct.ID)
		must(t, d.SetRoomOwner(ctx, made, third, me))
		must(t, d.SetRoomOwner(ctx, both, other, me))
		block(t, d, me, other, false)
		block(t, d, other, me, true) // the other way round, in the other column
		check("who is blocked by the maker", me, all...)
		check("who made them", other, theirs, both, owned, made)
		block(t, d, me, third, true)
		check("who blocks somebody else", me, mine, given, both, direct.ID)
		block(t, d, me, third, false)
		check("after", me, all...)
	})
}
