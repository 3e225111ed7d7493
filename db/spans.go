package db

import (
	"cmp"
	"slices"
)

// Spans are the parts of a room's log that somebody was there for, oldest first. Nothing else of the
// log may be shown to them.
type Spans []Span

// Has reports whether an entry lies in one of the spans.
func (s Spans) Has(seq uint64) bool {
	return slices.ContainsFunc(s, func(one Span) bool { return one.Has(seq) })
}

// HasAll reports whether everything from one entry to another lies in one of the spans.
func (s Spans) HasAll(from, to uint64) bool {
	return slices.ContainsFunc(s, func(one Span) bool { return one.Has(from) && one.Has(to) })
}

// span returns the part of the log that a membership shows.
func (m Member) span() Span {
	if m.SeesAll {
		return Span{From: 1, To: m.LeftSeq}
	}
	return Span{From: m.JoinedSeq, To: m.LeftSeq}
}

// united returns the spans in order and merges those that overlap: somebody who comes back to an open room
// sees it from its beginning again.
func (s Spans) united() (list Spans) {
	slices.SortStableFunc(s, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	for _, one := range s {
		last := len(list) - 1
		if last < 0 || list[last].To != 0 && one.From > list[last].To {
			list = append(list, one)
		} else if list[last].To != 0 && (one.To == 0 || one.To > list[last].To) {
			list[last].To = one.To
		}
	}
	return list
}
