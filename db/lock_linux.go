package db

import (
	"errors"
	"os"
	"syscall"
)

// setOpenFileLock is F_OFD_SETLK of fcntl(2). Such a lock belongs to one open file, and not to the process.
const setOpenFileLock = 37

// lockItself locks one byte far beyond the end of the file. flock would do on a local disk, but on NFS it
// locks all bytes, SQLite's own among them.
func lockItself(database *os.File) error {
	err := syscall.FcntlFlock(database.Fd(), setOpenFileLock, &syscall.Flock_t{Type: syscall.F_WRLCK, Start: 1 << 62, Len: 1})
	if errors.Is(err, syscall.EINVAL) { // a kernel or a file system without such locks
		return nil
	}
	return err
}
