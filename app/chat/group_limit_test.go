package chat

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/db"
)

// TestGroupsHaveADailyNumber checks the limits on the groups that somebody can create in a day, and on the people that
// they bring into any, across processes; what is refused does not count.
func TestGroupsHaveADailyNumber(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, me, friend, third := t.Context(), e.people[0], e.people[1], e.people[2]
		e.makeFriends(t, me, friend)
		e.makeFriends(t, me, third)
		both := []*Chat{e.process(t, e.store, Options{Now: e.clock, Limits: true}), e.process(t, e.secondProcess(t).store, Options{Now: e.clock, Limits: true})}
		create := func(i int, names ...string) error {
			e.advance(time.Second) // for the pace of posts
			return errOf(both[i%2].CreateGroup(ctx, me, fmt.Sprint("Group ", i), names))
		}
		refused := func(what string, err, want error) {
			t.Helper()
			var later *Later
			if wantError(t, what, err, want); !errors.As(err, &later) || later.RetryAfter <= 0 || later.RetryAfter > 24*time.Hour {
				t.Errorf("%s: %v", what, err)
			}
		}
		wantError(t, "a stranger", create(0, e.people[3].Username), ErrNotFriend)
		wantError(t, "nobody", create(0, "nobody"), ErrNotFriend)
		for i := range maxGroupsPerDay {
			must(t, create(i, friend.Username))
		}
		refused("one too many", create(0, friend.Username), ErrTooManyGroups)
		refused("one without anybody", create(1), ErrTooManyGroups)
		rooms, _, err := e.Rooms(ctx, friend, allRooms)
		must(t, err)
		equal(t, "groups of the friend", len(rooms), maxGroupsPerDay+1)
		must(t, errOf(e.CreateGroup(ctx, me, "without limits", nil)))

		// Removing somebody and bringing them in again counts each time.
		room := rooms[0].RoomID
		for i := range maxBroughtInPerDay - maxGroupsPerDay {
			e.advance(time.Second)
			must(t, both[i%2].AddMember(ctx, me, room, third.Username))
			must(t, both[i%2].RemoveMember(ctx, me, room, third.Username))
		}
		e.advance(time.Second)
		refused("one more brought in", both[0].AddMember(ctx, me, room, third.Username), ErrTooManyBroughtIn)
		wantError(t, "who is in it already", both[0].AddMember(ctx, me, room, friend.Username), ErrAlreadyMember)
		e.advance(24 * time.Hour)
		must(t, both[1].AddMember(ctx, me, room, third.Username))
		must(t, create(0, friend.Username))
	})
}

