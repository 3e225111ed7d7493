package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/app/backup"
	"parley/db"
	"parley/e2e/rig"
)

// TestBackupCommands makes a backup beside a server that has the database open, and puts it somewhere else.
func TestBackupCommands(t *testing.T) {
	dir := t.TempDir()
	missing := []string{"PARLEY_DATABASE_URL=sqlite:" + dir + "/none.db"}
	if got := parley(t, missing, "backup", dir+"/none.zip"); !strings.Contains(got, "there is no SQLite file") {
		t.Errorf("without a database: %s", got)
	}
	for i, address := range []string{"sqlite:" + dir + "/parley.db", rig.MySQL(t)} {
		store, err := db.Open(address)
		must(t, err)
		must(t, store.Migrate(t.Context()))
		environment := []string{"PARLEY_DATABASE_URL=" + address}
		parley(t, environment, "user", "add", "ann")
		path := filepath.Join(dir, string(rune('a'+i))+".zip")
		if got := parley(t, environment, "backup", path); !strings.Contains(got, "is in "+path+": 1 account, 0 rooms") {
			t.Errorf("%s: %s", address, got)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		before, err := os.ReadFile(path)
		must(t, err)
		if got := parley(t, environment, "backup", path); !strings.Contains(got, path+" is there already") {
			t.Errorf("a second time: %s", got)
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, before) {
			t.Errorf("the first backup has changed: %v", err)
		}
		var out, notes bytes.Buffer
		must(t, newCommand(environment, &out, &notes).Run(t.Context(), []string{"parley", "backup", "-"}))
		piped := filepath.Join(t.TempDir(), "piped.zip")
		must(t, os.WriteFile(piped, out.Bytes(), 0o600))
		archive, err := backup.Open(piped)
		must(t, err)
		must(t, archive.Close())
		fromInput := func(words ...string) string {
			var said bytes.Buffer
			cmd := newCommand(environment, &said, &said)
			cmd.Reader = bytes.NewReader(out.Bytes())
			if err := cmd.Run(t.Context(), append([]string{"parley", "restore"}, words...)); err != nil {
				said.WriteString(err.Error())
			}
			return said.String()
		}
		if got := fromInput("--check", "-"); !strings.HasPrefix(got, "What came through standard input is whole: a backup of ") {
			t.Errorf("checked through a pipe: %s", got)
		}
		if got := parley(t, environment, "restore", "--check", path); !strings.Contains(got, path+" is whole: a backup of ") {
			t.Errorf("checked: %s", got)
		}
		must(t, store.Close())
		if got := parley(t, environment, "restore", path); !strings.Contains(got, "has accounts: with --replace") {
			t.Errorf("over an account: %s", got)
		}
		for _, words := range [][]string{{"restore", "--replace", path}, {"restore", "--replace", piped}} {
			if got := parley(t, environment, words...); !strings.Contains(got, "with 1 account, 0 rooms") {
				t.Errorf("%v: %s", words, got)
			}
		}
		if got := fromInput("--replace", "-"); !strings.Contains(got, "with 1 account, 0 rooms") {
			t.Errorf("restored through a pipe: %s", got)
		}
		must(t, os.WriteFile(path, before[:len(before)/2], 0o600))
		if got := parley(t, environment, "restore", "--replace", path); !strings.Contains(got, path+" cannot be restored, and nothing was changed") {
			t.Errorf("half of it: %s", got)
		}
		if got := parley(t, environment, "user", "list"); !strings.Contains(got, "ann") {
			t.Errorf("after it: %s", got)
		}
	}
	names, err := filepath.Glob(dir + "/*.part")
	must(t, err)
	if len(names) > 0 {
		t.Errorf("left: %v", names)
	}
}

// TestLeftoversAreNamed checks that `parley check` names what a killed restoration has left, and that the server
// removes it.
func TestLeftoversAreNamed(t *testing.T) {
	path := t.TempDir() + "/parley.db"
	environment := []string{"PARLEY_DATABASE_URL=sqlite:" + path, "PARLEY_ADDR=127.0.0.1:0", "PARLEY_ADMIN_ADDR=127.0.0.1:0"}
	serve := func() string {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var log bytes.Buffer
		if err := run(ctx, environment, startedAt{stop}, &log); err != nil {
			t.Fatalf("%v\n%s", err, log.String())
		}
		return log.String()
	}
	serve()
	must(t, os.WriteFile(path+".restoring", []byte("half of a backup"), 0o600))
	if got := parley(t, environment, "check"); !strings.Contains(got, path+".restoring") || strings.Contains(got, "WRONG") {
		t.Errorf("checked: %s", got)
	}
	if log := serve(); !strings.Contains(log, "removed what an interrupted restore left behind") || !strings.Contains(log, path+".restoring") {
		t.Errorf("the log: %s", log)
	}
	if got := parley(t, environment, "check"); strings.Contains(got, "restor") {
		t.Errorf("checked afterwards: %s", got)
	}
}

// TestRestoreFromAPipeThatStays stops a restoration that waits for its backup. Nothing of what came is left.
func TestRestoreFromAPipeThatStays(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	from, to := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	cmd := newCommand([]string{"PARLEY_DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "parley.db")}, io.Discard, io.Discard)
	cmd.Reader = from
	ended := make(chan error, 1)
	go func() { ended <- cmd.Run(ctx, []string{"parley", "restore", "-"}) }()
	if _, err := to.Write([]byte("PK")); err != nil { // it has begun to read
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 { // a process that is killed leaves nothing
		t.Errorf("there are %v, %v", left, err)
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "nothing was changed") {
		t.Errorf("it ended with %v", err)
	}
}
