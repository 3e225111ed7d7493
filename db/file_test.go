package db

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestOneProcessOnAFileWithManyNames starts a second process on the same file under each name that it can have.
func TestOneProcessOnAFileWithManyNames(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "parley.db")
	d := openMigrated(t, "sqlite:"+path)
	must(t, os.Symlink(path, filepath.Join(dir, "symlink.db")))
	must(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))
	must(t, os.Link(path, filepath.Join(dir, "folder", "hard link.db")))
	must(t, os.Symlink(dir, filepath.Join(dir, "folder", "same folder")))
	for _, name := range []string{"parley.db", "symlink.db", "folder/hard link.db", "folder/same folder/parley.db"} {
		if output, err := openInProcess("sqlite:" + filepath.Join(dir, name)); err == nil || output != ErrInUse.Error() {
			t.Errorf("%s: %q, %v", name, output, err)
		}
	}
	must(t, d.Check(t.Context()))
	createUsers(t, d, 1) // SQLite's own locks are still there
	for _, beside := range []string{"symlink.db-wal", "folder/hard link.db-wal"} {
		if _, err := os.Stat(filepath.Join(dir, beside)); err == nil {
			t.Errorf("there is a second log, %s", beside)
		}
	}
}

// TestASymlinkIsFollowed opens a file by a link that leads nowhere yet.
func TestASymlinkIsFollowed(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Symlink(filepath.Join(dir, "parley.db"), filepath.Join(dir, "link.db")))
	d := openMigrated(t, "sqlite:"+filepath.Join(dir, "link.db"))
	createUsers(t, d, 1)
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	equal(t, "files", strings.ReplaceAll(strings.Join(names, " "), dir+"/", ""), "link.db parley.db parley.db-shm parley.db-wal parley.db.lock")
}

// TestFilesAreReadableByNobodyElse checks it for every umask and folder, and for files from before.
func TestFilesAreReadableByNobodyElse(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o755))
	path := filepath.Join(dir, "parley.db")
	check := func(when string) {
		t.Helper()
		entries, err := os.ReadDir(dir)
		must(t, err)
		for _, e := range entries {
			info, err := e.Info()
			must(t, err)
			equal(t, when+": "+e.Name(), info.Mode().Perm(), fs.FileMode(0o600))
		}
		if len(entries) != 4 {
			t.Errorf("%s: %d files", when, len(entries))
		}
	}
	first := openMigrated(t, "sqlite:"+path)
	check("new files")
	copied, err := os.ReadFile(path)
	must(t, err)
	log, err := os.ReadFile(path + "-wal")
	must(t, err)
	createUsers(t, first, 1)
	dir = filepath.Join(t.TempDir(), "other")
	must(t, os.Mkdir(dir, 0o777))
	path = filepath.Join(dir, "parley.db")
	for suffix, data := range map[string][]byte{"": copied, "-wal": log, ".lock": nil} {
		must(t, os.WriteFile(path+suffix, data, 0o666))
	}
	second := openMigrated(t, "sqlite:"+path)
	createUsers(t, second, 1)
	check("files from before")
	warnings, err := second.Warnings(t.Context())
	must(t, err)
	equal(t, "warnings", strings.Join(warnings, "\n"), "")
}
