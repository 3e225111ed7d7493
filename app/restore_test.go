package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/db"
	"parley/e2e/rig"
)

// TestRestoreFinish runs the command on what an administrator may have restored, and on what it is not.
func TestRestoreFinish(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "parley.db")
	finish := func(address string) (string, error) {
		var out bytes.Buffer
		err := finishRestore(t.Context(), []string{"PARLEY_DATABASE_URL=" + address}, &out)
		return out.String(), err
	}
	if out, err := finish("sqlite:" + path); err == nil || out != "" || !strings.Contains(err.Error(), path) {
		t.Errorf("without a file: %q, %v", out, err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file was created: %v", err)
	}
	mysql := rig.MySQL(t)
	if out, err := finish(mysql); err == nil || out != "" || !strings.Contains(err.Error(), "has no rooms") {
		t.Errorf("an empty MySQL: %q, %v", out, err)
	}
	for address, name := range map[string]string{"sqlite:" + path: "the SQLite file " + path, mysql: "the MySQL database parley_"} {
		store, err := db.Open(address)
		must(t, err)
		must(t, store.Migrate(t.Context()))
		must(t, store.CreateRoom(t.Context(), &db.Room{Kind: db.RoomGroup, Name: "Room", IsOpen: true, Epoch: 7, CreatedAt: time.Now().UTC()}))
		must(t, store.Close())
		out, err := finish(address)
		must(t, err)
		if !strings.Contains(out, name) || !strings.Contains(out, "1 room has a new epoch") {
			t.Errorf("%s: %q", name, out)
		}
	}
}

// TestTheLogOfSQLiteIsKeptEmpty is T47: nobody has to stop the server for what is deleted to be gone.
func TestTheLogOfSQLiteIsKeptEmpty(t *testing.T) {
	t.Parallel()
	if truncateInterval > 20*time.Second {
		t.Errorf("three tries take %v", 3*truncateInterval)
	}
	path := filepath.Join(t.TempDir(), "parley.db")
	store, err := db.Open("sqlite:" + path)
	must(t, err)
	defer func() { must(t, store.Close()) }()
	must(t, store.Migrate(t.Context()))
	size := func() int64 {
		info, err := os.Stat(path + "-wal")
		must(t, err)
		return info.Size()
	}
	if size() == 0 {
		t.Fatal("it is empty before")
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		truncateOften(ctx, store, 10*time.Millisecond, slog.New(slog.DiscardHandler))
	}()
	rig.Eventually(t, "the log is empty", func() bool { return size() == 0 })
	stop()
	<-ended
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
