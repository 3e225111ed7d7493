package web

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"parley/app/conn"
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
		if isMalformed(c.Request.Header.RawHeaders()) {
			lingerClose(c)
			s.respondAtEdge(c, fiber.ErrBadRequest)
			return
		}
		if s.late.Load() {
			lingerClose(c)
			s.respondAtEdge(c, conn.ErrDraining)
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
		if s.draining.Load() { // or a browser would send its next request just as the connection is closed
			c.SetConnectionClose()
		}
	}
}

// errHungUp means that the connection of a request was closed before the request was handled.
var errHungUp = errors.New("web: the connection was closed to make room for others")

// beginRequest notes at the listener of a connection that its request has arrived, so that it is no longer
// closed to make room. A form counts as arrived with its whole body: whoever sends it slowly is only waiting.
// An upload counts as soon as it may be read, of which there are few at a time.
func beginRequest(c *fiber.Ctx) error {
	if in, ok := conn.Accepted(c.Context().Conn()); ok && !in.Begin() {
		return errHungUp
	}
	return nil
}

// followConn notes at the listener of a connection that its request has been answered.
func followConn(c net.Conn, state fasthttp.ConnState) {
	if in, ok := conn.Accepted(c); ok && state == fasthttp.StateIdle {
		in.Rest()
	}
}

func (s *Server) respondAtEdge(c *fasthttp.RequestCtx, why error) {
	f := s.app.AcquireCtx(c)
	defer s.app.ReleaseCtx(f)
	if err := s.respondError(f, why); err != nil {
		c.Error("", fiber.StatusInternalServerError)
	}
	s.metrics.observeAtEdge(c.Response.StatusCode())
}

// isMalformed reports whether a header line ends with LF alone, continues in the next line, has a name that
// is no token, or a control character in its value. Servers disagree on all of these, and where two of them
// read one request differently, somebody's request can hide in the body of another's.
func isMalformed(headers []byte) bool {
	for len(headers) > 0 {
		line, rest, ended := bytes.Cut(headers, []byte("\n"))
		headers = rest
		line, proper := bytes.CutSuffix(line, []byte("\r"))
		if !ended || !proper {
			return true
		}
		if len(line) == 0 { // the end of the headers
			continue
		}
		name, value, found := bytes.Cut(line, []byte(":"))
		if !found || len(name) == 0 || bytes.IndexFunc(name, isNoToken) >= 0 || bytes.IndexFunc(value, isControl) >= 0 {
			return true
		}
	}
	return false
}

// isNoToken reports whether a character is not allowed in the name of a header, RFC 9110 section 5.6.2.
func isNoToken(r rune) bool {
	isAlphanumeric := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !isAlphanumeric && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

// isControl reports whether a character is not allowed in the value of a header, section 5.5. Tabs are, and
// so are bytes beyond ASCII, whose meaning is unknown.
func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// oversizedHeader marks a request that declares more than any route takes. It carries that decision from
// rejectOversized to edge and readBody: the hook gets nothing but the headers, before there is a request
// context whose SetUserValue could hold it. A client may send it too, and gets a 413.
const oversizedHeader = "Parley-Too-Much"

// rejectOversized looks at the headers of a request before its body. The server waits for the first byte
// of a body before it runs a route, and tells clients that ask first with Expect to go on; these need not send
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

// lingerClose closes the connection of a request whose body is not read, once the response is sent.
// Closing it while the client is still sending would make the kernel drop the response, and whoever sent too
// large a photo would see a broken connection instead of the reason.
func lingerClose(c *fasthttp.RequestCtx) {
	c.HijackSetNoResponse(true)
	c.Hijack(func(wrapped net.Conn) {
		raw := takeConn(wrapped)
		defer func() { _ = raw.Close() }()
		_ = raw.SetDeadline(time.Now().Add(lingerTime))
		c.Response.Header.SetConnectionClose()
		if _, err := c.Response.WriteTo(raw); err != nil {
			return
		}
		if tcp, ok := raw.(interface{ CloseWrite() error }); ok {
			_ = tcp.CloseWrite()
		}
		_, _ = io.CopyN(io.Discard, raw, lingerBytes) // or until the client has read it and hangs up
	})
}
