package chat

import (
	"context"
	"errors"
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

// TestCrossingRequestsMakeOneFriendship lets two people ask each other at the same moment, through two processes,
// for the first time and again after a removal: one friendship, one room, one membership each.
func TestCrossingRequestsMakeOneFriendship(t *testing.T) {
	const rounds = 100
	onBoth(t, 0, func(t *testing.T, e *env) {
		ctx, second := t.Context(), e.secondProcess(t)
		for i := range rounds {
			a, b := e.join(t, fmt.Sprint("a", i)), e.join(t, fmt.Sprint("b", i))
			for meeting := 1; meeting <= 1+i%2; meeting++ {
				for _, err := range atOnce(
					func() error { return request(ctx, e.Chat, a, b.Username) },
					func() error { return request(ctx, second, b, a.Username) },
				) {
					must(t, err)
				}
				room := e.roomOf(t, a, b)
				if i%2 == 0 { // and answers that cross: whoever is a friend already stays one
					for _, err := range atOnce(
						func() error { return e.AcceptFriend(ctx, a, b.Username) },
						func() error { return second.AcceptFriend(ctx, b, a.Username) },
						func() error { return second.DeclineFriend(ctx, a, b.Username) },
						func() error { return e.CancelRequest(ctx, b, a.Username) },
					) {
						must(t, err)
					}
				}
				equal(t, "room", e.roomOf(t, b, a), room)
				for _, u := range []db.User{a, b} {
					people, err := e.People(ctx, u)
					must(t, err)
					equal(t, "lists", fmt.Sprint(len(people.Friends), len(people.Incoming), len(people.Outgoing), len(people.Blocked)), "1 0 0 0")
					lines, _, err := e.Rooms(ctx, u, allRooms)
					must(t, err)
					equal(t, "rooms", len(lines), 1)
				}
				log := e.log(t, room)
				equal(t, "entries", len(log), 2*meeting-1)
				equal(t, "the last of them", log[len(log)-1].Kind, db.KindOpened)
				if meeting <= i%2 {
					for _, err := range atOnce(
						func() error { return e.RemoveFriend(ctx, a, b.Username) },
						func() error { return second.RemoveFriend(ctx, b, a.Username) },
					) {
						must(t, err)
					}
					equal(t, "entries", len(e.log(t, room)), 2*meeting)
				}
			}
		}
	})
}

// request leaves out whether the two are friends now.
func request(ctx context.Context, c *Chat, me db.User, name string) error {
	_, err := c.RequestFriend(ctx, me, name)
	return err
}

func TestFriendRequestsAreLimited(t *testing.T) {
	onBoth(t, 12, func(t *testing.T, e *env) {
		ctx, me := t.Context(), e.people[0]
		asking := func(what string, other int, want error) {
			t.Helper()
			wantError(t, what, request(ctx, e.Chat, me, e.people[other].Username), want)
		}
		for other := 1; other <= maxPendingRequests; other++ {
			asking("one of the first", other, nil)
			asking("the same again", other, nil)
		}
		asking("one too many at once", 6, ErrTooManyPending)
		must(t, request(ctx, e.Chat, e.people[7], me.Username))
		friends, err := e.RequestFriend(ctx, me, e.people[7].Username)
		must(t, err)
		if !friends {
			t.Error("asking somebody who has asked me does not report that we are friends")
		}
		must(t, e.AcceptFriend(ctx, e.people[1], me.Username))
		asking("after one was accepted", 6, nil)
		must(t, e.DeclineFriend(ctx, e.people[2], me.Username))
		asking("after one was declined", 8, nil)
		asking("one too many again", 9, ErrTooManyPending)
		must(t, e.Block(ctx, e.people[3], me.Username))
		asking("a block leaves mine waiting", 9, ErrTooManyPending)
		for range maxRequestsPerDay - 7 {
			must(t, e.CancelRequest(ctx, me, e.people[4].Username))
			asking("again and again", 4, nil)
		}
		must(t, e.CancelRequest(ctx, me, e.people[4].Username))
		asking("one too many today", 4, ErrTooManyToday)
		asking("and still", 9, ErrTooManyToday)
		must(t, request(ctx, e.Chat, e.people[10], me.Username))
		asking("who has asked me, today", 10, nil)
		e.advance(24 * time.Hour)
		asking("tomorrow", 4, nil)
		wantError(t, "nobody, as somebody would be", request(ctx, e.Chat, me, "nobody"), ErrTooManyPending)
		must(t, e.CancelRequest(ctx, me, e.people[4].Username))
		for name, want := range map[string]error{"": ErrNoSuchUser, "nobody": ErrNoSuchUser, "person0": ErrSelf, " @Person0 ": ErrSelf, "person1 x": ErrNoSuchUser, "' OR 1=1 -- ": ErrNoSuchUser} {
			wantError(t, name, request(ctx, e.Chat, me, name), want)
		}
		wantError(t, "as people type", request(ctx, e.Chat, e.people[11], " @Person4\n"), nil)
	})
}

// TestNamesAreCountedBeforeTheyAreLookedUp checks that nobody can go through a list of names: those that
// nobody has count like the others, over processes, and the refusal is the same for all.
func TestNamesAreCountedBeforeTheyAreLookedUp(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, me, both := t.Context(), e.people[0], []*Chat{e.Chat, e.secondProcess(t)}
		for i := range maxNamesPerDay {
			name, want := fmt.Sprint("nobody", i), ErrNoSuchUser
			if i%10 == 0 {
				name, want = e.people[1].Username, nil
			}
			wantError(t, name, request(ctx, both[i%2], me, name), want)
		}
		for i, name := range []string{"nobody", e.people[1].Username, e.people[2].Username, ""} {
			err := request(ctx, both[i%2], me, name)
			var later *Later
			if wantError(t, name, err, ErrTooManyNames); !errors.As(err, &later) || later.RetryAfter <= 0 || later.RetryAfter > 24*time.Hour {
				t.Errorf("%s: %v", name, err)
			}
		}
		wantError(t, "my own", request(ctx, e.Chat, me, me.Username), ErrSelf)
		must(t, request(ctx, e.Chat, e.people[1], e.people[2].Username))
		_, err := e.store.Pair(ctx, 0, me.ID)
		wantError(t, "a pair with nobody", err, db.ErrNotFound)
		e.advance(24 * time.Hour)
		must(t, request(ctx, e.Chat, me, e.people[2].Username))
	})
}

