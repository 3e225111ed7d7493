package search

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"parley/app/text"
	"parley/db"
)

const (
	matchBatch = 500 // postings after which the place in the log is noted
	readBatch  = 50  // messages that are read at once
)

// place is a message in the logs of all rooms.
type place struct{ room, seq uint64 }

// match compares the texts behind postings with the query, until the page is full or exhausted. It
// reports whether it got through all of them.
func (s *scan) match(ctx context.Context, found []db.FoundPosting) (all bool, err error) {
	slices.SortFunc(found, func(a, b db.FoundPosting) int { return newestFirst(a.Position, b.Position) })
	found = slices.CompactFunc(found, func(a, b db.FoundPosting) bool { return a.Position == b.Position })
	for batch := range slices.Chunk(found, matchBatch) {
		for part := range slices.Chunk(s.visible(batch), readBatch) {
			if s.exhausted() { // not in between: comparing what has been read takes no time, and reading it again does
				return false, nil
			}
			messages, err := s.visibleTexts(ctx, part)
			if err != nil {
				return false, err
			}
			for _, at := range part {
				m, ok := messages[place{at.RoomID, at.Seq}]
				if ok && s.collect(m) && len(s.results.Hits) > PageSize { // one more, to know that there is a next page
					s.results.Hits = s.results.Hits[:PageSize]
					s.results.Next = &s.below
					return false, nil
				}
				s.below = at
				s.read++
			}
		}
		s.below = batch[len(batch)-1].Position
	}
	return true, nil
}

// visible returns the messages that have all words in the index, and that the person may see.
func (s *scan) visible(found []db.FoundPosting) (list []db.Position) {
	for _, f := range found {
		if f.HasAll && s.isVisible(f.RoomID, f.Seq) {
			list = append(list, f.Position)
		}
	}
	return list
}

// isVisible reports whether the person was in a room when an entry came.
func (s *scan) isVisible(room, seq uint64) bool {
	i, in := slices.BinarySearchFunc(s.rooms, room, func(r db.SearchableRoom, id uint64) int { return cmp.Compare(r.RoomID, id) })
	return in && s.rooms[i].Spans.Has(seq)
}

// visibleTexts reads messages with the texts that the person sees on the pages: the newest that they
// were given while this person was there. The index has every text, so comparing with anything
// else would let people find out, word by word, what they may not read.
func (s *scan) visibleTexts(ctx context.Context, list []db.Position) (map[place]db.Message, error) {
	wanted := map[uint64][]uint64{}
	for _, at := range list {
		wanted[at.RoomID] = append(wanted[at.RoomID], at.Seq)
	}
	rows, err := s.store.MessagesOf(ctx, wanted)
	if err != nil {
		return nil, err
	}
	found := make(map[place]db.Message, len(rows))
	current, missed := map[uint64][]uint64{}, map[uint64][]uint64{} // edits by their seq; messages whose newest edit is not visible
	for _, m := range rows {
		found[place{m.RoomID, m.Seq}] = m
		if m.EditSeq != 0 && s.isVisible(m.RoomID, m.EditSeq) {
			current[m.RoomID] = append(current[m.RoomID], m.EditSeq)
		} else if m.EditSeq != 0 {
			missed[m.RoomID] = append(missed[m.RoomID], m.Seq)
		}
	}
	for room, seqs := range missed {
		edits, err := s.store.ChangeSeqs(ctx, room, seqs, db.KindEdit) // oldest first
		if err != nil {
			return nil, err
		}
		newest := map[uint64]uint64{}
		for _, e := range edits {
			if s.isVisible(room, e.Seq) {
				newest[e.TargetSeq] = e.Seq
			}
		}
		current[room] = slices.AppendSeq(current[room], maps.Values(newest))
	}
	edits, err := s.store.MessagesOf(ctx, current)
	if err != nil {
		return nil, err
	}
	for _, e := range edits {
		at := place{e.RoomID, e.TargetSeq}
		m := found[at]
		m.Body = e.Body
		found[at] = m
	}
	return found, nil
}

// collect adds a message to the results if it matches, and reports whether it does.
func (s *scan) collect(m db.Message) bool {
	body := text.Normalize(m.Body)
	matches := s.phrases.matches(tokenize(body))
	if m.DeleteSeq != 0 || s.author != 0 && s.author != m.AuthorID || len(s.phrases) > 0 && len(matches) == 0 {
		return false
	}
	s.results.Hits = append(s.results.Hits, Hit{Message: m, Excerpt: s.excerpt(body, matches)})
	return true
}

// excerpt is of the text without its formatting, unless what was searched for is in the formatting alone, such
// as in the address of a link.
func (s *scan) excerpt(body string, matches []token) []Piece {
	if s.plain != nil {
		plain := text.Normalize(s.plain(body))
		if shown := s.phrases.matches(tokenize(plain)); plain != "" && (len(shown) > 0 || len(matches) == 0) {
			return excerpt(plain, shown)
		}
	}
	return excerpt(body, matches)
}

// loadAuthors adds who wrote what was found.
func (s *scan) loadAuthors(ctx context.Context) error {
	var ids []uint64
	for _, h := range s.results.Hits {
		ids = append(ids, h.AuthorID)
	}
	users, err := s.store.UsersByID(ctx, ids)
	for i := range s.results.Hits {
		s.results.Hits[i].Author = users[s.results.Hits[i].AuthorID]
	}
	return err
}
