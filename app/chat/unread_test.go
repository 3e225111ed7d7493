package chat

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parley/db"
)

// countModel is what "unread" means, as plainly as it can be written: what others posted after a mark
// and was not deleted, up to as many as a list shows.
type countModel struct {
	kinds   [][]db.Message // by room: the log
	members []map[int]*mark
}

// mark is one person's membership of a room.
type mark struct {
	joined, read uint64
	muted        bool
}

func (m *countModel) append(room int, kind db.MessageKind, author uint64) uint64 {
	seq := uint64(len(m.kinds[room]) + 1)
	m.kinds[room] = append(m.kinds[room], db.Message{Seq: seq, Kind: kind, AuthorID: author})
	return seq
}

func (m *countModel) unread(room int, me uint64, read uint64) (n int, first uint64) {
	for _, entry := range m.kinds[room] {
		if entry.Kind == db.KindText && entry.DeleteSeq == 0 && entry.AuthorID != me && entry.Seq > read {
			if n++; first == 0 {
				first = entry.Seq
			}
		}
	}
	return min(n, maxShown), first
}

// maxShown stands for "999+".
const maxShown = 1000

// flood appends several hundred messages by one person, more than the limits would allow.
func (e *env) flood(t *testing.T, m *countModel, room int, id uint64, me db.User, n int) {
	t.Helper()
	must(t, e.store.Tx(t.Context(), func(tx *db.DB) error {
		r, err := tx.NextSaidSeqs(t.Context(), id, n)
		if err != nil {
			return err
		}
		rows := make([]db.Message, n)
		for i := range rows {
			rows[i] = db.Message{RoomID: id, Seq: r.LastSeq - uint64(n-1-i), Kind: db.KindText, AuthorID: me.ID, Body: "flood", CreatedAt: e.clock()}
		}
		return tx.InsertMessages(t.Context(), rows)
	}))
	for range n {
		m.append(room, db.KindText, me.ID)
	}
}

// TestUnreadAsTheModelSays lets four people do random things in three groups, and compares what each
// room list says after every step with a plain count.
func TestUnreadAsTheModelSays(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, random := t.Context(), rand.New(rand.NewPCG(2, 7))
		owner := e.people[0]
		for _, other := range e.people[1:] {
			e.makeFriends(t, owner, other)
		}
		m, rooms := &countModel{}, make([]uint64, 3)
		for i := range rooms {
			room, err := e.CreateGroup(ctx, owner, fmt.Sprint("Group ", i), nil)
			must(t, err)
			rooms[i] = room
			m.kinds, m.members = append(m.kinds, nil), append(m.members, map[int]*mark{0: {joined: 1, read: 1}})
			m.append(i, db.KindGroupCreated, owner.ID)
		}
		steps, did := 300, map[string]int{}
		bounded, byName := 0, 0
		for step := range steps {
			e.advance(time.Second)
			room, who := random.IntN(3), random.IntN(4)
			me, id, log := e.people[who], rooms[room], m.kinds[room]
			at, any := m.members[room][who], 1+random.Uint64N(uint64(len(log)))
			target := &log[any-1]
			may := at != nil && target.Kind == db.KindText && target.DeleteSeq == 0 && e.maySee(t, me, id, any)
			what := []string{"post", "post", "post", "post", "post", "edit", "delete", "react", "read", "open", "look back", "unread", "unread", "leave", "add", "mute", "flood"}[random.IntN(17)]
			var err error
			ok := at != nil
			switch what {
			case "post":
				if _, err = e.Post(ctx, me, id, Draft{Body: fmt.Sprint("step ", step)}); ok {
					m.append(room, db.KindText, me.ID)
				}
			case "flood":
				if ok {
					e.flood(t, m, room, id, me, 100+random.IntN(600))
				} else {
					continue
				}
			case "edit":
				ok = may && target.AuthorID == me.ID
				if err = e.Edit(ctx, me, id, any, fmt.Sprint("edit ", step)); ok {
					m.append(room, db.KindEdit, me.ID)
				}
			case "delete":
				ok = may && (target.AuthorID == me.ID || me.ID == owner.ID)
				if err = e.Delete(ctx, me, id, any); ok {
					target.DeleteSeq = 1
					m.append(room, db.KindDelete, me.ID)
				}
			case "react":
				ok = may
				if err = e.React(ctx, me, id, any, "👍"); ok {
					m.append(room, db.KindReaction, me.ID)
				}
			case "read":
				if err = e.Read(ctx, me, id, any); ok {
					at.read = max(at.read, any)
				}
			case "open", "look back":
				place := Place{}
				if what == "look back" {
					place.Around = any
				}
				var v HistoryPage
				if v, err = e.History(ctx, me, id, place); ok {
					must(t, err)
					e.checkReads(t, m, room, me, at, v)
					must(t, e.Read(ctx, me, id, max(v.Reads, 1)))
					at.read = max(at.read, v.Reads)
				}
			case "unread":
				ok = may
				if err = e.MarkUnread(ctx, me, id, any); ok {
					at.read = min(at.read, max(any-1, at.joined))
				}
			case "leave":
				if ok = ok && who != 0; who == 0 {
					continue
				}
				if err = e.LeaveGroup(ctx, me, id); ok {
					delete(m.members[room], who)
					m.append(room, db.KindLeave, me.ID)
				}
			case "add":
				if ok = at == nil; !ok {
					continue
				}
				err = e.AddMember(ctx, owner, id, me.Username)
				seq := m.append(room, db.KindJoin, owner.ID)
				m.members[room][who] = &mark{joined: seq, read: seq}
			case "mute":
				muted, level := random.IntN(2) == 0, db.NotifyAll
				if muted {
					level = db.NotifyNothing
				}
				if err = e.SetNotifyLevel(ctx, me, id, level); ok {
					at.muted = muted
				}
			}
			if ok {
				did[what]++
				must(t, err)
			} else {
				wantError(t, what, err, ErrNotFound)
			}
			if at := m.members[room][who]; at != nil {
				n, _ := m.unread(room, me.ID, at.read)
				switch behind := len(m.kinds[room]) - int(at.read); {
				case n == maxShown:
					bounded++
				case behind > 2*maxShown:
					byName++
				}
			}
			if e.compareCounts(t, m, rooms); t.Failed() {
				t.Fatalf("step %d: %s by %d in %d at %d", step, what, who, room, any)
			}
		}
		if bounded == 0 || byName == 0 {
			t.Errorf("%d counts ended, and %d were of a room where most was one's own: this tried too little", bounded, byName)
		}
		for what, n := range did {
			if n < steps/250 {
				t.Errorf("only %d times %s: this tried too little", n, what)
			}
		}
	})
}

