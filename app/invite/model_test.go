package invite

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parley/app/chat"
	"parley/db"
)

// model is the rules of invitations, as plainly as they can be written. People and invitations are numbers.
type model struct {
	now             time.Time
	invitations     []*planned
	friends, blocks map[[2]int]bool // friends in both orders
	members         map[int]map[int]bool
}

type planned struct {
	inviter, uses int
	expires       time.Time
	withRoom      bool // the one group that the inviter owns
	revoked       bool
	came          map[int]bool
}

func (m *model) isOpen(i *planned) bool {
	return !i.revoked && len(i.came) < i.uses && m.now.Before(i.expires)
}

func (m *model) state(i *planned) State {
	switch {
	case i.revoked:
		return Revoked
	case len(i.came) >= i.uses:
		return UsedUp
	case !m.now.Before(i.expires):
		return Expired
	}
	return Open
}

func (m *model) accept(i *planned, who int) error {
	switch {
	case i.came[who]:
		return nil
	case !m.isOpen(i):
		return ErrNone
	case i.inviter == who:
		return ErrOwn
	case m.blocks[[2]int{i.inviter, who}]:
		return ErrNone
	case m.blocks[[2]int{who, i.inviter}]:
		return chat.ErrBlocking
	case m.friends[[2]int{i.inviter, who}] && (!i.withRoom || m.members[i.inviter][who]):
		return nil // nothing new, so it takes no use
	}
	m.enter(i, who)
	return nil
}

func (m *model) enter(i *planned, who int) {
	i.came[who] = true
	m.setFriends(i.inviter, who, true)
	if i.withRoom {
		m.members[i.inviter][who] = true
	}
}

func (m *model) setFriends(a, b int, on bool) {
	m.friends[[2]int{a, b}], m.friends[[2]int{b, a}] = on, on
}

