package chat

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"parley/db"
)

// A search is bounded by what it may look at, not by what there is. Where it had to stop, the next
// page goes on from there: nothing is left out.
const (
	lookAtFirst  = 250  // postings at a time, over all rooms
	lookAtMost   = 2000 // the same, while the database is quick about it
	planFor      = 20 * time.Millisecond
	lookFor      = 40 * time.Millisecond
	lookQuick    = lookFor / 8 // what a look may take for the next to be twice as large
	readAtMost   = 400         // messages whose text is compared
	countAtMost  = 1000        // postings of a word, to find the rarest
	longerAtMost = 10_000      // postings of all words that begin with the last one
	withAtMost   = 6           // words that the index must have; the text is compared with all
	looksAtLeast = 8           // each four times as far back as the one before, where there is little
	firstSlice   = int64(24 * time.Hour / time.Microsecond)
)

// search is one search under way.
type search struct {
	ctx    context.Context
	store  *db.DB
	query  query
	author uint64 // 0 is everybody
	rooms  []db.SearchableRoom
	now    int64 // in microseconds since 1970
	below  db.Position
	until  time.Time
	looks  int
	read   int
	found  SearchResults
}

// tired tells that a search has done its share; what is left is for the next page. However slow the
// database is, each page gets on: it has read something, or gone back by years.
func (s *search) tired() bool {
	return s.read >= readAtMost || (s.read > 0 || s.looks >= looksAtLeast) && time.Now().After(s.until)
}

// run walks the postings of the rarest word from the newest on, a slice of time after the other,
// until a page is full. They grow where little was said; one with too much in it is cut, and only
// what is dense all the same has to be sorted by the database.
func (s *search) run() error {
	look, err := s.plan()
	if err != nil || len(s.rooms) == 0 {
		return err
	}
	oldest := s.rooms[0].Since
	for _, r := range s.rooms {
		oldest = min(oldest, r.Since)
	}
	look.Rooms, look.Limit = s.rooms, lookAtFirst
	slice, cuts := firstSlice, 0
	for s.until = time.Now().Add(lookFor); !s.tired(); s.looks++ {
		look.Below, look.Since, look.Newest = s.below, max(oldest, min(s.below.At, s.now)-slice), cuts > 1
		if look.Prefix { // its words are not in the order of time, so all are read anyway
			look.Since, look.Newest, look.Limit = oldest, true, lookAtMost
		}
		asked := time.Now()
		found, err := s.store.Postings(s.ctx, look)
		if err != nil {
			return err
		}
		more, few := len(found) == look.Limit, len(found) < look.Limit/4
		if time.Since(asked) < lookQuick {
			look.Limit = min(2*look.Limit, lookAtMost)
		}
		if more && !look.Newest {
			slice, cuts = max(1, slice/16), cuts+1
			continue
		}
		slices.SortFunc(found, func(a, b db.FoundPosting) int { return newer(a.Position, b.Position) })
		all, err := s.take(found)
		if err != nil || s.found.Next != nil {
			return err
		}
		if more || !all {
			continue
		}
		if look.Since <= oldest {
			return nil
		}
		cuts, s.below = 0, db.Position{At: look.Since} // below all that was said at that moment or later
		if few {
			slice = min(4*slice, math.MaxInt64/64)
		}
	}
	s.found.Next, s.found.Partial = &s.below, true
	return nil
}

// plan chooses the word to walk: the rarest. The others are looked up for each of its postings, but
// for the unfinished one, which only the text can tell.
func (s *search) plan() (look db.PostingQuery, err error) {
	exact, prefix := s.query.terms()
	if s.author != 0 {
		exact = append(exact, authorTerm(s.author))
	}
	start, counts := time.Now(), map[string]int{}
	if len(exact) > 1 || prefix != "" {
		for _, term := range exact {
			if counts[term] = countAtMost; time.Since(start) > planFor { // perhaps not the best, but some word
				continue
			}
			if counts[term], err = s.store.CountPostings(s.ctx, s.rooms, term, false, countAtMost); err != nil {
				return look, err
			}
		}
		slices.SortStableFunc(exact, func(a, b string) int { return cmp.Or(counts[a]-counts[b], len(b)-len(a)) })
	}
	if prefix != "" && (len(exact) == 0 || counts[exact[0]] >= countAtMost && time.Since(start) < planFor) {
		n, err := s.store.CountPostings(s.ctx, s.rooms, prefix, true, longerAtMost)
		switch {
		case err != nil:
			return look, err
		case n < longerAtMost:
			return db.PostingQuery{Term: prefix, Prefix: true, With: exact[:min(len(exact), withAtMost)]}, nil
		case len(exact) == 0:
			last := &s.query[len(s.query)-1]
			last.open, s.found.Whole = false, prefix
			return db.PostingQuery{Term: prefix}, nil
		}
	}
	return db.PostingQuery{Term: exact[0], With: exact[1:min(len(exact), withAtMost)]}, nil
}

