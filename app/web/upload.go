package web

import (
	"cmp"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Uploads are held in memory until they are stored. Seven people who send theirs as slowly as they may
// cannot keep out an eighth.
const (
	uploadLimit   = 11 << 20        // bytes of one form
	uploadsMemory = 8 * uploadLimit // of all forms together
	ownMemory     = uploadLimit     // of one person's
	ownUploads    = 2               // of one person, at once
	drainLimit    = 64 << 20        // of a form whose photos are far too large; what was typed comes before them
	maxParts      = 1_000

	uploadTime  = 60 * time.Second // for all of it
	uploadGrace = 10 * time.Second // without a byte, and at the start
	leastPace   = 8 << 10          // bytes a second, which even old mobile networks have
)

// Why the photos of a form are not there. Its text was read.
var (
	errUploadTooLarge = errors.New("web: the files of the form are too large")
	errUploadTooSlow  = errors.New("web: the files of the form came too slowly")
)

// uploads shares the memory for uploads among people.
type uploads struct {
	mu      sync.Mutex
	free    int
	own     map[uint64]ownShare
	waiting []*upload // in the order in which they came
}

// ownShare is what one person holds.
type ownShare struct{ count, bytes int }

// upload is a form that waits for memory.
type upload struct {
	owner uint64
	bytes int
	comes chan struct{} // closed when there is enough
}

func newUploads() *uploads {
	return &uploads{free: uploadsMemory, own: map[uint64]ownShare{}}
}

// acquire waits until a person may send this many bytes. done must be called when they are no longer held.
func (u *uploads) acquire(ctx context.Context, owner uint64, bytes int) (done func(), err error) {
	own := &upload{owner, bytes, make(chan struct{})}
	done = func() { u.release(own) }
	u.mu.Lock()
	u.waiting = append(u.waiting, own)
	u.admit()
	u.mu.Unlock()
	select {
	case <-own.comes:
		return done, nil
	case <-ctx.Done():
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	i := slices.Index(u.waiting, own)
	if i < 0 { // it came in the same moment
		return done, nil
	}
	u.waiting = slices.Delete(u.waiting, i, i+1)
	u.admit() // the next may need less
	return nil, ctx.Err()
}

func (u *uploads) length() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.waiting)
}

func (u *uploads) release(w *upload) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.free += w.bytes
	share := u.own[w.owner]
	share.count, share.bytes = share.count-1, share.bytes-w.bytes
	if u.own[w.owner] = share; share.count == 0 {
		delete(u.own, w.owner)
	}
	u.admit()
}

// admit lets in whoever fits. Whoever has their share already lets others pass until there is enough again; whoever
// waits for the memory of all keeps their place.
func (u *uploads) admit() {
	for i := 0; i < len(u.waiting); {
		w := u.waiting[i]
		share := u.own[w.owner]
		if share.count == ownUploads || share.count > 0 && share.bytes+w.bytes > ownMemory {
			i++
			continue
		}
		if w.bytes > u.free {
			return
		}
		u.free -= w.bytes
		u.own[w.owner] = ownShare{share.count + 1, share.bytes + w.bytes}
		u.waiting = slices.Delete(u.waiting, i, i+1)
		close(w.comes)
	}
}

// isUpload reports whether a request brings files that deserve more time and space. A body without a
// length has the limit of any form.
func isUpload(c *fiber.Ctx, r route) bool {
	h := &c.Request().Header
	return r.body > 0 && h.ContentLength() > formLimit && isMultipart(c)
}

