//go:build unix

package live

import (
	"net"
	"syscall"
)

// tryWrite writes what the kernel takes now, and tells how much that was.
func tryWrite(conn net.Conn, b []byte) (n int, err error) {
	raw, ok := conn.(syscall.Conn)
	if !ok {
		return conn.Write(b)
	}
	control, err := raw.SyscallConn()
	if err != nil {
		return 0, err
	}
	var failed error
	err = control.Write(func(fd uintptr) bool {
		for {
			n, failed = syscall.Write(int(fd), b)
			if failed != syscall.EINTR {
				return true // never wait
			}
		}
	})
	if err != nil {
		return 0, err
	}
	if failed == syscall.EAGAIN || n < 0 && failed == nil {
		return 0, nil
	}
	return max(n, 0), failed
}
