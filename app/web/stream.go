package web

import (
	"io"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/bus"
	"parley/app/conn"
	"parley/app/live"
	"parley/views"
)

var signedOutEvent = live.StreamEvent{Event: live.SignedOutEvent}

// streamRoom streams a room from the viewer's cursor on. The cursor of a reconnect takes precedence over
// the one in the address, which is as old as the page.
func (s *Server) streamRoom(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	// Without a cursor the stream continues from the end of the log at this check, and not from the
	// end when it starts: the member may have been removed in between.
	in, err := s.chat.Entrance(c.ctx, c.me, room)
	if err != nil {
		return err
	}
	after := in.Head
	text := c.Get("Last-Event-ID")
	if text == "" {
		text = c.Query("after")
	}
	if c.isOutdated() {
		return s.sendReset(c, live.OtherLocale)
	}
	if text != "" {
		// A cursor beyond that end could also lie beyond the entry that ends the membership.
		if after, err = bus.ParseCursor(text); err != nil || after.Epoch != in.Head.Epoch || after.Seq > in.Head.Seq {
			return s.sendReset(c, live.BadCursor)
		}
	}
	return s.stream(c, &live.Viewer{Room: room, Joined: in.Joined, Sees: string(spanKeyOf(in.Spans))}, variant{hasGap: c.Query("gap") != ""}, &after)
}

// streamLists streams the lists of a page that shows no room, or of all pages of a browser that are hidden.
func (s *Server) streamLists(c *call) error {
	if c.isOutdated() {
		return s.sendReset(c, live.OtherLocale)
	}
	of := variant{}
	switch c.Query("page") {
	case "friends":
		of.page = friendsPage
	case "room":
		of.page, of.beside = historyPage, parseSeq(c.Query("room"))
	case "hidden":
		of.page = hiddenPage
	case "other":
		of.page = otherPage
	}
	return s.stream(c, &live.Viewer{}, of, nil)
}

// isOutdated reports whether a page is in another locale than its reader has chosen since, or is somebody else's: a
// hidden tab comes back like that, after they have chosen another language or signed in elsewhere.
func (c *call) isOutdated() bool {
	in := c.Query("in")
	return in != "" && in != views.Locale(c.me) || c.isAnother(c.Query("me"))
}

// stream gives the connection to the hub for server-sent events. The page is not outdated.
func (s *Server) stream(c *call, v *live.Viewer, of variant, after *bus.Cursor) error {
	c.Set(fiber.HeaderContentType, "text/event-stream; charset=utf-8")
	of.locale = s.locale(c)
	if c.Query("in") != "" {
		of.chosen = views.Locale(c.me)
	}
	v.Variant = of
	v.Chunked = c.Request().Header.IsHTTP11()
	return s.handOver(c, v, after, nil, nil)
}

// handOver takes the connection from the HTTP server and gives it to the hub, with the beginning of the
// response. ended is called when the stream has ended, if it started; nil is nothing.
func (s *Server) handOver(c *call, v *live.Viewer, after *bus.Cursor, opening []byte, ended func()) error {
	c.Set("X-Accel-Buffering", "no") // or nginx would hold the stream back
	if c.Method() == fiber.MethodHead {
		return nil
	}
	if s.draining.Load() {
		return conn.ErrDraining
	}
	place, err := s.limiter.Acquire(conn.Stream, c.me.ID, c.addr)
	if err != nil {
		return err
	}
	v.User, v.Session = c.me.ID, c.session.ID
	open := s.metrics.open.WithLabelValues(kindOf(v))
	open.Inc()
	v.OnEnd = func() {
		place.Release()
		open.Dec()
		if ended != nil {
			ended()
		}
	}
	begin := append(responseHead(c, v.Chunked), opening...)
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(wrapped net.Conn) { s.hub.Serve(takeConn(wrapped), begin, v, after) })
	return nil
}

// responseHead returns the head of the response as the middleware has left it, for us to write: the HTTP
// server writes none to a connection that it has given away. The connection ends with the response, and the head says
// so, or a client would send the next request into one that is about to be closed.
func responseHead(c *call, chunked bool) []byte {
	h := &c.Response().Header
	h.SetStatusCode(fiber.StatusOK)
	version := "1.0"
	if c.Request().Header.IsHTTP11() {
		version = "1.1"
	}
	var b strings.Builder
	b.WriteString("HTTP/" + version + " 200 OK\r\nConnection: close\r\n")
	if chunked {
		b.WriteString("Transfer-Encoding: chunked\r\n")
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

// takeConn takes a connection away from the HTTP server, which would close it when its handler returns. What wraps it
// is then reused for other connections.
func takeConn(wrapped net.Conn) net.Conn {
	raw := wrapped
	if w, ok := wrapped.(interface{ UnsafeConn() net.Conn }); ok {
		raw = w.UnsafeConn()
	}
	switch c := raw.(type) {
	case *conn.Incoming:
		return c.Take()
	case *conn.TLS:
		return c.Take()
	}
	return raw
}

// readAhead returns what the HTTP server has read of a connection beyond the request: a client may send
// its first message in the same packet as the handshake.
func readAhead(wrapped net.Conn) []byte {
	_ = wrapped.SetReadDeadline(time.Unix(1, 0)) // only what is in the buffer
	early, _ := io.ReadAll(wrapped)
	_ = wrapped.SetReadDeadline(time.Time{})
	return early
}

// sendEvent responds with a stream of one event. A stream that is refused must say so in a way that the
// page understands: it would ask again and again after a redirect or an error.
func sendEvent(c *call, e live.StreamEvent) error {
	c.Set(fiber.HeaderContentType, "text/event-stream; charset=utf-8")
	return c.Send(e.Append(nil))
}

// sendReset tells a page to reload.
func (s *Server) sendReset(c *call, reason live.Reset) error {
	s.hub.Stats.Resets[reason].Add(1)
	return sendEvent(c, live.StreamEvent{Event: live.ResetEvent})
}

// renderForStream renders a component for a stream. One that fails is logged and renders as nothing.
func (s *Server) renderForStream(component component) []byte {
	html, err := renderHTML(component)
	if err != nil {
		s.options.Log.Error("rendering for a stream failed", "error", err)
	}
	return html
}
