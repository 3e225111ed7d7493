package db

import (
	"bytes"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestMessagesWithin compares pages of a log within random spans to the same pages computed in memory.
func TestMessagesWithin(t *testing.T) {
	const entries = 60
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r, other := t.Context(), createRoom(t, d), createRoom(t, d)
		list, noise := make([]Message, entries), make([]Message, entries)
		for i := range list {
			list[i] = Message{RoomID: r.ID, Seq: uint64(i + 1), Kind: []MessageKind{KindText, KindOpened, KindText, KindEdit, KindJoin, KindReaction}[i%6], AuthorID: 1, Body: "x", CreatedAt: noon}
			noise[i] = Message{RoomID: other.ID, Seq: uint64(i + 1), Kind: KindText, AuthorID: 1, Body: "y", CreatedAt: noon}
		}
		must(t, d.InsertMessages(ctx, list))
		must(t, d.InsertMessages(ctx, noise))
		random := rand.New(rand.NewPCG(1, 2))
		for range 150 {
			var spans []Span
			for from := 1 + random.Uint64N(20); from <= entries && len(spans) < 4; {
				to := from + random.Uint64N(15)
				spans = append(spans, Span{from, to})
				from = to + 1 + random.Uint64N(15)
			}
			if random.IntN(2) == 0 {
				spans[len(spans)-1].To = 0
			}
			at, limit := random.Uint64N(entries+5), 1+random.IntN(30)
			var below, above []Message
			for _, m := range list {
				seen := m.Kind != KindEdit && m.Kind != KindReaction && slices.ContainsFunc(spans, func(s Span) bool { return m.Seq >= s.From && (s.To == 0 || m.Seq <= s.To) })
				if seen && m.Seq < at {
					below = append(below, m)
				} else if seen {
					above = append(above, m)
				}
			}
			below, above = below[max(0, len(below)-limit):], above[:min(limit, len(above))]
			got, err := d.MessagesBefore(ctx, r.ID, at, spans, limit)
			must(t, err)
			if !slices.Equal(got, below) {
				t.Fatalf("before %d through %v: %d entries instead of %d", at, spans, len(got), len(below))
			}
			got, err = d.MessagesFrom(ctx, r.ID, at, spans, limit)
			must(t, err)
			if !slices.Equal(got, above) {
				t.Fatalf("from %d through %v: %d entries instead of %d", at, spans, len(got), len(above))
			}
			got, err = d.MessagesAfter(ctx, r.ID, at, limit)
			must(t, err)
			if !slices.Equal(got, list[min(int(at), entries):min(int(at)+limit, entries)]) {
				t.Fatalf("after %d: %d entries", at, len(got))
			}
		}
		for _, read := range []func() ([]Message, error){
			func() ([]Message, error) { return d.MessagesBefore(ctx, r.ID, 99, nil, 9) },
			func() ([]Message, error) { return d.MessagesFrom(ctx, r.ID, 0, []Span{}, 9) },
			func() ([]Message, error) { return d.MessagesAfter(ctx, 0, 0, 9) },
		} {
			got, err := read()
			must(t, err)
			equal(t, "entries that nobody may see", len(got), 0)
		}
	})
}

// TestMessagesBetweenChanges reads pages of a log in which listed entries are far apart.
func TestMessagesBetweenChanges(t *testing.T) {
	const entries = 3000
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r := t.Context(), createRoom(t, d)
		random := rand.New(rand.NewPCG(3, 4))
		list := make([]Message, entries)
		var listed []Message
		for i := range list {
			kind := []MessageKind{KindEdit, KindReaction, KindAltText, KindDelete}[random.IntN(4)]
			if i/500%2 == 0 && random.IntN(40) == 0 {
				kind = listedKinds[random.IntN(len(listedKinds))]
			}
			list[i] = Message{RoomID: r.ID, Seq: uint64(i + 1), Kind: kind, AuthorID: 1, Body: "x", CreatedAt: noon}
			if list[i].IsListed() {
				listed = append(listed, list[i])
			}
		}
		must(t, d.InsertMessages(ctx, list[:entries/2]))
		must(t, d.InsertMessages(ctx, list[entries/2:]))
		for range 25 {
			at, limit := random.Uint64N(entries+5), 1+random.IntN(30)
			from, to := 1+random.Uint64N(entries), 1+random.Uint64N(entries)
			spans := []Span{{min(from, to), max(from, to)}, {max(from, to) + random.Uint64N(300), 0}}
			var below, above []Message
			for _, m := range listed {
				switch seen := spans[0].Has(m.Seq) || spans[1].Has(m.Seq); {
				case seen && m.Seq < at:
					below = append(below, m)
				case seen:
					above = append(above, m)
				}
			}
			got, err := d.MessagesBefore(ctx, r.ID, at, spans, limit)
			must(t, err)
			if want := below[max(0, len(below)-limit):]; !slices.Equal(got, want) {
				t.Fatalf("before %d through %v: %d entries instead of %d", at, spans, len(got), len(want))
			}
			got, err = d.MessagesFrom(ctx, r.ID, at, spans, limit)
			must(t, err)
			if want := above[:min(limit, len(above))]; !slices.Equal(got, want) {
				t.Fatalf("from %d through %v: %d entries instead of %d", at, spans, len(got), len(want))
			}
		}
	})
}

