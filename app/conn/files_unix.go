//go:build unix

package conn

import (
	"math"
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
