package search

import (
	"cmp"
	"context"
	"slices"

	"parley/app/text"
	"parley/db"
)

const (
	matchBatch = 500          // postings after which the place in the log is noted
	readFirst  = PageSize + 5 // messages that are read at once: nearly all that the index has match
	readBatch  = 50           // the same, of those after the first
)

// place is a message in the logs of all rooms.
type place struct{ room, seq uint64 }

// match compares the texts behind postings with the query, until the page is full or exhausted. It
// reports whether it got through all of them.
func (s *scan) match(ctx context.Context, found []db.FoundPosting) (all bool, err error) {
	slices.SortFunc(found, func(a, b db.FoundPosting) int { return newestFirst(a.Position, b.Position) })
	found = slices.CompactFunc(found, func(a, b db.FoundPosting) bool { return a.Position == b.Position })
	for batch := range slices.Chunk(found, matchBatch) {
		size := readBatch
		if s.read == 0 {
			size = readFirst
		}
		for list := s.visible(batch); len(list) > 0; size = readBatch {
			part := list[:min(size, len(list))]
			list = list[len(part):]
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
func (s *scan) visibleTexts(ctx context.Context, list []db.Position) (map[place]*db.FoundMessage, error) {
	rows, err := s.store.FoundMessages(ctx, list)
	if err != nil {
		return nil, err
	}
	found := make(map[place]*db.FoundMessage, len(rows))
	missed := map[uint64][]uint64{} // messages whose newest edit is not visible
	for i := range rows {
		m := &rows[i]
		if m.EditSeq != 0 && !s.isVisible(m.RoomID, m.EditSeq) {
			missed[m.RoomID] = append(missed[m.RoomID], m.Seq)
		} else if m.IsEdited {
			m.Body = m.Edited
		}
		found[place{m.RoomID, m.Seq}] = m
	}
	return found, s.addEarlierTexts(ctx, found, missed)
}

// addEarlierTexts gives messages the texts of their newest edits that are visible.
func (s *scan) addEarlierTexts(ctx context.Context, found map[place]*db.FoundMessage, missed map[uint64][]uint64) error {
	var edits []db.Position
	target := map[place]place{} // of each edit
	for room, seqs := range missed {
		changes, err := s.store.ChangeSeqs(ctx, room, seqs, db.KindEdit) // oldest first
		if err != nil {
			return err
		}
		newest := map[uint64]uint64{}
		for _, e := range changes {
			if s.isVisible(room, e.Seq) {
				newest[e.TargetSeq] = e.Seq
			}
		}
		for seq, edit := range newest {
			edits = append(edits, db.Position{RoomID: room, Seq: edit})
			target[place{room, edit}] = place{room, seq}
		}
	}
	rows, err := s.store.FoundMessages(ctx, edits)
	for _, e := range rows {
		found[target[place{e.RoomID, e.Seq}]].Body = e.Body
	}
	return err
}

// collect adds a message to the results if it matches, and reports whether it does.
func (s *scan) collect(m *db.FoundMessage) bool {
	body := text.Normalize(m.Body)
	matches := s.phrases.matches(tokenize(body))
	if m.DeleteSeq != 0 || s.author != 0 && s.author != m.AuthorID || len(s.phrases) > 0 && len(matches) == 0 {
		return false
	}
	s.results.Hits = append(s.results.Hits, Hit{Message: m.Message, Author: m.Author, Excerpt: s.excerpt(body, matches)})
	return true
}

// excerpt is of the text without its formatting, unless what was searched for is in the formatting alone, such
// as in the address of a link.
func (s *scan) excerpt(body string, matches []token) []Piece {
	if s.plain != nil {
		plain := text.Normalize(s.plain(body))
		if plain == body {
			return excerpt(body, matches)
		}
		if shown := s.phrases.matches(tokenize(plain)); plain != "" && (len(shown) > 0 || len(matches) == 0) {
			return excerpt(plain, shown)
		}
	}
	return excerpt(body, matches)
}
