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

// TestBlockLooksLikeRemoval makes two worlds with the same history. In one, somebody blocks
// another; in the other they only end what was between them. Whatever the other does then, it
// must look the same to them, down to the order of their lists and to what wakes their pages.
func TestBlockLooksLikeRemoval(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		twoWorlds(t, 16, newWorld(t, "sqlite:"+t.TempDir()+"/parley.db", 0), newWorld(t, "sqlite:"+t.TempDir()+"/parley.db", 0))
	})
	t.Run("mariadb", func(t *testing.T) { twoWorlds(t, 6, newWorld(t, rig.MySQL(t), 0), newWorld(t, rig.MySQL(t), 0)) })
}

func twoWorlds(t *testing.T, stories int, worlds ...*world) {
	t.Helper()
	for story := range uint64(stories) {
		for _, w := range worlds {
			w.people = nil
			for i := range 4 {
				w.join(t, fmt.Sprintf("person%d.%d", story, i))
			}
		}
		tell(t, story, worlds)
	}
}

func tell(t *testing.T, seed uint64, worlds []*world) {
	t.Helper()
	const blocker, blocked = 0, 1
	random := rand.New(rand.NewPCG(seed, 7))
	both := func(what string, do func(w *world) any) {
		t.Helper()
		var got [2]string
		for i, w := range worlds {
			got[i] = fmt.Sprintf("%+v", do(w))
		}
		if got[0] != got[1] {
			t.Fatalf("seed %d: %s:\nblocked: %s\nremoved: %s", seed, what, got[0], got[1])
		}
	}
	act := func(me, other int, a action) {
		t.Helper()
		both(fmt.Sprintf("%d to %d: %s", me, other, a.name), func(w *world) any {
			w.pass(time.Hour)
			return a.do(w.Chat, t.Context(), w.people[me], w.people[other].Username)
		})
	}
	anything := func(me int) (int, action) {
		other := random.IntN(3)
		if other >= me {
			other++
		}
		return other, actions[random.IntN(len(actions))]
	}
	act(blocked, blocker, actions[0]) // whom one never met cannot be blocked
	for range 5 + random.IntN(25) {
		me := random.IntN(4)
		other, a := anything(me)
		if random.IntN(2) == 0 {
			a = actions[0] // requests that wait are what a block can disturb
		}
		if me == blocker && other == blocked && strings.Contains(a.name, "block") {
			continue // the fork is the first block
		}
		act(me, other, a)
	}
	for i, w := range worlds {
		w.heard()
		w.pass(time.Hour)
		a, b := w.people[blocker], w.people[blocked]
		if i == 0 {
			must(t, w.Block(t.Context(), a, b.Username))
		} else {
			must(t, w.RemoveFriend(t.Context(), a, b.Username))
			must(t, w.CancelRequest(t.Context(), a, b.Username))
		}
	}
	for step := range 10 {
		both(fmt.Sprintf("step %d: the view", step), func(w *world) any { return w.view(t, w.people[blocked]) })
		both(fmt.Sprintf("step %d: what wakes their pages", step), func(w *world) any { return w.wakes(w.people[blocked]) })
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

// view is all that somebody can find out: their lists, and each person, face and room.
func (w *world) view(t *testing.T, me db.User) any {
	t.Helper()
	ctx := t.Context()
	var all []any
	add := func(values ...any) { all = append(all, values...) }
	people, err := w.People(ctx, me)
	add(people, err)
	n, err := w.Requests(ctx, me)
	add(n, err)
	lines, err := w.Rooms(ctx, me)
	for _, l := range lines {
		if l.SaidAt != nil {
			add(*l.SaidAt)
			l.SaidAt = nil
		}
		add(l)
	}
	add(err)
	for _, u := range w.people {
		who, standing, room, err := w.Person(ctx, me, u.Username)
		add(who, standing, room, err)
		may, err := w.MaySeePerson(ctx, me, u.ID)
		add(may, err)
	}
	for _, u := range w.people {
		pair, err := w.store.Pair(ctx, me.ID, u.ID)
		if err != nil {
			continue
		}
		room := pair.RoomID
		v, err := w.History(ctx, me, room, Place{})
		add(seqs(v.Entries), v.Cursor, err)
		joined, head, err := w.Enter(ctx, me, room)
		add(joined, head, err)
		add(w.Read(ctx, me, room, 0))
		seq, err := w.Post(ctx, me, room, Draft{Body: "still there?"})
		add(seq, err)
	}
	return all
}

// wakes is what was rung since it was asked last, and reaches the pages of this person.
func (w *world) wakes(me db.User) (list []bus.Signal) {
	for _, s := range w.heard() {
		if s.Kind != bus.UserChanged || s.User == me.ID {
			list = append(list, s)
		}
	}
	return list
}

// TestFaceless holds that of somebody who has not let me see more, nothing but the name is shown,
// whatever else an account comes to have.
func TestFaceless(t *testing.T) {
	u := db.User{ID: 7, Username: "alice", DisplayName: "Alice", PasswordHash: "x", PhotoID: 3, TimeZone: "Europe/Berlin", CreatedAt: time.Now()}
	if got := faceless(u); !reflect.DeepEqual(got, db.User{ID: 7, Username: "alice", DisplayName: "alice"}) {
		t.Errorf("shown: %+v", got)
	}
}
