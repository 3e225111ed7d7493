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

// model is the rules of friends, as plainly as they can be written. A pair of people is in the order
// of who does it to whom.
type model struct {
	requested, blocks, friends, met map[[2]int]bool // friends and met hold both orders
}

func newModel() *model {
	return &model{requested: map[[2]int]bool{}, blocks: map[[2]int]bool{}, friends: map[[2]int]bool{}, met: map[[2]int]bool{}}
}

func (m *model) setFriends(me, other int, on bool) {
	m.friends[[2]int{me, other}], m.friends[[2]int{other, me}] = on, on
	if on {
		m.requested[[2]int{me, other}], m.requested[[2]int{other, me}] = false, false
	}
}

func (m *model) do(what string, me, other int) error {
	mine, theirs := [2]int{me, other}, [2]int{other, me}
	switch {
	case what == "request" && m.blocks[mine]:
		return ErrBlocking
	case what == "request" && m.friends[mine]:
		return ErrFriends
	case what == "request" && m.requested[theirs]:
		m.setFriends(me, other, true)
	case what == "request":
		m.requested[mine], m.met[mine], m.met[theirs] = true, true, true
	case !m.met[mine]:
		return ErrNotFound
	case what == "accept" && m.friends[mine]:
	case what == "accept" && (!m.requested[theirs] || m.blocks[mine]):
		return ErrNoRequest
	case what == "accept":
		m.setFriends(me, other, true)
	case what == "decline" && !m.blocks[mine]:
		m.requested[theirs] = false
	case what == "cancel":
		m.requested[mine] = false
	case what == "remove":
		m.setFriends(me, other, false)
	case what == "block":
		m.blocks[mine], m.requested[mine] = true, false
		m.setFriends(me, other, false)
	case what == "unblock":
		m.blocks[mine] = false
	}
	return nil
}

func (m *model) relation(me, other int) Relation {
	mine, theirs := [2]int{me, other}, [2]int{other, me}
	switch {
	case m.blocks[mine]:
		return RelationBlocked
	case m.friends[mine]:
		return RelationFriend
	case m.requested[mine]:
		return RequestSent
	case m.requested[theirs]:
		return RequestReceived
	}
	return RelationStranger
}

// TestFriendsAsTheModelSays lets four people do random things to each other, and compares what
// each sees, and who may post, with the model.
func TestFriendsAsTheModelSays(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		steps := 1000
		if !e.store.IsSQLite() {
			steps = 300
		}
		m, random, rooms := newModel(), rand.New(rand.NewPCG(20, 26)), map[[2]int]uint64{}
		seen := map[Relation]int{}
		for step := range steps {
			e.advance(time.Hour) // as many as may be asked in a day
			me, other := random.IntN(4), random.IntN(3)
			if other >= me {
				other++
			}
			a := actions[random.IntN(len(actions))]
			got, want := a.do(e.Chat, t.Context(), e.people[me], e.people[other].Username), m.do(a.name, me, other)
			if !errors.Is(got, want) || (want == nil) != (got == nil) {
				t.Fatalf("step %d: %d to %d, %s: got %v, want %v", step, me, other, a.name, got, want)
			}
			from, to := me, other
			if step%2 == 0 {
				from, to = other, me
			}
			seen[m.relation(from, to)]++
			if e.compare(t, m, rooms, from, to); t.Failed() {
				t.Fatalf("step %d: what %d sees after %d to %d, %s", step, from, me, other, a.name)
			}
		}
		for _, r := range []Relation{RelationFriend, RequestReceived, RequestSent, RelationStranger, RelationBlocked} {
			if seen[r] < steps/40 {
				t.Errorf("only %d times %s: this tried too little", seen[r], r)
			}
		}
		for pair, room := range rooms { // every membership begins and ends with an entry
			open := false
			for _, entry := range e.log(t, room) {
				if entry.Kind == db.KindOpened == open {
					t.Fatalf("room %d of %v: a %s at %d", room, pair, entry.Kind, entry.Seq)
				}
				open = entry.Kind != db.KindClosed
			}
			equal(t, "open at the end", open, m.friends[pair])
		}
	})
}

