package search_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"parley/app/chat"
	"parley/app/search"
	"parley/db"
)

// denseText is as many ideographs as a message may have, at random: nearly all pairs of them are different.
func denseText(random *rand.Rand) string {
	list := make([]rune, chat.MaxBody)
	for i := range list {
		list[i] = 0x4e00 + rune(random.IntN(0x5200))
	}
	return string(list)
}

// postings counts the rows that the index has for all rooms of a person.
func (e *env) postings(t *testing.T, me db.User) int {
	t.Helper()
	rooms, _, err := e.store.SearchableRooms(t.Context(), me.ID)
	must(t, err)
	n, err := e.store.CountPostings(t.Context(), rooms, db.PostingQuery{Terms: []string{""}, Prefix: true}, 1_000_000)
	must(t, err)
	return n
}

// watch records how many terms each transaction of the index adds or removes.
func watch(engine *search.Engine) (slicesOf func() []int) {
	var mu sync.Mutex
	var list []int
	engine.OnSlice(func(terms int) {
		mu.Lock()
		defer mu.Unlock()
		list = append(list, terms)
	})
	return func() []int {
		mu.Lock()
		defer mu.Unlock()
		got := list
		list = nil
		return got
	}
}

func wantSlices(t *testing.T, what string, got []int, least int) {
	t.Helper()
	if most := slices.Max(append(got, 0)); most > search.SliceTerms || len(got) < least {
		t.Errorf("%s: %d transactions with up to %d terms, want at least %d with up to %d", what, len(got), most, least, search.SliceTerms)
	}
}

// TestOneTextHoldsNobodyUp is T39: whatever a message has in it, the index has a bounded number of words of it,
// takes it in slices, goes on within it after a crash, finds all of it in the end, and forgets it in
// slices, too.
func TestOneTextHoldsNobodyUp(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		random := rand.New(rand.NewPCG(39, 1))
		ann, ben := e.people[0], e.people[1]
		room := e.befriend(t, ann, ben)
		texts := map[string]string{
			"ideographs":  denseText(random),
			"symbols":     everyOther(unicode.So, ""),
			"apostrophes": everyOther(unicode.L, "'"),
			"words":       everyOther(unicode.Ethiopic, " "),
			"kana":        everyOther(unicode.Katakana, ""),
		}
		if !e.store.IsSQLite() { // the others differ in how they are split, which no database does
			texts = map[string]string{"ideographs": texts["ideographs"]}
		}
		for name, body := range texts {
			before := e.postings(t, ann)
			seq, err := e.Post(t.Context(), ann, room, chat.Draft{Body: body})
			must(t, err)
			for e.isBehind(t, room) { // each slice by another process
				e.engine = search.New(e.store, e.now)
				slicesOf := watch(e.engine)
				_, err := e.engine.IndexSome(t.Context(), []uint64{room})
				must(t, err)
				wantSlices(t, name+", a slice", slicesOf(), 1)
			}
			rows := e.postings(t, ann) - before
			if rows > search.MaxTextTerms+5 { // and who wrote it, and that pairs are missing
				t.Errorf("%s: %d rows", name, rows)
			}
			equal(t, name+", rows", rows, len(search.IndexTerms(body, ann.ID)))
			for range 20 { // a word, or two characters, from anywhere in it
				at := random.IntN(chat.MaxBody - 2)
				piece := strings.Trim(string([]rune(body)[at:at+2]), " '")
				if got := len(e.find(t, ben, search.Request{Text: `"` + piece + `"`})); got == 0 {
					t.Errorf("%s: %q is not found", name, piece)
				}
			}
			must(t, e.Delete(t.Context(), ann, room, seq))
			if left := e.postings(t, ann) - before; left < rows-search.SliceTerms {
				t.Errorf("%s: the deletion took %d of %d words with it", name, rows-left, rows)
			}
			slicesOf := watch(e.engine)
			must(t, e.engine.IndexAll(t.Context()))
			wantSlices(t, name+", removed", slicesOf(), rows/search.SliceTerms)
			equal(t, name+", rows after the deletion", e.postings(t, ann), before)
			left, err := e.store.Removals(t.Context(), room, 10)
			must(t, err)
			equal(t, name+", texts kept", len(left), 0)
		}
	})
}

// TestSearchingWaitsForNoWriter checks that a search answers from what is indexed while somebody else holds
// what it would write to, instead of waiting until its time is over.
func TestSearchingWaitsForNoWriter(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ann := e.people[0]
		room := e.befriend(t, ann, e.people[1])
		e.post(t, ann, room, "an old message")
		must(t, e.engine.IndexAll(t.Context()))
		e.post(t, ann, room, "a new message")
		held, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			done <- e.store.Tx(t.Context(), func(tx *db.DB) error {
				if _, err := tx.LockIndexMarks(t.Context(), []uint64{room}); err != nil {
					return err
				}
				close(held)
				<-release
				return nil
			})
		}()
		<-held
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second) // a page has 4.5 s, and a busy machine more
		defer cancel()
		q, err := search.Parse(search.Request{Text: "message"})
		must(t, err)
		got, err := e.engine.Find(ctx, ann, q)
		close(release)
		must(t, err)
		must(t, <-done)
		if len(got.Hits) != 1 || got.Hits[0].Body != "an old message" || !got.Behind {
			t.Errorf("%d found, behind: %v", len(got.Hits), got.Behind)
		}
		equal(t, "found afterwards", len(e.find(t, ann, search.Request{Text: "message"})), 2)
	})
}

