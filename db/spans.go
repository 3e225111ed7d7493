package db

import "slices"

// Spans are the parts of a room's log that somebody was there for, oldest first. Nothing else of the
// log may be shown to them.
type Spans []Span

// Has reports whether an entry lies in one of the spans.
func (s Spans) Has(seq uint64) bool {
	return slices.ContainsFunc(s, func(one Span) bool { return one.Has(seq) })
}
