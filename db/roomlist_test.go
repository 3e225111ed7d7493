package db

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"
)

// shownSummaries returns those of these rooms that a person's list shows, in its order.
func shownSummaries(t *testing.T, d *DB, user uint64, rooms []uint64) []RoomSummary {
	t.Helper()
	list, err := d.RoomSummaries(t.Context(), linesOf(user, rooms))
	must(t, err)
	list = slices.DeleteFunc(list, func(s RoomSummary) bool { return s.IsHidden })
	sortSummaries(list)
	return list
}

func sortSummaries(list []RoomSummary) {
	slices.SortFunc(list, func(a, b RoomSummary) int { return b.Position().Compare(a.Position()) })
}

// briefly returns what Entrances reads of an entrance.
func briefly(r Room, m Member, spans Spans) Entrance {
	return Entrance{Room: Room{ID: r.ID, Epoch: r.Epoch, LastSeq: r.LastSeq, ErasedSeq: r.ErasedSeq}, Spans: spans,
		Member: Member{RoomID: m.RoomID, UserID: m.UserID, JoinedSeq: m.JoinedSeq, LeftSeq: m.LeftSeq, SeesAll: m.SeesAll}}
}

func linesOf(user uint64, rooms []uint64) (of []RoomUser) {
	for _, room := range rooms {
		of = append(of, RoomUser{room, user})
	}
	return of
}

// TestListsOfSeveral checks that the lists of several people, read together, are those of each.
func TestListsOfSeveral(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, users := t.Context(), createUsers(t, d, 60)
		var rooms, ids []uint64
		for i := range 3 {
			r := createRoom(t, d)
			rooms = append(rooms, r.ID)
			for n, u := range users {
				if n%(i+1) == 0 {
					must(t, d.AddMember(ctx, r.ID, u.ID, 1))
				}
			}
			fill(t, d, r.ID, Message{Kind: KindText, AuthorID: users[i].ID, Body: "says"}, countWindow+100)
			must(t, d.AddMentions(ctx, []Mention{{RoomID: r.ID, Seq: 700, UserID: users[0].ID}, {RoomID: r.ID, Seq: 701, UserID: users[6].ID}}))
		}
		var asked []RoomUser
		for n, u := range users {
			must(t, d.exec(ctx, "UPDATE members SET read_seq = ? WHERE user_id = ?", 100*(n%14), u.ID))
			ids, asked = append(ids, u.ID), append(asked, linesOf(u.ID, rooms)...)
		}
		versions, err := d.AllRoomVersions(ctx, ids)
		must(t, err)
		counts := map[uint64]int{}
		for _, v := range versions {
			counts[v.UserID]++
		}
		lines, err := d.RoomSummaries(ctx, asked)
		must(t, err)
		of := map[uint64][]RoomSummary{}
		for _, r := range lines {
			of[r.UserID] = append(of[r.UserID], r)
		}
		unread := map[int]bool{}
		for _, u := range users {
			alone, together := shownSummaries(t, d, u.ID, rooms), of[u.ID]
			sortSummaries(together)
			if !reflect.DeepEqual(together, alone) {
				t.Errorf("together %+v, alone %+v", together, alone)
			}
			equal(t, "versions", counts[u.ID], len(alone))
			unread[alone[0].Unread] = true
		}
		if len(unread) < 5 {
			t.Errorf("the same is unread for most: %v", unread)
		}
		readers, err := d.Readers(ctx, ids)
		must(t, err)
		equal(t, "rooms of the first", readers[ids[0]].Rooms, 3)
		equal(t, "rooms of the second", readers[ids[1]].Rooms, 1)
	})
}

