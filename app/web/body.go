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
)

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
