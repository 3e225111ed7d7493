package chat

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/db"
)

// square is an open room of the first person.
func (e *env) square(t *testing.T) uint64 {
	t.Helper()
	room, err := e.CreateOpenRoom(t.Context(), e.people[0], "Square", "Whatever there is to say")
	must(t, err)
	return room
}

func TestOpenRooms(t *testing.T) {
	t.Parallel()
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, ann, bob, cem := t.Context(), e.people[0], e.people[1], e.people[2]
		room := e.square(t)
		said := e.post(t, ann, room, "pineapple on pizza")
		found, _, err := e.OpenRooms(ctx, bob, nil)
		must(t, err)
		equal(t, "open rooms", len(found), 1)
		equal(t, "joined", found[0].Joined, false)
		equal(t, "members", found[0].Members, 1)
		equal(t, "about", found[0].About, "Whatever there is to say")
		equalLists(t, "found before joining", e.find(t, bob, "pineapple"), nil)
		wantError(t, "reading it before", errOf(e.History(ctx, bob, room, Place{})), ErrNotFound)
		_, err = e.Post(ctx, bob, room, Draft{Body: "hello"})
		wantError(t, "writing before", err, ErrNotFound)
		wantError(t, "bob's page before", errOf2(e.Person(ctx, bob, ann.Username)), ErrNotFound)

		must(t, e.JoinRoom(ctx, bob, room))
		must(t, e.JoinRoom(ctx, bob, room))
		equal(t, "entries", len(e.log(t, room)), 3)
		equalLists(t, "read by bob", e.readAll(t, bob, room), []string{"pineapple on pizza"})
		equalLists(t, "found by bob", e.find(t, bob, "pineapple"), []string{"pineapple on pizza"})
		list, _, err := e.Rooms(ctx, bob, RoomsPage{Size: 10})
		must(t, err)
		equal(t, "unread", list[0].Unread, 0)
		equal(t, "the last message", list[0].Said, "pineapple on pizza")
		must(t, errOf2(e.Person(ctx, bob, ann.Username)))
		must(t, e.React(ctx, bob, room, said, "😀"))
		must(t, e.MarkUnread(ctx, bob, room, said))
		list, _, err = e.Rooms(ctx, bob, RoomsPage{Size: 10})
		must(t, err)
		equal(t, "unread again, though it is from before", list[0].Unread, 1)
		e.post(t, ann, room, "hello @"+bob.Username)
		list, _, err = e.Rooms(ctx, bob, RoomsPage{Size: 10})
		must(t, err)
		equal(t, "mentions", list[0].Mentions, 1)

		must(t, e.LeaveGroup(ctx, bob, room))
		wantError(t, "reading it after", errOf(e.History(ctx, bob, room, Place{})), ErrNotFound)
		e.post(t, ann, room, "bob is away")
		must(t, e.JoinRoom(ctx, bob, room))
		equalLists(t, "read by bob again", e.readAll(t, bob, room), []string{"pineapple on pizza", "hello @" + bob.Username, "bob is away"})

		// What is not an open room cannot be joined, and looks as if it did not exist.
		group, err := e.CreateGroup(ctx, ann, "Club", nil)
		must(t, err)
		for _, other := range []uint64{group, 98765} {
			wantError(t, "joining another", e.JoinRoom(ctx, cem, other), ErrNotFound)
		}
		wantError(t, "a long about", errOf(e.CreateOpenRoom(ctx, ann, "Name", strings.Repeat("x", maxAbout+1))), ErrBadAbout)
		wantError(t, "a long about, and another name", e.DescribeGroup(ctx, ann, room, "Other", strings.Repeat("x", maxAbout+1)), ErrBadAbout)
		wantError(t, "somebody else's about", e.SetAbout(ctx, bob, room, "mine"), ErrNotFound)
		must(t, e.DescribeGroup(ctx, ann, room, "Café Größe", "Öffentliches"))
		for _, query := range []string{"cafe", "GROSSE", "cafe offentliches"} {
			found, err := e.FindOpenRooms(ctx, cem, query)
			must(t, err)
			equal(t, "found by "+query, len(found), 1)
		}
		found, err = e.FindOpenRooms(ctx, cem, "club")
		must(t, err)
		equal(t, "groups found", len(found), 0)
	})
}

