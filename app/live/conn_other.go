//go:build !unix

package live

import (
	"errors"
	"net"
	"os"
	"time"
)

// tryWrite writes what the kernel takes within a moment, and tells how much that was.
func tryWrite(conn net.Conn, b []byte) (int, error) {
	_ = conn.SetWriteDeadline(time.Now().Add(time.Millisecond))
	defer func() { _ = conn.SetWriteDeadline(time.Time{}) }()
	n, err := conn.Write(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = nil
	}
	return n, err
}
