package chat

import (
	"context"
	"fmt"
	"testing"

	"parley/db"
)

// TestRoomsOfAdministrators checks what administrators see of rooms, and that what they do reaches everybody.
func TestRoomsOfAdministrators(t *testing.T) {
	t.Parallel()
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx := t.Context()
		ann, bob, cem, admin, room := e.circle(t)
		must(t, e.AddMember(ctx, ann, room, bob.Username))
		kept := 0
		draft := e.draftWith(t, ann, &kept, "a")
		draft.Key, draft.Body = "k", "hello"
		_, err := e.Post(ctx, ann, room, draft)
		must(t, err)
		for i := range AdminRoomsPage {
			_, err := e.CreateGroup(ctx, bob, fmt.Sprint("Walk ", i), nil)
			must(t, err)
		}
		first, err := e.MeasuredRooms(ctx, admin, "", 0)
		must(t, err)
		second, err := e.MeasuredRooms(ctx, admin, "", first.Next)
		must(t, err)
		equal(t, "rooms by the page", len(first.Rooms)*100+len(second.Rooms), AdminRoomsPage*100+1)
		equal(t, "direct rooms", second.DirectRooms, 2)
		choir := second.Rooms[0]
		equal(t, "owner", choir.Owner.Username, ann.Username)
		equal(t, "size", choir.Size, db.RoomSize{RoomID: room, Members: 3, Photos: 1, PhotoBytes: 2, TextBytes: int64(len("Choirhello"))})
		for query, want := range map[string]int{"CHÓIR": 1, "walk": AdminRoomsPage, "walk 11": 1, "nothing": 0} {
			found, err := e.MeasuredRooms(ctx, admin, query, 0)
			must(t, err)
			equal(t, query, len(found.Rooms), want)
		}

		wantError(t, "to somebody outside", e.TransferRoom(ctx, admin, room, admin.Username), ErrNotMember)
		wantError(t, "to nobody", e.TransferRoom(ctx, admin, room, "nobody"), ErrNotMember)
		for range 2 { // the second time does nothing
			must(t, e.TransferRoom(ctx, admin, room, cem.Username))
		}
		must(t, e.RenameGroup(ctx, cem, room, "Band"))
		log := e.log(t, room)
		equal(t, "the entry", log[len(log)-2].Kind, db.KindOwnerChanged)

		for range 2 {
			must(t, e.CloseRoom(ctx, admin, room))
		}
		log = e.log(t, room)
		equal(t, "the last entry", log[len(log)-1].Kind, db.KindClosed)
		for _, who := range []db.User{ann, bob, cem} {
			wantError(t, who.Username, e.CheckMember(ctx, who, room), ErrNotFound)
			wantError(t, who.Username+" posts", errOf(e.Post(ctx, who, room, Draft{Body: "x"})), ErrNotFound)
		}
		closed, err := e.MeasuredRoom(ctx, admin, room)
		must(t, err)
		equal(t, "open", closed.IsOpen, false)
		wantError(t, "a closed room has no members", e.TransferRoom(ctx, admin, room, cem.Username), ErrNotMember)
	})
}

// TestDeletedRoomsAreErased checks that nothing of a room stays but what was reported, and that it goes in small
// steps.
func TestDeletedRoomsAreErased(t *testing.T) {
	t.Parallel()
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx := t.Context()
		ann, bob, cem, admin, room := e.circle(t)
		must(t, e.AddMember(ctx, ann, room, bob.Username))
		other, err := e.CreateGroup(ctx, ann, "Walks", []string{bob.Username})
		must(t, err)
		e.post(t, ann, other, "stays here")
		var photos []uint64
		for i := range 30 {
			kept := 0
			draft := e.draftWith(t, ann, &kept, "a")
			draft.Key, draft.Body = fmt.Sprint(i), fmt.Sprintf("@%s several words of number %d", bob.Username, i)
			_, err := e.Post(ctx, ann, room, draft)
			must(t, err)
		}
		for _, entry := range e.log(t, room) {
			for _, p := range entry.Pictures {
				photos = append(photos, p.ID)
			}
		}
		equal(t, "found", len(e.find(t, ann, "several")), 20)
		seq := e.log(t, room)[10].Seq
		must(t, e.Delete(ctx, ann, room, e.log(t, room)[12].Seq)) // its words may wait to be removed
		d := e.report(t, bob, admin, room, seq)

		wantError(t, "another name", e.DeleteRoom(ctx, admin, room, "Walks"), ErrWrongName)
		must(t, e.CheckMember(ctx, bob, room))
		must(t, e.DeleteRoom(ctx, admin, room, " choir "))
		for _, who := range []db.User{ann, bob, cem} {
			wantError(t, who.Username, e.CheckMember(ctx, who, room), ErrNotFound)
		}
		wantError(t, "in the list", errOf(e.MeasuredRoom(ctx, admin, room)), ErrNotFound)
		stopped, cancel := context.WithCancel(ctx)
		cancel()
		if e.EraseRooms(stopped) == nil {
			t.Error("a context that has ended ends nothing")
		}
		must(t, e.EraseRooms(ctx))
		must(t, e.EraseRooms(ctx))
		equal(t, "entries", len(e.log(t, room)), 0)
		heads, err := e.Heads(ctx, []uint64{room, other})
		must(t, err)
		equal(t, "rooms that are there", len(heads), 1)
		equalLists(t, "found", e.find(t, ann, "several"), nil)
		equalLists(t, "found in another room", e.find(t, ann, "stays"), []string{"stays here"})
		spans, err := e.store.SpansOf(ctx, bob.ID, room)
		must(t, err)
		equal(t, "memberships", len(spans), 0)

		// What was reported is still there, and nothing else.
		d, err = e.ReportDetail(ctx, admin, d.ID)
		must(t, err)
		kept := map[uint64]bool{}
		for _, entry := range d.Entries {
			for _, p := range entry.Pictures {
				kept[p.ID] = true
			}
		}
		equal(t, "entries of the report", len(d.Entries), 11)
		for _, id := range photos {
			_, err := e.store.PhotoBytes(ctx, id, "large")
			equal(t, fmt.Sprint("photo ", id, " is there"), err == nil, kept[id])
		}
		must(t, e.Decide(ctx, admin, d.ID, Decision{Acts: []string{ActDelete, ActRemove}, Answer: "acted"})) // there is nothing left to do
	})
}
