package chat

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"parley/app/bus"
	"parley/db"
)

// allPages reads a room from its end upwards, page by page, and checks what every page must be.
func (e *env) allPages(t *testing.T, who db.User, room uint64) (list []Entry) {
	t.Helper()
	at := Place{}
	for {
		v, err := e.History(t.Context(), who, room, at)
		must(t, err)
		equal(t, "at the end", v.AtEnd, at == Place{})
		if len(v.Entries) > PageSize || v.Older != 0 && len(v.Entries) < PageSize {
			t.Fatalf("%+v has %d entries", at, len(v.Entries))
		}
		list = slices.Concat(v.Entries, list)
		if v.Older == 0 {
			return list
		}
		if v.Older != v.Entries[0].Seq {
			t.Fatalf("%+v begins with %d, and older is below %d", at, v.Entries[0].Seq, v.Older)
		}
		at = Place{Before: v.Older}
	}
}

// longRoom is a room of two friends who parted twice, with 180 entries.
func longRoom(t *testing.T, e *env) uint64 {
	t.Helper()
	a, b := e.people[0], e.people[1]
	room := e.makeFriends(t, a, b)
	for i := 2; i <= 180; i++ {
		switch i {
		case 60, 120:
			must(t, e.RemoveFriend(t.Context(), a, b.Username))
		case 61, 121:
			e.makeFriends(t, b, a)
		default:
			e.post(t, e.people[i/3%2], room, fmt.Sprint(i))
		}
	}
	return room
}

func TestPagesTogetherAreTheWholeLog(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, room := t.Context(), e.people[0], longRoom(t, e)
		log := e.log(t, room)
		equal(t, "entries", len(log), 180)
		all := seqs(log)
		for _, who := range e.people {
			equalLists(t, "the pages together", seqs(e.allPages(t, who, room)), all)
		}
		for before, want := range map[uint64][2]int{1: {0, 0}, 2: {0, 1}, 51: {0, 50}, 52: {1, 51}, 61: {10, 60}, 62: {11, 61}, 181: {130, 180}, 999: {130, 180}, math.MaxUint64: {130, 180}} {
			v, err := e.History(ctx, a, room, Place{Before: before})
			must(t, err)
			equalLists(t, fmt.Sprint("before ", before), seqs(v.Entries), all[want[0]:want[1]])
			older := uint64(0)
			if want[0] > 0 {
				older = all[want[0]]
			}
			equal(t, fmt.Sprint("older than before ", before), v.Older, older)
			equal(t, fmt.Sprint("at the end before ", before), v.AtEnd, want[1] == 180)
		}
		for around := uint64(1); around < 190; around += 11 {
			v, err := e.History(ctx, a, room, Place{Around: around})
			must(t, err)
			here := min(around, 180)
			i := slices.Index(seqs(v.Entries), here)
			if i < 0 || len(v.Entries) > PageSize {
				t.Fatalf("around %d: %v", around, seqs(v.Entries))
			}
			if here > 25 && here < 156 {
				equal(t, fmt.Sprint("place of ", here), i, PageSize/2)
				equal(t, "entries", len(v.Entries), PageSize)
			}
			equalLists(t, fmt.Sprint("around ", around), seqs(v.Entries), all[v.Entries[0].Seq-1:v.Entries[len(v.Entries)-1].Seq])
			equal(t, fmt.Sprint("older than around ", around), v.Older != 0, v.Entries[0].Seq > 1)
			equal(t, fmt.Sprint("at the end around ", around), v.AtEnd, v.Entries[len(v.Entries)-1].Seq == 180)
		}
		v, err := e.History(ctx, a, room, Place{})
		must(t, err)
		equal(t, "friend", v.Friend.Username, e.people[1].Username)
		equal(t, "room", v.Room.ID, room)
		equal(t, "cursor", v.Cursor, bus.Cursor{Epoch: v.Room.Epoch, Seq: 180})
		equal(t, "read", v.ReadSeq, 121)
	})
}

