//go:build !unix

package conn

import (
	"math"
	"net"
)

// Capacity returns how many connections this process can have open at once.
func Capacity() int { return math.MaxInt32 }

// hasSent reports whether there is something to read on a connection. Here it does not know.
func hasSent(*net.TCPConn) bool { return false }

// acceptNow returns a connection that nobody has accepted. Here it knows of none.
func acceptNow(net.Listener) (c net.Conn, ok bool) { return nil, false }
