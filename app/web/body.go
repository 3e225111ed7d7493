package web

import (
	"errors"
	"io"
	"mime/multipart"
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
)

// tooMuch marks a request that declared more than any route takes. A client who sends it gets a 413.
const tooMuch = "Parley-Too-Much"

// refuseTheHuge looks at the headers alone. The server below waits for the first byte of a body
// before it asks a route, and invites those who ask first; these need not send any.
func refuseTheHuge(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if h.ContentLength() > uploadBody {
		h.Del(fiber.HeaderExpect)
		h.SetContentLength(0)
		h.SetConnectionClose()
		h.Set(tooMuch, "1")
	}
	return fasthttp.RequestConfig{}
}

// readBody takes in the body of a request. From here on forms are parsed from these bytes: before,
// asking for a field would read whatever the other side sends, without a limit.
func (s *Server) readBody(c *call, limit int) error {
	if coding := c.Get(fiber.HeaderContentEncoding); coding != "" && !strings.EqualFold(coding, "identity") {
		// The form parsers would unpack it: 64 KiB can become 64 MiB.
		c.Context().SetConnectionClose()
		return fiber.ErrUnsupportedMediaType
	}
	if c.Request().Header.ContentLength() > limit || c.Get(tooMuch) != "" {
		c.Context().SetConnectionClose()
		return fiber.ErrRequestEntityTooLarge
	}
	stream := c.Request().BodyStream()
	if stream == nil {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(stream, int64(limit)+1))
	if err != nil || len(body) > limit {
		c.Context().SetConnectionClose()
		if err != nil {
			return fiber.ErrBadRequest
		}
		return fiber.ErrRequestEntityTooLarge
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
		c.Context().SetConnectionClose()
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
