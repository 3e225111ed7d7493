package socket

import (
	"bytes"
	"errors"
	"io"
	"net"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// The number of frames of any kind that a client may send: T30 in docs/threats.md. A page sends one for each message,
// one a second while somebody types, and one for each of our pings; a key that is held down repeats 30 times
// a second. This many at once cost a few hundredths of a second of a processor.
const (
	framesPerSecond = 50
	framesAtOnce    = 2500
)

var (
	errNotText       = errors.New("socket: the message is not text")
	errClosed        = errors.New("socket: the client has closed the socket")
	errTooManyFrames = errors.New("socket: the client sends too many frames")
)

// closeCode returns the code that tells a client what it did wrong; 0 if the connection is gone.
func closeCode(err error) CloseCode {
	var protocol ws.ProtocolError
	switch {
	case errors.As(err, &protocol):
		return ProtocolError
	case errors.Is(err, wsutil.ErrMessageTooLarge):
		return TooBig
	case errors.Is(err, errNotText):
		return NotText
	case errors.Is(err, wsutil.ErrInvalidUTF8):
		return InvalidText
	case errors.Is(err, errClosed):
		return Normal
	case errors.Is(err, errTooManyFrames):
		return PolicyViolation
	}
	return 0
}

// reader reads whole text messages and answers pings. Frames that no browser would send are errors.
type reader struct {
	in         *wsutil.Reader
	raw        net.Conn
	maxSilence time.Duration
	pong       func(payload []byte)
	frames     *frameBudget // nil without limits
}

func newReader(c *Conn) *reader {
	r := &reader{raw: c.raw, maxSilence: c.server.MaxSilence, pong: c.pong}
	if c.server.LimitFrames {
		r.frames = &frameBudget{left: framesAtOnce, at: time.Now()}
	}
	r.in = &wsutil.Reader{
		Source:         io.MultiReader(bytes.NewReader(c.options.Early), c.raw),
		State:          ws.StateServerSide,
		CheckUTF8:      true,
		MaxMessageSize: c.server.maxMessage,
		OnIntermediate: r.control,
		OnContinuation: func(ws.Header, io.Reader) error { return errors.Join(r.frames.take(time.Now()), r.extend()) },
	}
	c.options.Early = nil
	return r
}

// extend gives the client time for one more frame.
func (r *reader) extend() error {
	return r.raw.SetReadDeadline(time.Now().Add(r.maxSilence))
}

// next returns the next message.
func (r *reader) next() ([]byte, error) {
	for {
		if err := r.extend(); err != nil {
			return nil, err
		}
		header, err := r.in.NextFrame()
		switch {
		case err != nil:
			return nil, err
		case header.OpCode.IsControl():
			if err := r.control(header, r.in); err != nil {
				return nil, err
			}
			continue
		case header.OpCode != ws.OpText:
			return nil, errNotText
		}
		if err := r.frames.take(time.Now()); err != nil {
			return nil, err
		}
		return io.ReadAll(r.in)
	}
}

// control handles a ping, a pong or a close, which may come between the frames of a message.
func (r *reader) control(header ws.Header, body io.Reader) error {
	if err := r.frames.take(time.Now()); err != nil {
		return err
	}
	payload, err := io.ReadAll(body) // 125 bytes at most, or NextFrame has failed
	switch {
	case err != nil:
		return err
	case header.OpCode == ws.OpClose:
		return errClosed
	case header.OpCode == ws.OpPing:
		r.pong(payload)
	}
	return r.extend()
}

// frameBudget is the number of further frames that a client may send. A nil one is unlimited.
type frameBudget struct {
	left float64
	at   time.Time
}

func (b *frameBudget) take(now time.Time) error {
	if b == nil {
		return nil
	}
	b.left = min(framesAtOnce, b.left+now.Sub(b.at).Seconds()*framesPerSecond) - 1
	b.at = now
	if b.left < 0 {
		return errTooManyFrames
	}
	return nil
}
