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

// chain reads a room from its end upwards, page by page, and holds what every page must be.
func (w *world) chain(t *testing.T, who db.User, room uint64) (list []Entry) {
	t.Helper()
	at := Place{}
	for {
		v, err := w.History(t.Context(), who, room, at)
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
func longRoom(t *testing.T, w *world) uint64 {
	t.Helper()
	a, b := w.people[0], w.people[1]
	room := w.friends(t, a, b)
	for i := 2; i <= 180; i++ {
		switch i {
		case 60, 120:
			must(t, w.RemoveFriend(t.Context(), a, b.Username))
		case 61, 121:
			w.friends(t, b, a)
		default:
			w.says(t, w.people[i/3%2], room, fmt.Sprint(i))
		}
	}
	return room
}

func TestPages(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, a, room := t.Context(), w.people[0], longRoom(t, w)
		log := w.log(t, room)
		equal(t, "entries", len(log), 180)
		all := seqs(log)
		for _, who := range w.people {
			same(t, "the pages together", seqs(w.chain(t, who, room)), all)
		}
		for before, want := range map[uint64][2]int{1: {0, 0}, 2: {0, 1}, 51: {0, 50}, 52: {1, 51}, 61: {10, 60}, 62: {11, 61}, 181: {130, 180}, 999: {130, 180}, math.MaxUint64: {130, 180}} {
			v, err := w.History(ctx, a, room, Place{Before: before})
			must(t, err)
			same(t, fmt.Sprint("before ", before), seqs(v.Entries), all[want[0]:want[1]])
			older := uint64(0)
			if want[0] > 0 {
				older = all[want[0]]
			}
			equal(t, fmt.Sprint("older than before ", before), v.Older, older)
			equal(t, fmt.Sprint("at the end before ", before), v.AtEnd, want[1] == 180)
		}
		for around := uint64(1); around < 190; around += 11 {
			v, err := w.History(ctx, a, room, Place{Around: around})
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
			same(t, fmt.Sprint("around ", around), seqs(v.Entries), all[v.Entries[0].Seq-1:v.Entries[len(v.Entries)-1].Seq])
			equal(t, fmt.Sprint("older than around ", around), v.Older != 0, v.Entries[0].Seq > 1)
			equal(t, fmt.Sprint("at the end around ", around), v.AtEnd, v.Entries[len(v.Entries)-1].Seq == 180)
		}
		v, err := w.History(ctx, a, room, Place{})
		must(t, err)
		equal(t, "friend", v.Friend, w.people[1])
		equal(t, "room", v.Room.ID, room)
		equal(t, "cursor", v.Cursor, bus.Cursor{Epoch: v.Room.Epoch, Seq: 180})
		equal(t, "read", v.ReadSeq, 121)
	})
}

// TestBeforeIsTheSameEverywhere holds that what an entry is grouped under does not depend on the
// page or the stream that shows it.
func TestBeforeIsTheSameEverywhere(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		ctx, a, b, c := t.Context(), w.people[0], w.people[1], w.people[2]
		w.friends(t, a, b)
		w.friends(t, a, c)
		room, err := w.CreateGroup(ctx, a, "Three", []string{b.Username})
		must(t, err)
		for i := range 4 { // c comes and goes, and does not see what is said meanwhile
			must(t, w.AddMember(ctx, a, room, c.Username))
			for range 8 {
				w.says(t, b, room, "with you")
			}
			must(t, w.React(ctx, c, room, w.says(t, c, room, "I"), "😀"))
			if i < 3 {
				must(t, w.LeaveGroup(ctx, c, room))
				must(t, w.Edit(ctx, a, room, w.says(t, a, room, "without you"), "still without you"))
			}
		}
		before := map[uint64]uint64{}
		look := func(list []Entry) {
			t.Helper()
			for _, e := range list {
				seq := uint64(0)
				if e.RedactedBefore != nil {
					seq = e.RedactedBefore.Seq
				}
				if was, known := before[e.Seq]; e.IsListed() && known {
					equal(t, fmt.Sprint("the entry before ", e.Seq), seq, was)
				} else if e.IsListed() {
					before[e.Seq] = seq
				}
			}
		}
		look(w.log(t, room))
		last := uint64(0)
		for seq := uint64(1); seq < 65; seq++ {
			if above, known := before[seq]; known {
				equal(t, "the shown entry above", above, last)
				last = seq
			}
			_, list, err := w.After(ctx, room, seq, 1+int(seq%5))
			must(t, err)
			look(list)
			v, err := w.History(ctx, c, room, []Place{{Before: seq}, {Around: seq}}[seq%2])
			must(t, err)
			look(v.Entries)
		}
	})
}

// TestHiddenParts brings somebody into a group twice: they see both of their times, and no more.
func TestHiddenParts(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, a, b := t.Context(), w.people[0], w.people[1]
		w.friends(t, a, b)
		room, err := w.CreateGroup(ctx, a, "Two", nil)
		must(t, err)
		var visible []uint64
		for time := range 3 {
			for range 30 {
				w.says(t, a, room, "secret")
			}
			is(t, "not there", errOf(w.History(ctx, b, room, Place{})), ErrNotFound)
			must(t, w.AddMember(ctx, a, room, b.Username))
			joined, head, err := w.Enter(ctx, b, room)
			must(t, err)
			equal(t, "joined", joined, head.Seq)
			for range 30 {
				w.says(t, a, room, "open")
			}
			switch time {
			case 0:
				must(t, w.LeaveGroup(ctx, b, room))
			case 1:
				must(t, w.RemoveMember(ctx, a, room, b.Username))
			}
			for seq, last := joined, uint64(len(w.log(t, room))); seq <= last; seq++ {
				visible = append(visible, seq)
			}
		}
		list := w.chain(t, b, room)
		same(t, "seen", seqs(list), visible)
		for _, e := range list {
			if e.Body == "secret" {
				t.Errorf("entry %d is seen", e.Seq)
			}
		}
		for _, hidden := range []uint64{1, 2, 31, 70, 130} {
			v, err := w.History(ctx, b, room, Place{Around: hidden})
			must(t, err)
			if slices.ContainsFunc(v.Entries, func(e Entry) bool { return e.Body == "secret" }) {
				t.Errorf("around %d: %v", hidden, seqs(v.Entries))
			}
			for what, err := range map[string]error{"reply": errOf(w.Post(ctx, b, room, Draft{Body: "x", ReplyTo: hidden})),
				"react": w.React(ctx, b, room, hidden, "😀"), "versions": errOf(w.Versions(ctx, b, room, hidden))} {
				if err == nil {
					t.Errorf("%s to %d, which is hidden", what, hidden)
				}
			}
		}
	})
}

