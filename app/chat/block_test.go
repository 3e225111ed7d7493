package chat

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley/app/bus"
	"parley/db"
	"parley/e2e/rig"
)

// TestBlockLooksLikeRemoval gives two databases the same history. In one, somebody blocks another;
// in the other they only end what was between them. Whatever the other does then, it must look the
// same to them, down to the order of their lists and to the signals that their pages get.
func TestBlockLooksLikeRemoval(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		compareBlock(t, 8, newEnv(t, "sqlite:"+t.TempDir()+"/parley.db", 0), newEnv(t, "sqlite:"+t.TempDir()+"/parley.db", 0))
	})
	t.Run("mariadb", func(t *testing.T) { compareBlock(t, 6, newEnv(t, rig.MySQL(t), 0), newEnv(t, rig.MySQL(t), 0)) })
}

func compareBlock(t *testing.T, stories int, envs ...*env) {
	t.Helper()
	for story := range uint64(stories) {
		for _, e := range envs {
			e.people = nil
			for i := range 4 {
				e.join(t, fmt.Sprintf("person%d.%d", story, i))
			}
		}
		playStory(t, story, envs)
	}
}

func playStory(t *testing.T, seed uint64, envs []*env) {
	t.Helper()
	const blocker, blocked = 0, 1
	random := rand.New(rand.NewPCG(seed, 7))
	both := func(what string, do func(e *env) any) {
		t.Helper()
		var got [2]string
		for i, e := range envs {
			got[i] = fmt.Sprintf("%+v", do(e))
		}
		if got[0] != got[1] {
			t.Fatalf("seed %d: %s:\nblocked: %s\nremoved: %s", seed, what, got[0], got[1])
		}
	}
	act := func(me, other int, a action) {
		t.Helper()
		both(fmt.Sprintf("%d to %d: %s", me, other, a.name), func(e *env) any {
			e.advance(time.Hour)
			return a.do(e.Chat, t.Context(), e.people[me], e.people[other].Username)
		})
	}
	anything := func(me int) (int, action) {
		other := random.IntN(3)
		if other >= me {
			other++
		}
		return other, actions[random.IntN(len(actions))]
	}
	act(blocked, blocker, actions[0]) // only people who have met can block each other
	for range 5 + random.IntN(25) {
		me := random.IntN(4)
		other, a := anything(me)
		if random.IntN(2) == 0 {
			a = actions[0] // pending requests are what a block can disturb
		}
		if me == blocker && other == blocked && strings.Contains(a.name, "block") {
			continue // the first block is the difference between the two
		}
		act(me, other, a)
	}
	for i, e := range envs {
		e.published()
		e.advance(time.Hour)
		a, b := e.people[blocker], e.people[blocked]
		if i == 0 {
			must(t, e.Block(t.Context(), a, b.Username))
		} else {
			must(t, e.RemoveFriend(t.Context(), a, b.Username))
			must(t, e.CancelRequest(t.Context(), a, b.Username))
		}
	}
	for step := range 10 {
		both(fmt.Sprintf("step %d: the view", step), func(e *env) any { return e.everythingSeen(t, e.people[blocked]) })
		both(fmt.Sprintf("step %d: the signals", step), func(e *env) any { return e.signalsFor(e.people[blocked]) })
		me := []int{1, 1, 1, 0, 2, 3}[random.IntN(6)]
		other, a := anything(me)
		if me == blocked && random.IntN(2) == 0 {
			other = blocker
		}
		if me == blocker && other == blocked {
			continue // what the blocker does to them later is another story
		}
		act(me, other, a)
	}
}

// everythingSeen is all that somebody can find out: their lists, and each person, avatar and room.
func (e *env) everythingSeen(t *testing.T, me db.User) any {
	t.Helper()
	ctx := t.Context()
	var all []any
	add := func(values ...any) { all = append(all, values...) }
	people, err := e.People(ctx, me)
	add(people, err)
	waiting, err := e.Waiting(ctx, me)
	add(waiting, err)
	lines, _, err := e.Rooms(ctx, me, allRooms)
	for _, l := range lines {
		row := *l.RoomSummary
		if row.SaidAt != nil {
			add(*row.SaidAt)
			row.SaidAt = nil
		}
		row.RoomVersion = "" // which nobody sees
		add(row, l.SharesName)
	}
	add(err)
	for _, u := range e.people {
		who, relation, room, err := e.Person(ctx, me, u.Username)
		add(who, relation, room, err)
		may, err := e.maySeePerson(ctx, me, u.ID)
		add(may, err)
	}
	for _, u := range e.people {
		pair, err := e.store.Pair(ctx, me.ID, u.ID)
		if err != nil {
			continue
		}
		room := pair.RoomID
		v, err := e.History(ctx, me, room, Place{})
		add(seqs(v.Entries), v.Cursor, err)
		in, err := e.Entrance(ctx, me, room)
		add(in, err, e.CheckMember(ctx, me, room))
		add(e.Read(ctx, me, room, 0))
		seq, err := e.Post(ctx, me, room, Draft{Body: "still there?"})
		add(seq, err)
	}
	return all
}

// signalsFor are those since the last time that reach the pages of this person.
func (e *env) signalsFor(me db.User) (list []bus.Signal) {
	for _, s := range e.published() {
		if s.Kind != bus.UserChanged || s.User == me.ID {
			list = append(list, s)
		}
	}
	return list
}

// TestRedactedShowsTheUsernameAlone checks that nothing but the username is shown of somebody who has
// not let me see more, whatever else an account comes to have.
func TestRedactedShowsTheUsernameAlone(t *testing.T) {
	u := db.User{ID: 7, Username: "alice", DisplayName: "Alice", PasswordHash: "x", PhotoID: 3, TimeZone: "Europe/Berlin", CreatedAt: time.Now()}
	if got := redacted(u); !reflect.DeepEqual(got, db.User{ID: 7, Username: "alice", DisplayName: "alice"}) {
		t.Errorf("shown: %+v", got)
	}
}