// TestABlockReachesGroups checks that whoever blocks hears nothing more of the groups that the other made or
// owns, that nothing the other does brings them in or back, and that a block can be ended.
func TestABlockReachesGroups(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, me, other, third, fourth := t.Context(), e.people[0], e.people[1], e.people[2], e.people[3]
		for _, pair := range [][2]db.User{{me, other}, {other, third}, {me, third}, {other, fourth}} {
			e.makeFriends(t, pair[0], pair[1])
		}
		group := func(owner db.User, members ...db.User) uint64 {
			t.Helper()
			var names []string
			for _, u := range members {
				names = append(names, u.Username)
			}
			room, err := e.CreateGroup(ctx, owner, "Group", names)
			must(t, err)
			return room
		}
		theirs, given, mine, ours := group(other, me, third), group(other, me, third), group(me, other), group(third, me, other)
		must(t, e.TransferOwnership(ctx, other, given, me.Username))
		said := e.post(t, other, theirs, "look at this")
		shown := func(who db.User) (ids []uint64) {
			t.Helper()
			rooms, _, err := e.Rooms(ctx, who, allRooms)
			must(t, err)
			for _, r := range rooms {
				if r.Kind == db.RoomGroup {
					ids = append(ids, r.RoomID)
				}
			}
			slices.Sort(ids)
			return ids
		}
		looks := func(room uint64) map[string]error {
			return map[string]error{
				"history": errOf(e.History(ctx, me, room, Place{})), "entrance": errOf(e.Entrance(ctx, me, room)), "member": e.CheckMember(ctx, me, room),
				"read": e.Read(ctx, me, room, 0), "roster": errOf(e.Roster(ctx, me, room, RosterPage{})), "react": e.React(ctx, me, room, said, "😀"), "leave": e.LeaveGroup(ctx, me, room),
				"post": errOf(e.Post(ctx, me, room, Draft{Key: NewKey(), Body: "hello?"})),
			}
		}
		equalLists(t, "before", shown(me), []uint64{theirs, given, mine, ours})
		must(t, e.Block(ctx, me, other.Username))
		equalLists(t, "after the block", shown(me), []uint64{given, mine, ours})
		for what, err := range looks(theirs) {
			wantError(t, what, err, ErrNotFound)
		}
		e.post(t, other, theirs, "something new")
		if found := e.find(t, me, "something"); len(found) > 0 {
			t.Errorf("found: %q", found)
		}
		equalLists(t, "what the blocked one sees", shown(other), []uint64{theirs, given, mine, ours})
		wantError(t, "brought into another", errOf(e.CreateGroup(ctx, other, "Again", []string{me.Username})), ErrNotFriend)
		wantError(t, "brought in by the owner", e.AddMember(ctx, other, ours, me.Username), ErrNotFriend)

		// Neither giving the group away nor leaving it brings it back.
		must(t, e.TransferOwnership(ctx, other, theirs, third.Username))
		equalLists(t, "after it was given away", shown(me), []uint64{given, mine, ours})
		must(t, e.TransferOwnership(ctx, third, theirs, me.Username)) // and does not reveal to the owner that I cannot see it
		equalLists(t, "after it was given to me", shown(me), []uint64{theirs, given, mine, ours})
		must(t, e.TransferOwnership(ctx, me, theirs, third.Username))
		must(t, e.LeaveGroup(ctx, other, theirs))
		equalLists(t, "after the other left", shown(me), []uint64{given, mine, ours})
		// Nor does giving the group to me, or leaving it to me.
		for what, give := range map[string]func(room uint64) error{
			"given to me": func(room uint64) error { return e.TransferOwnership(ctx, other, room, me.Username) },
			"left to me":  func(room uint64) error { return e.LeaveGroup(ctx, other, room) },
			"given by a stranger": func(room uint64) error {
				must(t, e.TransferOwnership(ctx, other, room, fourth.Username))
				return e.TransferOwnership(ctx, fourth, room, me.Username)
			},
		} {
			must(t, e.Unblock(ctx, me, other.Username))
			e.makeFriends(t, me, other)
			room := group(other, me, fourth)
			must(t, e.Block(ctx, me, other.Username))
			must(t, give(room))
			equalLists(t, what, shown(me), []uint64{given, mine, ours})
			wantError(t, what, e.CheckMember(ctx, me, room), ErrNotFound)
			must(t, e.Unblock(ctx, me, other.Username))
			must(t, e.LeaveGroup(ctx, me, room)) // it is mine by now
			must(t, e.Block(ctx, me, other.Username))
		}
		// What somebody else made is hidden while the blocked one owns it.
		must(t, e.TransferOwnership(ctx, third, ours, other.Username))
		equalLists(t, "after another became theirs", shown(me), []uint64{given, mine})
		must(t, e.TransferOwnership(ctx, other, ours, third.Username))
		// A friend may bring me into a group that is hidden; it stays so.
		hidden := group(other, third)
		must(t, e.AddMember(ctx, third, hidden, me.Username))
		equalLists(t, "after a friend brought me in", shown(me), []uint64{given, mine, ours})

		must(t, e.Unblock(ctx, me, other.Username))
		equalLists(t, "after the end of the block", shown(me), []uint64{theirs, given, mine, ours, hidden})
		must(t, errOf(e.History(ctx, me, theirs, Place{})))
		must(t, e.LeaveGroup(ctx, me, theirs))
	})
}

// TestMembersCanBlockWithoutHavingMet checks that somebody who was brought into a group by another can block
// whoever made it, and that a stranger outside cannot be.
func TestMembersCanBlockWithoutHavingMet(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, me, maker, between, stranger := t.Context(), e.people[0], e.people[1], e.people[2], e.people[3]
		e.makeFriends(t, between, maker)
		e.makeFriends(t, between, me)
		room, err := e.CreateGroup(ctx, maker, "Group", []string{between.Username})
		must(t, err)
		must(t, e.AddMember(ctx, between, room, me.Username))
		wantError(t, "somebody outside", e.Block(ctx, me, stranger.Username), ErrNotFound)
		must(t, e.CheckMember(ctx, me, room))
		must(t, e.Block(ctx, me, maker.Username))
		wantError(t, "the group", e.CheckMember(ctx, me, room), ErrNotFound)
		must(t, e.Unblock(ctx, me, maker.Username))
		must(t, e.CheckMember(ctx, me, room))
	})
}

