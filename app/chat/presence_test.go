package chat

import (
	"testing"
	"time"

	"parley/app/bus"
	"parley/db"
)

// presentFor returns who is shown to one person of those who are said to be in a room, and typing.
func (e *env) presentFor(t *testing.T, viewer db.User, room uint64, ids ...uint64) (here, writing string) {
	t.Helper()
	p, err := e.Present(t.Context(), room, ids, ids)
	must(t, err)
	h, wr := p.For(viewer.ID)
	o := p.OthersFor(viewer.ID)
	equal(t, "how many are here", o.Here, len(h))
	equalLists(t, "who is typing, of both", o.Writing, wr)
	if len(h) == 1 {
		equal(t, "the one", o.One.ID, h[0].ID)
	}
	return usernames(h), usernames(wr)
}

// TestTwoPagesOfOnePersonCountOnce checks that somebody who is named twice, as with a second page, is one of those who are
// here.
func TestTwoPagesOfOnePersonCountOnce(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		me, friend, third := e.people[0], e.people[1], e.people[2]
		e.makeFriends(t, me, friend)
		e.makeFriends(t, me, third)
		room, err := e.CreateGroup(t.Context(), me, "Choir", []string{friend.Username, third.Username})
		must(t, err)
		p, err := e.Present(t.Context(), room, []uint64{me.ID, friend.ID, friend.ID, me.ID}, nil)
		must(t, err)
		equal(t, "others for me", p.OthersFor(me.ID).Here, 1)
		equal(t, "others for the third", p.OthersFor(third.ID).Here, 2)
		equal(t, "the one", p.OthersFor(me.ID).One.ID, friend.ID)
	})
}

// TestOthersAreCountedAndNotListed checks that what each viewer of a crowd is shown costs the same as in a small room.
func TestOthersAreCountedAndNotListed(t *testing.T) {
	var visible []uint64
	for id := range uint64(5000) {
		visible = append(visible, id+1)
	}
	crowd := Crowd(visible)
	if n := testing.AllocsPerRun(10, func() { crowd.OthersFor(7) }); n > 3 {
		t.Errorf("counting 5,000 for one viewer took %v allocations", n)
	}
	equal(t, "others", crowd.OthersFor(7).Here, 4999)
	equal(t, "for somebody who is not here", crowd.OthersFor(6000).Here, 5000)
}

func TestWhoIsShownAsPresent(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, room := t.Context(), mentionGroup(t, e)
		a, b, c, d := e.people[0], e.people[1], e.people[2], e.people[3]
		all := []uint64{a.ID, b.ID, c.ID, d.ID, 987654, 0}
		check := func(what string, viewer db.User, want, wantWriting string) {
			t.Helper()
			here, writing := e.presentFor(t, viewer, room, all...)
			equal(t, what+": here", here, want)
			equal(t, what+": typing", writing, wantWriting)
		}
		check("a", a, "person1 person2", "person1 person2") // not themselves, no stranger, nobody invented
		check("b", b, "person0 person2", "person0 person2")

		e.published()
		must(t, e.NotifyTyping(ctx, b, room))
		equalLists(t, "signals", e.published(), []bus.Signal{{Kind: bus.Typing, Room: room, User: b.ID}})
		must(t, e.NotifyTyping(ctx, b, room))
		equal(t, "signals within a second", len(e.published()), 0)
		e.advance(time.Second)
		wantError(t, "typing outside", e.NotifyTyping(ctx, d, room), ErrNotFound)
		must(t, e.SetPresenceVisibility(ctx, b, false, true))
		check("b hides", a, "person2", "person1 person2")
		b, err := e.store.UserByID(ctx, b.ID)
		must(t, err)
		must(t, e.SetPresenceVisibility(ctx, b, true, false))
		check("b hides the other", a, "person1 person2", "person2")
		e.published()
		must(t, e.NotifyTyping(ctx, b, room))
		equal(t, "signals of somebody who hides it", len(e.published()), 0)

		must(t, e.Block(ctx, c, a.Username))
		check("a, whom c blocks, sees what b sees", a, "person1 person2", "person2")
		check("c, who blocks a, does not see them", c, "person1", "")
		check("b, who is no part of it", b, "person0 person2", "person0 person2")
		must(t, e.RemoveMember(ctx, a, room, b.Username))
		check("a after b was removed", a, "person2", "person2")
		e.advance(time.Second)
		wantError(t, "typing after it", e.NotifyTyping(ctx, b, room), ErrNotFound)
	})
}