// TestConcurrentFriendRequestsAreLimited checks that the limit holds for requests to different people at the same
// moment.
func TestConcurrentFriendRequestsAreLimited(t *testing.T) {
	onBoth(t, 13, func(t *testing.T, e *env) {
		second, asks := e.secondProcess(t), make([]func() error, 0, len(e.people))
		for i, u := range e.people[1:] {
			asks = append(asks, func() error { return request(t.Context(), []*Chat{e.Chat, second}[i%2], e.people[0], u.Username) })
		}
		sent := 0
		for _, err := range atOnce(asks...) {
			if err == nil {
				sent++
			} else {
				wantError(t, "one too many", err, ErrTooManyPending)
			}
		}
		equal(t, "sent", sent, maxPendingRequests)
		people, err := e.People(t.Context(), e.people[0])
		must(t, err)
		equal(t, "waiting", len(people.Outgoing), maxPendingRequests)
	})
}

// TestStrangersHaveNothingToAnswer checks that people who never met learn nothing of each other, and
// that nothing is stored.
func TestStrangersHaveNothingToAnswer(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		me, other := e.people[0], e.people[1]
		for _, a := range actions[1:] {
			for _, name := range []string{other.Username, "nobody", me.Username, "", "' OR 1=1 -- "} {
				wantError(t, a.name+" "+name, a.do(e.Chat, t.Context(), me, name), ErrNotFound)
			}
		}
		_, err := e.store.Pair(t.Context(), me.ID, other.ID)
		wantError(t, "pair", err, db.ErrNotFound)
		equal(t, "signals", len(e.published()), 0)
		wantError(t, "a name that is nearly one", firstError(e.Person(t.Context(), me, me.Username+" ")), ErrNotFound)
	})
}

func firstError(_ db.User, _ Relation, _ uint64, err error) error { return err }