func TestKindsAndSpans(t *testing.T) {
	for kind, want := range map[MessageKind][2]bool{KindText: {true, true}, KindOpened: {true, false}, KindGroupCreated: {true, false}, KindJoin: {true, false}, KindLeave: {true, false},
		KindOwnerChanged: {true, false}, KindRenamed: {true, false}, KindClosed: {true, false}, KindEdit: {false, false}, KindDelete: {false, false}, KindReaction: {false, false}, "": {false, false}} {
		m := Message{Kind: kind}
		equal(t, string(kind)+" is listed, is text", [2]bool{m.IsListed(), m.IsText()}, want)
	}
	for seq, want := range map[uint64][2]bool{0: {}, 2: {}, 3: {true, true}, 5: {true, true}, 6: {false, true}, 1 << 63: {false, true}} {
		equal(t, "in a span", [2]bool{Span{3, 5}.Has(seq), Span{3, 0}.Has(seq)}, want)
	}
}

// TestChanges checks that edits and deletions touch nothing else.
func TestChanges(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r, other := t.Context(), createRoom(t, d), createRoom(t, d)
		change := func(kind MessageKind, target uint64, body string) Message {
			t.Helper()
			m := Message{RoomID: r.ID, Kind: kind, AuthorID: 1, TargetSeq: target, Body: body, CreatedAt: noon}
			must(t, d.append(ctx, &m))
			return m
		}
		first, second := change(KindText, 0, "a"), change(KindText, 0, "b")
		twin := addEntry(t, d, other.ID, 1, KindText)
		edit := change(KindEdit, first.Seq, "edited")
		react, kept := change(KindReaction, first.Seq, "+😀"), change(KindEdit, second.Seq, "also")
		must(t, d.SetEdited(ctx, r.ID, first.Seq, edit.Seq))
		first.EditSeq = edit.Seq
		at := func(what string, seqs []uint64, want ...Message) {
			t.Helper()
			found, err := d.MessagesAt(ctx, r.ID, seqs)
			must(t, err)
			equal(t, what, len(found), len(want))
			for _, m := range want {
				equal(t, what, found[m.Seq], m)
			}
		}
		at("edited", []uint64{first.Seq, edit.Seq, 0, 99}, first, edit)
		at("nothing", nil)
		gone := change(KindDelete, first.Seq, "")
		must(t, d.EraseMessage(ctx, r.ID, first.Seq, gone.Seq))
		first.Body, first.DeleteSeq, edit.Body = "", gone.Seq, ""
		at("erased", []uint64{1, 2, 3, 4, 5, 6}, first, second, edit, react, kept, gone)
		list, err := d.MessagesAfter(ctx, other.ID, 0, 9)
		must(t, err)
		if !slices.Equal(list, []Message{twin}) {
			t.Errorf("another room has %+v", list)
		}
	})
}

