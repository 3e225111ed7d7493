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

// roomModel is the rules of a moderated group, as plainly as they can be written. People are numbers; the order of
// members is that in which they joined.
type roomModel struct {
	owner      int
	members    []int
	moderators map[int]bool
	banned     map[int]bool
	been       map[int]bool // have ever been a member
	authors    map[uint64]int
	seen       map[uint64][]int // who was a member when a message was posted
	pins       []uint64
	slow       time.Duration
	readOnly   bool
	posted     map[int]time.Time
}

func newRoomModel(people int) *roomModel {
	m := &roomModel{moderators: map[int]bool{}, banned: map[int]bool{}, been: map[int]bool{}, authors: map[uint64]int{}, seen: map[uint64][]int{}, posted: map[int]time.Time{}}
	for i := range people {
		m.members, m.been[i] = append(m.members, i), true
	}
	return m
}

func (m *roomModel) isMember(who int) bool { return slices.Contains(m.members, who) }

func (m *roomModel) moderates(who int) bool {
	return m.isMember(who) && (who == m.owner || m.moderators[who])
}

func (m *roomModel) mayExclude(me, other int) bool {
	return m.moderates(me) && me != other && other != m.owner && (me == m.owner || !m.moderators[other])
}

func (m *roomModel) leave(who int) {
	m.members = slices.DeleteFunc(m.members, func(one int) bool { return one == who })
	delete(m.moderators, who)
	if who == m.owner && len(m.members) > 0 {
		m.owner = m.members[0]
	}
}

// do does what is asked if it is allowed, and returns the answer.
func (m *roomModel) do(what string, me, other int, seq uint64, now time.Time) error {
	author, there := m.authors[seq]
	sees := there && slices.Contains(m.seen[seq], me)
	switch what {
	case "add":
		switch {
		case !m.isMember(me):
			return ErrNotFound
		case me == other: // nobody is a friend of their own
			return ErrNotFriend
		case m.banned[other]:
			return ErrBanned
		case m.isMember(other):
			return ErrAlreadyMember
		}
		m.members, m.been[other] = append(m.members, other), true
	case "leave":
		if !m.isMember(me) {
			return ErrNotFound
		}
		m.leave(me)
	case "remove":
		if !m.mayExclude(me, other) || !m.isMember(other) {
			return ErrNotFound
		}
		m.leave(other)
	case "ban":
		if !m.mayExclude(me, other) || !m.been[other] {
			return ErrNotFound
		}
		m.leave(other)
		m.banned[other] = true
	case "unban":
		if !m.moderates(me) {
			return ErrNotFound
		}
		delete(m.banned, other)
	case "moderator", "no moderator":
		if !m.isMember(me) || me != m.owner || me == other || !m.isMember(other) {
			return ErrNotFound
		}
		m.moderators[other] = what == "moderator"
	case "owner":
		if !m.isMember(me) || me != m.owner || me != other && !m.isMember(other) {
			return ErrNotFound
		}
		m.owner = other
	case "delete":
		if !m.isMember(me) || !sees || author != me && !m.moderates(me) {
			return ErrNotFound
		}
		delete(m.authors, seq)
		m.pins = slices.DeleteFunc(m.pins, func(pin uint64) bool { return pin == seq })
	case "pin":
		switch {
		case !m.moderates(me) || !sees:
			return ErrNotFound
		case slices.Contains(m.pins, seq):
		case len(m.pins) >= maxPins:
			return ErrTooManyPins
		default:
			m.pins = append(m.pins, seq)
		}
	case "unpin":
		if !m.moderates(me) {
			return ErrNotFound
		}
		m.pins = slices.DeleteFunc(m.pins, func(pin uint64) bool { return pin == seq })
	case "slow", "not slow":
		if !m.moderates(me) {
			return ErrNotFound
		}
		if m.slow = 0; what == "slow" {
			m.slow = 30 * time.Second
		}
	case "close", "open":
		if !m.moderates(me) {
			return ErrNotFound
		}
		m.readOnly = what == "close"
	case "edit":
		switch {
		case !m.isMember(me) || !sees || author != me:
			return ErrNotFound
		case m.readOnly && !m.moderates(me):
			return ErrOnlyModerators
		}
	case "post":
		at, before := m.posted[me]
		switch {
		case !m.isMember(me):
			return ErrNotFound
		case m.moderates(me):
			return nil
		case m.readOnly:
			return ErrOnlyModerators
		case m.slow > 0 && before && now.Sub(at) < m.slow:
			return ErrSlowMode
		case m.slow > 0:
			m.posted[me] = now
		}
	}
	return nil
}

var roomActs = []string{"add", "add", "add", "leave", "remove", "ban", "unban", "moderator", "moderator", "no moderator", "owner", "delete", "delete", "pin", "pin",
	"pin", "unpin", "slow", "not slow", "close", "open", "open", "edit", "post", "post", "post", "post", "post", "post", "post"}

func (e *env) act(t *testing.T, c *Chat, what string, me, other db.User, room, seq uint64, step int) (posted uint64, err error) {
	ctx := t.Context()
	switch what {
	case "add":
		err = c.AddMember(ctx, me, room, other.Username)
	case "leave":
		err = c.LeaveGroup(ctx, me, room)
	case "remove":
		err = c.RemoveMember(ctx, me, room, other.Username)
	case "ban":
		err = c.Ban(ctx, me, room, other.Username)
	case "unban":
		err = c.Unban(ctx, me, room, other.Username)
	case "moderator", "no moderator":
		err = c.SetModerator(ctx, me, room, other.Username, what == "moderator")
	case "owner":
		err = c.TransferOwnership(ctx, me, room, other.Username)
	case "delete":
		err = c.Delete(ctx, me, room, seq)
	case "pin":
		err = c.Pin(ctx, me, room, seq)
	case "unpin":
		err = c.Unpin(ctx, me, room, seq)
	case "slow":
		err = c.SetSlowMode(ctx, me, room, 30)
	case "not slow":
		err = c.SetSlowMode(ctx, me, room, 0)
	case "close", "open":
		err = c.SetOnlyModerators(ctx, me, room, what == "close")
	case "edit":
		err = c.Edit(ctx, me, room, seq, fmt.Sprint("edit ", step))
	case "post":
		posted, err = c.Post(ctx, me, room, Draft{Body: fmt.Sprint("step ", step)})
	}
	return posted, err
}

