package web

import (
	"io"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// How long, and for how much, a body that is turned away is heard out.
const (
	lingerTime  = 2 * time.Second
	lingerBytes = 32 << 20
)

// edge stands around Fiber: it refuses what should not come so far, keeps a panic outside of the
// routes from the server below, which would end the process, and answers what Fiber would answer by
// itself, without any of our headers: a method that it has never heard of.
func (s *Server) edge(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(c *fasthttp.RequestCtx) {
		if isAmbiguous(c.Request.Header.RawHeaders()) {
			lingerClose(c)
			s.respondAtEdge(c, fiber.ErrBadRequest)
			return
		}
		if len(c.Request.Header.Peek(oversizedHeader)) > 0 {
			lingerClose(c)
		}
		broken := true
		s.safely("a request", func() { next(c); broken = false })
		switch {
		case broken:
			s.respondAtEdge(c, fiber.ErrInternalServerError)
		case len(c.Response.Header.Peek(fiber.HeaderContentSecurityPolicy)) == 0:
			s.respondAtEdge(c, fiber.ErrNotImplemented)
		}
	}
}

func (s *Server) respondAtEdge(c *fasthttp.RequestCtx, why error) {
	f := s.app.AcquireCtx(c)
	defer s.app.ReleaseCtx(f)
	if err := s.respondError(f, why); err != nil {
		c.Error("", fiber.StatusInternalServerError)
	}
}

// isAmbiguous finds lines that end with LF alone, and lines that go on in the next one. Servers do
// not agree on them, and where two read one request differently, somebody's request can hide in
// the body of another's.
func isAmbiguous(headers []byte) bool {
	for i, b := range headers {
		if b != '\n' {
			continue
		}
		if i == 0 || headers[i-1] != '\r' || i+1 < len(headers) && (headers[i+1] == ' ' || headers[i+1] == '\t') {
			return true
		}
	}
	return false
}

// oversizedHeader marks a request that declared more than any route takes. A client who sends it gets a 413.
const oversizedHeader = "Parley-Too-Much"

// rejectOversized looks at the headers alone. The server below waits for the first byte of a body
// before it asks a route, and invites those who ask first; these need not send any. A browser does
// not ask: up to hearOut its form is heard, so that it gets back what was typed beside the photos.
func rejectOversized(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if length := h.ContentLength(); length > drainLimit || length > uploadLimit && len(h.Peek(fiber.HeaderExpect)) > 0 {
		h.Del(fiber.HeaderExpect)
		h.SetContentLength(0)
		h.Set(oversizedHeader, "1") // and guarded turns it away, or what comes would be taken for requests
	}
	return fasthttp.RequestConfig{}
}

// lingerClose ends the connection of a request whose body is not read, once it is answered. Closing
// while the other side still sends would make the kernel throw the answer away, and whoever sent
// a photo that is too large would see a broken connection instead of the reason.
func lingerClose(c *fasthttp.RequestCtx) {
	c.HijackSetNoResponse(true)
	c.Hijack(func(conn net.Conn) {
		raw := rawConn(conn)
		defer func() { _ = raw.Close() }()
		_ = raw.SetDeadline(time.Now().Add(lingerTime))
		c.Response.Header.SetConnectionClose()
		if _, err := c.Response.WriteTo(raw); err != nil {
			return
		}
		if tcp, ok := raw.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
		_, _ = io.CopyN(io.Discard, raw, lingerBytes) // or until they have seen it and hang up
	})
}
