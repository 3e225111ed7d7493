package chat

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/db"
)

// search answers what one person finds: the texts, with hits in brackets, the newest first.
func (w *world) finds(t *testing.T, me db.User, want SearchQuery) (texts []string) {
	t.Helper()
	for {
		r, err := w.Search(t.Context(), me, want)
		must(t, err)
		equal(t, "behind", r.Behind, false)
		for _, h := range r.Hits {
			texts = append(texts, marked(h.Pieces))
		}
		if r.Next == nil {
			return texts
		}
		want.Below = *r.Next
	}
}

func marked(pieces []Excerpt) (text string) {
	for _, p := range pieces {
		if p.Hit {
			p.Text = "[" + p.Text + "]"
		}
		text += p.Text
	}
	return text
}

func TestSearchFindsWhatPeopleMean(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ann, ben := w.people[0], w.people[1]
		room := w.friends(t, ann, ben)
		for _, body := range []string{
			"We went walking in the Café Müller", "a walk, don't run", "100% of snake_case isn't 'quoted' ", `he said "yes" -- no`,
			"東京タワーに行きました", "京東", "猫", "黒猫が好き", "가나다라", "서울에서 만나요", "Łódź straße ΟΔΟΣ", "party 🎉 at 3.14",
			"the\nend", "SELECT * FROM users; DROP", "e-mail me", strings.Repeat("long", 20),
		} {
			w.pass(time.Second)
			w.says(t, ann, room, body)
		}
		for typed, want := range map[string][]string{
			"walk":                     {"a [walk], don't run", "We went [walking] in the Café Müller"},
			`"walk"`:                   {"a [walk], don't run"},
			"walk run":                 {"a [walk], don't [run]"},
			"wa":                       nil,
			"cafe":                     {"We went walking in the [Café] Müller"},
			"CAFÉ MULLER":              {"We went walking in the [Café] [Müller]"},
			"dont":                     {"a walk, [don't] run"},
			"don’t":                    {"a walk, [don't] run"},
			"100%":                     {"[100]% of snake_case isn't 'quoted' "},
			"snake_case":               {"100% of [snake]_[case] isn't 'quoted' "},
			"case_snake":               nil,
			"quoted":                   {"100% of snake_case isn't '[quoted]' "},
			`"yes"`:                    {`he said "[yes]" -- no`},
			"-no":                      {`he said "yes" -- [no]`},
			"+walking* ~the":           {"We went [walking] in [the] Café Müller"},
			"東京":                       {"[東京]タワーに行きました"},
			"京":                        {"[京]東", "東[京]タワーに行きました"},
			"タワー":                      {"東京[タワー]に行きました"},
			"京タ":                       {"東[京タ]ワーに行きました"},
			"猫":                        {"黒[猫]が好き", "[猫]"},
			"나다":                       {"가[나다]라"},
			"서울":                       {"[서울]에서 만나요"},
			"lodz STRASSE οδός":        {"[Łódź] [straße] [ΟΔΟΣ]"},
			"🎉":                        {"party [🎉] at 3.14"},
			"3.14":                     {"party 🎉 at [3].[14]"},
			`"the end"`:                {"[the]\n[end]"},
			`"end the"`:                nil,
			"select * from":            {"[SELECT] * [FROM] users; DROP"},
			"email":                    nil,
			"e-mail":                   {"[e]-[mail] me"},
			strings.Repeat("long", 20): {"[" + strings.Repeat("long", 20) + "]"},
			strings.Repeat("long", 7):  {"[" + strings.Repeat("long", 20) + "]"},
		} {
			got := w.finds(t, ben, SearchQuery{Text: typed})
			same(t, "search for "+typed, got, want)
		}
		// So many words that not all are looked up in the index: who said it counts all the same.
		w.says(t, ben, room, "not that")
		same(t, "by who did not say it", w.finds(t, ben, SearchQuery{Text: "東京タワーに行きました", Author: ben.Username}), nil)
	})
}

