package web

import (
	"cmp"
	"strconv"
	"strings"

	"parley/app/chat"
	"parley/views"
)

// variant is what the bytes of an entry depend on beside the entry. Viewers of the same variant
// share them.
type variant struct {
	lang     string // of the words around it
	zone     string
	since    uint64 // where the viewer's time in the room began; 0 for those who saw all of it
	streamed bool   // for a page that cannot change what it shows already
}

// variant is that of whoever calls, if their time in a room began at a seq.
func (c *call) variant(joined uint64, streamed bool) string {
	if joined == 1 {
		joined = 0
	}
	return strings.Join([]string{c.words().Lang, c.me.TimeZone, strconv.FormatUint(joined, 10), strconv.FormatBool(streamed)}, "|")
}

func parseVariant(text string) variant {
	lang, rest, _ := strings.Cut(text, "|")
	zone, rest, _ := strings.Cut(rest, "|")
	since, streamed, _ := strings.Cut(rest, "|")
	return variant{lang: lang, zone: zone, since: seqOf(since), streamed: streamed == "true"}
}

func (s *Server) mannerOf(v variant) manner {
	return manner{zone: s.zones.named(v.zone), words: cmp.Or(views.WordsIn(v.lang), views.English())}
}

// entryMarkup is an entry as the pages of a variant get it. Who came later is told nothing of what
// was said before, however it is referred to.
func (s *Server) entryMarkup(e chat.Entry, text string) []byte {
	v := parseVariant(text)
	e, ok := e.Within(func(seq uint64) bool { return seq >= v.since })
	if !ok {
		return nil
	}
	m := s.mannerOf(v)
	switch {
	case v.streamed && !e.IsShown():
		return s.mustMarkup(views.StreamChange(changeView(e, m)))
	case v.streamed:
		return s.mustMarkup(views.Message(entryView(e, m)))
	}
	return s.mustMarkup(arrival(e, m))
}
