package search

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"parley/db"
)

// The budget of one page. What it does not reach is left for the next page, and nothing is left out.
const (
	maxRead    = 400                   // messages whose text is compared
	scanTime   = 40 * time.Millisecond // for reading postings and messages
	planTime   = 20 * time.Millisecond // for finding the rarest word
	minQueries = 8                     // for postings, before the time counts against a page that has read nothing
)

const (
	firstPostings = 250          // that one query reads at first, over all rooms; a word with fewer is rare
	maxPostings   = 2000         // the same, while the database is quick
	quickQuery    = scanTime / 8 // what a query may take for the next to read twice as many
	maxCount      = 1000         // postings of a word that are counted to find the rarest
	maxCompletion = 10_000       // postings of all words that begin with the last one
	maxTerms      = 6            // that the index must have; the text is compared with all
)

// scan is one page of a search under way.
type scan struct {
	store    *db.DB
	phrases  phrases
	plain    func(string) string // of the engine
	author   uint64              // 0 is anyone
	rooms    []db.SearchableRoom
	now      int64       // in microseconds since 1970
	below    db.Position // everything from here on has been looked at
	deadline time.Time
	queries  int
	read     int
	results  Results
}

// exhausted reports whether this page has used its read or time budget. Every page makes progress,
// however slow the database is: it has read messages, or gone back by years.
func (s *scan) exhausted() bool {
	return s.read >= maxRead || (s.read > 0 || s.queries >= minQueries) && time.Now().After(s.deadline)
}

// run finds a page. For a rare word, one query reads all postings. For others it scans them in adaptive time slices,
// from the newest backwards, until the page is full or exhausted. One query reads one slice, in any order, because the
// database would have to read all postings of a word to sort them. A slice that has few makes the next one longer.
// One that has too many is cut and read again; if it is dense even so, it is sorted after all.
func (s *scan) run(ctx context.Context) error {
	if len(s.rooms) == 0 {
		return nil
	}
	oldest := s.rooms[0].Since
	for _, r := range s.rooms {
		oldest = min(oldest, r.Since)
	}
	exact, prefix := s.phrases.terms()
	if s.author != 0 {
		exact = append(exact, wanted{authorTerm(s.author)})
	}
	s.deadline = time.Now().Add(scanTime)
	if done, err := s.glance(ctx, exact, prefix, oldest); done || err != nil {
		return err
	}
	q, rare, err := s.plan(ctx, exact, prefix)
	if err != nil {
		return err
	}
	q.Rooms, q.Limit = s.rooms, firstPostings
	slice := timeSlice{length: firstSlice}
	for s.deadline = time.Now().Add(scanTime); !s.exhausted(); s.queries++ {
		q.Below, q.Since, q.Newest = s.below, max(oldest, min(s.below.At, s.now)-slice.length), slice.isDense()
		if q.Prefix { // the postings of many words are not in the order of time, so all are read anyway
			q.Since, q.Newest, q.Limit = oldest, true, maxPostings
		} else if rare {
			q.Since = oldest
		}
		limit := q.Limit
		found, err := s.postings(ctx, &q)
		if err != nil {
			return err
		}
		full := len(found) == limit
		if full && !q.Newest {
			if !rare {
				slice.cut()
			}
			rare = false // there is more by now
			continue
		}
		all, err := s.match(ctx, found)
		if err != nil || s.results.Next != nil {
			return err
		}
		if full || !all {
			continue
		}
		if q.Since <= oldest {
			return nil
		}
		s.below = db.Position{At: q.Since} // below everything of that moment or later
		slice.next(len(found) < limit/4)
	}
	s.results.Next, s.results.Partial = &s.below, true
	return nil
}

