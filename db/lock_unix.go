//go:build unix

package db

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lockFile takes two locks that the kernel releases when the process ends, however it ends: of a file
// named after the database's, which also holds while that is replaced by another, and of the database's
// file itself, which may have other names. It keeps the latter open until release: closing any
// descriptor of a file drops the locks that SQLite has on it.
func lockFile(path string, database *os.File) (release func() error, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the lock file of the SQLite database: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		err = lockItself(database)
	}
	if err == nil {
		return func() error { return errors.Join(f.Close(), database.Close()) }, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EACCES) {
		return nil, ErrInUse
	}
	return nil, fmt.Errorf("lock the SQLite database: %w", err)
}
