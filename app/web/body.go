package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// How much a request may bring: SECURITY.md T28 and T29.
const (
	smallBody     = 64 << 10
	uploadBody    = 11 << 20
	uploadTime    = 60 * time.Second
	uploadsAtOnce = 4
	lingerTime    = 2 * time.Second
)

// tooMuch marks a request that declared more than any route takes. A client who sends it gets a 413.
const tooMuch = "Parley-Too-Much"

// refuseTheHuge looks at the headers alone. The server below waits for the first byte of a body
// before it asks a route, and invites those who ask first; these need not send any.
func refuseTheHuge(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if h.ContentLength() > uploadBody {
		h.Del(fiber.HeaderExpect)
		h.SetContentLength(0)
		h.Set(tooMuch, "1") // and guarded turns it away, or what comes would be taken for requests
	}
	return fasthttp.RequestConfig{}
}

// turnAway ends the connection of a request whose body is not read, once it is answered. Closing
// while the other side still sends would make the kernel throw the answer away, and whoever sent
// a photo that is too large would see a broken connection instead of the reason.
func turnAway(c *fasthttp.RequestCtx) {
	c.Hijack(func(conn net.Conn) {
		raw := rawConn(conn)
		defer func() { _ = raw.Close() }()
		if tcp, ok := raw.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
		_ = raw.SetReadDeadline(time.Now().Add(lingerTime))
		_, _ = io.Copy(io.Discard, raw) // until they have seen it and hang up, or the time is over
	})
}

// readBody takes in the body of a request. From here on forms are parsed from these bytes: before,
// asking for a field would read whatever the other side sends, without a limit.
func (s *Server) readBody(c *call, limit int) error {
	if coding := c.Get(fiber.HeaderContentEncoding); coding != "" && !strings.EqualFold(coding, "identity") {
		// The form parsers would unpack it: 64 KiB can become 64 MiB.
		turnAway(c.Context())
		return fiber.ErrUnsupportedMediaType
	}
	if c.Request().Header.ContentLength() > limit || c.Get(tooMuch) != "" {
		turnAway(c.Context())
		return fiber.ErrRequestEntityTooLarge
	}
	stream := c.Request().BodyStream()
	if stream == nil {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(stream, int64(limit)+1))
	if len(body) > limit {
		turnAway(c.Context())
		return fiber.ErrRequestEntityTooLarge
	}
	if err != nil { // too slow, cut off, or no chunks
		c.Context().SetConnectionClose()
		var network net.Error
		if errors.As(err, &network) && network.Timeout() {
			return fiber.ErrRequestTimeout
		}
		return fiber.ErrBadRequest
	}
	c.Request().SetBody(body)
	return nil
}

// readUpload takes in a photo, a few at a time, and lets it come slowly; everything else has to be
// here in requestTime.
func (s *Server) readUpload(c *call, limit int) error {
	select {
	case s.uploads <- struct{}{}:
		defer func() { <-s.uploads }()
	case <-c.ctx.Done():
		turnAway(c.Context())
		return fiber.ErrServiceUnavailable
	}
	if err := c.Context().SetReadDeadline(time.Now().Add(uploadTime)); err != nil {
		return err
	}
	return s.readBody(c, limit)
}

// upload reads a file of a form; nil is a field that was left empty.
func (c *call) upload(name string) ([]byte, error) {
	header, err := c.FormFile(name)
	if errors.Is(err, fasthttp.ErrMissingFile) || errors.Is(err, fasthttp.ErrNoMultipartForm) || err == nil && header.Size == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, fiber.ErrBadRequest
	}
	var f multipart.File
	if f, err = header.Open(); err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(f)
}
