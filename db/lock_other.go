//go:build !unix

package db

import (
	"fmt"
	"os"
)

// lockFile relies on a system that refuses to remove a file while a process has it open.
func lockFile(path string) (release func() error, err error) {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, ErrInUse
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the lock file of the SQLite database: %w", err)
	}
	return f.Close, nil
}