// newer orders spots, the newest first.
func newer(a, b db.Position) int {
	return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.RoomID, a.RoomID), cmp.Compare(b.Seq, a.Seq))
}

// take compares the texts of what was found with the query, until the page is full or the search is
// tired; all tells that it saw everything.
func (s *search) take(found []db.FoundPosting) (all bool, err error) {
	for batch := range slices.Chunk(found, 500) {
		for part := range slices.Chunk(s.visible(batch), 50) {
			if s.tired() {
				return false, nil
			}
			texts, err := s.texts(part)
			if err != nil {
				return false, err
			}
			for _, spot := range part {
				m, ok := texts[[2]uint64{spot.RoomID, spot.Seq}]
				if !ok || !s.add(m) {
					s.below = spot
					continue
				}
				if len(s.found.Hits) > FoundSize {
					s.found.Hits = s.found.Hits[:FoundSize]
					s.found.Next = &s.below
					return false, nil
				}
				s.below = spot
			}
			s.read += len(part)
		}
		s.below = batch[len(batch)-1].Position
	}
	return true, nil
}

// visible leaves what has all the words and was said while the one who searches was there.
func (s *search) visible(found []db.FoundPosting) (spots []db.Position) {
	for _, f := range found {
		if f.Hit && s.saw(f.RoomID, f.Seq) {
			spots = append(spots, f.Position)
		}
	}
	return spots
}

// saw tells whether the one who searches was there for an entry.
func (s *search) saw(room, seq uint64) bool {
	i, in := slices.BinarySearchFunc(s.rooms, room, func(r db.SearchableRoom, id uint64) int { return cmp.Compare(r.RoomID, id) })
	return in && seenIn(s.rooms[i].Spans)(seq)
}

// texts reads messages with the text that they have on the page of the one who searches: the newest
// that was given to them while that one was there. The index has every text, so nothing but what the
// page shows decides what is found, and nobody learns of other words by what is not.
func (s *search) texts(spots []db.Position) (map[[2]uint64]db.Message, error) {
	places := map[uint64][]uint64{}
	for _, spot := range spots {
		places[spot.RoomID] = append(places[spot.RoomID], spot.Seq)
	}
	rows, err := s.store.MessagesOf(s.ctx, places)
	if err != nil {
		return nil, err
	}
	clear(places)
	found := make(map[[2]uint64]db.Message, len(rows))
	missed := map[uint64][]uint64{}
	for _, m := range rows {
		found[[2]uint64{m.RoomID, m.Seq}] = m
		if m.EditSeq != 0 && s.saw(m.RoomID, m.EditSeq) {
			places[m.RoomID] = append(places[m.RoomID], m.EditSeq)
		} else if m.EditSeq != 0 {
			missed[m.RoomID] = append(missed[m.RoomID], m.Seq)
		}
	}
	edits, err := s.store.MessagesOf(s.ctx, places)
	if err != nil {
		return nil, err
	}
	for room, seqs := range missed {
		changes, err := s.store.ChangesOf(s.ctx, room, seqs) // oldest first
		if err != nil {
			return nil, err
		}
		edits = append(edits, changes...)
	}
	for _, e := range edits {
		if e.Kind == db.KindEdit && s.saw(e.RoomID, e.Seq) {
			place := [2]uint64{e.RoomID, e.TargetSeq}
			m := found[place]
			m.Body = e.Body
			found[place] = m
		}
	}
	return found, nil
}

// add takes a message in if it is what was asked for, with the text that is shown.
func (s *search) add(m db.Message) bool {
	text := plainText(m.Body)
	hits := s.query.hits(words(text))
	if m.DeleteSeq != 0 || s.author != 0 && s.author != m.AuthorID || len(s.query) > 0 && len(hits) == 0 {
		return false
	}
	s.found.Hits = append(s.found.Hits, SearchHit{Message: m, Pieces: excerpt(text, hits)})
	return true
}

// name adds who said what was found.
func (s *search) name() error {
	var ids []uint64
	for _, h := range s.found.Hits {
		ids = append(ids, h.AuthorID)
	}
	users, err := s.store.UsersByID(s.ctx, ids)
	for i := range s.found.Hits {
		s.found.Hits[i].Author = users[s.found.Hits[i].AuthorID]
	}
	return err
}
