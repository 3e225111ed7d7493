//go:build unix

package live

import (
	"errors"
	"net"
	"syscall"
)

// line writes to a connection without waiting. It keeps what a write needs, so that none of the
// many allocates. One goroutine at a time may use it.
type line struct {
	conn    net.Conn
	control syscall.RawConn
	try     func(fd uintptr) bool
	bytes   []byte
	n       int
	err     error
}

func newLine(conn net.Conn) line {
	raw, ok := conn.(syscall.Conn)
	if !ok {
		return line{conn: conn}
	}
	control, err := raw.SyscallConn()
	return line{conn: conn, control: control, err: err}
}

// tryWrite writes what the kernel takes now, and tells how much that was.
func (l *line) tryWrite(b []byte) (n int, err error) {
	if l.control == nil {
		if l.err != nil {
			return 0, l.err
		}
		return writeBriefly(l.conn, b)
	}
	if l.try == nil {
		l.try = l.attempt
	}
	l.bytes = b
	err = l.control.Write(l.try)
	l.bytes = nil
	switch {
	case err != nil:
		return 0, err
	case errors.Is(l.err, syscall.EAGAIN):
		return 0, nil
	}
	return max(l.n, 0), l.err
}

func (l *line) attempt(fd uintptr) (done bool) {
	for {
		l.n, l.err = syscall.Write(int(fd), l.bytes)
		if !errors.Is(l.err, syscall.EINTR) {
			return true // never wait
		}
	}
}