// TestCountsEnd checks that a list does not count more unread messages than it can show, and only those.
func TestCountsEnd(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r := t.Context(), createRoom(t, d)
		must(t, d.AddMember(ctx, r.ID, 1, 1))
		rows := make([]Message, 0, maxCounted+70)
		for i := range maxCounted + 70 {
			key := fmt.Sprint("k", i)
			rows = append(rows, Message{RoomID: r.ID, Seq: uint64(i + 2), Kind: KindText, AuthorID: 2, ClientKey: &key, Body: "@user1", CreatedAt: noon})
		}
		must(t, d.InsertMessages(ctx, rows))
		mentions := make([]Mention, len(rows))
		for i, m := range rows {
			mentions[i] = Mention{RoomID: r.ID, Seq: m.Seq, UserID: 1}
		}
		for len(mentions) > 0 {
			n := min(len(mentions), 500)
			must(t, d.AddMentions(ctx, mentions[:n]))
			mentions = mentions[n:]
		}
		must(t, d.exec(ctx, "UPDATE rooms SET last_seq = ?, said_seq = ? WHERE id = ?", len(rows)+1, len(rows)+1, r.ID))
		for read, want := range map[uint64]int{1: maxCounted, 500: 571, uint64(len(rows)): 1} {
			must(t, d.exec(ctx, "UPDATE members SET read_seq = ? WHERE room_id = ?", read, r.ID))
			lines, err := d.RoomSummaries(ctx, linesOf(1, []uint64{r.ID}))
			must(t, err)
			equal(t, fmt.Sprint("unread after ", read), lines[0].Unread, want)
			equal(t, fmt.Sprint("mentions after ", read), lines[0].Mentions, want)
		}
	})
}

// TestAloneInARoom checks who sees that a group ends with them.
func TestAloneInARoom(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r := t.Context(), createRoom(t, d)
		alone := func() bool {
			lines, err := d.RoomSummaries(ctx, linesOf(1, []uint64{r.ID}))
			must(t, err)
			return lines[0].Alone
		}
		must(t, d.AddMember(ctx, r.ID, 1, 1))
		equal(t, "alone", alone(), true)
		must(t, d.AddMember(ctx, r.ID, 2, 1))
		equal(t, "with somebody", alone(), false)
		_, err := d.EndMember(ctx, r.ID, 2, 3)
		must(t, err)
		equal(t, "alone again", alone(), true)
	})
}

// TestJoiningComesBeforeTheAgeOfARoom checks that a group to which somebody was just added stands on top of
// their list, however old it is, and not after pages of others.
func TestJoiningComesBeforeTheAgeOfARoom(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, old, young := t.Context(), createRoom(t, d), createRoom(t, d)
		for i, r := range []Room{young, old} {
			join := Message{RoomID: r.ID, Kind: KindJoin, AuthorID: 2, AboutID: 1, CreatedAt: noon.Add(time.Duration(i+1) * time.Hour)}
			must(t, d.append(ctx, &join))
			must(t, d.AddMember(ctx, r.ID, 1, join.Seq))
		}
		ids, err := d.RoomIDs(ctx, 1, nil, 0)
		must(t, err)
		equalLists(t, "rooms", ids, []uint64{old.ID, young.ID})
	})
}

// TestOldGroupsGetTheirMakers checks that a database of an older version learns who made its groups.
func TestOldGroupsGetTheirMakers(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx := t.Context()
		group := func(maker, owner uint64) uint64 {
			r := Room{Kind: RoomGroup, Name: "Room", IsOpen: true, Epoch: 7, OwnerID: owner, CreatedAt: noon}
			must(t, d.CreateRoom(ctx, &r))
			if maker != 0 {
				addEntry(t, d, r.ID, maker, KindGroupCreated)
			}
			return r.ID
		}
		want := map[uint64]uint64{group(5, 6): 5, group(7, 7): 7, group(0, 8): 8}
		must(t, d.Migrate(ctx))
		must(t, d.Migrate(ctx))
		for room, maker := range want {
			r, err := one[Room](d.in(ctx).Where("id = ?", room))
			must(t, err)
			equal(t, "maker", r.MakerID, maker)
		}
	})
}

