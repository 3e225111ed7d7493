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
	smallBody     = 64 << 10
	uploadBody    = 11 << 20
	hearOut       = 64 << 20 // of a form whose photos are too large by far; what was typed comes before them
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
	var held bytes.Buffer
	if length := c.Request().Header.ContentLength(); length > smallBody {
		held.Grow(length + bytes.MinRead) // growing as it comes would take several times that
	}
	_, err := held.ReadFrom(io.LimitReader(stream, int64(limit)+1))
	body := held.Bytes()
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

// isUpload tells whether a request brings files that are worth waiting for. What does not say how
// much it is has the same room as any form.
func isUpload(c *fiber.Ctx, r route) bool {
	h := &c.Request().Header
	return r.body > 0 && h.ContentLength() > smallBody && bytes.HasPrefix(h.ContentType(), []byte(fiber.MIMEMultipartForm))
}

// errTooMuch is a form whose photos were more than it may bring. Its text is there.
var errTooMuch = errors.New("web: the files of the form are too much")

// readUpload takes in photos, and lets them come slowly; everything else has to be here in
// requestTime. Only a few are held at a time: done lets the next one in. Of a form that is too large
// the text is kept, and the rest heard out, because a browser that cannot finish shows no answer.
func (s *Server) readUpload(c *call, limit int) (done func(), err error) {
	select {
	case s.uploads <- struct{}{}:
	case <-c.ctx.Done():
		turnAway(c.Context())
		return nil, fiber.ErrServiceUnavailable
	}
	done = func() { <-s.uploads }
	if err = c.Context().SetReadDeadline(time.Now().Add(uploadTime)); err == nil {
		if c.Request().Header.ContentLength() > limit {
			stream := c.Request().BodyStream()
			text := typedIn(c.Ctx)
			_, _ = io.Copy(io.Discard, stream)
			c.takeText(text)
			c.tooMuch = true
		} else {
			err = s.readBody(c, limit)
		}
	}
	if err != nil {
		done()
	}
	return done, err
}

// typedIn reads what was typed in a form that is not read to its end: the fields before its first
// file, smallBody of them at most.
func typedIn(c *fiber.Ctx) *fasthttp.Args {
	text := new(fasthttp.Args)
	stream := c.Request().BodyStream()
	_, how, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || stream == nil {
		return text
	}
	parts := multipart.NewReader(io.LimitReader(stream, smallBody), how["boundary"])
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

// takeText makes of a request one that brought these fields alone.
func (c *call) takeText(text *fasthttp.Args) {
	c.Request().Header.SetContentType(fiber.MIMEApplicationForm)
	c.Request().SetBody(text.QueryString())
}

// sentFile is a file of a form, with the name that its owner knows it by.
type sentFile struct {
	name string
	data []byte
}

// files reads the files of a form's field. A field that was left empty has none.
func (c *call) files(name string) (list []sentFile, err error) {
	if c.tooMuch {
		return nil, errTooMuch
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
		list = append(list, sentFile{filepath.Base(header.Filename), data})
	}
	return list, nil
}

// hasFiles tells whether a form came with files.
func (c *call) hasFiles() bool {
	if c.Request().BodyStream() != nil {
		return false
	}
	form, err := c.MultipartForm()
	return err == nil && len(form.File) > 0
}

// upload reads the one file of a field; nil when it was left empty.
func (c *call) upload(name string) ([]byte, error) {
	list, err := c.files(name)
	if err != nil || len(list) == 0 || len(list[0].data) == 0 {
		return nil, err
	}
	return list[0].data, nil
}
