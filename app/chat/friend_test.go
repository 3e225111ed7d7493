package chat

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"parley/app/bus"
	"parley/db"
)

// atOnce runs functions together and collects their errors.
func atOnce(does ...func() error) []error {
	var all sync.WaitGroup
	start := make(chan struct{})
	errs := make([]error, len(does))
	for i, do := range does {
		all.Go(func() {
			<-start
			errs[i] = do()
		})
	}
	close(start)
	all.Wait()
	return errs
}

// TestCrossingRequests lets two people ask each other at the same moment, through two processes,
// for the first time and again after a removal: one friendship, one room, one time in it each.
func TestCrossingRequests(t *testing.T) {
	const rounds = 100
	each(t, 0, func(t *testing.T, w *world) {
		ctx, second := t.Context(), w.second(t)
		for i := range rounds {
			a, b := w.join(t, fmt.Sprint("a", i)), w.join(t, fmt.Sprint("b", i))
			for meeting := 1; meeting <= 1+i%2; meeting++ {
				for _, err := range atOnce(
					func() error { return ask(ctx, w.Chat, a, b.Username) },
					func() error { return ask(ctx, second, b, a.Username) },
				) {
					must(t, err)
				}
				room := w.roomOf(t, a, b)
				if i%2 == 0 { // and answers that cross: who is a friend already stays one
					for _, err := range atOnce(
						func() error { return w.AcceptFriend(ctx, a, b.Username) },
						func() error { return second.AcceptFriend(ctx, b, a.Username) },
						func() error { return second.DeclineFriend(ctx, a, b.Username) },
						func() error { return w.CancelRequest(ctx, b, a.Username) },
					) {
						must(t, err)
					}
				}
				equal(t, "room", w.roomOf(t, b, a), room)
				for _, u := range []db.User{a, b} {
					people, err := w.People(ctx, u)
					must(t, err)
					equal(t, "lists", fmt.Sprint(len(people.Friends), len(people.Incoming), len(people.Outgoing), len(people.Blocked)), "1 0 0 0")
					lines, err := w.Rooms(ctx, u)
					must(t, err)
					equal(t, "rooms", len(lines), 1)
				}
				log := w.log(t, room)
				equal(t, "entries", len(log), 2*meeting-1)
				equal(t, "the last of them", log[len(log)-1].Kind, db.KindOpened)
				if meeting <= i%2 {
					for _, err := range atOnce(
						func() error { return w.RemoveFriend(ctx, a, b.Username) },
						func() error { return second.RemoveFriend(ctx, b, a.Username) },
					) {
						must(t, err)
					}
					equal(t, "entries", len(w.log(t, room)), 2*meeting)
				}
			}
		}
	})
}

// ask leaves out what came of it.
func ask(ctx context.Context, c *Chat, me db.User, name string) error {
	_, err := c.RequestFriend(ctx, me, name)
	return err
}

func TestAskingHasLimits(t *testing.T) {
	each(t, 12, func(t *testing.T, w *world) {
		ctx, me := t.Context(), w.people[0]
		asking := func(what string, other int, want error) {
			t.Helper()
			is(t, what, ask(ctx, w.Chat, me, w.people[other].Username), want)
		}
		for other := 1; other <= askedAtOnce; other++ {
			asking("one of the first", other, nil)
			asking("the same again", other, nil)
		}
		asking("one too many at once", 6, ErrTooManyPending)
		must(t, ask(ctx, w.Chat, w.people[7], me.Username))
		friends, err := w.RequestFriend(ctx, me, w.people[7].Username)
		must(t, err)
		if !friends {
			t.Error("asking who has asked me does not tell that we are friends")
		}
		must(t, w.AcceptFriend(ctx, w.people[1], me.Username))
		asking("after one was accepted", 6, nil)
		must(t, w.DeclineFriend(ctx, w.people[2], me.Username))
		asking("after one was declined", 8, nil)
		asking("one too many again", 9, ErrTooManyPending)
		must(t, w.Block(ctx, w.people[3], me.Username))
		asking("a block leaves mine waiting", 9, ErrTooManyPending)
		for range askedPerDay - 7 {
			must(t, w.CancelRequest(ctx, me, w.people[4].Username))
			asking("again and again", 4, nil)
		}
		must(t, w.CancelRequest(ctx, me, w.people[4].Username))
		asking("one too many today", 4, ErrTooManyToday)
		asking("and still", 9, ErrTooManyToday)
		must(t, ask(ctx, w.Chat, w.people[10], me.Username))
		asking("who has asked me, today", 10, nil)
		w.pass(24 * time.Hour)
		asking("tomorrow", 4, nil)
		for name, want := range map[string]error{"": ErrNoSuchUser, "nobody": ErrNoSuchUser, "person0": ErrSelf, " @Person0 ": ErrSelf, "person1 x": ErrNoSuchUser, "' OR 1=1 -- ": ErrNoSuchUser} {
			is(t, name, ask(ctx, w.Chat, me, name), want)
		}
		is(t, "as people type", ask(ctx, w.Chat, w.people[11], " @Person4\n"), nil)
	})
}