// TestVersionsOfRooms changes what no log has of a room, and what a list shows of it. Each change makes another version, and
// nothing else does.
func TestVersionsOfRooms(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, users := t.Context(), createUsers(t, d, 3)
		me, owner, other := users[0].ID, users[1].ID, users[2].ID
		r := Room{Kind: RoomGroup, Name: "Room", IsOpen: true, Epoch: 7, OwnerID: owner, MakerID: owner, CreatedAt: noon}
		must(t, d.CreateRoom(ctx, &r))
		for _, u := range users {
			must(t, d.AddMember(ctx, r.ID, u.ID, 1))
		}
		said := Message{RoomID: r.ID, Kind: KindText, AuthorID: other, CreatedAt: noon}
		must(t, d.append(ctx, &said))
		version := func() RoomVersion {
			t.Helper()
			versions, err := d.RoomVersionsOf(ctx, me, []uint64{r.ID, 99})
			must(t, err)
			equal(t, "versions", len(versions), 1)
			list, err := d.RoomSummaries(ctx, linesOf(me, []uint64{r.ID}))
			must(t, err)
			equal(t, "the version of the summary", list[0].RoomVersion, versions[0].RoomVersion)
			return versions[0].RoomVersion
		}
		pair := func(change func(f *Friendship)) func() error {
			return func() error {
				return d.Tx(ctx, func(tx *DB) error {
					f, err := tx.LockPair(ctx, me, owner, noon)
					if err != nil {
						return err
					}
					change(&f)
					return tx.SavePair(ctx, f)
				})
			}
		}
		for _, c := range []struct {
			what   string
			change func() error
			same   bool
		}{
			{"an entry", func() error {
				return d.append(ctx, &Message{RoomID: r.ID, Kind: KindText, AuthorID: me, CreatedAt: noon})
			}, false},
			{"what was read", func() error { _, err := d.MarkRead(ctx, me, Room{ID: r.ID, Epoch: 7, LastSeq: 3}, 2); return err }, false},
			{"the level", func() error { return d.SetNotifyLevel(ctx, me, r.ID, NotifyMentions) }, false},
			{"silence", func() error { return d.SetNotifyLevel(ctx, me, r.ID, NotifyNothing) }, false},
			{"a moderator", func() error { _, err := d.SetModerator(ctx, r.ID, me, true); return err }, false},
			{"a choice", func() error { return d.SetChosen(ctx, me, r.ID) }, false},
			{"a name", func() error { return d.SetProfile(ctx, other, "Another", "UTC", "") }, false},
			{"a photo", func() error { return d.SetUserPhoto(ctx, other, 5) }, false},
			{"the same photo", func() error { return d.SetUserPhoto(ctx, other, 5) }, true},
			{"no photo", func() error { return d.SetUserPhoto(ctx, other, 0) }, false},
			{"no photo, again", func() error { return d.SetUserPhoto(ctx, other, 0) }, true},
			{"a block", pair(func(f *Friendship) { f.SetBlocks(me, true) }), false},
			{"the same block", pair(func(f *Friendship) { f.SetBlocks(me, true) }), true},
			{"a request", pair(func(f *Friendship) { f.State = PairRequested }), true},
			{"a pair that is gone", func() error {
				f, err := d.Pair(ctx, me, owner)
				must(t, err)
				return d.DeletePair(ctx, f)
			}, false},
			{"nothing", func() error { return nil }, true},
		} {
			before := version()
			must(t, c.change())
			equal(t, c.what+" leaves it the same", version() == before, c.same)
		}
	})
}

// TestATextThatLooksLikeATime lists a room whose newest message is one, which SQLite's driver must not take for a time.
func TestATextThatLooksLikeATime(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r := t.Context(), createRoom(t, d)
		must(t, d.AddMember(ctx, r.ID, 1, 1))
		for _, body := range []string{"2026-11-30 12:00:00", "2026-11-30", "2026-11-30T12:00:00Z", "2026-11-30 12:00:00.123456+00:00", "12:00"} {
			must(t, d.append(ctx, &Message{RoomID: r.ID, Kind: KindText, AuthorID: 1, Body: body, CreatedAt: noon}))
			list, err := d.RoomSummaries(ctx, linesOf(1, []uint64{r.ID}))
			must(t, err)
			equal(t, "the text", list[0].Said, body)
		}
	})
}