func (e *env) maySee(t *testing.T, me db.User, room, seq uint64) bool {
	t.Helper()
	spans, err := e.store.SpansOf(t.Context(), me.ID, room)
	must(t, err)
	return spans.Has(seq)
}

// checkReads checks that a page marks no more as read than it and the pages before it have shown.
func (e *env) checkReads(t *testing.T, m *countModel, room int, me db.User, at *mark, v HistoryPage) {
	t.Helper()
	_, first := m.unread(room, me.ID, at.read)
	shown := func(seq uint64) bool {
		return slices.ContainsFunc(v.Entries, func(e Entry) bool { return e.Seq == seq })
	}
	for _, entry := range m.kinds[room] {
		if n := entry.Seq; entry.Kind == db.KindText && entry.DeleteSeq == 0 && entry.AuthorID != me.ID && n > at.read && n <= v.Reads && !shown(n) {
			t.Errorf("%d was not shown and is read with %v", n, seqs(v.Entries))
		}
	}
	if first != 0 && shown(first) && v.Reads < first {
		t.Errorf("%d was shown and is not read", first)
	}
	if first == 0 != (v.Unseen == 0) && !shown(first) && v.Entries[0].Seq > first {
		t.Errorf("unseen is %d, the first is %d, above %v", v.Unseen, first, seqs(v.Entries))
	}
}

func (e *env) compareCounts(t *testing.T, m *countModel, rooms []uint64) {
	t.Helper()
	for who, me := range e.people {
		lines, _, err := e.Rooms(t.Context(), me, allRooms)
		must(t, err)
		for i, id := range rooms {
			at, found := m.members[i][who], slices.IndexFunc(lines, func(l RoomSummary) bool { return l.RoomID == id })
			equal(t, fmt.Sprintf("room %d is in the list of %d", i, who), found >= 0, at != nil)
			if at == nil || found < 0 {
				continue
			}
			n, _ := m.unread(i, me.ID, at.read)
			equal(t, fmt.Sprintf("unread of %d in room %d", who, i), lines[found].Unread, n)
			equal(t, "muted", lines[found].Muted, at.muted)
		}
	}
}