// everyOther is as long a text as a message may be, of the symbols or letters of a table, with something
// between them.
func everyOther(table *unicode.RangeTable, between string) string {
	var list []rune
	for r := range unicode.MaxRune {
		if unicode.Is(table, r) && unicode.In(r, unicode.L, unicode.So) {
			list = append(list, r)
		}
	}
	var b strings.Builder
	for i := range (chat.MaxBody + len(between)) / (1 + len(between)) {
		b.WriteRune(list[i%len(list)])
		b.WriteString(between)
	}
	return strings.TrimSuffix(b.String(), between)
}

func (e *env) isBehind(t *testing.T, room uint64) bool {
	t.Helper()
	rooms, err := e.store.RoomsBehind(t.Context(), room-1, 1)
	must(t, err)
	return slices.Contains(rooms, room)
}

// TestADenseRoomIsItsOwnProblem posts as much as six people may at once, and checks that the words of others
// get into the index all the same, and that a search does a bounded part of the work itself.
func TestADenseRoomIsItsOwnProblem(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		random := rand.New(rand.NewPCG(39, 2))
		ann, ben, eve := e.people[0], e.people[1], e.people[2]
		loud, quiet := e.befriend(t, ann, eve), e.befriend(t, ann, ben)
		for range 20 {
			e.post(t, eve, loud, denseText(random))
		}
		e.post(t, ben, quiet, "hello there")
		slicesOf := watch(e.engine)
		behind, err := e.engine.IndexSome(t.Context(), []uint64{loud, quiet})
		must(t, err)
		equalLists(t, "the others come first now", behind, []uint64{quiet, loud})
		behind, err = e.engine.IndexSome(t.Context(), behind)
		must(t, err)
		equalLists(t, "left", behind, []uint64{loud})
		if got := e.find(t, ben, search.Request{Text: "hello"}); len(got) != 1 {
			t.Errorf("the other room has %q", got)
		}
		slicesOf()
		q, err := search.Parse(search.Request{Text: "hello"})
		must(t, err)
		r, err := e.engine.Find(t.Context(), ann, q)
		must(t, err)
		equal(t, "found beside the dense texts", len(r.Hits), 1)
		equal(t, "behind", r.Behind, true)
		got := slicesOf()
		wantSlices(t, "a search", got, 1)
		equal(t, "slices in a search", len(got), search.CatchUpSlices)
	})
}

// TestIndexUnderFire posts, edits and deletes while two processes index, and compares the index with
// what is left then.
func TestIndexUnderFire(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ann := e.people[0]
		room := e.befriend(t, ann, e.people[1])
		ctx, cancel := context.WithCancel(t.Context())
		var indexing, talking sync.WaitGroup
		for range 2 {
			engine := search.New(e.store, e.now)
			indexing.Go(func() {
				for ctx.Err() == nil {
					if _, err := engine.IndexSome(ctx, []uint64{room}); err != nil && ctx.Err() == nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for n := range 4 {
			talking.Go(func() {
				random := rand.New(rand.NewPCG(39, uint64(n)))
				var mine []uint64
				for range 4 {
					body := denseText(random)[:3*(1+random.IntN(chat.MaxBody))]
					switch i := random.IntN(5); {
					case i < 3 || len(mine) == 0:
						seq, err := e.Post(ctx, ann, room, chat.Draft{Body: body})
						must(t, err)
						mine = append(mine, seq)
					case i == 3:
						must(t, e.Edit(ctx, ann, room, mine[random.IntN(len(mine))], body))
					default:
						i := random.IntN(len(mine))
						must(t, e.Delete(ctx, ann, room, mine[i]))
						mine = slices.Delete(mine, i, i+1)
					}
					time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond)
				}
			})
		}
		talking.Wait()
		cancel()
		indexing.Wait()
		must(t, e.engine.IndexAll(t.Context()))
		rows, err := e.store.MessagesAfter(t.Context(), room, 0, 1000)
		must(t, err)
		alive, want := map[uint64]map[string]bool{}, 0
		for _, m := range rows {
			if m.IsText() && m.DeleteSeq == 0 {
				alive[m.Seq] = map[string]bool{}
			}
		}
		for _, m := range rows {
			at := m.Seq
			if m.Kind == db.KindEdit {
				at = m.TargetSeq
			}
			if terms := alive[at]; terms != nil && (m.IsText() || m.Kind == db.KindEdit) {
				for _, term := range search.IndexTerms(m.Body, ann.ID) {
					terms[term] = true
				}
			}
		}
		for _, terms := range alive {
			want += len(terms)
		}
		equal(t, "rows of the index", e.postings(t, ann), want)
	})
}
