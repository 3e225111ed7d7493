package web

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"parley/app/live"
	"parley/views"
	"parley/views/words"
)

// framePage is the page whose room list is a document that never ends.
const framePage = "frame"

// A room list that was replaced stays in the browser's memory, so its page is made anew after so many.
const roomListsMost = 100

// streamRoomsPage streams the room list as an HTML document that never ends: each time something
// changes, the whole list follows, and the style hides the one before.
func (s *Server) streamRoomsPage(c *call) error {
	beside := seqOf(c.Query("room"))
	path := views.RoomsLivePath(beside)
	if s.mustPause(c) {
		return c.render(200, views.PausedPage(c.words(), path))
	}
	lines, err := s.roomLines(c, beside)
	if err != nil {
		return err
	}
	begins, err := renderHTML(views.StreamedRooms(c.words(), lines))
	if err != nil {
		return err
	}
	p := views.Page{Words: c.words(), Title: c.words().Nav.Rooms, Me: &c.me}
	html, err := renderHTML(views.StreamedRoomsPage(p, views.AutoRefreshPath(path), comesAgain(), lines))
	if err != nil {
		return err
	}
	opening, _, _ := bytes.Cut(html, []byte(views.StreamMark))
	v := &live.Viewer{Format: roomsDocument{c.words(), beside}, Variant: c.variant(nil, true), Page: framePage, MaxEvents: roomListsMost, Beside: beside, InitialState: begins}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return s.handOver(c, v, nil, views.AppendRoomsTail(c.words(), opening, path), func() {})
}

// roomsDocument is the format of a streamed room list.
type roomsDocument struct {
	words  *words.Catalog
	beside uint64
}

// Append writes a state of the list, and says everything else in HTML.
func (d roomsDocument) Append(dst []byte, f live.StreamEvent) []byte {
	path := views.RoomsLivePath(d.beside)
	var last component
	switch {
	case f.Event == "" && len(f.Data) > 0:
		return views.AppendRoomsTail(d.words, views.AppendStreamEnd(dst, f.Data), path)
	case f.Event == live.HeartbeatEvent && f.Retry == 0:
		return views.AppendRoomsTail(d.words, views.AppendStreamEnd(dst, nil), path)
	case f.Event == live.HeartbeatEvent && f.Retry == live.RetryNow:
		last = views.AutoRefresh(path, 0)
	case f.Event == live.SignedOutEvent:
		last = views.StreamedRoomsSignedOut(d.words.Nav)
	case f.Event == live.CrowdedEvent:
		last = views.StreamedRoomsPaused(d.words.Room, path)
	default:
		return dst // the process goes down; the document says itself when to try again
	}
	html, err := renderHTML(last)
	if err != nil {
		return dst
	}
	return views.AppendStreamEnd(dst, html)
}
