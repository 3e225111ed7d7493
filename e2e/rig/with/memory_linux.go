package main

import "syscall"

const (
	memory     = "/dev/shm"
	memoryNeed = 4 << 30 // bytes; a whole test run has been seen to use less than half of it
	noExec     = 8       // ST_NOEXEC of statfs(2), which package syscall does not name
)

// temporary returns a folder in memory for the servers and tests to work in, or "" if there is none with room:
// containers often have 64 MB. Databases wait for the disk at each commit, some milliseconds every time, and all
// tests together do little else.
func temporary() string {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err != nil || fs.Flags&noExec != 0 || fs.Bavail*uint64(fs.Bsize) < memoryNeed {
		return ""
	}
	return memory
}
