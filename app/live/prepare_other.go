//go:build !linux

package live

import "net"

// prepare bounds what the kernel may hold for a viewer that has stopped reading.
func prepare(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(sendQueue)
		_ = tcp.SetKeepAlive(true)
	}
}