// TestErasedIsGoneFromTheFile checks that nothing of an erased message is left in SQLite's file.
func TestErasedIsGoneFromTheFile(t *testing.T) {
	path, ctx := t.TempDir()+"/parley.db", t.Context()
	d, err := Open("sqlite:" + path)
	must(t, err)
	must(t, d.Migrate(ctx))
	for seq := range uint64(40) {
		must(t, d.InsertMessage(ctx, &Message{RoomID: 1, Seq: seq + 1, Kind: KindText, Body: strings.Repeat("canary ", 20), CreatedAt: noon}))
	}
	must(t, d.CreatePhoto(ctx, &Photo{OwnerID: 1, RoomID: 1, Seq: 40, CreatedAt: noon}, []PhotoSize{{Size: "large", Data: bytes.Repeat([]byte("canary "), 9000)}}))
	for seq := range uint64(40) {
		must(t, d.EraseMessage(ctx, 1, seq+1, 41))
	}
	must(t, d.Close())
	file, err := os.ReadFile(path)
	must(t, err)
	equal(t, "left of it", bytes.Count(file, []byte("canary")), 0)
}

// TestSeqSince compares what it finds in logs of every small length with what is in them, for moments between
// and at the entries, also where entries have the same time or are missing.
func TestSeqSince(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, random := t.Context(), rand.New(rand.NewPCG(5, 6))
		for length := range 12 {
			r := createRoom(t, d)
			r.LastSeq = uint64(length)
			var list []Message
			for seq, at := 1, noon; seq <= length; seq++ {
				at = at.Add(time.Duration(random.IntN(3)) * time.Hour)
				if seq == length || random.IntN(4) > 0 {
					list = append(list, Message{RoomID: r.ID, Seq: uint64(seq), Kind: KindText, AuthorID: 1, Body: "x", CreatedAt: at})
				}
			}
			if len(list) > 0 {
				must(t, d.InsertMessages(ctx, list))
			}
			for half := -2; half < 2*3*length; half++ {
				moment := noon.Add(time.Duration(half) * time.Hour / 2)
				got, err := d.SeqSince(ctx, r, moment)
				must(t, err)
				i := slices.IndexFunc(list, func(m Message) bool { return !m.CreatedAt.Before(moment) })
				switch {
				case i < 0:
					equal(t, "a seq after the end", got, 0)
				case got > list[i].Seq || i > 0 && got <= list[i-1].Seq: // between the two, if some are missing
					t.Errorf("in %d entries, since %v: %d instead of %d", length, moment, got, list[i].Seq)
				}
			}
		}
	})
}

// TestInsertedMessagesHaveAllColumns inserts a message with something in each field, and compares what is read.
func TestInsertedMessagesHaveAllColumns(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		var want Message
		fields := reflect.ValueOf(&want).Elem()
		for i := range fields.NumField() {
			switch f := fields.Field(i); f.Kind() {
			case reflect.Uint64:
				f.SetUint(uint64(i + 7))
			case reflect.Int:
				f.SetInt(int64(i + 7))
			case reflect.String:
				f.SetString("text")
			case reflect.Bool:
				f.SetBool(true)
			}
		}
		want.Kind, want.ClientKey, want.CreatedAt = KindText, new("key"), noon
		must(t, d.InsertMessages(t.Context(), []Message{want}))
		got, err := d.MessageByKey(t.Context(), want.RoomID, want.AuthorID, "key")
		must(t, err)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, not %+v", got, want)
		}
	})
}

// TestMessagesAreInsertedTogether inserts several messages at once, and reads them. With a key that is used, none of them stays.
func TestMessagesAreInsertedTogether(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx := t.Context()
		for _, n := range []int{1, 2, 100} {
			r, used := createRoom(t, d), "used"
			list := make([]Message, n)
			for i := range list {
				list[i] = Message{RoomID: r.ID, Seq: uint64(i) + 1, Kind: KindText, AuthorID: 7, Body: strconv.Itoa(i), CreatedAt: noon}
			}
			must(t, d.InsertMessages(ctx, []Message{{RoomID: r.ID, Seq: 1000, Kind: KindText, AuthorID: 7, ClientKey: &used, CreatedAt: noon}}))
			list[n-1].ClientKey = &used
			wantError(t, "a key that is used", d.InsertMessages(ctx, list), ErrDuplicate)
			rows, err := d.MessagesAfter(ctx, r.ID, 0, 1000)
			must(t, err)
			equal(t, "messages after that", len(rows), 1)
			list[n-1].ClientKey = nil
			must(t, d.InsertMessages(ctx, list))
			rows, err = d.MessagesAfter(ctx, r.ID, 0, 1000)
			must(t, err)
			equal(t, "messages", len(rows), n+1)
			for i, m := range rows[:n] {
				equal(t, "a message", m.Body, strconv.Itoa(i))
			}
		}
	})
}
