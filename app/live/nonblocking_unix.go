//go:build unix

package live

import (
	"errors"
	"net"
	"sync"
	"syscall"
)

// writes writes to connections without waiting. It keeps what a write needs for the next one, so that the many writes
// allocate nothing and no viewer holds it.
type writes struct{ attempts sync.Pool }

// attempt is one write.
type attempt struct {
	try   func(fd uintptr) (done bool) // of this attempt
	bytes []byte
	n     int
	err   error
}

// rawOf returns access to the descriptor of a connection, nil if it has none.
func rawOf(conn net.Conn) syscall.RawConn {
	if sc, ok := conn.(syscall.Conn); ok {
		if raw, err := sc.SyscallConn(); err == nil {
			return raw
		}
	}
	return nil
}

// try writes what the kernel accepts at once, and returns how much that was.
func (w *writes) try(conn net.Conn, raw syscall.RawConn, b []byte) (n int, err error) {
	if raw == nil {
		return writeBriefly(conn, b)
	}
	a, ok := w.attempts.Get().(*attempt)
	if !ok {
		a = &attempt{}
		a.try = a.write
	}
	a.bytes = b
	err = raw.Write(a.try)
	n, failed := a.n, a.err
	a.bytes, a.n, a.err = nil, 0, nil
	w.attempts.Put(a)
	switch {
	case err != nil:
		return 0, err
	case errors.Is(failed, syscall.EAGAIN):
		return 0, nil
	}
	return max(n, 0), failed
}

func (a *attempt) write(fd uintptr) (done bool) {
	for {
		a.n, a.err = syscall.Write(int(fd), a.bytes)
		if !errors.Is(a.err, syscall.EINTR) {
			return true // never wait until the connection is writable
		}
	}
}
