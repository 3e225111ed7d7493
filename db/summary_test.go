package db

import (
	"slices"
	"testing"
	"time"
)

func TestRoomSummaries(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, three := t.Context(), createUsers(t, d, 3)
		me, friend, stranger := three[0].ID, three[1].ID, three[2].ID
		summary := func(r Room) RoomSummary {
			t.Helper()
			list, err := d.RoomSummaries(ctx, linesOf(me, []uint64{r.ID}))
			must(t, err)
			for _, l := range list {
				if l.RoomID == r.ID {
					return l
				}
			}
			return RoomSummary{}
		}
		r := createRoom(t, d)
		equal(t, "not a member", summary(r), RoomSummary{})
		postText(t, d, r.ID, friend, "before I joined")
		join := addEntry(t, d, r.ID, me, KindJoin)
		must(t, d.AddMember(ctx, r.ID, friend, 1))
		must(t, d.AddMember(ctx, r.ID, me, join.Seq))
		l := summary(r)
		equalLists(t, "kind, name and time", []any{l.Kind, l.Name, l.CreatedAt}, []any{RoomGroup, "Room", noon})
		equal(t, "message from before I joined", l.Said, "")
		equal(t, "its author", l.SaidBy, 0)
		equal(t, "its time", l.SaidAt, nil)
		equal(t, "unread from before I joined", l.Unread, 0)
		addEntry(t, d, r.ID, friend, KindJoin)
		postText(t, d, r.ID, me, "mine")
		l = summary(r)
		equal(t, "unread, of my own and of other entries", l.Unread, 0)
		equal(t, "said", l.Said, "says mine")
		second := postText(t, d, r.ID, friend, "one")
		last := postText(t, d, r.ID, friend, "two")
		addEntry(t, d, r.ID, stranger, KindLeave)
		l = summary(r)
		equal(t, "unread", l.Unread, 2)
		equal(t, "said", l.Said, "says two")
		equal(t, "said by", l.SaidBy, friend)
		equal(t, "said at", *l.SaidAt, noon)
		_, err := d.MarkRead(ctx, me, Room{ID: r.ID, LastSeq: last.Seq}, second.Seq)
		must(t, err)
		equal(t, "unread after reading one", summary(r).Unread, 1)

		edit := Message{RoomID: r.ID, Kind: KindEdit, AuthorID: friend, TargetSeq: last.Seq, Body: "edited", CreatedAt: noon.Add(time.Hour)}
		must(t, d.append(ctx, &edit))
		must(t, d.SetEdited(ctx, r.ID, edit.TargetSeq, edit.Seq))
		l = summary(r)
		equal(t, "said after an edit", l.Said, "edited")
		equal(t, "said at, after an edit", *l.SaidAt, noon)
		equal(t, "unread after an edit", l.Unread, 1)
		must(t, d.EraseMessage(ctx, r.ID, edit.TargetSeq, addEntry(t, d, r.ID, friend, KindDelete).Seq))
		l = summary(r)
		equal(t, "said after a deletion", l.Said, "")
		equal(t, "deletion", l.SaidGone, edit.Seq+1)
		equal(t, "unread after a deletion", l.Unread, 0)

		must(t, d.EndMembers(ctx, r.ID, addEntry(t, d, r.ID, me, KindLeave).Seq))
		equal(t, "after I left", summary(r), RoomSummary{})
		postText(t, d, r.ID, friend, "meanwhile")
		must(t, d.AddMember(ctx, r.ID, me, addEntry(t, d, r.ID, me, KindJoin).Seq))
		l = summary(r)
		equal(t, "unread from between my memberships", l.Unread, 0)
		equal(t, "message from between my memberships", l.Said, "")
	})
}

func roomsOf(lines []RoomSummary) (ids []uint64) {
	for _, l := range lines {
		ids = append(ids, l.RoomID)
	}
	return ids
}

func TestRoomSummariesAreInOrder(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, me := t.Context(), createUsers(t, d, 1)[0].ID
		var want []uint64
		for i := range 4 {
			r := Room{Kind: RoomDirect, IsOpen: true, CreatedAt: noon.Add(time.Duration(i) * time.Microsecond)}
			must(t, d.CreateRoom(ctx, &r))
			must(t, d.AddMember(ctx, r.ID, me, 0))
			want = append([]uint64{r.ID}, want...)
		}
		same := Room{Kind: RoomDirect, IsOpen: true, CreatedAt: noon}
		must(t, d.CreateRoom(ctx, &same))
		must(t, d.AddMember(ctx, same.ID, me, 0))
		want = slices.Insert(want, 3, same.ID) // as old as the first: the higher id comes first
		said := Message{RoomID: want[4], Kind: KindText, AuthorID: 9, CreatedAt: noon.Add(time.Second)}
		must(t, d.append(ctx, &said))
		want = append([]uint64{want[4]}, want[:4]...)
		ids, err := d.RoomIDs(ctx, me, nil, 0)
		must(t, err)
		equalLists(t, "all rooms", ids, want)
		list := shownSummaries(t, d, me, []uint64{want[2], want[0], want[3], 99})
		equalLists(t, "some of them", roomsOf(list), []uint64{want[0], want[2], want[3]})
		ids, err = d.RoomIDs(ctx, me, nil, 2)
		must(t, err)
		equalLists(t, "the first page", ids, want[:2])
		for i, l := range list { // including one of two that are equally old
			after := l.Position()
			ids, err = d.RoomIDs(ctx, me, &after, 2)
			must(t, err)
			rest := want[[]int{1, 3, 4}[i]:]
			equalLists(t, "the page after it", ids, rest[:min(2, len(rest))])
		}
		versions, err := d.RoomVersions(ctx, me, 3)
		must(t, err)
		equal(t, "versions up to a number", len(versions), 3)
	})
}
