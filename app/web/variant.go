package web

import (
	"strconv"
	"strings"

	"parley/app/chat"
	"parley/views"
)

// variant is what the bytes of an entry depend on beside the entry. Viewers of the same variant
// share them.
type variant struct {
	zone     string
	since    uint64 // where the viewer's time in the room began; 0 for those who saw all of it
	streamed bool   // for a page that cannot change what it shows already
}

// variantOf is the variant of somebody whose time in a room began at a seq.
func variantOf(zone string, joined uint64, streamed bool) string {
	if joined == 1 {
		joined = 0
	}
	return strings.Join([]string{zone, strconv.FormatUint(joined, 10), strconv.FormatBool(streamed)}, "|")
}

func parseVariant(text string) variant {
	zone, rest, _ := strings.Cut(text, "|")
	since, streamed, _ := strings.Cut(rest, "|")
	return variant{zone: zone, since: seqOf(since), streamed: streamed == "true"}
}

// entryMarkup is an entry as the pages of a variant get it. Who came later is told nothing of what
// was said before, however it is referred to.
func (s *Server) entryMarkup(e chat.Entry, text string) []byte {
	v := parseVariant(text)
	e, ok := e.Within(func(seq uint64) bool { return seq >= v.since })
	if !ok {
		return nil
	}
	zone := s.zones.named(v.zone)
	switch {
	case v.streamed && !e.IsShown():
		return s.mustMarkup(views.StreamChange(s.changeView(e, zone)))
	case v.streamed:
		return s.mustMarkup(views.Message(entryView(e, zone)))
	}
	return s.mustMarkup(arrival(e, zone))
}
