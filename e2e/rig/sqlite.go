package rig

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// prepared is the SQLite database that this test program copies.
var prepared struct {
	once  sync.Once
	bytes []byte
	err   error
}

// PrepareSQLite puts a database with all its tables where an address wants a SQLite database and none is yet, and reports
// whether it did. The test program migrates one, the first time, and copies it from then on: under the race detector
// a migration takes half a second, which most of a thousand tests would wait for.
func PrepareSQLite(t testing.TB, address string, migrate func(address string) error) bool {
	t.Helper()
	path, is := strings.CutPrefix(address, "sqlite:")
	if !is {
		return false
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	prepared.once.Do(func() { prepared.bytes, prepared.err = migrated(migrate) })
	if prepared.err != nil {
		t.Fatal(prepared.err)
	}
	if err := os.WriteFile(path, prepared.bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	return true
}

// migrated returns a database as it is once it was migrated and closed.
func migrated(migrate func(address string) error) (database []byte, err error) {
	dir, err := os.MkdirTemp("", "parley-migrated-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "parley.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("rig: the migrated database has a write-ahead log beside it, so it was not closed")
	}
	return os.ReadFile(path) // #nosec G304 -- the path is ours
}
