//go:build !unix

package live

import "net"

// nonblockingConn writes to a connection without waiting for more than a millisecond.
type nonblockingConn struct {
	conn net.Conn
}

func newNonblockingConn(conn net.Conn) nonblockingConn { return nonblockingConn{conn: conn} }

func (c *nonblockingConn) writeNow(b []byte) (int, error) { return writeBriefly(c.conn, b) }