func errOf2[A, B, C any](_ A, _ B, _ C, err error) error { return err }

// TestOpeningAGroup checks who sees what when a group becomes an open room, and the other way round.
func TestOpeningAGroup(t *testing.T) {
	t.Parallel()
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, ann, bob, cem, dan := t.Context(), e.people[0], e.people[1], e.people[2], e.people[3]
		for _, other := range e.people[1:] {
			e.makeFriends(t, ann, other)
		}
		room, err := e.CreateGroup(ctx, ann, "Choir", nil)
		must(t, err)
		e.post(t, ann, room, "one")
		must(t, e.AddMember(ctx, ann, room, bob.Username))
		e.post(t, ann, room, "two")
		equalLists(t, "bob in the group", e.readAll(t, bob, room), []string{"two"})
		wantError(t, "opening somebody else's", e.SetRoomKind(ctx, bob, room, db.RoomOpen), ErrNotFound)
		wantError(t, "another kind", e.SetRoomKind(ctx, ann, room, db.RoomDirect), ErrNotFound)
		must(t, e.SetRoomKind(ctx, ann, room, db.RoomOpen))
		must(t, e.SetRoomKind(ctx, ann, room, db.RoomOpen))
		must(t, e.JoinRoom(ctx, cem, room))
		equalLists(t, "bob in the open room", e.readAll(t, bob, room), []string{"one", "two"})
		equalLists(t, "cem in the open room", e.readAll(t, cem, room), []string{"one", "two"})
		must(t, e.SetRoomKind(ctx, ann, room, db.RoomGroup))
		e.post(t, ann, room, "three")
		must(t, e.AddMember(ctx, ann, room, dan.Username))
		e.post(t, ann, room, "four")
		equalLists(t, "cem in the group", e.readAll(t, cem, room), []string{"one", "two", "three", "four"})
		equalLists(t, "dan in the group", e.readAll(t, dan, room), []string{"four"})
		equalLists(t, "found by dan", e.find(t, dan, "one"), nil)
		wantError(t, "joining the group", e.JoinRoom(ctx, e.join(t, "eve"), room), ErrNotFound)
	})
}

// crowd adds n people to an open room, bypassing all rules.
func (e *env) crowd(t *testing.T, room uint64, n int) {
	t.Helper()
	for i := range n {
		name := fmt.Sprintf("crowd%d-%d", room, i)
		u := db.User{Username: name, DisplayName: "Crowd " + string(rune('A'+i%26)) + fmt.Sprint(i), TimeZone: "UTC", CreatedAt: e.clock()}
		must(t, e.store.CreateUser(t.Context(), &u))
		must(t, e.store.Tx(t.Context(), func(tx *db.DB) error {
			r, err := tx.NextSeq(t.Context(), room)
			if err != nil {
				return err
			}
			return e.enter(t.Context(), tx, r, u)
		}))
	}
}

