package web

import (
	"io"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/bus"
	"parley/app/live"
	"parley/views"
)

// friendsPage is the page that wants the lists of friends on its stream.
const friendsPage = "friends"

var frameSignedOut = live.StreamEvent{Event: live.SignedOutEvent}

// streamRoom streams a room from the viewer's cursor on. The cursor of a reconnect counts before
// the one in the address, which is as old as the page.
func (s *Server) streamRoom(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	// Without a cursor the stream goes on from where the member was let in, and not from wherever
	// the log ends once it starts: they may have been removed in between.
	joined, head, err := s.chat.Enter(c.ctx, c.me, room)
	if err != nil {
		return err
	}
	after := head
	text := c.Get("Last-Event-ID")
	if text == "" {
		text = c.Query("after")
	}
	if c.isOutdated() {
		return s.sayReset(c, live.OtherLocale)
	}
	if text != "" {
		// A cursor beyond the end could lie beyond an entry that ends the member's time, too.
		if after, err = bus.ParseCursor(text); err != nil || after.Epoch != head.Epoch || after.Seq > head.Seq {
			return s.sayReset(c, live.BadCursor)
		}
	}
	spans, err := s.chat.Spans(c.ctx, c.me, room)
	if err != nil {
		return err
	}
	return s.stream(c, &live.Viewer{Room: room, Joined: joined, Variant: c.variant(spans, false)}, &after)
}

// streamLists streams the lists of a page that shows no room.
func (s *Server) streamLists(c *call) error {
	if c.isOutdated() {
		return s.sayReset(c, live.OtherLocale)
	}
	return s.stream(c, &live.Viewer{Page: strings.Clone(c.Query("page")), Variant: c.variant(nil, false)}, nil)
}

// isOutdated tells of a page that asks for its stream in another manner than its reader wants by now:
// a hidden tab comes back so, after they have chosen another language elsewhere.
func (c *call) isOutdated() bool {
	in := c.Query("in")
	return in != "" && in != views.Locale(c.me)
}

// stream gives the connection to the hub for server-sent events.
func (s *Server) stream(c *call, v *live.Viewer, after *bus.Cursor) error {
	c.Set(fiber.HeaderContentType, "text/event-stream; charset=utf-8")
	v.Manner = strings.Clone(c.Query("in"))
	v.Chunked = c.Request().Header.IsHTTP11()
	return s.handOver(c, v, after, nil, func() {})
}

// handOver takes the connection away from the HTTP server and gives it to the hub, with what the
// answer begins with. The function is called once the stream has ended, if it began.
func (s *Server) handOver(c *call, v *live.Viewer, after *bus.Cursor, opening []byte, ended func()) error {
	c.Set("X-Accel-Buffering", "no") // or nginx keeps the stream for itself
	if c.Method() == fiber.MethodHead {
		return nil
	}
	if s.draining.Load() {
		return live.ErrDrained
	}
	out, err := s.door.Acquire(live.ConnStream, c.me.ID, c.addr)
	if err != nil {
		return err
	}
	v.User, v.Session = c.me.ID, c.session.ID
	v.OnEnd = func() {
		out()
		ended()
	}
	begin := append(responseHead(c, v.Chunked), opening...)
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(conn net.Conn) { s.hub.Serve(rawConn(conn), begin, v, after) })
	return nil
}

// responseHead is the head of the answer as the middleware has left it, for us to write: the
// server writes none on a connection that it has given away.
func responseHead(c *call, chunked bool) []byte {
	h := &c.Response().Header
	h.SetStatusCode(fiber.StatusOK)
	var b strings.Builder
	switch {
	case chunked:
		b.WriteString("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n")
	case c.Request().Header.IsHTTP11():
		b.WriteString("HTTP/1.1 200 OK\r\nConnection: close\r\n")
	default:
		b.WriteString("HTTP/1.0 200 OK\r\nConnection: close\r\n")
	}
	for key, value := range h.All() {
		switch string(key) {
		case fiber.HeaderContentLength, fiber.HeaderConnection, fiber.HeaderTransferEncoding:
		default:
			b.Write(key)
			b.WriteString(": ")
			b.Write(value)
			b.WriteString("\r\n")
		}
	}
	b.WriteString("\r\n")
	return []byte(b.String())
}

// rawConn is the connection below fasthttp's: its wrapper is used again for another one.
func rawConn(conn net.Conn) net.Conn {
	if wrapped, ok := conn.(interface{ UnsafeConn() net.Conn }); ok {
		return wrapped.UnsafeConn()
	}
	return conn
}

// readAhead takes what the server has read of a connection beyond the request: a client may send its
// first frame in the packet of the handshake.
func readAhead(conn net.Conn) []byte {
	_ = conn.SetReadDeadline(time.Unix(1, 0)) // what is there already, and nothing that is yet to come
	early, _ := io.ReadAll(conn)
	_ = conn.SetReadDeadline(time.Time{})
	return early
}

// sayOnce answers with a stream of one event. A stream that may not be must say so in a way that
// the page understands: a redirect or an error is asked for again and again.
func sayOnce(c *call, f live.StreamEvent) error {
	c.Set(fiber.HeaderContentType, "text/event-stream; charset=utf-8")
	return c.Send(f.Append(nil))
}

// sayReset tells a page to load again.
func (s *Server) sayReset(c *call, why live.Reset) error {
	s.hub.Stats.Resets[why].Add(1)
	return sayOnce(c, live.StreamEvent{Event: live.ResetEvent})
}

// renderForStreamrenders for a stream; a component that fails shows nothing and is noted.
func (s *Server) renderForStream(component component) []byte {
	html, err := renderHTML(component)
	if err != nil {
		s.o.Log.Error("rendering for a stream failed", "error", err)
	}
	return html
}
