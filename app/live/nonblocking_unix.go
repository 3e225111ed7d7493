//go:build unix

package live

import (
	"errors"
	"net"
	"syscall"
)

// nonblockingConn writes to a connection without waiting. It keeps everything that a write needs, so
// that the many writes allocate nothing. Only one goroutine may use it at a time.
type nonblockingConn struct {
	conn  net.Conn
	raw   syscall.RawConn
	try   func(fd uintptr) bool
	bytes []byte
	n     int
	err   error
}

func newNonblockingConn(conn net.Conn) nonblockingConn {
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return nonblockingConn{conn: conn}
	}
	raw, err := sc.SyscallConn()
	return nonblockingConn{conn: conn, raw: raw, err: err}
}

// writeNow writes what the kernel accepts at once, and returns how much that was.
func (c *nonblockingConn) writeNow(b []byte) (n int, err error) {
	if c.raw == nil {
		if c.err != nil {
			return 0, c.err
		}
		return writeBriefly(c.conn, b)
	}
	if c.try == nil {
		c.try = c.attempt
	}
	c.bytes = b
	err = c.raw.Write(c.try)
	c.bytes = nil
	switch {
	case err != nil:
		return 0, err
	case errors.Is(c.err, syscall.EAGAIN):
		return 0, nil
	}
	return max(c.n, 0), c.err
}

func (c *nonblockingConn) attempt(fd uintptr) (done bool) {
	for {
		c.n, c.err = syscall.Write(int(fd), c.bytes)
		if !errors.Is(c.err, syscall.EINTR) {
			return true // never wait until the connection is writable
		}
	}
}