// TestJoinsAreOneLine checks how joins that are close together are shown.
func TestJoinsAreOneLine(t *testing.T) {
	t.Parallel()
	onBoth(t, 6, func(t *testing.T, e *env) {
		ctx, ann := t.Context(), e.people[0]
		room := e.square(t)
		for _, u := range e.people[1:4] {
			must(t, e.JoinRoom(ctx, u, room))
		}
		must(t, e.LeaveGroup(ctx, e.people[1], room))
		must(t, e.JoinRoom(ctx, e.people[1], room)) // is in the line already
		lines := func() (list []string) {
			page, err := e.History(ctx, ann, room, Place{})
			must(t, err)
			for _, entry := range page.Entries {
				switch {
				case entry.IsJoinLine():
					list = append(list, fmt.Sprint(entry.About.Username, " ", entry.JoinedNext.Username, " ", entry.JoinedToo))
				case entry.Kind != db.KindGroupCreated:
					list = append(list, string(entry.Kind))
				}
			}
			return list
		}
		equalLists(t, "lines", lines(), []string{"person1 person2 2"})
		e.post(t, ann, room, "welcome")
		must(t, e.JoinRoom(ctx, e.people[4], room))
		e.advance(joinTime)
		must(t, e.JoinRoom(ctx, e.people[5], room))
		equalLists(t, "lines after a message and a while", lines(), []string{"person1 person2 2", "text", "person4  0", "person5  0"})

		// Each entry shows the line as it was with it, wherever a replay begins.
		for _, from := range []uint64{0, 2, 3, 4, 5} {
			_, list, err := e.After(ctx, room, from, 100)
			must(t, err)
			for _, entry := range list {
				if entry.Kind != db.KindJoinedToo {
					continue
				}
				shown, ok := entry.VisibleTo(db.Spans{{From: 1}})
				equal(t, "visible", ok, true)
				equal(t, fmt.Sprint("the line with entry ", entry.Seq, " after ", from), shown.Target.JoinedToo, int(entry.Seq)-2)
				equal(t, "its second", shown.Target.JoinedNext.Username, "person2")
			}
		}
		var kinds []db.MessageKind
		for _, entry := range e.log(t, room) {
			kinds = append(kinds, entry.Kind)
		}
		equalLists(t, "entries", kinds, []db.MessageKind{db.KindGroupCreated, db.KindJoin, db.KindJoinedToo, db.KindJoinedToo,
			db.KindWentAway, db.KindCameBack, db.KindText, db.KindJoin, db.KindJoin})
	})
}

