package backup

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"syscall"
	"testing"
	"time"

	"parley/db"
	"parley/e2e/rig"
)

// TestWhatIsThere leaves a database alone that somebody would miss.
func TestWhatIsThere(t *testing.T) {
	from, _ := sqliteIn(t)
	fill(t, from, nil)
	whole, _ := made(t, from)
	sqlite, file := sqliteIn(t)
	for _, to := range []string{sqlite, rig.MySQL(t)} {
		store, err := db.Open(to)
		must(t, err)
		must(t, store.Migrate(t.Context()))
		u := db.User{Username: "ann", DisplayName: "Ann", PasswordHash: "x", TimeZone: "UTC", CreatedAt: time.Now().UTC()}
		must(t, store.CreateUser(t.Context(), &u))
		if _, _, err := store.Heartbeat(t.Context(), "a server", true); err != nil {
			t.Fatal(err)
		}
		if err := restore(t.Context(), whole, to, true); !errors.Is(err, db.ErrServed) {
			t.Errorf("%s: beside a server: %v", to, err)
		}
		must(t, store.ForgetProcess(t.Context(), "a server"))
		must(t, store.Close())
		if err := restore(t.Context(), whole, to, false); !errors.Is(err, db.ErrNotEmpty) {
			t.Errorf("%s: over an account: %v", to, err)
		}
		broken := errors.New("the disk of the backup is gone")
		if err := db.Restore(t.Context(), to, true, func(l *db.Loader) error {
			_, err := l.Load(t.Context(), db.Table{Name: "users", Columns: []db.Column{{Name: "id", Kind: db.KindUint}}}, func(yield func([]any, error) bool) { yield(nil, broken) })
			return err
		}); !errors.Is(err, broken) {
			t.Errorf("%s: %v", to, err)
		}
		if got := contentsOf(t, to); len(got["users"]) != 1 {
			t.Errorf("%s: after restorations that failed: %v", to, got["users"])
		}
		must(t, restore(t.Context(), whole, to, true))
		if got := contentsOf(t, to); len(got["users"]) != rowsEach || !reflect.DeepEqual(got["messages"], contentsOf(t, from)["messages"]) {
			t.Errorf("%s: after the restoration: %v", to, got["users"])
		}
	}
	names, err := filepath.Glob(file + "*")
	must(t, err)
	if !slices.Equal(names, []string{file, file + ".lock"}) {
		t.Errorf("left beside the file: %v", names)
	}
}

// TestOverADamagedFile replaces a file that cannot be opened, and a log beside it.
func TestOverADamagedFile(t *testing.T) {
	from, _ := sqliteIn(t)
	fill(t, from, nil)
	whole, _ := made(t, from)
	to, file := sqliteIn(t)
	must(t, os.WriteFile(file, bytes.Repeat([]byte("no database "), 1000), 0o600))
	must(t, os.WriteFile(file+"-wal", []byte("no log"), 0o600))
	must(t, os.WriteFile(file+".restoring", []byte("half of one"), 0o600))
	if err := restore(t.Context(), whole, to, false); err == nil {
		t.Error("a damaged file was replaced without a word")
	}
	must(t, restore(t.Context(), whole, to, true))
	if got := contentsOf(t, to); len(got["users"]) != rowsEach {
		t.Errorf("%d accounts", len(got["users"]))
	}
	if _, err := os.Stat(file + "-wal"); err == nil {
		t.Error("the log of the old file is still there")
	}
}

// TestTheOwnerStays restores as root what somebody else's server is to open.
func TestTheOwnerStays(t *testing.T) {
	from, _ := sqliteIn(t)
	fill(t, from, nil)
	whole, _ := made(t, from)
	to, file := sqliteIn(t)
	want := uint32(os.Geteuid())
	if want == 0 {
		want = 65534
		must(t, os.Chown(filepath.Dir(file), int(want), int(want)))
	}
	must(t, restore(t.Context(), whole, to, false))
	for _, path := range []string{file, file + ".lock"} {
		info, err := os.Stat(path)
		must(t, err)
		if owner := info.Sys().(*syscall.Stat_t); owner.Uid != want || info.Mode().Perm() != 0o600 {
			t.Errorf("%s belongs to %d, with mode %v", path, owner.Uid, info.Mode())
		}
	}
}
