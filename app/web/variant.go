package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"parley/app/chat"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

// variant is what the bytes of an entry depend on beside the entry. Viewers of the same variant
// share them.
type variant struct {
	lang     string    // of the words around it
	zone     string    // of the times
	spans    []db.Span // the parts of the room's log that the viewer was there for
	streamed bool      // for a page that cannot change what it shows already
}

// variant is that of whoever calls, if they were in a room for these spans.
func (c *call) variant(spans []db.Span, streamed bool) string {
	return strings.Join([]string{c.words().Lang, c.me.TimeZone, spansText(spans), strconv.FormatBool(streamed)}, "|")
}

func parseVariant(text string) variant {
	lang, rest, _ := strings.Cut(text, "|")
	zone, rest, _ := strings.Cut(rest, "|")
	spans, streamed, _ := strings.Cut(rest, "|")
	return variant{lang: lang, zone: zone, spans: parseSpans(spans), streamed: streamed == "true"}
}

// spansText writes spans as "1-17,40-0"; 0 is no end.
func spansText(spans []db.Span) string {
	list := make([]string, len(spans))
	for i, s := range spans {
		list[i] = strconv.FormatUint(s.From, 10) + "-" + strconv.FormatUint(s.To, 10)
	}
	return strings.Join(list, ",")
}

func parseSpans(text string) (spans []db.Span) {
	for one := range strings.SplitSeq(text, ",") {
		from, to, _ := strings.Cut(one, "-")
		spans = append(spans, db.Span{From: seqOf(from), To: seqOf(to)})
	}
	return spans
}

func (s *Server) mannerOf(v variant) locale {
	return locale{zone: s.zones.named(v.zone), words: cmp.Or(words.In(v.lang), words.English())}
}

// renderEntryis an entry as the pages of a variant get it. Who was not there is told nothing of what
// was said then, however it is referred to.
func (s *Server) renderEntry(e chat.Entry, text string) []byte {
	v := parseVariant(text)
	e, ok := e.VisibleTo(func(seq uint64) bool {
		return slices.ContainsFunc(v.spans, func(s db.Span) bool { return s.Has(seq) })
	})
	if !ok {
		return nil
	}
	m := s.mannerOf(v)
	switch {
	case v.streamed && !e.IsListed():
		return s.renderForStream(views.StreamChange(changeView(e, m)))
	case v.streamed:
		return s.renderForStream(views.Message(entryView(e, m)))
	}
	return s.renderForStream(arrival(e, m))
}
