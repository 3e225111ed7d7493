//go:build !unix

package live

import (
	"net"
	"syscall"
)

// writes writes to connections without waiting for more than a millisecond.
type writes struct{}

func rawOf(net.Conn) syscall.RawConn { return nil }

func (writes) try(conn net.Conn, _ syscall.RawConn, b []byte) (int, error) {
	return writeBriefly(conn, b)
}
