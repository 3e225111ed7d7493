package live

import (
	"errors"
	"net"
	"os"
	"time"
)

// writeBriefly writes what a connection takes within a moment, where there is no way to ask the
// kernel what it takes at once, and tells how much that was.
func writeBriefly(conn net.Conn, b []byte) (int, error) {
	_ = conn.SetWriteDeadline(time.Now().Add(time.Millisecond))
	defer func() { _ = conn.SetWriteDeadline(time.Time{}) }()
	n, err := conn.Write(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = nil
	}
	return n, err
}
