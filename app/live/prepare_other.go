//go:build !linux

package live

import "net"

// prepare limits what the kernel holds for a viewer that has stopped reading.
func prepare(conn net.Conn) {
	tcp, ok := conn.(interface {
		SetWriteBuffer(bytes int) error
		SetKeepAlive(keepalive bool) error
	})
	if ok {
		_ = tcp.SetWriteBuffer(sendBuffer)
		_ = tcp.SetKeepAlive(true)
	}
}
