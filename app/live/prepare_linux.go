package live

import (
	"net"
	"syscall"
	"time"
)

// tcpUserTimeout is TCP_USER_TIMEOUT of tcp(7), which package syscall lacks: how long sent data may stay
// unacknowledged.
const tcpUserTimeout = 0x12

// tcpConn is a *net.TCPConn, or wraps one.
type tcpConn interface {
	syscall.Conn
	SetWriteBuffer(bytes int) error
	SetKeepAliveConfig(config net.KeepAliveConfig) error
}

// prepare makes a dead connection fail: a viewer whose cable was pulled would otherwise be kept for a
// quarter of an hour.
func prepare(conn net.Conn) {
	tcp, ok := conn.(tcpConn)
	if !ok {
		return
	}
	_ = tcp.SetWriteBuffer(sendBuffer)
	_ = tcp.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: 20 * time.Second, Interval: 5 * time.Second, Count: 2})
	if raw, err := tcp.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, 25_000)
		})
	}
}