// readUpload reads a form with photos, which may be slow; everything else has to arrive in requestTime. Of
// a form that is too large or too slow the text is kept. One that is too large is read to its end, because
// a browser that cannot finish sending shows no response. done gives back the memory.
func (s *Server) readUpload(c *call, limit int) (done func(), err error) {
	if err := refuseBody(c, drainLimit); err != nil {
		return nil, err
	}
	size := c.Request().Header.ContentLength()
	if size > limit { // nothing but the text is kept
		size = formLimit
		c.filesErr = errUploadTooLarge
	}
	done, err = s.uploads.acquire(c.ctx, c.me.ID, size)
	if err != nil {
		lingerClose(c.Context())
		return nil, fiber.ErrServiceUnavailable
	}
	if err := c.readParts(newPacedReader(c.Context(), c.Request().BodyStream()), size); err != nil {
		done()
		return nil, err
	}
	if c.filesErr != nil {
		s.photos.Stats.Refused.Add(1)
	}
	return done, nil
}

// readParts reads the fields and the files of a form from a stream, so that no byte is held twice.
func (c *call) readParts(body io.Reader, size int) error {
	text := new(fasthttp.Args)
	err := c.readPartsInto(text, body, size)
	var network net.Error
	switch {
	case err == nil:
	case errors.As(err, &network) && network.Timeout():
		lingerClose(c.Context())
		c.filesErr = cmp.Or(c.filesErr, errUploadTooSlow)
	case errors.Is(err, fiber.ErrRequestEntityTooLarge):
		lingerClose(c.Context())
		return err
	default: // cut off, or malformed
		lingerClose(c.Context())
		return fiber.ErrBadRequest
	}
	c.setForm(text)
	return nil
}

func (c *call) readPartsInto(text *fasthttp.Args, body io.Reader, size int) error {
	_, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil {
		return err
	}
	c.received = map[string][]formFile{}
	var held []byte // all files, one after the other
	parts := multipart.NewReader(body, params["boundary"])
	for left, n := formLimit, 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			_, err = io.Copy(io.Discard, body) // or it would be read as the next request
			return err
		}
		switch {
		case err != nil:
			return err
		case n == maxParts:
			return fiber.ErrRequestEntityTooLarge
		case part.FileName() == "":
			value, err := io.ReadAll(io.LimitReader(part, int64(left)+1))
			if left -= len(value); err != nil {
				return err
			}
			if left < 0 {
				return fiber.ErrRequestEntityTooLarge
			}
			text.AddBytesV(part.FormName(), value)
		case c.filesErr != nil:
			if _, err := io.Copy(io.Discard, part); err != nil {
				return err
			}
		default:
			if held == nil {
				held = make([]byte, 0, size)
			}
			start := len(held)
			if held, err = appendAll(held, part); err != nil {
				return err
			}
			c.received[part.FormName()] = append(c.received[part.FormName()], formFile{part.FileName(), held[start:len(held):len(held)]})
		}
	}
}

// appendAll reads to the end of a part. There is always room for it, because the length of the whole form
// was declared.
func appendAll(held []byte, part io.Reader) ([]byte, error) {
	for len(held) < cap(held) {
		n, err := part.Read(held[len(held):cap(held)])
		held = held[:len(held)+n]
		if errors.Is(err, io.EOF) {
			return held, nil
		}
		if err != nil {
			return held, err
		}
	}
	return held, io.ErrShortBuffer
}

// pacedReader reads a body that has to arrive at a minimum pace. A byte pays for the time that it takes at
// leastPace, and uploadGrace is what can be paid in advance.
type pacedReader struct {
	context    *fasthttp.RequestCtx
	body       io.Reader
	until, end time.Time
}

func newPacedReader(c *fasthttp.RequestCtx, body io.Reader) *pacedReader {
	now := time.Now()
	return &pacedReader{c, body, now.Add(uploadGrace), now.Add(uploadTime)}
}

func (p *pacedReader) Read(into []byte) (int, error) {
	if err := p.context.SetReadDeadline(earlier(p.until, p.end)); err != nil {
		return 0, err
	}
	n, err := p.body.Read(into)
	p.until = earlier(p.until.Add(time.Duration(n)*time.Second/leastPace), time.Now().Add(uploadGrace))
	return n, err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
