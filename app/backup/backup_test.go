package backup

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
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

// fill makes a database whose every table has rows, in the first of which every column that may be is NULL.
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

// rewritten copies a backup, with its files changed.
func rewritten(t *testing.T, path string, change func(name string, data []byte) []byte) string {
	t.Helper()
	in, err := zip.OpenReader(path)
	must(t, err)
	defer func() { must(t, in.Close()) }()
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		r, err := f.Open()
		must(t, err)
		data, err := io.ReadAll(r)
		must(t, errors.Join(err, r.Close()))
		if data = change(f.Name, data); data == nil {
			continue
		}
		w, err := out.Create(f.Name)
		must(t, err)
		_, err = w.Write(data)
		must(t, err)
	}
	must(t, out.Close())
	changed := filepath.Join(t.TempDir(), "changed.zip")
	must(t, os.WriteFile(changed, b.Bytes(), 0o600))
	return changed
}

// edited changes what the manifest says.
func edited(t *testing.T, path string, edit func(m *Manifest)) string {
	return rewritten(t, path, func(name string, data []byte) []byte {
		if name != manifestFile {
			return data
		}
		var m Manifest
		must(t, json.Unmarshal(data, &m))
		edit(&m)
		data, err := json.Marshal(m)
		must(t, err)
		return data
	})
}

// TestFilesThatAreNoBackup refuses each before anything is changed.
func TestFilesThatAreNoBackup(t *testing.T) {
	from, _ := sqliteIn(t)
	fill(t, from, nil)
	whole, _ := made(t, from)
	data, err := os.ReadFile(whole)
	must(t, err)
	written := func(data []byte) string {
		path := filepath.Join(t.TempDir(), "file")
		must(t, os.WriteFile(path, data, 0o600))
		return path
	}
	flipped := bytes.Clone(data)
	flipped[bytes.Index(flipped, []byte("tables/messages.jsonl"))+40] ^= 1
	to, file := sqliteIn(t)
	for name, c := range map[string]struct {
		path string
		want error
	}{
		"nothing":         {written(nil), ErrNoBackup},
		"a text":          {written([]byte("PK, a text")), ErrNoBackup},
		"cut off":         {written(data[:len(data)-100]), ErrNoBackup},
		"a bit":           {written(flipped), ErrDamaged},
		"another zip":     {rewritten(t, whole, func(name string, data []byte) []byte { return map[bool][]byte{true: data}[name != manifestFile] }), ErrNoBackup},
		"without a table": {rewritten(t, whole, func(name string, data []byte) []byte { return map[bool][]byte{true: data}[name != "tables/pins.jsonl"] }), ErrDamaged},
		"a row less": {rewritten(t, whole, func(name string, data []byte) []byte {
			return data[:len(data)-len(lastLine(data, name == "tables/users.jsonl"))]
		}), ErrDamaged},
		"a manifest of nothing": {rewritten(t, whole, func(name string, data []byte) []byte {
			return map[bool][]byte{true: []byte("{}"), false: data}[name == manifestFile]
		}), ErrNoBackup},
		"a newer layout": {edited(t, whole, func(m *Manifest) { m.Format = 2 }), ErrNewer},
		"a newer table": {edited(t, whole, func(m *Manifest) {
			m.Tables[0].Name = "polls"
		}), ErrDamaged},
		"a newer column":       {edited(t, whole, func(m *Manifest) { m.Tables[0].Columns[1].Name = "pronouns" }), ErrNewer},
		"a column that is SQL": {edited(t, whole, func(m *Manifest) { m.Tables[0].Columns[1].Name = "id) SELECT 1 --" }), ErrNewer},
		"another kind":         {edited(t, whole, func(m *Manifest) { m.Tables[0].Columns[0].Kind = db.KindTime }), ErrDamaged},
	} {
		err := restore(t.Context(), c.path, to, false)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s: a database was made", name)
		}
	}
}

// lastLine returns the last line of a file, or nothing.
func lastLine(data []byte, really bool) []byte {
	if !really {
		return nil
	}
	return data[bytes.LastIndexByte(data[:len(data)-1], '\n')+1:]
}

// TestOlderBackups restores what a version has written that had fewer tables and columns.
func TestOlderBackups(t *testing.T) {
	from, _ := sqliteIn(t)
	fill(t, from, nil)
	whole, _ := made(t, from)
	older := edited(t, whole, func(m *Manifest) {
		m.Tables = slices.DeleteFunc(m.Tables, func(t Table) bool { return t.Name == "pins" || t.Name == "rooms" })
	})
	for _, to := range []string{"sqlite:" + t.TempDir() + "/parley.db", rig.MySQL(t)} {
		must(t, restore(t.Context(), older, to, false))
		got := contentsOf(t, to)
		if len(got["pins"]) != 0 || len(got["rooms"]) != 0 || len(got["users"]) != rowsEach {
			t.Errorf("%d pins, %d rooms, %d users", len(got["pins"]), len(got["rooms"]), len(got["users"]))
		}
	}
	// Without the columns since a version that had no retention.
	var rooms Table
	narrow := rewritten(t, whole, func(name string, data []byte) []byte {
		var m Manifest
		switch name {
		case manifestFile:
			must(t, json.Unmarshal(data, &m))
			for i := range m.Tables {
				if m.Tables[i].Name == "rooms" {
					m.Tables[i] = rooms
				}
			}
			data, err := json.Marshal(m)
			must(t, err)
			return data
		case "tables/rooms.jsonl":
			store, err := db.OpenBackup(from)
			must(t, err)
			defer func() { must(t, store.Close()) }()
			tables, err := store.Tables()
			must(t, err)
			i := slices.IndexFunc(tables, func(t db.Table) bool { return t.Name == "rooms" })
			tables[i].Columns = slices.DeleteFunc(tables[i].Columns, func(c db.Column) bool {
				return slices.Contains([]string{"retention_days", "erased_seq", "slow_seconds", "member_count", "maker_id"}, c.Name)
			})
			var b bytes.Buffer
			archive := zip.NewWriter(&b)
			rooms, err = writeTable(t.Context(), store, tables[i], archive)
			must(t, errors.Join(err, archive.Close()))
			in, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
			must(t, err)
			r, err := in.File[0].Open()
			must(t, err)
			data, err = io.ReadAll(r)
			must(t, err)
		}
		return data
	})
	for _, to := range []string{"sqlite:" + t.TempDir() + "/parley.db", rig.MySQL(t)} {
		must(t, restore(t.Context(), narrow, to, false))
		store, err := db.Open(to)
		must(t, err)
		found, err := store.RoomsByID(t.Context(), ids(t, store, "rooms"))
		must(t, err)
		for _, r := range found {
			if r.RetentionDays != 0 || r.Name == "" {
				t.Errorf("%+v", r)
			}
		}
		if len(found) != rowsEach {
			t.Errorf("%d rooms", len(found))
		}
		must(t, store.Close())
	}
}

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

// watchHeap returns a function that ends the watching and returns how many bytes the heap has grown at most.
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
