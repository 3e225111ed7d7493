package db

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// asSomebodyElse runs fn as a user who may not ignore the modes of files, which root may.
func asSomebodyElse(t *testing.T, fn func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		fn()
		return
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked, so that the thread ends with this function
		err := syscall.Setfsuid(65534)
		if err == nil {
			fn()
		}
		done <- err
	}()
	must(t, <-done)
}

// TestAFileThatCannotBeWrittenIsRefused starts with a read-only file, and with a folder in which SQLite cannot
// create its log.
func TestAFileThatCannotBeWrittenIsRefused(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "parley.db")
	d := openMigrated(t, "sqlite:"+path)
	createUsers(t, d, 1)
	must(t, d.TruncateLog(t.Context()))
	data, err := os.ReadFile(path)
	must(t, err)
	for what, modes := range map[string][2]os.FileMode{"file": {0o444, 0o777}, "folder": {0o666, 0o555}} {
		other := filepath.Join(dir, what)
		must(t, os.Mkdir(other, 0o777))
		must(t, os.WriteFile(filepath.Join(other, "copy.db"), data, 0o666))
		must(t, os.WriteFile(filepath.Join(other, "copy.db.lock"), nil, 0o666))
		must(t, os.Chmod(filepath.Join(other, "copy.db.lock"), 0o666))
		must(t, os.Chmod(filepath.Join(other, "copy.db"), modes[0]))
		must(t, os.Chmod(other, modes[1]))
		for at := dir; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
			must(t, os.Chmod(at, 0o755))
		}
		asSomebodyElse(t, func() {
			d, err := Open("sqlite:" + filepath.Join(other, "copy.db"))
			if err == nil {
				t.Errorf("a read-only %s was opened", what)
				_ = d.Close()
			} else if !strings.Contains(err.Error(), "Parley") || !strings.Contains(err.Error(), "can write") && !strings.Contains(err.Error(), "able to write") {
				t.Errorf("a read-only %s: %v", what, err)
			}
		})
		must(t, os.Chmod(other, 0o777))
	}
}