// TestWaitingRequestsGiveWay checks that a flood of requests neither grows without end nor keeps out those
// that come after it, and that whoever made room may ask again.
func TestWaitingRequestsGiveWay(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, me, early, late, foe := t.Context(), e.people[0], e.people[1], e.people[2], e.people[3]
		must(t, request(ctx, e.Chat, early, me.Username))
		must(t, request(ctx, e.Chat, foe, me.Username))
		must(t, e.Block(ctx, me, foe.Username))
		flood := func(n int) {
			for range n {
				e.advance(time.Second)
				u := e.join(t, fmt.Sprint("flood", len(e.people)))
				must(t, request(ctx, e.Chat, u, me.Username))
			}
		}
		waiting := func() (names []string) {
			t.Helper()
			p, err := e.People(ctx, me)
			must(t, err)
			for {
				for _, k := range p.Incoming {
					names = append(names, k.User.Username)
				}
				if p.NextIncoming == nil {
					return names
				}
				p, err = e.PeopleAfter(ctx, me, db.ListReceived, *p.NextIncoming)
				must(t, err)
			}
		}
		flood(maxWaitingRequests - 1)
		if names := waiting(); len(names) != maxWaitingRequests || !slices.Contains(names, early.Username) {
			t.Fatalf("%d wait", len(names))
		}
		e.published()
		must(t, request(ctx, e.Chat, late, me.Username))
		names := waiting()
		if len(names) != maxWaitingRequests || !slices.Contains(names, late.Username) || slices.Contains(names, early.Username) {
			t.Errorf("%d wait, the last one %v, the first one %v", len(names), slices.Contains(names, late.Username), slices.Contains(names, early.Username))
		}
		told := false
		for _, signal := range e.published() {
			told = told || signal.User == early.ID
		}
		equal(t, "whose request gave way gets a notice", told, true)
		_, relation, _, err := e.Person(ctx, early, me.Username)
		wantError(t, "how it looks to them", err, ErrNotFound)
		equal(t, "relation", relation, "")
		counted, err := e.Waiting(ctx, me)
		must(t, err)
		equal(t, "counted", counted.Requests, maxWaitingRequests)

		must(t, e.CancelRequest(ctx, foe, me.Username))
		must(t, request(ctx, e.Chat, foe, me.Username)) // blocked: it pushes out nobody
		equal(t, "wait after one that is blocked", len(waiting()), maxWaitingRequests)
		must(t, request(ctx, e.Chat, early, me.Username))
		if names := waiting(); !slices.Contains(names, early.Username) || !slices.Contains(names, late.Username) {
			t.Error("who asked again is not there")
		}
		must(t, e.AcceptFriend(ctx, me, early.Username))
	})
}

// TestListsComeByThePage checks that people and rooms are read by the page, each once, and that a room which
// is open is in the list whatever its place.
func TestListsComeByThePage(t *testing.T) {
	onBoth(t, 1, func(t *testing.T, e *env) {
		ctx, me := t.Context(), e.people[0]
		const n = 2*PeoplePage + 7
		for i := range n {
			e.advance(time.Hour)
			e.makeFriends(t, e.join(t, fmt.Sprint("friend", i)), me)
		}
		people, err := e.People(ctx, me)
		must(t, err)
		seen := map[string]int{}
		for pages := 1; ; pages++ {
			for _, k := range people.Friends {
				seen[k.User.Username]++
			}
			if people.NextFriends == nil {
				equal(t, "pages of friends", pages, 3)
				break
			}
			people, err = e.PeopleAfter(ctx, me, db.ListFriends, *people.NextFriends)
			must(t, err)
		}
		equal(t, "friends", len(seen), n)
		all, next, err := e.Rooms(ctx, me, allRooms)
		must(t, err)
		if len(all) != n || next != nil {
			t.Fatalf("%d rooms, then %v", len(all), next)
		}
		rooms, next, err := e.Rooms(ctx, me, RoomsPage{Size: 20})
		must(t, err)
		var ids, want []uint64
		for {
			for _, r := range rooms {
				ids = append(ids, r.RoomID)
			}
			if next == nil {
				break
			}
			rooms, next, err = e.Rooms(ctx, me, RoomsPage{Size: 20, After: next})
			must(t, err)
		}
		for _, r := range all {
			want = append(want, r.RoomID)
		}
		equalLists(t, "rooms by the page", ids, want)
		for i, with := range []uint64{want[0], want[19], want[20], want[n-1], 987654} {
			rooms, next, err = e.Rooms(ctx, me, RoomsPage{Size: 20, With: with})
			must(t, err)
			if extra := i == 2 || i == 3; len(rooms) != 20 && !extra || extra && (len(rooms) != 21 || rooms[20].RoomID != with) {
				t.Errorf("with room %d: %d rooms", with, len(rooms))
			}
			if next == nil || next.RoomID != want[19] {
				t.Errorf("with room %d: the next page begins after %v", with, next)
			}
		}
	})
}
