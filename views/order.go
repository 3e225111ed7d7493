package views

import "slices"

// newestFirst turns a stretch of a log round. What an entry says of the one before it would be said of
// the wrong one then: each message has its author, and the day stands above the first of its messages.
func newestFirst(list []Entry) []Entry {
	down := slices.Clone(list)
	slices.Reverse(down)
	for i := range down {
		e := &down[i]
		e.Continues, e.Day = false, ""
		if day := e.Words.Dates.Day(e.At); i == 0 || day != e.Words.Dates.Day(down[i-1].At) {
			e.Day = day
		}
	}
	return down
}