func TestSearchRefuses(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ann, ben := w.people[0], w.people[1]
		room := w.friends(t, ann, ben)
		for typed, want := range map[string]error{
			"": ErrEmpty, " % _ \" ": ErrEmpty, strings.Repeat("a ", 11): ErrTooLong, strings.Repeat("a", 201): ErrTooLong,
			"a\x00b": ErrBadText, "\xff": ErrBadText,
		} {
			_, err := w.Search(t.Context(), ann, SearchQuery{Text: typed})
			is(t, fmt.Sprintf("search for %q", typed), err, want)
		}
		_, err := w.Search(t.Context(), ann, SearchQuery{Text: "%", Author: ben.Username})
		is(t, "no word and an author", err, ErrEmpty)
		_, err = w.Search(t.Context(), w.join(t, "stranger"), SearchQuery{Text: "hello", Room: room})
		is(t, "a room of others", err, ErrNotFound)
		w.says(t, ben, room, "hello")
		same(t, "all of an author", w.finds(t, ann, SearchQuery{Author: "@" + strings.ToUpper(ben.Username)}), []string{"hello"})
		same(t, "of nobody", w.finds(t, ann, SearchQuery{Text: "hello", Author: "nobody"}), nil)
		same(t, "of another", w.finds(t, ann, SearchQuery{Text: "hello", Author: ann.Username}), nil)
		stranger := w.people[2]
		same(t, "of a stranger", w.finds(t, stranger, SearchQuery{Text: "hello", Author: ben.Username}), nil)
	})
}

// TestSearchAsTheModelSays lets people come, go, talk, change and take back at random, and compares
// what each finds with a look at every message that they may see.
func TestSearchAsTheModelSays(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		random := rand.New(rand.NewPCG(3, 14))
		vocabulary := strings.Fields("walk walking walked the then cafe Café 東京 京都 東京都 don't x")
		sentence := func() string {
			list := make([]string, 1+random.IntN(4))
			for i := range list {
				list[i] = vocabulary[random.IntN(len(vocabulary))]
			}
			return strings.Join(list, []string{" ", "", "-", ", "}[random.IntN(4)])
		}
		ann := w.people[0]
		for _, other := range w.people[1:] {
			w.friends(t, ann, other)
		}
		rooms := make([]uint64, 3)
		for i := range rooms {
			room, err := w.CreateGroup(t.Context(), ann, fmt.Sprint("Group ", i), []string{w.people[1].Username, w.people[2].Username})
			must(t, err)
			rooms[i] = room
		}
		now := map[[2]uint64]*said{}
		var order [][2]uint64
		steps := 600
		if !w.store.IsSQLite() {
			steps = 250
		}
		for step := range steps {
			// Some at the very same moment, some long after the others.
			w.pass(time.Duration(random.IntN(3)) * []time.Duration{time.Millisecond, time.Hour, 40 * 24 * time.Hour}[random.IntN(3)])
			room, who := rooms[random.IntN(3)], w.people[random.IntN(4)]
			switch n := random.IntN(20); {
			case n < 12:
				body := sentence()
				if seq, err := w.Post(t.Context(), who, room, Draft{Body: body}); err == nil {
					now[[2]uint64{room, seq}] = &said{author: who, at: w.clock(), texts: []textAt{{seq, body}}}
					order = append(order, [2]uint64{room, seq})
				}
			case n < 15 && len(order) > 0:
				spot := order[random.IntN(len(order))]
				if body := sentence(); w.Edit(t.Context(), now[spot].author, spot[0], spot[1], body) == nil {
					rows, err := w.store.MessagesAt(t.Context(), spot[0], []uint64{spot[1]})
					must(t, err)
					now[spot].texts = append(now[spot].texts, textAt{max(spot[1], rows[spot[1]].EditSeq), body})
				}
			case n < 17 && len(order) > 0:
				spot := order[random.IntN(len(order))]
				if w.Delete(t.Context(), now[spot].author, spot[0], spot[1]) == nil {
					now[spot].texts = nil
				}
			case n < 18:
				_ = w.AddMember(t.Context(), ann, room, who.Username)
			case n < 19:
				_ = w.RemoveMember(t.Context(), ann, room, w.people[1+random.IntN(3)].Username)
			default:
				must(t, w.IndexAll(t.Context()))
			}
			if step%10 > 0 {
				continue
			}
			for _, me := range w.people {
				want := SearchQuery{Text: sentence()}
				if random.IntN(3) == 0 {
					want.Room = rooms[random.IntN(3)]
				}
				if random.IntN(3) == 0 {
					want.Author = who.Username
				}
				w.compareSearch(t, me, want, now)
			}
			if t.Failed() {
				t.Fatalf("step %d", step)
			}
		}
		w.holdsNothingErased(t, now, terms(words(plainText(strings.Join(vocabulary, " ")))))
	})
}

type said struct {
	author db.User
	at     time.Time
	texts  []textAt // oldest first; none when it was taken back
}

