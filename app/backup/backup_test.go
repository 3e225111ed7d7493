package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/db"
	"parley/e2e/rig"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sqliteIn returns the address of a SQLite file in a new folder.
func sqliteIn(t testing.TB) (address, path string) {
	path = filepath.Join(t.TempDir(), "parley.db")
	return "sqlite:" + path, path
}

const rowsEach = 3

// value makes up a value for a column of a row. No two rows have the same, so none of the unique indexes is in the way.
func value(c db.Column, row int) any {
	n := uint64(1000*len(c.Name) + row)
	switch c.Kind {
	case db.KindBool:
		return row%2 == 1
	case db.KindInt:
		return int64(n)
	case db.KindUint:
		return n<<40 + uint64(row) // more than a float has digits for
	case db.KindTime:
		return time.Date(2026, 11, 29, 12, 0, 0, int(n)*1000, time.UTC)
	case db.KindBytes:
		return []byte{0, 1, 0xff, byte(row), '\n', '"'}
	}
	return fmt.Sprintf("é<\"\\\u2028 %d", row)
}

// small is value for a column that does not hold so much.
func small(c db.Column, row int) any {
	if c.Kind == db.KindUint && (strings.HasSuffix(c.Name, "version") || c.Name == "sign_count") {
		return uint64(row)
	}
	if c.Kind == db.KindString && (strings.Contains(c.Name, "kind") || strings.Contains(c.Name, "way") || c.Name == "ladder" || c.Name == "what" || c.Name == "language") {
		return fmt.Sprint(row)
	}
	return value(c, row)
}

