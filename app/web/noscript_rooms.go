package web

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"parley/app/live"
	"parley/views"
	"parley/views/words"
)

// maxRoomLists is the number of room lists that a streamed page gets before it is replaced: those that are hidden
// stay in the browser's memory.
const maxRoomLists = 100

// streamRoomsPage streams the room list as an HTML document that never ends: whenever something changes,
// the whole list follows, and a style hides the one before.
func (s *Server) streamRoomsPage(c *call) error {
	beside := parseSeq(c.Query("room"))
	path := views.RoomsLivePath(beside)
	if s.mustPause(c) {
		return c.render(fiber.StatusOK, views.PausedPage(c.words(), path))
	}
	list, err := s.streamedRoomList(c, beside)
	if err != nil {
		return err
	}
	initial, err := renderHTML(views.StreamedRooms(c.words(), list))
	if err != nil {
		return err
	}
	p := views.Page{Site: s.site(), Words: c.words(), Title: c.words().Nav.Rooms, Me: &c.me}
	html, err := renderHTML(views.StreamedRoomsPage(p, views.AutoRefreshPath(path), retryAfter(), list))
	if err != nil {
		return err
	}
	opening, _, _ := bytes.Cut(html, []byte(views.StreamMark))
	v := &live.Viewer{
		Variant:      variant{locale: s.locale(c), streamed: true, page: roomListPage, beside: beside},
		Format:       roomListDocument{c.words(), beside},
		MaxEvents:    maxRoomLists,
		InitialState: initial,
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return s.handOver(c, v, nil, views.AppendRoomsTail(c.words(), opening, path), nil)
}

func (s *Server) streamedRoomList(c *call, beside uint64) (views.RoomList, error) {
	waiting, err := s.waiting(c)
	if err != nil {
		return views.RoomList{}, err
	}
	if beside == 0 {
		return s.roomList(c, nil, waiting)
	}
	return s.roomListBeside(c, openRoom{id: beside}, waiting)
}

// roomListDocument is the format of a streamed room list.
type roomListDocument struct {
	words  *words.Catalog
	beside uint64
}

// Append encodes a state of the list, and any other event as HTML.
func (d roomListDocument) Append(dst []byte, e live.StreamEvent) []byte {
	path := views.RoomsLivePath(d.beside)
	var last component
	switch {
	case e.Event == "" && len(e.Data) > 0:
		return views.AppendRoomsTail(d.words, views.AppendStreamEnd(dst, e.Data), path)
	case e.Event == live.HeartbeatEvent && e.Retry == 0:
		return views.AppendRoomsTail(d.words, views.AppendStreamEnd(dst, nil), path)
	case e.Event == live.HeartbeatEvent && e.Retry == live.RetryNow:
		last = views.AutoRefresh(path, 0)
	case e.Event == live.SignedOutEvent:
		last = views.StreamedRoomsSignedOut(d.words.Nav)
	case e.Event == live.CrowdedEvent:
		last = views.StreamedRoomsPaused(d.words.Room, path)
	default:
		return dst // the process is shutting down; the document itself says when to try again
	}
	html, err := renderHTML(last)
	if err != nil {
		return dst
	}
	return views.AppendStreamEnd(dst, html)
}
