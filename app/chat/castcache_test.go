package chat

import (
	"fmt"
	"reflect"
	"testing"

	"parley/db"
)

// TestPeopleAreReadOnceForManyPosts checks that what is handed over is shown without asking who is in the room, as long
// as nobody looks different and nobody comes, whatever the bus says of it: all changes are another process's.
func TestPeopleAreReadOnceForManyPosts(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, a, b, other := t.Context(), e.people[0], e.people[1], e.secondProcess(t)
		e.makeFriends(t, a, b)
		e.makeFriends(t, a, e.people[2])
		room, err := e.CreateGroup(ctx, a, "All", []string{b.Username})
		must(t, err)
		var h handed
		e.committed = h.add
		head := uint64(len(e.log(t, room)))
		// say posts as a hub does that reads what it lacks, and returns the statements for showing it.
		say := func(who db.User, body string) uint64 {
			t.Helper()
			seq := e.post(t, who, room, body)
			if seq > head+1 {
				_, _, err := e.After(ctx, room, head, int(seq-head-1))
				must(t, err)
			}
			head = seq
			posts := h.take()[0]
			before := e.store.Statements()
			got, err := e.Entries(ctx, posts, &db.Message{RoomID: room, Seq: seq - 1, Kind: db.KindText})
			must(t, err)
			statements := e.store.Statements() - before
			_, want, err := e.After(ctx, room, seq-1, 1)
			must(t, err)
			got[0].RedactedBefore, want[0].RedactedBefore = nil, nil
			if got, want := shownOf(got), shownOf(want); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: handed over\n%+v, and it is\n%+v", body, got, want)
			}
			return statements
		}
		equal(t, "the first", say(a, "one"), 1)
		equal(t, "the next", say(b, "two"), 0)
		must(t, other.React(ctx, a, room, head, "👍"))
		must(t, other.Edit(ctx, b, room, head, "three"))
		equal(t, "after a reaction and an edit", say(a, "four"), 0)
		for i, change := range []func() error{
			func() error { return other.store.SetProfile(ctx, a.ID, b.DisplayName, "UTC", "") }, // so that both are alike
			func() error { return other.store.SetUserPhoto(ctx, b.ID, 9) },
			func() error { return other.AddMember(ctx, a, room, e.people[2].Username) },
			func() error { return other.store.EraseUser(ctx, e.people[3].ID, "somebody") }, // who is elsewhere
			func() error { return other.RemoveMember(ctx, a, room, e.people[2].Username) },
		} {
			must(t, change())
			equal(t, fmt.Sprint("after change ", i), say(a, fmt.Sprint("news ", i)), 1)
			equal(t, fmt.Sprint("and again ", i), say(b, fmt.Sprint("more ", i)), 0)
		}

		// Whoever has not read what came before asks.
		must(t, other.AddMember(ctx, a, room, e.people[2].Username))
		e.post(t, a, room, "unread")
		h.take()
		head = uint64(len(e.log(t, room)))
		epoch, _, err := e.After(ctx, room, head-1, 1)
		must(t, err)
		e.casts.follow(room, epoch, []db.Message{{Seq: head, Kind: db.KindText}})
		equal(t, "after what was not read", say(a, "and now"), 1)
	})
}

// TestADatabaseThatLagsIsNotBelieved checks that people who were read where a message is not there yet are not kept.
func TestADatabaseThatLagsIsNotBelieved(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a := t.Context(), e.people[0]
		room := e.makeFriends(t, a, e.people[1])
		seq := e.post(t, a, room, "one")
		heads, err := e.Heads(ctx, []uint64{room})
		must(t, err)
		posts := Committed{Room: room, Epoch: heads[room].Epoch, rows: []db.Message{{RoomID: room, Seq: seq + 1, Kind: db.KindText, AuthorID: a.ID}}}
		for range 2 {
			before := e.store.Statements()
			_, err := e.castFor(ctx, posts)
			must(t, err)
			equal(t, "statements", e.store.Statements()-before, 1)
		}
	})
}
