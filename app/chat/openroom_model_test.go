package chat

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"parley/db"
)

// openModel is the rules of open rooms and groups for one room, as plainly as they can be written. People are
// numbers, and all are friends.
type openModel struct {
	kind    db.RoomKind
	owner   int
	last    uint64
	members []int // those who came first before the others
	spans   map[int]db.Spans
	texts   map[uint64]string
	counts  map[uint64]int // by the entry with which somebody came or went
}

func (m *openModel) isMember(who int) bool { return slices.Contains(m.members, who) }

func (m *openModel) enter(who int) {
	m.last++
	from := m.last
	if m.kind == db.RoomOpen {
		from = 1
	}
	if len(m.members) == 0 {
		m.owner = who
	}
	m.members = append(m.members, who)
	m.spans[who] = append(m.spans[who], db.Span{From: from})
	m.counts[m.last] = len(m.members)
}

func (m *openModel) leave(who int) {
	m.last++
	m.members = slices.DeleteFunc(m.members, func(one int) bool { return one == who })
	m.spans[who][len(m.spans[who])-1].To = m.last
	m.counts[m.last] = len(m.members)
	if who == m.owner && len(m.members) > 0 {
		m.owner = m.members[0]
	}
}

func (m *openModel) do(what string, me, other int) error {
	switch {
	case what == "join" && m.kind != db.RoomOpen:
		return ErrNotFound
	case what == "join" && !m.isMember(me):
		m.enter(me)
	case what == "join":
	case !m.isMember(me):
		return ErrNotFound
	case what == "leave":
		m.leave(me)
	case what == "add" && m.isMember(other):
		return ErrAlreadyMember
	case what == "add":
		m.enter(other)
	case what == "post":
		m.last++
		m.texts[m.last] = fmt.Sprint("text ", m.last)
	case me != m.owner:
		return ErrNotFound
	case what == "remove" && (!m.isMember(other) || other == me):
		return ErrNotFound
	case what == "remove":
		m.leave(other)
	case what == "open" && m.kind != db.RoomOpen:
		m.last++
		m.kind = db.RoomOpen
		for _, who := range m.members {
			m.spans[who][len(m.spans[who])-1].From = 1
		}
	case what == "group" && m.kind != db.RoomGroup:
		m.last++
		m.kind = db.RoomGroup
	}
	return nil
}

// readable is what somebody may read now, oldest first.
func (m *openModel) readable(who int) (list []string) {
	for seq := uint64(1); seq <= m.last; seq++ {
		if text, is := m.texts[seq]; is && m.isMember(who) && m.spans[who].Has(seq) {
			list = append(list, text)
		}
	}
	return list
}

func (e *env) doInRoom(t *testing.T, room uint64, what string, me, other db.User, text string) error {
	ctx := t.Context()
	switch what {
	case "join":
		return e.JoinRoom(ctx, me, room)
	case "leave":
		return e.LeaveGroup(ctx, me, room)
	case "add":
		return e.AddMember(ctx, me, room, other.Username)
	case "remove":
		return e.RemoveMember(ctx, me, room, other.Username)
	case "open":
		return e.SetRoomKind(ctx, me, room, db.RoomOpen)
	case "group":
		return e.SetRoomKind(ctx, me, room, db.RoomGroup)
	}
	_, err := e.Post(ctx, me, room, Draft{Body: text})
	return err
}

// readAll is all that somebody reads of a room, page by page.
func (e *env) readAll(t *testing.T, who db.User, room uint64) (list []string) {
	t.Helper()
	for before := uint64(0); ; {
		page, err := e.History(t.Context(), who, room, Place{Before: before})
		must(t, err)
		var part []string
		for _, entry := range page.Entries {
			if entry.IsText() {
				part = append(part, entry.Body)
			}
		}
		list = append(part, list...)
		if before = page.Older; before == 0 {
			return list
		}
	}
}

// TestOpenRoomsAsTheModelSays drives a room through random histories of people who join, leave, add and remove
// each other, and of an owner who opens it and closes it to others.
func TestOpenRoomsAsTheModelSays(t *testing.T) {
	t.Parallel()
	onBoth(t, 5, func(t *testing.T, e *env) {
		for i, a := range e.people {
			for _, b := range e.people[:i] {
				e.makeFriends(t, a, b)
			}
		}
		for seed := range uint64(3) {
			random := rand.New(rand.NewPCG(seed, 13))
			room, err := e.CreateOpenRoom(t.Context(), e.people[0], "Square", "")
			must(t, err)
			m := &openModel{kind: db.RoomOpen, last: 1, members: []int{0}, spans: map[int]db.Spans{0: {{From: 1}}}, texts: map[uint64]string{}, counts: map[uint64]int{}}
			var history []string
			for step := range 120 {
				what := []string{"join", "join", "join", "leave", "add", "remove", "post", "post", "open", "group"}[random.IntN(10)]
				me, other := random.IntN(5), random.IntN(4)
				if other >= me {
					other++
				}
				if what == "open" || what == "group" {
					me = m.owner // or it would hardly ever be
				}
				history = append(history, fmt.Sprint(what, " ", me, " ", other))
				text := fmt.Sprint("text ", m.last+1)
				want := m.do(what, me, other)
				if got := e.doInRoom(t, room, what, e.people[me], e.people[other], text); fmt.Sprint(got) != fmt.Sprint(want) {
					t.Fatalf("seed %d, %v: got %v, want %v", seed, history, got, want)
				}
				if step%10 == 9 {
					m.mustBe(t, e, room, history)
				}
			}
		}
	})
}

// mustBe compares the room with the model, as each of the people sees it.
func (m *openModel) mustBe(t *testing.T, e *env, room uint64, history []string) {
	t.Helper()
	log := e.log(t, room)
	if uint64(len(log)) != m.last {
		t.Fatalf("%v: the log has %d entries, and should have %d", history, len(log), m.last)
	}
	for _, entry := range log {
		if n, changes := m.counts[entry.Seq]; changes && entry.Members != n {
			t.Fatalf("%v: entry %d says %d members, and should say %d", history, entry.Seq, entry.Members, n)
		}
	}
	for i, who := range e.people {
		if !m.isMember(i) {
			wantError(t, fmt.Sprint(history, " outside: ", i), e.CheckMember(t.Context(), who, room), ErrNotFound)
			continue
		}
		equalLists(t, fmt.Sprint(history, " read by ", i), e.readAll(t, who, room), m.readable(i))
	}
	heads, err := e.store.Heads(t.Context(), []uint64{room})
	must(t, err)
	equal(t, "the end of the log", heads[0].LastSeq, m.last)
}
