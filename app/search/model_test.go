package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/app/chat"
	"parley/app/search"
	"parley/db"
)

// place is a message in the logs of all rooms.
type place struct{ room, seq uint64 }

// posted is a message as the model knows it.
type posted struct {
	author db.User
	at     time.Time
	texts  []version // oldest first; none when it was deleted
}

// version is a text with the entry that brought it.
type version struct {
	seq  uint64
	text string
}

// TestSearchFindsWhatTheModelFinds lets people come, go, post, edit and delete at random, and compares
// what each of them finds with a look at every message that they may see.
func TestSearchFindsWhatTheModelFinds(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		random := rand.New(rand.NewPCG(3, 14))
		vocabulary := strings.Fields("walk walking walked the then cafe Café 東京 京都 東京都 don't x")
		sentence := func() string {
			list := make([]string, 1+random.IntN(4))
			for i := range list {
				list[i] = vocabulary[random.IntN(len(vocabulary))]
			}
			return strings.Join(list, []string{" ", "", "-", ", "}[random.IntN(4)])
		}
		ann := e.people[0]
		for _, other := range e.people[1:] {
			e.befriend(t, ann, other)
		}
		rooms := make([]uint64, 3)
		for i := range rooms {
			room, err := e.CreateGroup(t.Context(), ann, fmt.Sprint("Group ", i), []string{e.people[1].Username, e.people[2].Username})
			must(t, err)
			rooms[i] = room
		}
		model := map[place]*posted{}
		var order []place
		steps := 600
		if !e.store.IsSQLite() {
			steps = 250
		}
		for step := range steps {
			// Some at the very same moment, some long after the others.
			e.advance(time.Duration(random.IntN(3)) * []time.Duration{time.Millisecond, time.Hour, 40 * 24 * time.Hour}[random.IntN(3)])
			room, who := rooms[random.IntN(3)], e.people[random.IntN(4)]
			switch n := random.IntN(20); {
			case n < 12:
				body := sentence()
				if seq, err := e.Post(t.Context(), who, room, chat.Draft{Body: body}); err == nil {
					model[place{room, seq}] = &posted{author: who, at: e.now(), texts: []version{{seq, body}}}
					order = append(order, place{room, seq})
				}
			case n < 15 && len(order) > 0:
				at := order[random.IntN(len(order))]
				if body := sentence(); e.Edit(t.Context(), model[at].author, at.room, at.seq, body) == nil {
					rows, err := e.store.MessagesAt(t.Context(), at.room, []uint64{at.seq})
					must(t, err)
					model[at].texts = append(model[at].texts, version{max(at.seq, rows[at.seq].EditSeq), body})
				}
			case n < 17 && len(order) > 0:
				at := order[random.IntN(len(order))]
				if e.Delete(t.Context(), model[at].author, at.room, at.seq) == nil {
					model[at].texts = nil
				}
			case n < 18:
				_ = e.AddMember(t.Context(), ann, room, who.Username)
			case n < 19:
				_ = e.RemoveMember(t.Context(), ann, room, e.people[1+random.IntN(3)].Username)
			default:
				must(t, e.engine.IndexAll(t.Context()))
			}
			if step%10 > 0 {
				continue
			}
			for _, me := range e.people {
				want := search.Request{Text: sentence()}
				if random.IntN(3) == 0 {
					want.Room = rooms[random.IntN(3)]
				}
				if random.IntN(3) == 0 {
					want.Author = who.Username
				}
				e.compare(t, me, want, model)
			}
			if t.Failed() {
				t.Fatalf("step %d", step)
			}
		}
		e.wantNothingDeleted(t, model, search.IndexTerms(strings.Join(vocabulary, " "), ann.ID))
	})
}

func (e *env) compare(t *testing.T, me db.User, want search.Request, model map[place]*posted) {
	t.Helper()
	q, err := search.Parse(search.Request{Text: want.Text})
	must(t, err)
	mine, _, err := e.store.SearchableRooms(t.Context(), me.ID)
	must(t, err)
	var expected []db.Position
	for at, m := range model {
		shown := ""
		for _, r := range mine {
			for _, v := range m.texts {
				if r.RoomID == at.room && r.Spans.Has(at.seq) && r.Spans.Has(v.seq) {
					shown = v.text
				}
			}
		}
		if shown != "" && (want.Room == 0 || want.Room == at.room) && (want.Author == "" || want.Author == m.author.Username) && q.Matches(shown) {
			expected = append(expected, db.Position{At: m.at.UnixMicro(), RoomID: at.room, Seq: at.seq})
		}
	}
	slices.SortFunc(expected, search.NewestFirst)
	var got []db.Position
	for {
		page, err := e.Search(t.Context(), me, want)
		if want.Room != 0 && !slices.ContainsFunc(mine, func(r db.SearchableRoom) bool { return r.RoomID == want.Room }) {
			wantError(t, "a room that is not mine", err, chat.ErrNotFound)
			return
		}
		must(t, err)
		for _, h := range page.Hits {
			got = append(got, db.Position{At: h.CreatedAt.UnixMicro(), RoomID: h.RoomID, Seq: h.Seq})
		}
		if page.Next == nil {
			break
		}
		want.Below = *page.Next
	}
	equalLists(t, fmt.Sprintf("%s searches for %+v", me.Username, want), got, expected)
}

// wantNothingDeleted looks into the index for words of messages that were deleted.
func (e *env) wantNothingDeleted(t *testing.T, model map[place]*posted, terms []string) {
	t.Helper()
	must(t, e.engine.IndexAll(t.Context()))
	for _, me := range e.people {
		terms = append(terms, search.AuthorTerm(me.ID))
	}
	mine, _, err := e.store.SearchableRooms(t.Context(), e.people[0].ID)
	must(t, err)
	indexed := map[place]bool{}
	for _, term := range terms {
		found, err := e.store.Postings(t.Context(), db.PostingQuery{Rooms: mine, Terms: []string{term}, Below: db.EndPosition, Limit: 10_000})
		must(t, err)
		for _, f := range found {
			indexed[place{f.RoomID, f.Seq}] = true
		}
	}
	for at, m := range model {
		if indexed[at] == (len(m.texts) == 0) {
			t.Errorf("message %v with the texts %v is in the index: %v", at, m.texts, indexed[at])
		}
	}
}
