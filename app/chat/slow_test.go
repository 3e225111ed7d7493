package chat

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/db"
)

// TestSlowModeCannotBePassed lets one person post at the same moment through two processes, many times at once:
// one post gets in each time, and the errors of the others say how long to wait.
func TestSlowModeCannotBePassed(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		e.makeFriends(t, a, b)
		room, err := e.CreateGroup(ctx, a, "All", []string{b.Username})
		must(t, err)
		must(t, e.SetSlowMode(ctx, a, room, 60))
		processes := []*Chat{e.Chat, e.secondProcess(t)}
		for round := range 5 {
			var all sync.WaitGroup
			var in atomic.Int32
			for i := range 12 {
				all.Go(func() {
					_, err := processes[i%2].Post(ctx, b, room, Draft{Body: fmt.Sprint(round, " ", i), Key: fmt.Sprint("key", round, "-", i)})
					var later *Later
					switch {
					case err == nil:
						in.Add(1)
					case !errors.Is(err, ErrSlowMode) || !errors.As(err, &later) || later.RetryAfter <= 0 || later.RetryAfter > time.Minute:
						t.Errorf("refused with %v", err)
					}
				})
			}
			all.Wait()
			equal(t, "posts that got in at once", in.Load(), 1)
			e.advance(59 * time.Second)
			_, err = e.Post(ctx, b, room, Draft{Body: "too early"})
			wantError(t, "a second too early", err, ErrSlowMode)
			e.advance(time.Second)
		}
		for i := range 3 { // moderators need not wait
			e.post(t, a, room, fmt.Sprint("owner ", i))
		}
		must(t, e.SetModerator(ctx, a, room, b.Username, true))
		e.post(t, b, room, "one")
		e.post(t, b, room, "two")
	})
}

// TestLeavingDoesNotEndSlowMode checks that whoever comes back has to wait all the same, and that the same message
// sent again is no second one.
func TestLeavingDoesNotEndSlowMode(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		e.makeFriends(t, a, b)
		room, err := e.CreateGroup(ctx, a, "All", []string{b.Username})
		must(t, err)
		must(t, e.SetSlowMode(ctx, a, room, 60))
		first, err := e.Post(ctx, b, room, Draft{Body: "hello", Key: "once"})
		must(t, err)
		again, err := e.Post(ctx, b, room, Draft{Body: "hello", Key: "once"})
		must(t, err)
		equal(t, "the same message", again, first)
		must(t, e.SetOnlyModerators(ctx, a, room, true))
		again, err = e.Post(ctx, b, room, Draft{Body: "hello", Key: "once"})
		must(t, err)
		equal(t, "the same message from who may no longer post", again, first)
		wantError(t, "a new one", errOf(e.Post(ctx, b, room, Draft{Body: "hello", Key: "twice"})), ErrOnlyModerators)
		must(t, e.SetOnlyModerators(ctx, a, room, false))
		must(t, e.LeaveGroup(ctx, b, room))
		must(t, e.AddMember(ctx, a, room, b.Username))
		_, err = e.Post(ctx, b, room, Draft{Body: "me again"})
		wantError(t, "after coming back", err, ErrSlowMode)
		e.advance(time.Minute)
		e.post(t, b, room, "me again")
		must(t, e.SetSlowMode(ctx, a, room, 0))
		e.post(t, b, room, "and again")
		for _, seconds := range []int{-1, maxSlow + 1} {
			wantError(t, "another pace", e.SetSlowMode(ctx, a, room, seconds), ErrBadPace)
		}
	})
}

// TestDeletedByAModerator checks that the text of a message that a moderator deletes is as thoroughly gone as one that
// its author does, that it is pinned no longer, and that the log says by whom.
func TestDeletedByAModerator(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, a, b, c := t.Context(), e.people[0], e.people[1], e.people[2]
		e.makeFriends(t, a, b)
		e.makeFriends(t, a, c)
		room, err := e.CreateGroup(ctx, a, "All", []string{b.Username, c.Username})
		must(t, err)
		must(t, e.SetModerator(ctx, a, room, b.Username, true))
		seq := e.post(t, c, room, "marmalade")
		reply, err := e.Post(ctx, a, room, Draft{Body: "yes", ReplyTo: seq})
		must(t, err)
		must(t, e.Edit(ctx, c, room, seq, "marmalade and toast"))
		must(t, e.Pin(ctx, b, room, seq))
		v, err := e.History(ctx, c, room, Place{})
		must(t, err)
		equal(t, "above the room", v.Pins, Pins{Count: 1, Newest: Quote{Seq: seq, Author: v.Pins.Newest.Author, Text: "marmalade and toast"}})
		equal(t, "said by", v.Pins.Newest.Author.ID, c.ID)
		must(t, e.Delete(ctx, b, room, seq))
		equal(t, "found", len(e.find(t, a, "marmalade")), 0)
		for _, m := range e.log(t, room) {
			switch {
			case m.Seq == seq:
				equal(t, "deleted by", m.DeletedBy.ID, b.ID)
				equal(t, "text", m.Body, "")
			case m.Seq == reply, m.Kind == db.KindPinned:
				equal(t, "quoted", m.Quote.Text, "")
			case m.Kind == db.KindEdit:
				equal(t, "earlier text", m.Body, "")
			}
		}
		v, err = e.History(ctx, c, room, Place{})
		must(t, err)
		equal(t, "above the room", v.Pins, Pins{})
		direct := e.roomOf(t, a, c)
		mine := e.post(t, c, direct, "hello")
		for what, err := range map[string]error{"delete": e.Delete(ctx, a, direct, mine), "pin": e.Pin(ctx, a, direct, mine), "slow": e.SetSlowMode(ctx, a, direct, 10),
			"ban": e.Ban(ctx, a, direct, c.Username), "moderator": e.SetModerator(ctx, a, direct, c.Username, true), "close": e.SetOnlyModerators(ctx, a, direct, true)} {
			wantError(t, what+" between two friends", err, ErrNotFound)
		}
	})
}
