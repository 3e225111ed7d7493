package live

import (
	"errors"
	"net"
	"os"
	"time"
)

// writeBriefly is for systems and connections that cannot say what they accept at once: it gives the
// kernel a millisecond. It returns how much was written.
func writeBriefly(conn net.Conn, b []byte) (int, error) {
	_ = conn.SetWriteDeadline(time.Now().Add(time.Millisecond))
	defer func() { _ = conn.SetWriteDeadline(time.Time{}) }()
	n, err := conn.Write(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = nil
	}
	return n, err
}
