package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// How much a request may bring: T28 and T29 in docs/threats.md.
const (
	formLimit   = 64 << 10
	uploadLimit = 11 << 20
	drainLimit  = 64 << 20 // of a form whose photos are far too large; what was typed comes before them
	uploadTime  = 60 * time.Second
	maxUploads  = 4
)

// readBody reads the body of a request. From then on forms are parsed from these bytes: before, asking
// for a field would read whatever the other side sends, without a limit.
func (s *Server) readBody(c *call, limit int) error {
	if coding := c.Get(fiber.HeaderContentEncoding); coding != "" && !strings.EqualFold(coding, "identity") {
		// The form parsers would unpack it: 64 KiB can become 64 MiB.
		lingerClose(c.Context())
		return fiber.ErrUnsupportedMediaType
	}
	if c.Request().Header.ContentLength() > limit || c.Get(oversizedHeader) != "" {
		lingerClose(c.Context())
		return fiber.ErrRequestEntityTooLarge
	}
	stream := c.Request().BodyStream()
	if stream == nil {
		return nil
	}
	var held bytes.Buffer
	if length := c.Request().Header.ContentLength(); length > formLimit {
		held.Grow(length + bytes.MinRead) // growing step by step would take several times that
	}
	_, err := held.ReadFrom(io.LimitReader(stream, int64(limit)+1))
	body := held.Bytes()
	if len(body) > limit {
		lingerClose(c.Context())
		return fiber.ErrRequestEntityTooLarge
	}
	if err != nil { // too slow, cut off, or malformed chunks
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

// isUpload reports whether a request brings files that deserve more time and space. A body without a
// length has the limit of any form.
func isUpload(c *fiber.Ctx, r route) bool {
	h := &c.Request().Header
	return r.body > 0 && h.ContentLength() > formLimit && bytes.HasPrefix(h.ContentType(), []byte(fiber.MIMEMultipartForm))
}

// errUploadTooLarge means that the photos of a form were too large together. The form's text was read.
var errUploadTooLarge = errors.New("web: the files of the form are too large")

// readUpload reads a form with photos, which may be slow; everything else has to arrive in requestTime.
// Only maxUploads are held at a time: done admits the next. Of a form that is too large the text is kept
// and the rest read and dropped, because a browser that cannot finish sending shows no response.
func (s *Server) readUpload(c *call, limit int) (done func(), err error) {
	select {
	case s.uploads <- struct{}{}:
	case <-c.ctx.Done():
		lingerClose(c.Context())
		return nil, fiber.ErrServiceUnavailable
	}
	done = func() { <-s.uploads }
	if err = c.Context().SetReadDeadline(time.Now().Add(uploadTime)); err == nil {
		if c.Request().Header.ContentLength() > limit {
			stream := c.Request().BodyStream()
			text := textFields(c.Ctx)
			_, _ = io.Copy(io.Discard, stream)
			c.setForm(text)
			c.oversized = true
		} else {
			err = s.readBody(c, limit)
		}
	}
	if err != nil {
		done()
	}
	return done, err
}

// readTextOnly reads the text of a form with photos, and closes the connection once the request is
// answered.
func (c *call) readTextOnly() {
	_ = c.Context().SetReadDeadline(time.Now().Add(lingerTime))
	text := textFields(c.Ctx)
	lingerClose(c.Context())
	c.setForm(text)
}

// textFields returns what was typed in a form that is not read to its end: the fields before its first
// file, up to formLimit.
func textFields(c *fiber.Ctx) *fasthttp.Args {
	text := new(fasthttp.Args)
	stream := c.Request().BodyStream()
	_, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || stream == nil {
		return text
	}
	parts := multipart.NewReader(io.LimitReader(stream, formLimit), params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil || part.FileName() != "" {
			return text
		}
		value, err := io.ReadAll(part)
		if err != nil { // there may have been more of it
			return text
		}
		text.AddBytesV(part.FormName(), value)
	}
}

// setForm replaces the body of a request by a form of these fields.
func (c *call) setForm(text *fasthttp.Args) {
	c.Request().Header.SetContentType(fiber.MIMEApplicationForm)
	c.Request().SetBody(text.QueryString())
}

// formFile is a file of a form, with the name that its owner knows it by.
type formFile struct {
	name string
	data []byte
}

// files returns the files of a form's field. A field that was left empty has none.
func (c *call) files(name string) (list []formFile, err error) {
	if c.oversized {
		return nil, errUploadTooLarge
	}
	form, err := c.MultipartForm()
	if errors.Is(err, fasthttp.ErrNoMultipartForm) {
		return nil, nil
	}
	if err != nil {
		return nil, fiber.ErrBadRequest
	}
	for _, header := range form.File[name] {
		f, err := header.Open()
		if err != nil {
			return nil, err
		}
		data := make([]byte, header.Size)
		_, err = io.ReadFull(f, data)
		_ = f.Close()
		if err != nil {
			return nil, err
		}
		list = append(list, formFile{filepath.Base(header.Filename), data})
	}
	return list, nil
}

// hasFiles reports whether a form came with files.
func (c *call) hasFiles() bool {
	if c.Request().BodyStream() != nil {
		return false
	}
	form, err := c.MultipartForm()
	return err == nil && len(form.File) > 0
}

// upload returns the one file of a field; nil if it was left empty.
func (c *call) upload(name string) ([]byte, error) {
	list, err := c.files(name)
	if err != nil || len(list) == 0 || len(list[0].data) == 0 {
		return nil, err
	}
	return list[0].data, nil
}