// TestChangesWhileAway changes a message that somebody saw, while they are out of the group: what it
// says then is not for them, wherever they look after they were brought in again.
func TestChangesWhileAway(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, a, b := t.Context(), w.people[0], w.people[1]
		w.friends(t, a, b)
		room, err := w.CreateGroup(ctx, a, "Two", []string{b.Username})
		must(t, err)
		seq := w.says(t, a, room, "first")
		must(t, w.Edit(ctx, a, room, seq, "second"))
		must(t, w.RemoveMember(ctx, a, room, b.Username))
		must(t, w.Edit(ctx, a, room, seq, "secret"))
		must(t, w.React(ctx, a, room, seq, "😀"))
		must(t, w.AddMember(ctx, a, room, b.Username))
		for who, want := range map[*db.User]string{&a: "secret", &b: "second"} {
			v, err := w.History(ctx, *who, room, Place{Around: seq})
			must(t, err)
			i := slices.IndexFunc(v.Entries, func(e Entry) bool { return e.Seq == seq })
			equal(t, "in the room", v.Entries[i].Body, want)
			m, err := w.Permalink(ctx, *who, room, seq)
			must(t, err)
			equal(t, "by itself", m.Body, want)
			equal(t, "the newest text of it", m.Texts[len(m.Texts)-1].Body, want)
			versions, err := w.Versions(ctx, *who, room, seq)
			must(t, err)
			equal(t, "the newest version", versions[len(versions)-1].Body, want)
			equal(t, "reactions", len(m.Reactions), map[string]int{"secret": 1}[want])
			equal(t, "found by the secret", len(w.finds(t, *who, "secret")), map[string]int{"secret": 1}[want])
		}
		must(t, w.Edit(ctx, a, room, seq, "open"))
		m, err := w.Permalink(ctx, b, room, seq)
		must(t, err)
		equal(t, "changed again", m.Body, "open")
		equal(t, "its texts", len(m.Texts), 3)
		same(t, "found", w.finds(t, b, "open"), w.finds(t, a, "open"))
		must(t, w.Delete(ctx, a, room, seq))
		is(t, "deleted", errOf(w.Permalink(ctx, b, room, seq)), ErrNotFound)
	})
}

// TestEndIsTheEnd holds that a page at the end knows it, also when the newest entries changed
// others and have no place of their own in it.
func TestEndIsTheEnd(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, a, room := t.Context(), w.people[0], w.friends(t, w.people[0], w.people[1])
		first := w.says(t, a, room, "first")
		for i := range 60 {
			w.says(t, a, room, fmt.Sprint(i))
		}
		must(t, w.Edit(ctx, a, room, first, "edited"))
		must(t, w.React(ctx, a, room, first, "😀"))
		for _, at := range []Place{{}, {Around: 60}, {Around: 999}, {Before: 999}} {
			v, err := w.History(ctx, a, room, at)
			must(t, err)
			equal(t, fmt.Sprintf("%+v is at the end", at), v.AtEnd, true)
			equal(t, "cursor", v.Cursor.Seq, 64)
		}
		for _, at := range []Place{{Around: 10}, {Before: 62}, {Before: 1}} {
			v, err := w.History(ctx, a, room, at)
			must(t, err)
			equal(t, fmt.Sprintf("%+v is at the end", at), v.AtEnd, false)
		}
	})
}

// TestCursorGoesOnFromTheList looks again and again while others post: the stream from the
// cursor on brings what the list has not, without a gap.
func TestCursorGoesOnFromTheList(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, room, second := t.Context(), w.friends(t, w.people[0], w.people[1]), w.second(t)
		var writing sync.WaitGroup
		for i := range 4 {
			writing.Go(func() {
				for n := range 40 {
					if _, err := []*Chat{w.Chat, second}[i%2].Post(ctx, w.people[i/2], room, Draft{Body: fmt.Sprint(i, n)}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		done := make(chan struct{})
		go func() { writing.Wait(); close(done) }()
		looks := 0
		for ended := false; !ended; looks++ {
			select {
			case <-done:
				ended = true
			default:
			}
			v, err := second.History(ctx, w.people[0], room, Place{})
			must(t, err)
			equal(t, "the last of the list", v.Entries[len(v.Entries)-1].Seq, v.Cursor.Seq)
			equal(t, "at the end", v.AtEnd, true)
			_, stream, err := w.After(ctx, room, v.Cursor.Seq, 1000)
			must(t, err)
			for i, e := range slices.Concat(v.Entries, stream) {
				equal(t, "seq", e.Seq, v.Entries[0].Seq+uint64(i))
			}
		}
		if looks < 5 {
			t.Errorf("looked only %d times", looks)
		}
		equal(t, "entries", len(w.log(t, room)), 161)
	})
}
