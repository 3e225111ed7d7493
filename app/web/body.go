package web

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
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

// readBody takes in the body of a request, after it is known who sends it: nobody who is signed
// out makes us hold a photo in memory.
func (s *Server) readBody(c *call, r route) error {
	limit := max(r.body, smallBody)
	if c.Request().Header.ContentLength() > limit {
		c.Context().SetConnectionClose()
		return fiber.ErrRequestEntityTooLarge
	}
	stream := c.Request().BodyStream()
	if stream == nil {
		return nil
	}
	if limit > smallBody {
		select {
		case s.uploads <- struct{}{}:
			defer func() { <-s.uploads }()
		case <-c.ctx.Done():
			c.Context().SetConnectionClose()
			return fiber.ErrServiceUnavailable
		}
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

// moreTimeForUploads lets a photo come slowly; everything else has to be here in requestTime.
func moreTimeForUploads(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if bytes.HasPrefix(h.ContentType(), []byte("multipart/form-data")) {
		return fasthttp.RequestConfig{ReadTimeout: uploadTime}
	}
	return fasthttp.RequestConfig{}
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