// TestABurstOfJoins lets 200 people join at the same moment: each once, and all in one line.
func TestABurstOfJoins(t *testing.T) {
	t.Parallel()
	onBoth(t, 1, func(t *testing.T, e *env) {
		ctx, room := t.Context(), e.square(t)
		var all sync.WaitGroup
		for i := range 200 {
			u := e.join(t, fmt.Sprint("newcomer", i))
			all.Go(func() {
				if err := e.JoinRoom(ctx, u, room); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		page, err := e.History(ctx, e.people[0], room, Place{})
		must(t, err)
		equal(t, "lines", len(page.Entries), 2)
		equal(t, "who joined after the first", page.Entries[1].JoinedToo, 199)
		equal(t, "members", page.Members, 201)
		log := e.log(t, room)
		equal(t, "members, as the last entry says", log[len(log)-1].Members, 201)
	})
}

// TestABlockDoesNotLockOut is T66: a block of the owner hides a room that others brought me into, and not one that
// I joined by myself.
func TestABlockDoesNotLockOut(t *testing.T) {
	t.Parallel()
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, ann, bob, cem := t.Context(), e.people[0], e.people[1], e.people[2]
		e.makeFriends(t, ann, bob)
		room := e.square(t)
		must(t, e.AddMember(ctx, ann, room, bob.Username))
		must(t, e.JoinRoom(ctx, cem, room))
		must(t, e.Block(ctx, bob, ann.Username))
		must(t, e.Block(ctx, cem, ann.Username))
		wantError(t, "for bob, whom ann brought in", e.CheckMember(ctx, bob, room), ErrNotFound)
		_, err := e.Post(ctx, bob, room, Draft{Body: "hello"})
		wantError(t, "writing", err, ErrNotFound)
		must(t, e.CheckMember(ctx, cem, room))
		e.post(t, cem, room, "still here")
		found, _, err := e.OpenRooms(ctx, bob, nil)
		must(t, err)
		equal(t, "joined, for bob", found[0].Joined, false)
		must(t, e.JoinRoom(ctx, bob, room))
		e.post(t, bob, room, "here again")
		found, _, err = e.OpenRooms(ctx, bob, nil)
		must(t, err)
		equal(t, "joined by bob", found[0].Joined, true)
		equal(t, "members", found[0].Members, 3)
	})
}

// TestNewcomersAreInDefaultRooms checks it for those who sign up, and not for those who were there before.
func TestNewcomersAreInDefaultRooms(t *testing.T) {
	t.Parallel()
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, ann, bob := t.Context(), e.people[0], e.people[1]
		room, other := e.square(t), e.square(t)
		e.advance(time.Hour)
		must(t, e.SetDefaultRoom(ctx, ann, room, true))
		must(t, e.SetDefaultRoom(ctx, ann, room, true))
		e.advance(time.Second)
		var newcomers []db.User
		for i := range 30 {
			newcomers = append(newcomers, e.join(t, fmt.Sprint("new", i)))
		}
		var all sync.WaitGroup
		for _, u := range newcomers {
			all.Go(func() {
				for range 2 { // as after a failure
					if err := e.JoinDefaultRooms(ctx, u); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		must(t, e.JoinDefaultRooms(ctx, bob))
		wantError(t, "bob, who was here before", e.CheckMember(ctx, bob, room), ErrNotFound)
		wantError(t, "a room that is none", e.CheckMember(ctx, newcomers[0], other), ErrNotFound)
		page, err := e.History(ctx, ann, room, Place{})
		must(t, err)
		equal(t, "members", page.Members, 31)
		equal(t, "lines", len(page.Entries), 2)
		must(t, e.LeaveGroup(ctx, newcomers[3], room))
		must(t, e.JoinDefaultRooms(ctx, newcomers[3]))
		wantError(t, "who has left", e.CheckMember(ctx, newcomers[3], room), ErrNotFound)
		must(t, e.SetDefaultRoom(ctx, ann, room, false))
		late := e.join(t, "late")
		must(t, e.JoinDefaultRooms(ctx, late))
		wantError(t, "after it ended", e.CheckMember(ctx, late, room), ErrNotFound)
		wantError(t, "a group", e.SetDefaultRoom(ctx, ann, 98765, true), ErrNotFound)
	})
}

// TestALargeRoom checks what is read of a room with more members than a page, a completion and the names of a room
// look at.
func TestALargeRoom(t *testing.T) {
	t.Parallel()
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, ann, bob := t.Context(), e.people[0], e.people[1]
		room := e.square(t)
		early := e.post(t, ann, room, "early")
		e.crowd(t, room, 520)
		must(t, e.JoinRoom(ctx, bob, room))
		late := e.post(t, ann, room, "late")
		for _, entry := range e.log(t, room) {
			switch entry.Seq {
			case early:
				equal(t, "a username beside the name at first", entry.Author.SharesName, false)
			case late:
				equal(t, "and in a crowd", entry.Author.SharesName, true)
			}
		}
		r, err := e.Roster(ctx, ann, room, RosterPage{})
		must(t, err)
		equal(t, "members", r.Room.MemberCount, 522)
		listed := len(r.Members)
		for r.Next != nil {
			equal(t, "on a page", len(r.Members), PeoplePage)
			r, err = e.Roster(ctx, ann, room, RosterPage{After: *r.Next})
			must(t, err)
			listed += len(r.Members)
		}
		equal(t, "listed", listed, 522)
		r, err = e.Roster(ctx, ann, room, RosterPage{Query: "person1"})
		must(t, err)
		equal(t, "found", len(r.Members), 1)
		people, err := e.PeopleNamed(ctx, ann, room, "person1")
		must(t, err)
		equal(t, "suggested by username", len(people), 1)
		people, err = e.PeopleNamed(ctx, bob, room, "the")
		must(t, err)
		equal(t, "suggested by the name of somebody who wrote lately", len(people), 1)
		var here []uint64
		members, err := e.store.MembersFrom(ctx, room, db.MemberPosition{}, 300)
		must(t, err)
		for _, m := range members {
			here = append(here, m.UserID)
		}
		p, err := e.Present(ctx, room, here, []uint64{bob.ID})
		must(t, err)
		present, writing := p.For(ann.ID)
		equal(t, "present by name", len(present), 0)
		equal(t, "counted", p.OthersFor(ann.ID).Here, 299)
		equal(t, "writing", len(writing), 1)
	})
}