// fill makes a database whose every table has rows, in the first of which every nullable column is NULL.
func fill(t testing.TB, address string, more func(l *db.Loader)) {
	t.Helper()
	must(t, db.Restore(t.Context(), address, false, func(l *db.Loader) error {
		for name, table := range l.Tables() {
			table.Name = name
			for row := range rowsEach {
				if _, err := l.Load(t.Context(), table, func(yield func([]any, error) bool) {
					cells := make([]any, len(table.Columns))
					for i, c := range table.Columns {
						cells[i] = small(c, row+1)
					}
					yield(cells, nil)
				}); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
		}
		if more != nil {
			more(l)
		}
		return nil
	}))
}

// contentsOf reads all rows of a database, as text, without what Restore has to change.
func contentsOf(t testing.TB, address string) map[string][]string {
	t.Helper()
	store, err := db.OpenBackup(address)
	must(t, err)
	defer func() { must(t, store.Close()) }()
	tables, err := store.Tables()
	must(t, err)
	all := map[string][]string{}
	for _, table := range tables {
		for row, err := range store.Rows(t.Context(), table) {
			must(t, err)
			var line strings.Builder
			for i, c := range table.Columns {
				if table.Name != "rooms" || c.Name != "epoch" && c.Name != "member_count" {
					fmt.Fprintf(&line, "%s=%#v ", c.Name, row[i])
				}
			}
			all[table.Name] = append(all[table.Name], line.String())
		}
		slices.Sort(all[table.Name])
	}
	return all
}

// made writes a backup of a database into a file.
func made(t testing.TB, address string) (path string, m Manifest) {
	t.Helper()
	store, err := db.OpenBackup(address)
	must(t, err)
	defer func() { must(t, store.Close()) }()
	path = filepath.Join(t.TempDir(), "backup.zip")
	file, err := os.Create(path)
	must(t, err)
	m, err = Write(t.Context(), store, "v1", file)
	must(t, errors.Join(err, file.Close()))
	return path, m
}

// fullDisk is a writer that has room for some bytes.
type fullDisk struct{ room int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.room -= len(p); d.room < 0 {
		return 0, &os.PathError{Op: "write", Path: "backup.zip", Err: syscall.ENOSPC}
	}
	return len(p), nil
}

// TestAFullDiskIsNotTheDatabase runs out of room for a backup early and late.
func TestAFullDiskIsNotTheDatabase(t *testing.T) {
	address, _ := sqliteIn(t)
	fill(t, address, nil)
	store, err := db.OpenBackup(address)
	must(t, err)
	defer func() { must(t, store.Close()) }()
	const plenty = 1 << 30
	large := &fullDisk{plenty}
	_, err = Write(t.Context(), store, "v1", large)
	must(t, err)
	size := plenty - large.room
	for _, room := range []int{0, 100, size / 2, size - 1} {
		_, err := Write(t.Context(), store, "v1", &fullDisk{room})
		if !errors.Is(err, syscall.ENOSPC) || errors.Is(err, db.ErrUnavailable) {
			t.Errorf("after %d bytes: %v", room, err)
		}
	}
}

func restore(ctx context.Context, path, address string, replace bool) error {
	a, err := Open(path)
	if err != nil {
		return err
	}
	return errors.Join(a.Restore(ctx, address, replace), a.Close())
}

// TestRoundTrip takes every column of every table from SQLite to MySQL, and back to SQLite.
func TestRoundTrip(t *testing.T) {
	first, _ := sqliteIn(t)
	fill(t, first, nil)
	want := contentsOf(t, first)
	before := time.Now().Unix()
	last, _ := sqliteIn(t)
	for _, step := range []struct{ from, to string }{{first, rig.MySQL(t)}, {"", last}} {
		from := step.from
		if from == "" {
			from = first
		}
		path, m := made(t, from)
		must(t, restore(t.Context(), path, step.to, false))
		got := contentsOf(t, step.to)
		for name, rows := range want {
			if len(rows) != rowsEach || m.Rows(name) != rowsEach || !slices.Equal(got[name], rows) {
				t.Errorf("%s of %s: %d rows\n%s\ninstead of\n%s", name, step.to, m.Rows(name), strings.Join(got[name], "\n"), strings.Join(rows, "\n"))
			}
		}
		store, err := db.Open(step.to)
		must(t, err)
		must(t, store.Migrate(t.Context()))
		rooms, err := store.Heads(t.Context(), ids(t, store, "rooms"))
		must(t, err)
		for _, r := range rooms {
			if r.Epoch < uint64(before) {
				t.Errorf("the epoch of a room is still %d", r.Epoch)
			}
		}
		if len(rooms) != rowsEach {
			t.Errorf("%d rooms", len(rooms))
		}
		must(t, store.Close())
		first = step.to
	}
}

func ids(t testing.TB, store *db.DB, name string) (list []uint64) {
	t.Helper()
	tables, err := store.Tables()
	must(t, err)
	for _, table := range tables {
		if table.Name != name {
			continue
		}
		for row, err := range store.Rows(t.Context(), table) {
			must(t, err)
			list = append(list, row[0].(uint64))
		}
	}
	return list
}

// TestBoundedMemory takes photos of many megabytes through a backup.
func TestBoundedMemory(t *testing.T) {
	const photos, size = 30, 1 << 20
	defer debug.SetGCPercent(debug.SetGCPercent(20)) // or most of the heap is what has not been collected yet
	from, _ := sqliteIn(t)
	fill(t, from, func(l *db.Loader) {
		table := l.Tables()["photo_sizes"]
		_, err := l.Load(t.Context(), table, func(yield func([]any, error) bool) {
			for n := range photos {
				cells := make([]any, len(table.Columns))
				for i, c := range table.Columns {
					if cells[i] = small(c, 10+n); c.Kind == db.KindBytes {
						cells[i] = bytes.Repeat([]byte{byte(n), 7, 200}, size/3)
					}
				}
				if !yield(cells, nil) {
					return
				}
			}
		})
		must(t, err)
	})
	peak := watchHeap(t)
	path, _ := made(t, from)
	must(t, restore(t.Context(), path, rig.MySQL(t), false))
	most := peak()
	t.Logf("%d MB of heap", most>>20)
	if most > photos*size*2/3 {
		t.Errorf("%d MB of heap for %d MB of photos", most>>20, photos*size>>20)
	}
}

// watchHeap returns a function that ends the watching and returns the most bytes by which the heap has grown.
func watchHeap(t *testing.T) (peak func() uint64) {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most, done, ended := m.HeapAlloc, m.HeapAlloc, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}()
	return func() uint64 {
		close(done)
		<-ended
		return most - min(before, most)
	}
}
