package db

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

// mustRefuse checks that OpenRestored returns an error with a text in it, and creates nothing.
func mustRefuse(t *testing.T, address, want string) {
	t.Helper()
	d, err := OpenRestored(t.Context(), address)
	if err == nil {
		_ = d.Close()
	}
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: %v, not %q", address, err, want)
	}
}

func TestOpenRestored(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		r := createRoom(t, d)
		_, err := d.ChangeEpochs(t.Context(), time.Unix(1000, 0))
		must(t, err)
		address := ""
		if d.IsSQLite() {
			address = "sqlite:" + filepath.Join(t.TempDir(), "copy.db")
			must(t, d.gorm.Exec("VACUUM INTO '"+strings.TrimPrefix(address, "sqlite:")+"'").Error)
		} else {
			address = addressOf(d)
		}
		restored, err := OpenRestored(t.Context(), address)
		must(t, err)
		defer func() { must(t, restored.Close()) }()
		must(t, restored.Migrate(t.Context()))
		n, err := restored.ChangeEpochs(t.Context(), time.Unix(1000, 0))
		must(t, err)
		equal(t, "rooms", n, 1)
		heads, err := restored.Heads(t.Context(), []uint64{r.ID})
		must(t, err)
		equal(t, "epoch", heads[0].Epoch, 1001)
	})
}

func TestOpenRestoredRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "new", "parley.db")
	mustRefuse(t, "sqlite:"+path, "there is no SQLite file "+path)
	if _, err := os.Stat(filepath.Dir(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder was created: %v", err)
	}
	path = filepath.Join(dir, "empty.db")
	must(t, os.WriteFile(path, nil, 0o600))
	mustRefuse(t, "sqlite:"+path, "the SQLite file "+path+" has no rooms")
	mustRefuse(t, "sqlite::memory:", "in memory")
	mysql := rig.MySQL(t)
	mustRefuse(t, mysql, "the MySQL database")
	d, err := Open(mysql)
	must(t, err)
	tables, err := d.gorm.Migrator().GetTables()
	must(t, err)
	equal(t, "tables created", len(tables), 0)
	must(t, d.Close())
	must(t, openMigrated(t, mysql).Check(t.Context()))
	mustRefuse(t, mysql, "has no rooms")

	running := filepath.Join(dir, "running.db")
	d = openMigrated(t, "sqlite:"+running)
	mustRefuse(t, "sqlite:"+running, ErrInUse.Error())
	for range 20 {
		createRoom(t, d)
	}
	copied := filepath.Join(dir, "copy.db")
	must(t, d.gorm.Exec("VACUUM INTO '"+copied+"'").Error)
	log, err := os.ReadFile(running + "-wal") // as a process leaves it that was killed
	must(t, err)
	must(t, os.WriteFile(copied+"-wal", log, 0o600))
	mustRefuse(t, "sqlite:"+copied, "Delete "+copied+"-wal and "+copied+"-shm")
	left, err := os.ReadFile(copied + "-wal")
	must(t, err)
	equal(t, "the log is as it was", string(left) == string(log), true)
	must(t, os.Remove(copied+"-wal"))
	damage(t, copied)
	mustRefuse(t, "sqlite:"+copied, "is damaged")
}

// damage overwrites the second half of a file.
func damage(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	for i := len(data) / 2; i < len(data); i++ {
		data[i] = 0xa5
	}
	must(t, os.WriteFile(path, data, 0o600))
}
