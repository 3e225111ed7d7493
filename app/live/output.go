package live

import (
	"net"
	"time"
)

// sealer is a connection with TLS: the bytes for a viewer are encrypted first, and what the kernel does not accept at once
// is encrypted already, so that no viewer holds up the others in either case.
type sealer interface {
	// Seal appends b, encrypted, to dst.
	Seal(dst, b []byte) ([]byte, error)
	// SealEnd appends the end of the connection as TLS sends it (close_notify).
	SealEnd(dst []byte) ([]byte, error)
	// Below returns the connection to which that is to be written.
	Below() net.Conn
}

// sealedMore is roughly the number of bytes that TLS adds to an event.
const sealedMore = 64

// below returns the connection below TLS, or the connection itself.
func below(c net.Conn) net.Conn {
	if s, ok := c.(sealer); ok {
		return s.Below()
	}
	return c
}

// tryWrite writes what the kernel accepts at once, and returns the rest for writeSlowly.
func (v *Viewer) tryWrite(b []byte) (rest []byte, err error) {
	if s, ok := v.conn.(sealer); ok {
		if b, err = s.Seal(make([]byte, 0, len(b)+sealedMore), b); err != nil {
			return nil, err
		}
	}
	n, err := v.hub.writes.try(below(v.conn), v.raw, b)
	return b[n:], err
}

// tryEnd makes TLS say that the connection ends properly: a response without chunks could have been cut off otherwise.
func (v *Viewer) tryEnd() {
	s, ok := v.conn.(sealer)
	if !ok {
		return
	}
	if b, err := s.SealEnd(nil); err == nil {
		_, _ = v.hub.writes.try(s.Below(), v.raw, b)
	}
}

// writeRest writes what tryWrite has returned, and waits for the kernel for as long as is given.
func (v *Viewer) writeRest(rest []byte, timeout time.Duration) error {
	conn := below(v.conn)
	_ = conn.SetWriteDeadline(time.Now().Add(timeout))
	_, err := conn.Write(rest)
	_ = conn.SetWriteDeadline(time.Time{})
	return err
}
