package conn

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// maxUnasked is the most bytes that TLS itself may write between two writes to a sealed connection: answers to key updates,
// and alerts.
const maxUnasked = 4 << 10

var errUnasked = errors.New("conn: the client makes TLS answer too much")

// TLS is an accepted connection that is encrypted.
//
// TLS cannot continue a record that was written in part, so whoever must not wait for a slow client writes no
// plain bytes: it takes the sealed ones, and writes these to the connection below as it likes.
type TLS struct {
	*tls.Conn
	below  *below
	log    *slog.Logger
	failed bool        // the handshake
	taken  atomic.Bool // no longer the HTTP server's
}

func newTLS(c *Incoming, config *tls.Config, log *slog.Logger) *TLS {
	b := &below{Incoming: c}
	return &TLS{Conn: tls.Server(b, config), below: b, log: log}
}

// Accepted returns the connection that the listener has accepted, which may be below TLS.
func Accepted(c net.Conn) (in *Incoming, ok bool) {
	if t, is := c.(*TLS); is {
		return t.below.Incoming, true
	}
	in, ok = c.(*Incoming)
	return in, ok
}

// Handshake runs the handshake, unless that has been done. The HTTP server calls it, and then reads even if it failed.
func (c *TLS) Handshake() error {
	err := c.Conn.HandshakeContext(context.Background()) // the HTTP server has set a deadline
	if err != nil {
		c.failed = true
		c.log.Debug("a TLS handshake failed", "address", c.RemoteAddr().String(), "error", err)
	}
	return err
}

// Read reads what the client has sent. After a failed handshake that is nothing: there is nobody to whom an error could
// be explained, and it need not be logged.
func (c *TLS) Read(b []byte) (int, error) {
	if c.failed {
		return 0, io.EOF
	}
	return c.Conn.Read(b)
}

// Below returns the connection below TLS.
func (c *TLS) Below() net.Conn { return c.below.Incoming }

// Take takes the connection away from the HTTP server, as Incoming.Take does.
func (c *TLS) Take() *TakenTLS {
	c.taken.Store(true)
	return &TakenTLS{TLS: c, to: c.below.Take()}
}

// Close closes the connection, unless somebody has taken it.
func (c *TLS) Close() error {
	if c.taken.Load() {
		return nil
	}
	return c.Conn.Close()
}

// TakenTLS is a connection with TLS that is no longer the HTTP server's.
type TakenTLS struct {
	*TLS
	to *Taken
}

// Below returns the connection below TLS.
func (c *TakenTLS) Below() net.Conn { return c.to }

// Close closes the connection, after TLS has said so.
func (c *TakenTLS) Close() error { return errors.Join(c.Conn.Close(), c.to.Close()) }

// Seal appends b, encrypted, to dst, after whatever else TLS has to say. From the first call on
// nothing is written to the connection below but what the caller writes there, in the order of the calls.
func (c *TLS) Seal(dst, b []byte) ([]byte, error) {
	return c.below.collect(dst, func() error {
		_, err := c.Write(b)
		return err
	})
}

// SealEnd appends the end of the connection as TLS sends it (close_notify), like Seal.
func (c *TLS) SealEnd(dst []byte) ([]byte, error) { return c.below.collect(dst, c.CloseWrite) }

// below is the connection that TLS reads and writes. Once it is sealed, it only collects what is written.
type below struct {
	*Incoming

	mu        sync.Mutex
	sealed    bool
	asked     bool // Seal is running
	collected []byte
}

// collect appends what write writes to dst.
func (b *below) collect(dst []byte, write func() error) ([]byte, error) {
	b.mu.Lock()
	b.sealed, b.asked = true, true
	b.collected = append(dst, b.collected...)
	b.mu.Unlock()
	err := write()
	b.mu.Lock()
	defer b.mu.Unlock()
	dst, b.collected, b.asked = b.collected, nil, false
	return dst, err
}

// Write writes to the connection, or collects.
func (b *below) Write(p []byte) (int, error) {
	b.mu.Lock()
	if !b.sealed {
		b.mu.Unlock()
		return b.Incoming.Write(p)
	}
	defer b.mu.Unlock()
	if !b.asked && len(b.collected)+len(p) > maxUnasked {
		return 0, errUnasked
	}
	b.collected = append(b.collected, p...)
	return len(p), nil
}

// SetWriteDeadline sets the deadline of writes, unless the connection is sealed: then it is for the caller of Seal to
// set, and TLS, which has one of its own when it closes, would end a write that is waiting.
func (b *below) SetWriteDeadline(t time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sealed {
		return nil
	}
	return b.Incoming.SetWriteDeadline(t)
}