// compare checks that what one person sees of everybody, and of another person, is what the model says.
func (e *env) compare(t *testing.T, m *model, rooms map[[2]int]uint64, me, other int) {
	t.Helper()
	ctx, who, whom := t.Context(), e.people[me], e.people[other]
	pair := [2]int{min(me, other), max(me, other)}
	r := m.relation(me, other)
	u, got, room, err := e.Person(ctx, who, whom.Username)
	shown := db.User{}
	switch {
	case r == RelationFriend, r == RequestReceived:
		shown = whom
	case r == RequestSent, r == RelationBlocked:
		shown = db.User{ID: whom.ID, Username: whom.Username, DisplayName: whom.Username}
	}
	if r == RelationStranger {
		wantError(t, "a stranger", err, ErrNotFound)
	} else {
		must(t, err)
		equal(t, "relation", got, r)
	}
	u.Waits, shown.Waits = 0, 0 // which nobody is shown
	equal(t, "what is shown", u, shown)
	may, err := e.maySeePerson(ctx, who, whom.ID)
	must(t, err)
	equal(t, "may see the avatar", may, r == RelationFriend || r == RequestReceived)
	equal(t, "has a room", room != 0, r == RelationFriend)
	if room != 0 {
		if rooms[pair] == 0 {
			rooms[pair] = room
		}
		equal(t, "the pair's room", room, rooms[pair])
	}

	people, err := e.People(ctx, who)
	must(t, err)
	listed := map[Relation][]Known{RelationFriend: people.Friends, RequestReceived: people.Incoming, RequestSent: people.Outgoing, RelationBlocked: people.Blocked}
	var inRooms []uint64
	for i, someone := range e.people {
		if i == me {
			continue
		}
		for relation, list := range listed {
			i := slices.IndexFunc(list, func(k Known) bool { return k.User.ID == someone.ID })
			equal(t, fmt.Sprintf("%s is listed as %s", someone.Username, relation), i >= 0, m.relation(me, int(someone.ID)-1) == relation)
			if i >= 0 && someone.ID == whom.ID {
				listed := db.User{ID: shown.ID, Username: shown.Username, DisplayName: shown.DisplayName, PhotoID: shown.PhotoID}
				equal(t, "listed", list[i], Known{User: listed, RoomID: room})
			}
			if i >= 0 && relation == RelationFriend {
				inRooms = append(inRooms, list[i].RoomID)
			}
		}
	}
	waiting, err := e.Waiting(ctx, who)
	must(t, err)
	equal(t, "requests", waiting.Requests, len(people.Incoming))
	readers, err := e.store.Readers(ctx, []uint64{who.ID})
	must(t, err)
	equal(t, "what waits, in the list", readers[who.ID].Waiting, waiting)
	must(t, e.store.SettleWaiting(ctx, readers[who.ID].User))
	lines, _, err := e.Rooms(ctx, who, allRooms)
	must(t, err)
	equal(t, "rooms", len(lines), len(inRooms))
	for _, l := range lines {
		if !slices.Contains(inRooms, l.RoomID) || l.Friend().ID == whom.ID && l.RoomID != room {
			t.Errorf("room %d with %s is listed", l.RoomID, l.Friend().Username)
		}
	}
	_, err = e.Post(ctx, who, rooms[pair], Draft{Body: "hello"})
	if r == RelationFriend {
		must(t, err)
		must(t, e.Read(ctx, who, rooms[pair], 0)) // otherwise counting unread ones takes most of the time
	} else {
		wantError(t, "post", err, ErrNotFound)
	}
	equal(t, "is a member", e.CheckMember(ctx, who, rooms[pair]) == nil, r == RelationFriend)
	in, err := e.Entrance(ctx, who, rooms[pair])
	equal(t, "has an entrance", err == nil && len(in.Spans) > 0, r == RelationFriend)
}
