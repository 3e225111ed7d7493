//go:build unix

package conn

import (
	"errors"
	"math"
	"net"
	"os"
	"syscall"
)

// reservedFiles are file descriptors for everything that is not a connection of a client: the database's
// files or connections, Redis, the log, and a few to spare.
const reservedFiles = 96

// Capacity returns how many connections this process can have open at once, going by its limit of file
// descriptors. Go has raised that as far as it may.
func Capacity() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return math.MaxInt32
	}
	files := int(min(uint64(limit.Cur), math.MaxInt32)) //nolint:unconvert // an int64 on FreeBSD
	return max(files-reservedFiles, files/2, 1)
}

// hasSent reports whether there is something to read on a connection.
func hasSent(c *net.TCPConn) (has bool) {
	raw, err := c.SyscallConn()
	if err != nil {
		return false
	}
	_ = raw.Control(func(fd uintptr) {
		n, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK) // which does not wait: the descriptor does not block
		has = err == nil && n > 0
	})
	return has
}

// acceptNow returns a connection that the kernel has made and nobody has accepted; it is not ok if there is none.
func acceptNow(l net.Listener) (c net.Conn, ok bool) {
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		return nil, false
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil, false
	}
	fd := -1
	err = raw.Control(func(listens uintptr) {
		for {
			if fd, _, err = syscall.Accept(int(listens)); !errors.Is(err, syscall.EINTR) && !errors.Is(err, syscall.ECONNABORTED) { // the descriptor does not block
				return
			}
		}
	})
	if err != nil || fd < 0 {
		return nil, false
	}
	f := os.NewFile(uintptr(fd), "")
	defer func() { _ = f.Close() }()
	c, err = net.FileConn(f)
	return c, err == nil
}