// TestBeforeIsTheSameEverywhere checks that the entry before an entry does not depend on the page or the
// stream that shows it.
func TestBeforeIsTheSameEverywhere(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, a, b, c := t.Context(), e.people[0], e.people[1], e.people[2]
		e.makeFriends(t, a, b)
		e.makeFriends(t, a, c)
		room, err := e.CreateGroup(ctx, a, "Three", []string{b.Username})
		must(t, err)
		for i := range 4 { // c comes and goes, and does not see what is said meanwhile
			must(t, e.AddMember(ctx, a, room, c.Username))
			for range 8 {
				e.post(t, b, room, "with you")
			}
			must(t, e.React(ctx, c, room, e.post(t, c, room, "I"), "😀"))
			if i < 3 {
				must(t, e.LeaveGroup(ctx, c, room))
				must(t, e.Edit(ctx, a, room, e.post(t, a, room, "without you"), "still without you"))
			}
		}
		before := map[uint64]uint64{}
		look := func(list []Entry) {
			t.Helper()
			for _, entry := range list {
				seq := uint64(0)
				if entry.RedactedBefore != nil {
					seq = entry.RedactedBefore.Seq
				}
				if was, known := before[entry.Seq]; entry.IsListed() && known {
					equal(t, fmt.Sprint("the entry before ", entry.Seq), seq, was)
				} else if entry.IsListed() {
					before[entry.Seq] = seq
				}
			}
		}
		look(e.log(t, room))
		last := uint64(0)
		for seq := uint64(1); seq < 65; seq++ {
			if above, known := before[seq]; known {
				equal(t, "the shown entry above", above, last)
				last = seq
			}
			_, list, err := e.After(ctx, room, seq, 1+int(seq%5))
			must(t, err)
			look(list)
			v, err := e.History(ctx, c, room, []Place{{Before: seq}, {Around: seq}}[seq%2])
			must(t, err)
			look(v.Entries)
		}
		for _, reader := range []db.User{a, c} {
			for _, at := range []Place{{}, {Before: 60}, {After: 5}, {Around: 30}, {Unread: true}} {
				v, err := e.History(ctx, reader, room, at)
				must(t, err)
				look(v.Entries)
			}
		}
	})
}

// TestHiddenParts adds somebody to a group three times: they see what came while they were in it, and
// no more.
func TestHiddenParts(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		e.makeFriends(t, a, b)
		room, err := e.CreateGroup(ctx, a, "Two", nil)
		must(t, err)
		var visible []uint64
		for time := range 3 {
			for range 30 {
				e.post(t, a, room, "secret")
			}
			wantError(t, "not there", errOf(e.History(ctx, b, room, Place{})), ErrNotFound)
			must(t, e.AddMember(ctx, a, room, b.Username))
			in, err := e.Entrance(ctx, b, room)
			must(t, err)
			equal(t, "joined", in.Joined, in.Head.Seq)
			equal(t, "spans", len(in.Spans), time+1)
			equal(t, "the last of them", in.Spans[time], db.Span{From: in.Joined})
			for range 30 {
				e.post(t, a, room, "open")
			}
			switch time {
			case 0:
				must(t, e.LeaveGroup(ctx, b, room))
			case 1:
				must(t, e.RemoveMember(ctx, a, room, b.Username))
			}
			for seq, last := in.Joined, uint64(len(e.log(t, room))); seq <= last; seq++ {
				visible = append(visible, seq)
			}
		}
		list := e.allPages(t, b, room)
		equalLists(t, "seen", seqs(list), visible)
		for _, entry := range list {
			if entry.Body == "secret" {
				t.Errorf("entry %d is seen", entry.Seq)
			}
		}
		for _, hidden := range []uint64{1, 2, 31, 70, 130} {
			v, err := e.History(ctx, b, room, Place{Around: hidden})
			must(t, err)
			if slices.ContainsFunc(v.Entries, func(e Entry) bool { return e.Body == "secret" }) {
				t.Errorf("around %d: %v", hidden, seqs(v.Entries))
			}
			for what, err := range map[string]error{"reply": errOf(e.Post(ctx, b, room, Draft{Body: "x", ReplyTo: hidden})),
				"react": e.React(ctx, b, room, hidden, "😀"), "permalink": errOf(e.Permalink(ctx, b, room, hidden))} {
				if err == nil {
					t.Errorf("%s to %d, which is hidden", what, hidden)
				}
			}
		}
	})
}

