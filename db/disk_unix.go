//go:build linux || darwin

package db

import "syscall"

// freeSpace returns the bytes that somebody without privileges may still write beside a file.
func freeSpace(path string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil
}
