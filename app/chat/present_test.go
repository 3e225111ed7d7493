package chat

import (
	"testing"
	"time"

	"parley/app/bus"
	"parley/db"
)

// sees is whom one person is shown of those who are said to be in a room, and to write.
func (w *world) sees(t *testing.T, viewer db.User, room uint64, ids ...uint64) (here, writing string) {
	t.Helper()
	p, err := w.Present(t.Context(), room, ids, ids)
	must(t, err)
	h, wr := p.For(viewer.ID)
	return usernames(h), usernames(wr)
}

func TestPresent(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		ctx, room := t.Context(), mentioning(t, w)
		a, b, c, d := w.people[0], w.people[1], w.people[2], w.people[3]
		all := []uint64{a.ID, b.ID, c.ID, d.ID, 987654, 0}
		check := func(what string, viewer db.User, want, wantWriting string) {
			t.Helper()
			here, writing := w.sees(t, viewer, room, all...)
			equal(t, what+": here", here, want)
			equal(t, what+": writing", writing, wantWriting)
		}
		check("a", a, "person1 person2", "person1 person2") // not oneself, no stranger, nobody made up
		check("b", b, "person0 person2", "person0 person2")

		w.heard()
		must(t, w.NotifyTyping(ctx, b, room))
		same(t, "rung", w.heard(), []bus.Signal{{Kind: bus.Typing, Room: room, User: b.ID}})
		must(t, w.NotifyTyping(ctx, b, room))
		equal(t, "rung too soon", len(w.heard()), 0)
		w.pass(time.Second)
		is(t, "writing outside", w.NotifyTyping(ctx, d, room), ErrNotFound)
		must(t, w.SetPresenceVisibility(ctx, b, false, true))
		check("b hides", a, "person2", "person1 person2")
		b, err := w.store.UserByID(ctx, b.ID)
		must(t, err)
		must(t, w.SetPresenceVisibility(ctx, b, true, false))
		check("b hides the other", a, "person1 person2", "person2")
		w.heard()
		must(t, w.NotifyTyping(ctx, b, room))
		equal(t, "rung by who hides it", len(w.heard()), 0)

		must(t, w.Block(ctx, c, a.Username))
		check("a, whom c blocks", a, "person1", "")
		check("c, who blocks a", c, "person1", "")
		check("b, who is no part of it", b, "person0 person2", "person0 person2")
		must(t, w.RemoveMember(ctx, a, room, b.Username))
		check("a after b was put out", a, "", "")
		w.pass(time.Second)
		is(t, "writing after it", w.NotifyTyping(ctx, b, room), ErrNotFound)
	})
}
