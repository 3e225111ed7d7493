package web

import (
	"encoding/binary"
	"math"

	"parley/app/chat"
	"parley/app/live"
	"parley/db"
	"parley/views"
)

// variant is everything that the bytes of a stream depend on, apart from what is in the database.
// Viewers with equal variants share those of an entry, so it must be comparable and hold nothing that
// belongs to one viewer.
type variant struct {
	locale   locale
	streamed bool // the page has no scripts, so it cannot change what it already shows

	// What is shown beside the messages depends on these as well.
	page   pageKind
	beside uint64 // the room beside the room list of a page without a stream of its own
	hasGap bool   // the page of the room was opened above its end
	chosen string // the locale that the reader had chosen when the page was made, if the page says so
}

// pageKind is a page that is sent something else than the others.
type pageKind int

const (
	roomsPage    pageKind = iota // shows the room list: alone, or beside the room that it streams
	historyPage                  // shows the room list beside a room's history
	friendsPage                  // shows the lists of friends
	otherPage                    // shows none of these
	roomListPage                 // is a streamed room list
	hiddenPage                   // is hidden, and is called for what is new
)

// variantOf returns the variant of a viewer. All viewers have one.
func variantOf(v *live.Viewer) variant { return v.Variant.(variant) }

// spanKey holds the parts of a room's log that a viewer may see (live.Viewer.Sees), 16 bytes each.
type spanKey string

func spanKeyOf(spans db.Spans) spanKey {
	if len(spans) == 0 { // an empty key is that of somebody from whom nothing is hidden
		spans = db.Spans{{From: math.MaxUint64, To: 1}}
	}
	b := make([]byte, 0, 16*len(spans))
	for _, s := range spans {
		b = binary.BigEndian.AppendUint64(b, s.From)
		b = binary.BigEndian.AppendUint64(b, s.To)
	}
	return spanKey(b)
}

func (k spanKey) spans() (spans db.Spans) {
	for ; k != ""; k = k[16:] {
		spans = append(spans, db.Span{From: binary.BigEndian.Uint64([]byte(k[:8])), To: binary.BigEndian.Uint64([]byte(k[8:16]))})
	}
	return spans
}

// hasAll reports whether all from one entry to another lies in one of the spans.
func (k spanKey) hasAll(from, to uint64) bool {
	for ; k != ""; k = k[16:] {
		begin, end := binary.BigEndian.Uint64([]byte(k[:8])), binary.BigEndian.Uint64([]byte(k[8:16]))
		if begin <= from && (end == 0 || end >= to) {
			return true
		}
	}
	return false
}

// renderEntry renders an entry for the viewers of a variant who may see these parts of the log, all of it if the key is
// empty. Content from outside the viewers' memberships is left out, in quotes and reactions too.
func (s *Server) renderEntry(e chat.Entry, v variant, sees spanKey) []byte {
	spans := sees.spans()
	if sees == "" {
		spans = db.Spans{{}}
	}
	e, ok := e.VisibleTo(spans)
	switch {
	case !ok:
		return nil
	case v.streamed && e.ChangesMembers() && !e.IsListed():
		return s.renderJoinedToo(e, v)
	case v.streamed && !e.IsListed():
		return s.renderForStream(views.StreamedChange(changeView(e, v.locale)))
	case v.streamed:
		return s.renderForStream(views.Message(s.items.entry(0, e, v.locale)))
	}
	return s.renderForStream(s.arrival(e, v.locale))
}

// renderJoinedToo shows a line of those who joined once more on a page that cannot change the one that it shows,
// whenever there are twice as many. A thousand people are ten lines then. Nothing is shown of those who only come and
// go.
func (s *Server) renderJoinedToo(e chat.Entry, v variant) []byte {
	if e.Target == nil {
		return nil
	}
	all := e.Target.JoinedToo + 1
	if all&(all-1) != 0 {
		return nil
	}
	return s.renderForStream(views.StreamedJoined(entryView(*e.Target, v.locale)))
}
