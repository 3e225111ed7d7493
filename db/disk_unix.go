//go:build linux || darwin

package db

import "syscall"

// freeSpace returns the number of bytes an unprivileged user may still write to the file's disk.
func freeSpace(path string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil
}
