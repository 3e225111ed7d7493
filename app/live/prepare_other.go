//go:build !linux

package live

import "net"

// prepare limits what the kernel holds for a viewer that has stopped reading.
func prepare(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(sendBuffer)
		_ = tcp.SetKeepAlive(true)
	}
}
