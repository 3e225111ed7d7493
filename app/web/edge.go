package web

import (
	"io"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Limits for draining the body of a rejected request.
const (
	lingerTime  = 2 * time.Second
	lingerBytes = 32 << 20
)

// edge wraps Fiber: it rejects what must not reach it, recovers a panic outside of the routes, which would
// end the process, and responds in place of Fiber where that sends none of our headers: to a method
// that it does not know.
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
		s.recovering("a request", func() { next(c); broken = false })
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

// isAmbiguous reports whether a header line ends with LF alone or continues in the next line. Servers
// disagree on both, and where two of them read one request differently, somebody's request can hide in the
// body of another's.
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

// oversizedHeader marks a request that declares more than any route takes. It carries that decision from
// rejectOversized to edge and readBody: the hook gets nothing but the headers, before there is a request
// context whose SetUserValue could hold it. A client may send it too, and gets a 413.
const oversizedHeader = "Parley-Too-Much"

// rejectOversized looks at the headers of a request before its body. The server waits for the first byte
// of a body before it runs a route, and invites clients that ask first with Expect; these need not send
// any. Browsers do not ask: up to drainLimit their form is read, so that what was typed beside the photos
// can be given back.
func rejectOversized(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if length := h.ContentLength(); length > drainLimit || length > uploadLimit && len(h.Peek(fiber.HeaderExpect)) > 0 {
		h.Del(fiber.HeaderExpect)
		h.SetContentLength(0)
		h.Set(oversizedHeader, "1") // so that edge closes the connection, or the body would be read as requests
	}
	return fasthttp.RequestConfig{}
}

// lingerClose closes the connection of a request whose body is not read, once the response is sent. To
// close while the client is still sending would make the kernel drop the response, and whoever sent too
// large a photo would see a broken connection and no reason.
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
		_, _ = io.CopyN(io.Discard, raw, lingerBytes) // or until the client has read it and hangs up
	})
}
