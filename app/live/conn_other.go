//go:build !unix

package live

import "net"

// line writes to a connection without waiting for longer than a moment.
type line struct {
	conn net.Conn
}

func newLine(conn net.Conn) line { return line{conn: conn} }

func (l *line) tryWrite(b []byte) (int, error) { return writeBriefly(l.conn, b) }