// TestAskingManyAtOnce holds the limit where requests to different people come together.
func TestAskingManyAtOnce(t *testing.T) {
	each(t, 13, func(t *testing.T, w *world) {
		second, asks := w.second(t), make([]func() error, 0, len(w.people))
		for i, u := range w.people[1:] {
			asks = append(asks, func() error { return ask(t.Context(), []*Chat{w.Chat, second}[i%2], w.people[0], u.Username) })
		}
		sent := 0
		for _, err := range atOnce(asks...) {
			if err == nil {
				sent++
			} else {
				is(t, "one too many", err, ErrTooManyPending)
			}
		}
		equal(t, "sent", sent, askedAtOnce)
		people, err := w.People(t.Context(), w.people[0])
		must(t, err)
		equal(t, "waiting", len(people.Outgoing), askedAtOnce)
	})
}

// TestNothingToAnswer holds that who never met learns nothing, and that nothing is made of it.
func TestNothingToAnswer(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		me, other := w.people[0], w.people[1]
		for _, a := range actions[1:] {
			for _, name := range []string{other.Username, "nobody", me.Username, "", "' OR 1=1 -- "} {
				is(t, a.name+" "+name, a.do(w.Chat, t.Context(), me, name), ErrNotFound)
			}
		}
		_, err := w.store.Pair(t.Context(), me.ID, other.ID)
		is(t, "pair", err, db.ErrNotFound)
		equal(t, "rung", len(w.heard()), 0)
		is(t, "a name that is nearly one", firstError(w.Person(t.Context(), me, me.Username+" ")), ErrNotFound)
	})
}

func firstError(_ db.User, _ Relation, _ uint64, err error) error { return err }

// TestFriendsAgain ends a friendship and begins it anew: both see the whole of their room again,
// and nothing of it in between.
func TestFriendsAgain(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		ctx, a, b := t.Context(), w.people[0], w.people[1]
		room := w.friends(t, a, b)
		w.says(t, a, room, "one")
		w.heard()
		must(t, w.RemoveFriend(ctx, b, a.Username))
		same(t, "rung at the end", w.heard(), []bus.Signal{{Kind: bus.EntryAdded, Room: room, Epoch: w.epoch(t, room), Seq: 3},
			{Kind: bus.UserChanged, User: b.ID}, {Kind: bus.UserChanged, User: a.ID}})
		for _, u := range w.people {
			for what, err := range map[string]error{
				"look": errOf(w.History(ctx, u, room, Place{})), "read": w.Read(ctx, u, room, 0), "post": errOf(w.Post(ctx, u, room, Draft{Body: "x"})),
				"edit": w.Edit(ctx, u, room, 2, "x"), "delete": w.Delete(ctx, u, room, 2), "react": w.React(ctx, u, room, 2, "😀"),
			} {
				is(t, what+" by "+u.Username, err, ErrNotFound)
			}
		}
		must(t, w.RemoveFriend(ctx, b, a.Username)) // nothing to remove
		equal(t, "rung for nothing", len(w.heard()), 0)
		equal(t, "the same room", w.friends(t, b, a), room)
		w.says(t, b, room, "two")
		for _, u := range []db.User{a, b} {
			v, err := w.History(ctx, u, room, Place{})
			must(t, err)
			same(t, "what is seen", seqs(v.Entries), []uint64{1, 2, 3, 4, 5})
			spans, err := w.store.SpansOf(ctx, u.ID, room)
			must(t, err)
			same(t, "times", spans, []db.Span{{From: 1, To: 3}, {From: 4}})
		}
		is(t, "a stranger's look", errOf(w.History(ctx, w.people[2], room, Place{})), ErrNotFound)
		log := w.log(t, room)
		kinds := make([]db.MessageKind, len(log))
		for i, e := range log {
			kinds[i] = e.Kind
		}
		same(t, "log", kinds, []db.MessageKind{db.KindOpened, db.KindText, db.KindClosed, db.KindOpened, db.KindText})
	})
}

func errOf[T any](_ T, err error) error { return err }

func (w *world) epoch(t *testing.T, room uint64) uint64 {
	t.Helper()
	heads, err := w.Heads(t.Context(), []uint64{room})
	must(t, err)
	return heads[room].Epoch
}

// TestListsAreWhole reads the lists while friends come and go: a room never stands there without
// its friend, nor is a friend without a face.
func TestListsAreWhole(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		a, b := w.people[0], w.people[1]
		w.friends(t, a, b)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var reading sync.WaitGroup
		reading.Go(func() {
			for ctx.Err() == nil {
				lines, err := w.Rooms(t.Context(), a)
				if err != nil || len(lines) == 1 && lines[0].Friend != b {
					t.Errorf("rooms %+v, %v", lines, err)
					return
				}
			}
		})
		for range 40 {
			must(t, w.RemoveFriend(t.Context(), a, b.Username))
			w.pass(24 * time.Hour)
			w.friends(t, b, a)
		}
		stop()
		reading.Wait()
	})
}
