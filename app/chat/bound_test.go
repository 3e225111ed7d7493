package chat

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/db"
	"parley/e2e/rig"
)

// put appends entries to a room's log without any rule, as they are in a database from before there were bounds.
func (e *env) put(t *testing.T, room uint64, list []db.Message) {
	t.Helper()
	for part := range slices.Chunk(list, 500) {
		must(t, e.store.Tx(t.Context(), func(tx *db.DB) error {
			r, err := tx.NextSaidSeqs(t.Context(), room, len(part))
			if err != nil {
				return err
			}
			for i := range part {
				part[i].RoomID, part[i].Seq, part[i].CreatedAt = room, r.LastSeq-uint64(len(part)-1-i), e.clock()
			}
			if err := tx.InsertMessages(t.Context(), part); err != nil {
				return err
			}
			newest := map[uint64]uint64{}
			for _, m := range part {
				if m.Kind == db.KindEdit {
					newest[m.TargetSeq] = m.Seq
				}
			}
			for target, edit := range newest {
				if err := tx.SetEdited(t.Context(), room, target, edit); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

// putChanges appends n changes of a message by somebody.
func (e *env) putChanges(t *testing.T, who db.User, room, target uint64, kind db.MessageKind, n int) {
	t.Helper()
	list := make([]db.Message, n)
	for i := range list {
		list[i] = db.Message{Kind: kind, AuthorID: who.ID, TargetSeq: target, Body: strings.Repeat("🦜", 400)}
		if kind == db.KindReaction {
			list[i].Body = string("+-"[i%2]) + string('😀'+rune(i/2%25))
		}
	}
	e.put(t, room, list)
}

// TestLoadedChangesDecide drives groups through random histories, in which people come and go. What is loaded
// of the changes must show each entry as all of the changes would, to every reader, on pages and in streams.
func TestLoadedChangesDecide(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx := t.Context()
		for seed := range uint64(3) {
			random := rand.New(rand.NewPCG(seed, 11))
			room, spans := e.randomGroup(t, random)
			log := e.log(t, room)
			last := log[len(log)-1].Seq
			rows, err := e.store.MessagesAfter(ctx, room, 0, 1000)
			must(t, err)
			all := everyChange(t, e, room, rows)
			for range 40 {
				from := random.IntN(len(rows))
				to := from + 1 + random.IntN(min(20, len(rows)-from))
				who := spans[random.IntN(len(spans))]
				part := slices.Clone(rows[from:to])
				got, err := roomReader{tx: e.store, room: room, spans: everything}.load(ctx, nil, part, atItsTime)
				must(t, err)
				all.mustShow(t, who, atItsTime, got)
				part = slices.DeleteFunc(part, func(m db.Message) bool { return !m.IsListed() || !who.Has(m.Seq) })
				got, err = roomReader{tx: e.store, room: room, spans: who}.load(ctx, nil, part, last)
				must(t, err)
				all.mustShow(t, who, last, got)
			}
		}
	})
}

// randomGroup is a group in which everything has happened, and the spans of those who are in it and of a reader
// from whom nothing is hidden.
func (e *env) randomGroup(t *testing.T, random *rand.Rand) (room uint64, spans []db.Spans) {
	t.Helper()
	ctx, a := t.Context(), e.people[0]
	var names []string
	for _, other := range e.people[1:] {
		names = append(names, other.Username)
		if request(ctx, e.Chat, a, other.Username) == nil { // once for all groups
			must(t, e.AcceptFriend(ctx, other, a.Username))
		}
	}
	room, err := e.CreateGroup(ctx, a, "All", names)
	must(t, err)
	var messages []uint64
	kept := 0
	for i := range 140 {
		who := e.people[random.IntN(len(e.people))]
		text := fmt.Sprint("text ", i, " @person", random.IntN(4))
		seq := uint64(0)
		if len(messages) > 0 {
			seq = messages[random.IntN(len(messages))]
		}
		switch what := random.IntN(13); { // what one may not do is refused, which does not matter here
		case what < 2 || seq == 0:
			if seq, err := e.Post(ctx, who, room, Draft{Body: text, ReplyTo: seq}); err == nil {
				messages = append(messages, seq)
			}
		case what == 2:
			d := e.draftWith(t, who, &kept, fmt.Sprint("a", i), fmt.Sprint("b", i))
			if seq, err := e.Post(ctx, who, room, d); err == nil {
				messages = append(messages, seq)
			}
		case what < 6:
			for _, author := range e.people {
				_ = e.Edit(ctx, author, room, seq, text)
			}
		case what == 6:
			for _, author := range e.people {
				_ = e.SetAltText(ctx, author, room, seq, 1+random.IntN(2), text)
			}
		case what < 10:
			_ = e.React(ctx, who, room, seq, []string{"😀", "🎉", "❤️"}[random.IntN(3)])
		case what == 10 && i%4 == 0:
			_ = e.Delete(ctx, who, room, seq)
		case what == 11:
			_ = e.RemoveMember(ctx, a, room, who.Username)
		default:
			_ = e.AddMember(ctx, a, room, who.Username)
		}
	}
	for _, who := range e.people {
		if e.CheckMember(ctx, who, room) == nil {
			s, err := e.store.SpansOf(ctx, who.ID, room)
			must(t, err)
			spans = append(spans, s)
		}
	}
	return room, append(spans, everything)
}

// allChanges shows entries of a room from all changes of it.
type allChanges struct{ loaded }

func everyChange(t *testing.T, e *env, room uint64, rows []db.Message) allChanges {
	t.Helper()
	ctx, all := t.Context(), loaded{rows: map[uint64]db.Message{}, changes: map[uint64][]db.Message{}, mentioned: map[uint64][]db.MessageMention{}}
	var messages []uint64
	for _, m := range rows {
		all.rows[m.Seq] = m
		if m.IsText() {
			messages = append(messages, m.Seq)
		} else if !m.IsListed() {
			all.changes[m.TargetSeq] = append(all.changes[m.TargetSeq], m)
		}
	}
	var err error
	all.photos, err = e.store.PhotosOf(ctx, room, messages)
	must(t, err)
	mentions, err := e.store.MentionsOf(ctx, room, messages)
	must(t, err)
	for _, m := range mentions {
		all.mentioned[m.MessageSeq] = append(all.mentioned[m.MessageSeq], m)
	}
	ids := make([]uint64, len(e.people))
	for i, u := range e.people {
		ids[i] = u.ID
	}
	all.people, err = e.store.UsersByID(ctx, ids)
	must(t, err)
	return allChanges{all}
}

// mustShow compares what a reader sees of entries with what they must see.
func (all allChanges) mustShow(t *testing.T, who db.Spans, at uint64, got []Entry) {
	t.Helper()
	for _, entry := range got {
		if !who.Has(entry.Seq) {
			continue
		}
		s := state{loaded: &all.loaded, at: at, spans: who}
		if at == atItsTime {
			s.at = entry.Seq
		}
		want := s.entryAt(all.rows[entry.Seq])
		want.Members = entry.Members
		visible, ok := entry.VisibleTo(who)
		wanted, wantedOK := want.VisibleTo(who)
		equal(t, "is visible", ok, wantedOK)
		if shown, right := ofChanges(visible), ofChanges(wanted); ok && !reflect.DeepEqual(shown, right) {
			t.Fatalf("entry %d to %v at %d shows\n%+v, and it should show\n%+v", entry.Seq, who, at, shown, right)
		}
	}
}

// ofChanges leaves out what does not come from changes.
func ofChanges(e Entry) Entry {
	e.resolve, e.RedactedBefore = nil, nil
	if e.Target != nil {
		target := ofChanges(*e.Target)
		e.Target = &target
	}
	if !strings.Contains(e.Body, "@") {
		e.Mentioned = nil // those are looked up only where a text may have some
	}
	if len(e.Pictures) == 0 {
		e.Pictures = nil
	}
	return e
}

// TestOldMessagesCarryNoNewOnes checks that where only moderators post, nobody else writes in what they had posted
// before: neither its text nor the descriptions of its photos.
func TestOldMessagesCarryNoNewOnes(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		e.makeFriends(t, a, b)
		room, err := e.CreateGroup(ctx, a, "All", []string{b.Username})
		must(t, err)
		kept := 0
		seq, err := e.Post(ctx, b, room, e.draftWith(t, b, &kept, "a", "b"))
		must(t, err)
		must(t, e.SetOnlyModerators(ctx, a, room, true))
		wantError(t, "edit", e.Edit(ctx, b, room, seq, "news"), ErrOnlyModerators)
		wantError(t, "describe", e.SetAltText(ctx, b, room, seq, 1, "news"), ErrOnlyModerators)
		must(t, e.SetModerator(ctx, a, room, b.Username, true))
		must(t, e.SetAltText(ctx, b, room, seq, 1, "a cat"))
	})
}

// TestOldChangesCostLittle puts as many changes into a room as there were before there were bounds, in one
// message and in a row between two messages. Pages, changes and lists of it take about as long as those of a
// room without. Both are measured in turns, and the quickest of each counts: load does not change that much.
func TestOldChangesCostLittle(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, a := t.Context(), e.people[0]
		plain, changed := e.makeFriends(t, a, e.people[1]), e.makeFriends(t, a, e.people[2])
		for _, room := range []uint64{plain, changed} {
			list := make([]db.Message, 60)
			for i := range list {
				list[i] = db.Message{Kind: db.KindText, AuthorID: a.ID, Body: fmt.Sprint("message ", i)}
			}
			e.put(t, room, list)
		}
		e.putChanges(t, a, changed, 50, db.KindEdit, 2000)
		e.putChanges(t, a, changed, 51, db.KindReaction, 2000)
		e.putChanges(t, a, changed, 10, db.KindReaction, 4000)
		n := 0
		for what, do := range map[string]func(room uint64) error{
			"the end":    func(room uint64) error { return errOf(e.History(ctx, a, room, Place{})) },
			"the middle": func(room uint64) error { return errOf(e.History(ctx, a, room, Place{Around: 40})) },
			"a message":  func(room uint64) error { return errOf(e.Permalink(ctx, a, room, 50)) },
			"an edit":    func(room uint64) error { n++; return e.Edit(ctx, a, room, 30, fmt.Sprint("edited ", n)) },
			"a reaction": func(room uint64) error { return e.React(ctx, a, room, 31, "😀") },
			"the list": func(room uint64) error {
				_, _, err := e.Rooms(ctx, e.people[map[uint64]int{plain: 1, changed: 2}[room]], RoomsPage{Size: 30})
				return err
			},
			"a refusal": func(room uint64) error {
				if room == plain {
					return e.React(ctx, a, room, 32, "😀")
				}
				wantError(t, "one more edit", e.Edit(ctx, a, room, 50, "one more"), ErrTooManyEdits)
				wantError(t, "one more reaction", e.React(ctx, a, room, 10, "😀"), ErrTooManyReactions)
				return nil
			},
		} {
			best := map[uint64]time.Duration{plain: time.Hour, changed: time.Hour}
			for range 5 {
				for room := range best {
					start := time.Now()
					must(t, do(room))
					best[room] = min(best[room], time.Since(start))
				}
			}
			if best[changed] > 8*best[plain]+rig.Limit(20*time.Millisecond) { // with all changes, a hundred times as long
				t.Errorf("%s: %v without changes, %v with them", what, best[plain], best[changed])
			}
		}
		v, err := e.History(ctx, a, changed, Place{})
		must(t, err)
		equal(t, "entries of the page", len(v.Entries), PageSize)
		equal(t, "the message with the edits", v.Entries[PageSize-61+50-1].Body, strings.Repeat("🦜", 400))
	})
}
