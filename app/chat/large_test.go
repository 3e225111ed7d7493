package chat

import (
	"fmt"
	"slices"
	"testing"

	"parley/db"
)

// place is a group and an open room with the same members.
type place struct {
	group, open uint64
	members     []db.User
	middle      db.MemberPosition // of the group
}

func (p *place) ids() []uint64 {
	ids := make([]uint64, len(p.members))
	for i, u := range p.members {
		ids[i] = u.ID
	}
	return ids
}

// populate makes n new people.
func (e *env) populate(t *testing.T, prefix string, n int) (people []db.User) {
	t.Helper()
	must(t, e.store.Tx(t.Context(), func(tx *db.DB) error {
		people = make([]db.User, n)
		for i := range people {
			people[i] = db.User{Username: prefix + fmt.Sprint(i), DisplayName: fmt.Sprint("Member ", i), TimeZone: "UTC", CreatedAt: e.clock()}
			if err := tx.CreateUser(t.Context(), &people[i]); err != nil {
				return err
			}
		}
		return nil
	}))
	return people
}

// bringIn makes people members of a room, without any rule: a hundred with each seq.
func (e *env) bringIn(t *testing.T, room uint64, people []db.User) {
	t.Helper()
	must(t, e.store.Tx(t.Context(), func(tx *db.DB) error {
		for some := range slices.Chunk(people, 100) {
			r, err := tx.NextSeq(t.Context(), room)
			if err != nil {
				return err
			}
			ids := make([]uint64, len(some))
			for i, u := range some {
				ids[i] = u.ID
			}
			if err := tx.AddMembers(t.Context(), room, ids, r.LastSeq); err != nil {
				return err
			}
		}
		return nil
	}))
}

// TestAFullRoomCostsWhatASmallOneDoes does in a group and in an open room of 5,000 what it does in those of 50, with
// the same statements, and nobody else hears of it. What each statement reads is db.TestLargeRoomsAreFlat.
func TestAFullRoomCostsWhatASmallOneDoes(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, ann, bob, eve := t.Context(), e.people[0], e.people[1], e.people[2]
		e.makeFriends(t, ann, bob)
		places := map[int]*place{50: {}, maxGroup: {}}
		for size, p := range places {
			var err error
			p.group, err = e.CreateGroup(ctx, ann, fmt.Sprint("Group of ", size), nil)
			must(t, err)
			p.open, err = e.CreateOpenRoom(ctx, ann, fmt.Sprint("Room of ", size), "")
			must(t, err)
			p.members = e.populate(t, fmt.Sprintf("of%dn", size), size-2)
			for _, room := range []uint64{p.group, p.open} {
				e.bringIn(t, room, p.members)
				e.post(t, p.members[7], room, "something is said")
			}
			half, err := e.store.MembersFrom(ctx, p.group, db.MemberPosition{}, size/2)
			must(t, err)
			p.middle = half[len(half)-1]
		}
		for _, do := range []struct {
			name string
			more int // statements that only the large room takes
			do   func(p *place, size int) error
		}{
			{"room page", 0, func(p *place, size int) error {
				v, err := e.History(ctx, ann, p.group, Place{})
				equal(t, "members", v.Members, size-1)
				return err
			}},
			{"stream", 0, func(p *place, _ int) error { return errOf(e.Entrance(ctx, ann, p.open)) }},
			{"list", 0, func(p *place, _ int) error {
				_, err := e.Lists(ctx, []uint64{p.members[3].ID, p.members[4].ID})
				return err
			}},
			{"first members", 0, func(p *place, _ int) error {
				r, err := e.Roster(ctx, ann, p.group, RosterPage{})
				equal(t, "first", r.Members[0].ID, ann.ID)
				return err
			}},
			{"later members", 0, func(p *place, size int) error {
				r, err := e.Roster(ctx, ann, p.group, RosterPage{After: p.middle})
				equal(t, "in the middle", r.Members[0].ID, p.members[size/2-1].ID)
				return err
			}},
			{"last members", 0, func(p *place, _ int) error {
				m, err := e.store.MemberNow(ctx, p.group, p.members[len(p.members)-5].ID)
				must(t, err)
				r, err := e.Roster(ctx, ann, p.group, RosterPage{After: db.MemberPosition{JoinedSeq: m.JoinedSeq, UserID: m.UserID}})
				equal(t, "at the end", len(r.Members), 4)
				return err
			}},
			{"search for a member", 0, func(p *place, _ int) error {
				r, err := e.Roster(ctx, ann, p.group, RosterPage{Query: p.members[41].Username})
				equal(t, "the first found", r.Members[0].ID, p.members[41].ID)
				return err
			}},
			{"completion", 1, func(p *place, _ int) error { // of those who wrote lately, instead of all
				list, err := e.PeopleNamed(ctx, ann, p.group, p.members[7].Username)
				equal(t, "completed", list[0].ID, p.members[7].ID)
				return err
			}},
			{"somebody comes", 0, func(p *place, _ int) error {
				v, err := e.Present(ctx, p.open, []uint64{ann.ID, p.members[3].ID, p.members[9].ID}, nil)
				equal(t, "here", len(v.Here), 3)
				return err
			}},
			{"somebody comes to a crowd", 0, func(p *place, _ int) error {
				visible, err := e.Visible(ctx, p.open, []uint64{p.members[13].ID})
				must(t, err)
				equalLists(t, "visible", visible, []uint64{p.members[13].ID})
				v, err := e.PresentCrowd(ctx, p.open, p.ids(), []uint64{p.members[3].ID})
				equal(t, "here", v.OthersFor(ann.ID).Here, len(p.members))
				equal(t, "writing", len(v.Writing), 1)
				return err
			}},
			{"post", 0, func(p *place, _ int) error {
				return errOf(e.Post(ctx, ann, p.group, Draft{Key: NewKey(), Body: "Hello @" + p.members[11].Username}))
			}},
			{"add", 0, func(p *place, _ int) error { return e.AddMember(ctx, ann, p.group, bob.Username) }},
			{"remove", 0, func(p *place, _ int) error { return e.RemoveMember(ctx, ann, p.group, bob.Username) }},
			{"join", 0, func(p *place, _ int) error { return e.JoinRoom(ctx, eve, p.open) }},
			{"leave", 0, func(p *place, _ int) error { return e.LeaveGroup(ctx, eve, p.open) }},
			{"moderator", 0, func(p *place, _ int) error { return e.SetModerator(ctx, ann, p.group, p.members[5].Username, true) }},
			{"name", 0, func(p *place, _ int) error { return e.RenameGroup(ctx, ann, p.group, "Another") }},
			{"owner leaves", 0, func(p *place, _ int) error { return e.LeaveGroup(ctx, ann, p.open) }},
		} {
			took, signals := map[int]uint64{}, map[int]int{}
			for size, p := range places {
				e.published()
				before := e.store.Statements()
				must(t, do.do(p, size))
				took[size] = e.store.Statements() - before
				signals[size] = len(e.published())
			}
			t.Logf("%s: %v statements, %v signals", do.name, took, signals)
			equal(t, do.name+": statements", took[maxGroup], took[50]+uint64(do.more))
			equal(t, do.name+": signals", signals[maxGroup], signals[50])
		}

		// One more comes in, and no other.
		full := places[maxGroup].group
		must(t, e.AddMember(ctx, ann, full, bob.Username))
		e.makeFriends(t, ann, eve)
		wantError(t, "one too many", e.AddMember(ctx, ann, full, eve.Username), ErrGroupFull)
		equal(t, "who has no place", e.CheckMember(ctx, eve, full), ErrNotFound)
	})
}