// TestFriendsAgainSeeTheirWholeRoom ends a friendship and begins it again: both see all of their room
// then, and nothing of it in between.
func TestFriendsAgainSeeTheirWholeRoom(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		room := e.makeFriends(t, a, b)
		e.post(t, a, room, "one")
		e.published()
		must(t, e.RemoveFriend(ctx, b, a.Username))
		equalLists(t, "signals at the end", e.published(), []bus.Signal{{Kind: bus.EntryAdded, Room: room, Epoch: e.epoch(t, room), Seq: 3},
			{Kind: bus.UserChanged, User: b.ID}, {Kind: bus.UserChanged, User: a.ID}})
		for _, u := range e.people {
			for what, err := range map[string]error{
				"look": errOf(e.History(ctx, u, room, Place{})), "read": e.Read(ctx, u, room, 0), "post": errOf(e.Post(ctx, u, room, Draft{Body: "x"})),
				"edit": e.Edit(ctx, u, room, 2, "x"), "delete": e.Delete(ctx, u, room, 2), "react": e.React(ctx, u, room, 2, "😀"),
			} {
				wantError(t, what+" by "+u.Username, err, ErrNotFound)
			}
		}
		must(t, e.RemoveFriend(ctx, b, a.Username)) // nothing to remove
		equal(t, "signals for nothing", len(e.published()), 0)
		equal(t, "the same room", e.makeFriends(t, b, a), room)
		e.post(t, b, room, "two")
		for _, u := range []db.User{a, b} {
			v, err := e.History(ctx, u, room, Place{})
			must(t, err)
			equalLists(t, "what is seen", seqs(v.Entries), []uint64{1, 2, 3, 4, 5})
			spans, err := e.store.SpansOf(ctx, u.ID, room)
			must(t, err)
			equalLists(t, "spans", spans, db.Spans{{From: 1, To: 3}, {From: 4}})
		}
		wantError(t, "a stranger's look", errOf(e.History(ctx, e.people[2], room, Place{})), ErrNotFound)
		log := e.log(t, room)
		kinds := make([]db.MessageKind, len(log))
		for i, entry := range log {
			kinds[i] = entry.Kind
		}
		equalLists(t, "log", kinds, []db.MessageKind{db.KindOpened, db.KindText, db.KindClosed, db.KindOpened, db.KindText})
	})
}

func errOf[T any](_ T, err error) error { return err }

func (e *env) epoch(t *testing.T, room uint64) uint64 {
	t.Helper()
	heads, err := e.Heads(t.Context(), []uint64{room})
	must(t, err)
	return heads[room].Epoch
}

// TestRoomListsAreConsistent reads room lists while friends come and go: a room is never listed without
// its friend.
func TestRoomListsAreConsistent(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		a, b := e.people[0], e.people[1]
		e.makeFriends(t, a, b)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var reading sync.WaitGroup
		reading.Go(func() {
			for ctx.Err() == nil {
				lines, _, err := e.Rooms(t.Context(), a, allRooms)
				if err != nil || len(lines) == 1 && lines[0].Friend().ID != b.ID {
					t.Errorf("rooms %+v, %v", lines, err)
					return
				}
			}
		})
		for range 40 {
			must(t, e.RemoveFriend(t.Context(), a, b.Username))
			e.advance(24 * time.Hour)
			e.makeFriends(t, b, a)
		}
		stop()
		reading.Wait()
	})
}

// TestBlocksEndSoOftenADay checks that nobody makes what is kept of everybody's lists useless all day long, and that
// blocking stays possible.
func TestBlocksEndSoOftenADay(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, me, other := t.Context(), e.people[0], e.people[1].Username
		e.makeFriends(t, me, e.people[1])
		both := []*Chat{e.process(t, e.store, Options{Now: e.clock, Limits: true}), e.process(t, e.secondProcess(t).store, Options{Now: e.clock, Limits: true})}
		for i := range maxUnblocksPerDay {
			must(t, both[i%2].Block(ctx, me, other))
			must(t, both[i%2].Unblock(ctx, me, other))
			must(t, both[i%2].Unblock(ctx, me, other)) // changes nothing, and does not count
		}
		must(t, both[0].Block(ctx, me, other))
		var later *Later
		if err := both[1].Unblock(ctx, me, other); !errors.As(err, &later) || !errors.Is(err, ErrTooManyUnblocks) || later.RetryAfter > 24*time.Hour {
			t.Errorf("one more: %v", err)
		}
		pair, err := e.store.Pair(ctx, me.ID, e.people[1].ID)
		must(t, err)
		equal(t, "blocked", pair.Blocks(me.ID), true)
		e.advance(24 * time.Hour)
		must(t, both[0].Unblock(ctx, me, other))
	})
}