// TestModerationAsTheModelSays lets five people do random things in a group through two processes, and compares
// each answer, and what the room then is, with the model.
func TestModerationAsTheModelSays(t *testing.T) {
	onBoth(t, 5, func(t *testing.T, e *env) {
		steps := 1500
		if !e.store.IsSQLite() {
			steps = 500
		}
		for i, a := range e.people {
			for _, b := range e.people[i+1:] {
				e.makeFriends(t, a, b)
			}
		}
		var names []string
		for _, other := range e.people[1:] {
			names = append(names, other.Username)
		}
		ctx, random, processes := t.Context(), rand.New(rand.NewPCG(13, 7)), []*Chat{e.Chat, e.secondProcess(t)}
		room, err := e.CreateGroup(ctx, e.people[0], "All", names)
		must(t, err)
		m, seqs, did := newRoomModel(len(e.people)), []uint64{999}, map[string]int{}
		for step := range steps {
			e.advance(7 * time.Second)
			what, me, other := roomActs[random.IntN(len(roomActs))], random.IntN(len(e.people)), random.IntN(len(e.people))
			if random.IntN(3) == 0 {
				me = m.owner
			}
			seq := seqs[max(0, len(seqs)-1-random.IntN(30))]
			got, want := uint64(0), m.do(what, me, other, seq, e.clock())
			got, err := e.act(t, processes[random.IntN(2)], what, e.people[me], e.people[other], room, seq, step)
			if !errors.Is(err, want) || (want == nil) != (err == nil) {
				t.Fatalf("step %d: %d to %d, %s (%d): got %v, want %v", step, me, other, what, seq, err, want)
			}
			if got != 0 {
				seqs = append(seqs, got)
				m.authors[got], m.seen[got] = me, slices.Clone(m.members)
			}
			did[fmt.Sprint(what, err == nil)]++
			if e.compareRoom(t, m, room); t.Failed() {
				t.Fatalf("step %d: after %d to %d, %s", step, me, other, what)
			}
			if len(m.members) == 0 {
				return
			}
		}
		for _, what := range roomActs {
			if did[what+"true"] < 3 {
				t.Errorf("%s was done %d times: this tried too little", what, did[what+"true"])
			}
		}
		e.checkLog(t, room)
	})
}

// compareRoom checks that a room is what the model says, for everybody.
func (e *env) compareRoom(t *testing.T, m *roomModel, room uint64) {
	t.Helper()
	ctx := t.Context()
	for i, u := range e.people {
		r, member, err := e.store.RoomOf(ctx, u.ID, room)
		equal(t, fmt.Sprint(i, " is a member"), err == nil, m.isMember(i))
		banned, banErr := e.store.IsBanned(ctx, room, u.ID)
		must(t, banErr)
		equal(t, fmt.Sprint(i, " is banned"), banned, m.banned[i])
		if err != nil {
			continue
		}
		equal(t, "owner", r.OwnerID, e.people[m.owner].ID)
		equal(t, fmt.Sprint(i, " moderates"), moderates(r, member), m.moderates(i))
		equal(t, "slow", time.Duration(r.SlowSeconds)*time.Second, m.slow)
		equal(t, "read only", r.OnlyModerators, m.readOnly)
		equal(t, "pins", r.PinCount, len(m.pins))
		v, err := e.Pinned(ctx, u, room)
		must(t, err)
		var want []uint64
		for _, pin := range slices.Backward(m.pins) {
			if slices.Contains(m.seen[pin], i) {
				want = append(want, pin)
			}
		}
		equalLists(t, fmt.Sprint("what ", i, " sees pinned"), seqs(v.Entries), want)
	}
}

// checkLog checks that the log, and the record of acts, have everything that happened in the room.
func (e *env) checkLog(t *testing.T, room uint64) {
	t.Helper()
	acts, pinned, banned := 0, map[uint64]bool{}, map[uint64]bool{}
	for _, entry := range e.log(t, room) {
		switch entry.Kind {
		case db.KindPinned:
			pinned[entry.TargetSeq] = entry.Body == "on"
		case db.KindDelete:
			delete(pinned, entry.TargetSeq)
			if entry.AboutID != 0 {
				acts++
				equal(t, "who deleted it", entry.Target.DeletedBy.ID, entry.AuthorID)
			}
		case db.KindBanned:
			banned[entry.AboutID] = true
		case db.KindUnbanned:
			delete(banned, entry.AboutID)
		case db.KindLeave:
			if entry.AboutID != entry.AuthorID {
				acts++
			}
		}
		switch entry.Kind {
		case db.KindPinned, db.KindBanned, db.KindUnbanned, db.KindModerator, db.KindSlowMode, db.KindPosting:
			acts++
		}
	}
	for _, u := range e.people {
		is, err := e.store.IsBanned(t.Context(), room, u.ID)
		must(t, err)
		equal(t, "banned by the log", banned[u.ID], is)
	}
	pins, err := e.store.PinsOf(t.Context(), room)
	must(t, err)
	n := 0
	for _, is := range pinned {
		if is {
			n++
		}
	}
	equal(t, "pinned by the log", n, len(pins))
}
