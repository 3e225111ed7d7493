//go:build !unix

package db

import (
	"errors"
	"fmt"
	"os"
)

// lockFile relies on a system that refuses to remove a file while a process has it open. It does not
// find out that a file has two names.
func lockFile(path string, database *os.File) (release func() error, err error) {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, ErrInUse
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the lock file of the SQLite database: %w", err)
	}
	return func() error { return errors.Join(f.Close(), database.Close()) }, nil
}