// textAt is a text with the entry that brought it.
type textAt struct {
	seq  uint64
	text string
}

func (w *world) compareSearch(t *testing.T, me db.User, want SearchQuery, now map[[2]uint64]*said) {
	t.Helper()
	q, err := parseQuery(want.Text)
	must(t, err)
	mine, err := w.store.SearchableRooms(t.Context(), me.ID)
	must(t, err)
	var expected []db.Position
	for spot, m := range now {
		shown := ""
		for _, r := range mine {
			for _, one := range m.texts {
				if seen := seenIn(r.Spans); r.RoomID == spot[0] && seen(spot[1]) && seen(one.seq) {
					shown = one.text
				}
			}
		}
		if shown != "" && (want.Room == 0 || want.Room == spot[0]) && (want.Author == "" || want.Author == m.author.Username) &&
			q.hits(words(plainText(shown))) != nil {
			expected = append(expected, db.Position{At: m.at.UnixMicro(), RoomID: spot[0], Seq: spot[1]})
		}
	}
	slices.SortFunc(expected, newer)
	var got []db.Position
	for {
		r, err := w.Search(t.Context(), me, want)
		if want.Room != 0 && !slices.ContainsFunc(mine, func(r db.SearchableRoom) bool { return r.RoomID == want.Room }) {
			is(t, "a room that is not mine", err, ErrNotFound)
			return
		}
		must(t, err)
		for _, h := range r.Hits {
			got = append(got, db.Position{At: h.CreatedAt.UnixMicro(), RoomID: h.RoomID, Seq: h.Seq})
		}
		if r.Next == nil {
			break
		}
		want.Below = *r.Next
	}
	same(t, fmt.Sprintf("%s searches for %+v", me.Username, want), got, expected)
}

// holdsNothingErased looks into the index for what was taken back.
func (w *world) holdsNothingErased(t *testing.T, now map[[2]uint64]*said, known []string) {
	t.Helper()
	must(t, w.IndexAll(t.Context()))
	for _, me := range w.people {
		known = append(known, authorTerm(me.ID))
	}
	mine, err := w.store.SearchableRooms(t.Context(), w.people[0].ID)
	must(t, err)
	indexed := map[[2]uint64]bool{}
	for _, term := range known {
		found, err := w.store.Postings(t.Context(), db.PostingQuery{Rooms: mine, Term: term, Below: db.EndPosition, Limit: 10_000})
		must(t, err)
		for _, f := range found {
			indexed[[2]uint64{f.RoomID, f.Seq}] = true
		}
	}
	for spot, m := range now {
		if indexed[spot] == (len(m.texts) == 0) {
			t.Errorf("message %v with the texts %v is in the index: %v", spot, m.texts, indexed[spot])
		}
	}
}

// TestSearchStopsAndGoesOn holds that a search for what is rare among what is common ends soon, and
// that the pages together still have all of it.
func TestSearchStopsAndGoesOn(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ann := w.people[0]
		room := w.friends(t, ann, w.people[1])
		var rows []db.Message
		must(t, w.store.Tx(t.Context(), func(tx *db.DB) error {
			r, err := tx.NextSaidSeqs(t.Context(), room, 2000)
			must(t, err)
			for i := range uint64(2000) {
				body := "one two"
				if i == 7 {
					body = "two one"
				}
				rows = append(rows, db.Message{RoomID: room, Seq: r.LastSeq - 1999 + i, Kind: db.KindText, AuthorID: ann.ID, Body: body, CreatedAt: w.clock()})
			}
			for part := range slices.Chunk(rows, 500) {
				if err := tx.InsertMessages(t.Context(), part); err != nil {
					return err
				}
			}
			return nil
		}))
		r, err := w.Search(t.Context(), ann, SearchQuery{Text: `"two one"`})
		must(t, err)
		equal(t, "behind", r.Behind, true)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		is(t, "indexing without time", w.IndexAll(ctx), db.ErrUnavailable)
		for behind := []uint64{room}; len(behind) > 0; { // IndexAll leaves most of the time to others
			behind, err = w.indexSome(t.Context(), behind)
			must(t, err)
		}
		r, err = w.Search(t.Context(), ann, SearchQuery{Text: `"two one"`})
		must(t, err)
		if !r.Partial || r.Next == nil || len(r.Hits) > 0 {
			t.Errorf("an endless search: %+v", r)
		}
		same(t, "the rare one", w.finds(t, ann, SearchQuery{Text: `"two one"`}), []string{"[two] [one]"})
	})
}
