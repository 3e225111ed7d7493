package chat

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parley/db"
)

// model is what the rules of friends say, as plainly as it can be said. A pair of people stands
// in the order of who does it to whom.
type model struct {
	asked, blocks, friends, met map[[2]int]bool // friends and met hold both orders
}

func newModel() *model {
	return &model{asked: map[[2]int]bool{}, blocks: map[[2]int]bool{}, friends: map[[2]int]bool{}, met: map[[2]int]bool{}}
}

func (m *model) setFriends(me, other int, on bool) {
	m.friends[[2]int{me, other}], m.friends[[2]int{other, me}] = on, on
	if on {
		m.asked[[2]int{me, other}], m.asked[[2]int{other, me}] = false, false
	}
}

func (m *model) do(what string, me, other int) error {
	mine, theirs := [2]int{me, other}, [2]int{other, me}
	switch {
	case what == "ask" && m.blocks[mine]:
		return ErrBlocking
	case what == "ask" && m.friends[mine]:
		return ErrFriends
	case what == "ask" && m.asked[theirs]:
		m.setFriends(me, other, true)
	case what == "ask":
		m.asked[mine], m.met[mine], m.met[theirs] = true, true, true
	case !m.met[mine]:
		return ErrNotFound
	case what == "accept" && m.friends[mine]:
	case what == "accept" && (!m.asked[theirs] || m.blocks[mine]):
		return ErrNoRequest
	case what == "accept":
		m.setFriends(me, other, true)
	case what == "decline" && !m.blocks[mine]:
		m.asked[theirs] = false
	case what == "cancel":
		m.asked[mine] = false
	case what == "remove":
		m.setFriends(me, other, false)
	case what == "block":
		m.blocks[mine], m.asked[mine] = true, false
		m.setFriends(me, other, false)
	case what == "unblock":
		m.blocks[mine] = false
	}
	return nil
}

func (m *model) standing(me, other int) Relation {
	mine, theirs := [2]int{me, other}, [2]int{other, me}
	switch {
	case m.blocks[mine]:
		return RelationBlocked
	case m.friends[mine]:
		return RelationFriend
	case m.asked[mine]:
		return RequestSent
	case m.asked[theirs]:
		return RequestReceived
	}
	return RelationStranger
}

// TestFriendsAsTheModelSays lets four people do random things to each other, and compares what
// each sees, and who may post, with the model.
func TestFriendsAsTheModelSays(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		steps := 1000
		if !w.store.IsSQLite() {
			steps = 300
		}
		m, random, rooms := newModel(), rand.New(rand.NewPCG(20, 26)), map[[2]int]uint64{}
		seen := map[Relation]int{}
		for step := range steps {
			w.pass(time.Hour) // as many as may be asked in a day
			me, other := random.IntN(4), random.IntN(3)
			if other >= me {
				other++
			}
			a := actions[random.IntN(len(actions))]
			got, want := a.do(w.Chat, t.Context(), w.people[me], w.people[other].Username), m.do(a.name, me, other)
			if !errors.Is(got, want) || (want == nil) != (got == nil) {
				t.Fatalf("step %d: %d to %d, %s: got %v, want %v", step, me, other, a.name, got, want)
			}
			from, to := me, other
			if step%2 == 0 {
				from, to = other, me
			}
			seen[m.standing(from, to)]++
			if w.compare(t, m, rooms, from, to); t.Failed() {
				t.Fatalf("step %d: what %d sees after %d to %d, %s", step, from, me, other, a.name)
			}
		}
		for _, s := range []Relation{RelationFriend, RequestReceived, RequestSent, RelationStranger, RelationBlocked} {
			if seen[s] < steps/40 {
				t.Errorf("only %d times %s: this tried too little", seen[s], s)
			}
		}
		for pair, room := range rooms { // every time in the room begins and ends with an entry
			open := false
			for _, e := range w.log(t, room) {
				if e.Kind == db.KindOpened == open {
					t.Fatalf("room %d of %v: a %s at %d", room, pair, e.Kind, e.Seq)
				}
				open = e.Kind != db.KindClosed
			}
			equal(t, "open at the end", open, m.friends[pair])
		}
	})
}

// compare holds that one person's view of all, and of another person, is the model's.
func (w *world) compare(t *testing.T, m *model, rooms map[[2]int]uint64, me, other int) {
	t.Helper()
	ctx, who, whom := t.Context(), w.people[me], w.people[other]
	pair := [2]int{min(me, other), max(me, other)}
	s := m.standing(me, other)
	u, standing, room, err := w.Person(ctx, who, whom.Username)
	face := db.User{}
	switch {
	case s == RelationFriend, s == RequestReceived:
		face = whom
	case s == RequestSent, s == RelationBlocked:
		face = db.User{ID: whom.ID, Username: whom.Username, DisplayName: whom.Username}
	}
	if s == RelationStranger {
		is(t, "a stranger", err, ErrNotFound)
	} else {
		must(t, err)
		equal(t, "standing", standing, s)
	}
	equal(t, "face", u, face)
	may, err := w.MaySeePerson(ctx, who, whom.ID)
	must(t, err)
	equal(t, "may see the face", may, s == RelationFriend || s == RequestReceived)
	equal(t, "has a room", room != 0, s == RelationFriend)
	if room != 0 {
		if rooms[pair] == 0 {
			rooms[pair] = room
		}
		equal(t, "the pair's room", room, rooms[pair])
	}

	people, err := w.People(ctx, who)
	must(t, err)
	listed := map[Relation][]Known{RelationFriend: people.Friends, RequestReceived: people.Incoming, RequestSent: people.Outgoing, RelationBlocked: people.Blocked}
	var inRooms []uint64
	for i, someone := range w.people {
		if i == me {
			continue
		}
		for standing, list := range listed {
			i := slices.IndexFunc(list, func(k Known) bool { return k.User.ID == someone.ID })
			equal(t, fmt.Sprintf("%s is listed as %s", someone.Username, standing), i >= 0, m.standing(me, int(someone.ID)-1) == standing)
			if i >= 0 && someone.ID == whom.ID {
				equal(t, "listed", list[i], Known{User: face, RoomID: room})
			}
			if i >= 0 && standing == RelationFriend {
				inRooms = append(inRooms, list[i].RoomID)
			}
		}
	}
	requests, err := w.Requests(ctx, who)
	must(t, err)
	equal(t, "requests", requests, len(people.Incoming))
	lines, err := w.Rooms(ctx, who)
	must(t, err)
	equal(t, "rooms", len(lines), len(inRooms))
	for _, l := range lines {
		if !slices.Contains(inRooms, l.RoomID) || l.Friend.ID == whom.ID && l.RoomID != room {
			t.Errorf("room %d with %s is listed", l.RoomID, l.Friend.Username)
		}
	}
	_, err = w.Post(ctx, who, rooms[pair], Draft{Body: "hello"})
	if s == RelationFriend {
		must(t, err)
		must(t, w.Read(ctx, who, rooms[pair], 0)) // or else the counting of unread ones takes most of the time
	} else {
		is(t, "post", err, ErrNotFound)
	}
	_, _, err = w.Enter(ctx, who, rooms[pair])
	equal(t, "may enter", err == nil, s == RelationFriend)
}
