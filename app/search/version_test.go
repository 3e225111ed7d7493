package search_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/app/chat"
	"parley/app/search"
	"parley/db"
)

// TestTermsHaveAVersion fails when the terms of texts change, by our doing or with a new version of Unicode, and
// the version of the index does not.
func TestTermsHaveAVersion(t *testing.T) {
	var b strings.Builder
	for r := rune(' '); r < 0x20000; r++ {
		b.WriteRune(r)
		if r%7 == 0 {
			b.WriteString("'e\u200c")
		}
		if r%500 == 0 {
			b.WriteByte(' ')
		}
	}
	sum := sha256.New()
	for _, text := range strings.SplitAfter(strings.ToValidUTF8(b.String(), "?"), " ") {
		_, _ = fmt.Fprintln(sum, search.IndexTerms(text, 1))
	}
	got := hex.EncodeToString(sum.Sum(nil))
	if want := map[int]string{3: "5f6733288320a9572eec8a99848553c6999f42d24037505a02deb6b17132085d"}[db.IndexVersion]; got != want {
		t.Errorf("the terms of version %d have the sum %s, not %s: with other terms, raise db.IndexVersion", db.IndexVersion, got, want)
	}
}

// TestAnOldIndexIsRebuilt indexes messages as an earlier version did, and checks that they are found all along
// while the index is rebuilt, that what only the new version finds is found then, and that what the
// old one had and the new one does not is gone.
func TestAnOldIndexIsRebuilt(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ann, ben := e.people[0], e.people[1]
		room := e.befriend(t, ann, ben)
		const messages = 400
		old := func(tx *db.DB, seq uint64, at time.Time, terms ...string) {
			for _, term := range append(terms, search.AuthorTerm(ann.ID)) {
				must(t, tx.AddPostings(t.Context(), []db.Posting{{RoomID: room, Term: term, At: at.UnixMicro(), Seq: seq}}))
			}
		}
		var last, fifth uint64
		for n := range messages {
			e.advance(time.Second)
			seq, err := e.Post(t.Context(), ann, room, chat.Draft{Body: fmt.Sprintf("l'été می\u200cخواهم number%d", n)})
			must(t, err)
			must(t, e.store.Tx(t.Context(), func(tx *db.DB) error {
				_, err := tx.LockIndexMarks(t.Context(), []uint64{room})
				must(t, err)
				old(tx, seq, e.now(), "lete", "می", "خواهم", fmt.Sprint("number", n))
				return nil
			}))
			if last = seq; n == 5 {
				fifth = seq
			}
		}
		must(t, e.store.Tx(t.Context(), func(tx *db.DB) error {
			marks, err := tx.LockIndexMarks(t.Context(), []uint64{room})
			must(t, err)
			mark := marks[room]
			mark.Indexed, mark.Version = db.Cursor{Seq: last}, 0
			return tx.SetIndexMark(t.Context(), mark)
		}))
		count := func(typed string) (n int, behind bool) {
			q, err := search.Parse(search.Request{Text: typed})
			must(t, err)
			r, err := e.engine.Find(t.Context(), ben, q)
			must(t, err)
			return len(r.Hits), r.Behind
		}
		found, behind := count("été")
		equal(t, "found before", found, 0)
		equal(t, "behind before", behind, true)
		e.post(t, ann, room, "and l'hiver") // new messages do not wait for the old ones
		found, _ = count("hiver")
		equal(t, "a new one", found, 1)
		must(t, e.Delete(t.Context(), ann, room, fifth))
		slicesOf := watch(e.engine)
		for e.isBehind(t, room) {
			_, err := e.engine.IndexSome(t.Context(), []uint64{room})
			must(t, err)
			for _, typed := range []string{`"number0"`, fmt.Sprintf(`"number%d"`, messages-1), `l'été "number300"`, "hiver"} {
				if found, _ = count(typed); found != 1 {
					t.Fatalf("%s is not found in the meantime", typed)
				}
			}
		}
		wantSlices(t, "the new index", slicesOf(), messages*6/search.SliceTerms)
		found, behind = count(`été "number300"`)
		equal(t, "found then", found, 1)
		equal(t, "behind then", behind, false)
		found, _ = count(`میخواهم "number300"`)
		equal(t, "without the joiner", found, 1)
		found, _ = count(`"number5"`)
		equal(t, "deleted in the meantime", found, 0)
		want := len(search.IndexTerms("and l'hiver", ann.ID)) + (messages-1)*len(search.IndexTerms("l'été می\u200cخواهم number", ann.ID))
		equal(t, "rows", e.postings(t, ann), want)
	})
}