// TestChangesWhileAwayStayHidden changes a message that somebody saw, while they are out of the group:
// they do not get to see what it says then, wherever they look after they were added again.
func TestChangesWhileAwayStayHidden(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		e.makeFriends(t, a, b)
		room, err := e.CreateGroup(ctx, a, "Two", []string{b.Username})
		must(t, err)
		seq := e.post(t, a, room, "first")
		must(t, e.Edit(ctx, a, room, seq, "second"))
		must(t, e.RemoveMember(ctx, a, room, b.Username))
		must(t, e.Edit(ctx, a, room, seq, "secret"))
		must(t, e.React(ctx, a, room, seq, "😀"))
		must(t, e.AddMember(ctx, a, room, b.Username))
		for who, want := range map[*db.User]string{&a: "secret", &b: "second"} {
			v, err := e.History(ctx, *who, room, Place{Around: seq})
			must(t, err)
			i := slices.IndexFunc(v.Entries, func(e Entry) bool { return e.Seq == seq })
			equal(t, "in the room", v.Entries[i].Body, want)
			m, err := e.Permalink(ctx, *who, room, seq)
			must(t, err)
			equal(t, "by itself", m.Body, want)
			equal(t, "the newest text of it", m.Texts[len(m.Texts)-1].Body, want)
			equal(t, "reactions", len(m.Reactions), map[string]int{"secret": 1}[want])
			equal(t, "found by the secret", len(e.find(t, *who, "secret")), map[string]int{"secret": 1}[want])
		}
		must(t, e.Edit(ctx, a, room, seq, "open"))
		m, err := e.Permalink(ctx, b, room, seq)
		must(t, err)
		equal(t, "changed again", m.Body, "open")
		equal(t, "its texts", len(m.Texts), 3)
		equalLists(t, "found", e.find(t, b, "open"), e.find(t, a, "open"))
		must(t, e.Delete(ctx, a, room, seq))
		wantError(t, "deleted", errOf(e.Permalink(ctx, b, room, seq)), ErrNotFound)
	})
}

// TestAPageAtTheEndKnowsIt checks that a page at the end knows it, also when the newest entries changed
// others and have no place of their own in it.
func TestAPageAtTheEndKnowsIt(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, room := t.Context(), e.people[0], e.makeFriends(t, e.people[0], e.people[1])
		first := e.post(t, a, room, "first")
		for i := range 60 {
			e.post(t, a, room, fmt.Sprint(i))
		}
		must(t, e.Edit(ctx, a, room, first, "edited"))
		must(t, e.React(ctx, a, room, first, "😀"))
		for _, at := range []Place{{}, {Around: 60}, {Around: 999}, {Before: 999}} {
			v, err := e.History(ctx, a, room, at)
			must(t, err)
			equal(t, fmt.Sprintf("%+v is at the end", at), v.AtEnd, true)
			equal(t, "cursor", v.Cursor.Seq, 64)
		}
		for _, at := range []Place{{Around: 10}, {Before: 62}, {Before: 1}} {
			v, err := e.History(ctx, a, room, at)
			must(t, err)
			equal(t, fmt.Sprintf("%+v is at the end", at), v.AtEnd, false)
		}
	})
}

// TestTheStreamGoesOnWhereThePageEnds reads pages while others post: the stream from the cursor on
// brings what the page has not, without a gap.
func TestTheStreamGoesOnWhereThePageEnds(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, room, second := t.Context(), e.makeFriends(t, e.people[0], e.people[1]), e.secondProcess(t)
		var writing sync.WaitGroup
		for i := range 4 {
			writing.Go(func() {
				for n := range 40 {
					if _, err := []*Chat{e.Chat, second}[i%2].Post(ctx, e.people[i/2], room, Draft{Body: fmt.Sprint(i, n)}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		done := make(chan struct{})
		go func() { writing.Wait(); close(done) }()
		reads := 0
		for ended := false; !ended; reads++ {
			select {
			case <-done:
				ended = true
			default:
			}
			v, err := second.History(ctx, e.people[0], room, Place{})
			must(t, err)
			equal(t, "the last of the list", v.Entries[len(v.Entries)-1].Seq, v.Cursor.Seq)
			equal(t, "at the end", v.AtEnd, true)
			_, stream, err := e.After(ctx, room, v.Cursor.Seq, 1000)
			must(t, err)
			for i, entry := range slices.Concat(v.Entries, stream) {
				equal(t, "seq", entry.Seq, v.Entries[0].Seq+uint64(i))
			}
		}
		if reads < 5 {
			t.Errorf("read only %d times", reads)
		}
		equal(t, "entries", len(e.log(t, room)), 161)
	})
}
