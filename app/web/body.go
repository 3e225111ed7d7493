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

// formLimit is the most bytes that a form without files may have: T29 in docs/threats.md.
const formLimit = 64 << 10

// readBody reads the body of a request. From then on forms are parsed from these bytes: before, asking
// for a field would read whatever the other side sends, without a limit.
func (s *Server) readBody(c *call) error {
	if err := refuseBody(c, formLimit); err != nil {
		return err
	}
	stream := c.Request().BodyStream()
	if stream == nil {
		return nil
	}
	var held bytes.Buffer
	_, err := held.ReadFrom(io.LimitReader(stream, formLimit+1))
	body := held.Bytes()
	if len(body) > formLimit {
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

// refuseBody refuses a body by its headers, before it is read.
func refuseBody(c *call, limit int) error {
	if coding := c.Get(fiber.HeaderContentEncoding); coding != "" && !strings.EqualFold(coding, "identity") {
		// The form parsers would unpack it: 64 KiB can become 64 MiB.
		lingerClose(c.Context())
		return fiber.ErrUnsupportedMediaType
	}
	if c.Request().Header.ContentLength() > limit || c.Get(oversizedHeader) != "" {
		lingerClose(c.Context())
		return fiber.ErrRequestEntityTooLarge
	}
	return nil
}

func isMultipart(c *fiber.Ctx) bool {
	return bytes.HasPrefix(c.Request().Header.ContentType(), []byte(fiber.MIMEMultipartForm))
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
	if c.filesErr != nil || c.received != nil {
		return c.received[name], c.filesErr
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
	if c.filesErr != nil || len(c.received) > 0 {
		return true
	}
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