// glance reads all postings of a single word, or of all words with one beginning, as if they were rare, and reports
// whether they are: most are, and then nothing has to be counted or cut.
func (s *scan) glance(ctx context.Context, exact []wanted, prefix string, oldest int64) (done bool, err error) {
	q := db.PostingQuery{Rooms: s.rooms, Below: s.below, Since: oldest, Limit: firstPostings}
	switch {
	case len(exact) == 1 && prefix == "":
		q.Terms = exact[0]
	case len(exact) == 0:
		// Words with one beginning are not in the order of time: to find a few of them from a time, a query could read
		// all. So this one reads those of any time.
		q.Terms, q.Prefix, q.Below, q.Since = wanted{prefix}, true, db.EndPosition, 0
	default:
		return false, nil
	}
	found, err := s.postings(ctx, &q)
	if err != nil || len(found) == firstPostings {
		return false, err
	}
	found = slices.DeleteFunc(found, func(p db.FoundPosting) bool { return newestFirst(p.Position, s.below) <= 0 })
	all, err := s.match(ctx, found)
	if err == nil && !all && s.results.Next == nil {
		s.results.Next, s.results.Partial = &s.below, true
	}
	return true, err
}

// firstSlice is a day.
const firstSlice = int64(24 * time.Hour / time.Microsecond)

// timeSlice is how much time one query looks back over, in microseconds.
type timeSlice struct {
	length int64
	cuts   int
}

// cut shortens a slice that has more postings than one query reads.
func (t *timeSlice) cut() { t.length, t.cuts = max(1, t.length/16), t.cuts+1 }

// isDense reports whether cutting did not help.
func (t *timeSlice) isDense() bool { return t.cuts > 1 }

// next is the slice before this one, a longer one if this one had few postings.
func (t *timeSlice) next(few bool) {
	t.cuts = 0
	if few {
		t.length = min(4*t.length, math.MaxInt64/64)
	}
}

// postings runs a query, and lets the next read more while the database is quick.
func (s *scan) postings(ctx context.Context, q *db.PostingQuery) ([]db.FoundPosting, error) {
	start := time.Now()
	found, err := s.store.Postings(ctx, *q)
	if time.Since(start) < quickQuery {
		q.Limit = min(2*q.Limit, maxPostings)
	}
	return found, err
}

// plan chooses the word to scan: the rarest. The others are looked up for each of its postings, but
// for the unfinished one, which only the text can tell. It reports whether one query reads all postings of the word.
func (s *scan) plan(ctx context.Context, exact []wanted, prefix string) (q db.PostingQuery, rare bool, err error) {
	start, counts := time.Now(), map[string]int{}
	if len(exact) > 1 || prefix != "" {
		for _, w := range exact {
			if counts[w[0]] = maxCount; time.Since(start) > planTime { // perhaps not the best, but some word
				continue
			}
			if counts[w[0]], err = s.store.CountPostings(ctx, s.rooms, db.PostingQuery{Terms: w}, maxCount); err != nil {
				return q, false, err
			}
		}
		slices.SortStableFunc(exact, func(a, b wanted) int { return cmp.Or(counts[a[0]]-counts[b[0]], len(b[0])-len(a[0])) })
	}
	with := func(list []wanted) (terms [][]string) {
		for _, w := range list[:min(len(list), maxTerms)] {
			terms = append(terms, w)
		}
		return terms
	}
	if prefix != "" && (len(exact) == 0 || counts[exact[0][0]] >= maxCount && time.Since(start) < planTime) {
		beginning := db.PostingQuery{Terms: wanted{prefix}, Prefix: true, With: with(exact)}
		n, err := s.store.CountPostings(ctx, s.rooms, beginning, maxCompletion)
		switch {
		case err != nil:
			return q, false, err
		case n < maxCompletion:
			return beginning, false, nil
		case len(exact) == 0:
			last := &s.phrases[len(s.phrases)-1]
			last.open, s.results.ExactOnly = false, prefix
			return db.PostingQuery{Terms: wanted{prefix}}, false, nil
		}
	}
	n, counted := counts[exact[0][0]]
	return db.PostingQuery{Terms: exact[0], With: with(exact[1:])}, counted && n < firstPostings, nil
}

// newestFirst is the order of results.
func newestFirst(a, b db.Position) int {
	return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.RoomID, a.RoomID), cmp.Compare(b.Seq, a.Seq))
}
