package faults

import (
	"net"
	"syscall"
)

// dropIncoming makes the kernel drop every packet that arrives on a connection, without acknowledging it:
// the filter is a program with one instruction, "keep 0 bytes".
func dropIncoming(conn *net.TCPConn, on bool) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		if on {
			//nolint:staticcheck // the replacement is a module of its own, for this one call
			_ = syscall.AttachLsf(int(fd), []syscall.SockFilter{{Code: syscall.BPF_RET}})
			return
		}
		_ = syscall.DetachLsf(int(fd)) //nolint:staticcheck // as above
	})
}