// TestInvitationsAsTheModelSays lets people make, revoke and accept invitations, sign up by them, block, part and
// leave at random while time passes, and compares the result of each step with the model.
func TestInvitationsAsTheModelSays(t *testing.T) {
	onBoth(t, false, func(t *testing.T, e *env) {
		steps := 1500
		if !e.store.IsSQLite() {
			steps = 300
		}
		ctx, random := t.Context(), rand.New(rand.NewPCG(20, 26))
		m := &model{now: e.clock(), friends: map[[2]int]bool{}, blocks: map[[2]int]bool{}, members: map[int]map[int]bool{}}
		var people []db.User
		var rooms []uint64
		var tokens []string
		const inviters = 3
		for n := range 5 {
			people = append(people, e.person(t, fmt.Sprint("person", n)))
			if n < inviters {
				room, err := e.chat.CreateGroup(ctx, people[n], fmt.Sprint("Group ", n), nil)
				must(t, err)
				rooms, m.members[n] = append(rooms, room), map[int]bool{n: true}
			}
		}
		seen := map[string]int{}
		newest := func() int { return max(0, len(tokens)-1-random.IntN(6)) }
		for step := range steps {
			e.advance(time.Duration(random.IntN(30)) * time.Minute)
			m.now = e.clock()
			who, what := random.IntN(len(people)), random.IntN(20)
			var got, want error
			name := "accept"
			switch {
			case what < 4 || len(tokens) == 0:
				name = "make"
				i := &planned{inviter: random.IntN(inviters), uses: 1 + random.IntN(3), withRoom: random.IntN(2) == 0, came: map[int]bool{}}
				days := 1 + random.IntN(2)
				i.expires = m.now.Add(time.Duration(days) * 24 * time.Hour)
				w := Wish{Uses: i.uses, Days: days, ServerWide: true} // which only an administrator's can be
				if i.withRoom {
					w.Rooms = []uint64{rooms[i.inviter]}
				}
				token, err := e.Make(ctx, people[i.inviter], w)
				must(t, err)
				tokens, m.invitations = append(tokens, token), append(m.invitations, i)
			case what < 6:
				name = "revoke"
				n := newest()
				i := m.invitations[n]
				got = e.Revoke(ctx, people[who], uint64(n+1))
				if want = ErrNone; i.inviter == who {
					want, i.revoked = nil, true
				}
			case what < 8:
				name = "block"
				other := random.IntN(inviters)
				pair := [2]int{who, other}
				if other == who || !m.friends[pair] && !m.blocks[pair] {
					continue
				}
				if m.blocks[pair] {
					must(t, e.chat.Unblock(ctx, people[who], people[other].Username))
					m.blocks[pair] = false
				} else {
					must(t, e.chat.Block(ctx, people[who], people[other].Username))
					m.blocks[pair] = true
					m.setFriends(who, other, false)
				}
			case what < 10:
				name = "part"
				other := random.IntN(inviters)
				if other == who || !m.friends[[2]int{who, other}] {
					continue
				}
				must(t, e.chat.RemoveFriend(ctx, people[who], people[other].Username))
				m.setFriends(who, other, false)
			case what < 12:
				name = "leave"
				owner := random.IntN(inviters)
				if owner == who || !m.members[owner][who] || m.blocks[[2]int{who, owner}] {
					continue
				}
				must(t, e.chat.LeaveGroup(ctx, people[who], rooms[owner]))
				delete(m.members[owner], who)
			case what == 12 && step%8 == 0: // hashing is slow on purpose
				name = "sign up"
				n := newest()
				i := m.invitations[n]
				u, _, err := e.SignUp(ctx, address(step), tokens[n], newcomer(fmt.Sprint("guest", step)))
				if got = err; m.isOpen(i) {
					people = append(people, u)
					m.enter(i, len(people)-1)
				} else {
					want = ErrNone
				}
			default:
				n := newest()
				_, got = e.Accept(ctx, address(step), people[who], tokens[n])
				want = m.accept(m.invitations[n], who)
			}
			if !errors.Is(got, want) || (want == nil) != (got == nil) {
				t.Fatalf("step %d, %s by %d: got %v, want %v", step, name, who, got, want)
			}
			seen[fmt.Sprint(name, " ", want)]++
			if step%10 == 0 {
				e.compare(t, m, people, rooms)
			}
			if t.Failed() {
				t.Fatalf("step %d, %s by %d", step, name, who)
			}
		}
		e.compare(t, m, people, rooms)
		for _, what := range []string{"accept <nil>", "accept " + ErrNone.Error(), "accept " + ErrOwn.Error(), "accept " + chat.ErrBlocking.Error(), "revoke <nil>", "revoke " + ErrNone.Error(), "block <nil>", "leave <nil>"} {
			if seen[what] < steps/150 {
				t.Errorf("only %d times %s: this tried too little of %v", seen[what], what, seen)
			}
		}
	})
}

// compare checks that what is stored is what the model says.
func (e *env) compare(t *testing.T, m *model, people []db.User, rooms []uint64) {
	t.Helper()
	ctx := t.Context()
	rows, err := e.store.Invitations(ctx, 0, 0, 10_000)
	must(t, err)
	if len(rows) != len(m.invitations) {
		t.Fatalf("%d invitations, want %d", len(rows), len(m.invitations))
	}
	for _, row := range rows {
		i := m.invitations[row.ID-1]
		if row.Used != len(i.came) || e.stateOf(row) != m.state(i) || row.IsOpen(m.now) != m.isOpen(i) {
			t.Errorf("invitation %d: %+v, %s, want %+v", row.ID, row, e.stateOf(row), i)
		}
	}
	for owner, room := range rooms {
		ids, err := e.store.MemberIDs(ctx, room)
		must(t, err)
		if len(ids) != len(m.members[owner]) {
			t.Errorf("room of %d has %d members, want %v", owner, len(ids), m.members[owner])
		}
	}
	for a, who := range people {
		for b, other := range people {
			friends, err := e.store.FriendsAmong(ctx, who.ID, []uint64{other.ID})
			must(t, err)
			if friends[other.ID] != m.friends[[2]int{a, b}] {
				t.Errorf("%d and %d are friends: %v", a, b, friends[other.ID])
			}
		}
	}
}
