package backup

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"parley/db"
	"parley/e2e/rig"
)

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
		"a manifest without tables": {edited(t, whole, func(m *Manifest) { m.Tables = nil }), ErrNoBackup},
		"a newer layout":            {edited(t, whole, func(m *Manifest) { m.Format = 2 }), ErrNewer},
		"a newer table": {edited(t, whole, func(m *Manifest) {
			m.Tables[1].Name = "polls"
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

// TestNoBitIsWrong turns bits all over the manifest, as it lies in the file. What is then accepted says the same as before: bits
// that zip does not use.
func TestNoBitIsWrong(t *testing.T) {
	from, _ := sqliteIn(t)
	fill(t, from, nil)
	whole, _ := made(t, from)
	data, err := os.ReadFile(whole)
	must(t, err)
	a, err := Open(whole)
	must(t, err)
	must(t, a.Close())
	path := filepath.Join(t.TempDir(), "turned.zip")
	begin := bytes.Index(data, []byte(manifestFile))
	for bit := 8 * begin; bit < 8*len(data); bit += 37 { // each of the eight somewhere
		turned := bytes.Clone(data)
		turned[bit/8] ^= 1 << (bit % 8)
		must(t, os.WriteFile(path, turned, 0o600))
		b, err := Open(path)
		if err != nil {
			continue
		}
		must(t, b.Close())
		if !reflect.DeepEqual(b.Manifest, a.Manifest) {
			t.Fatalf("with bit %d turned it is one of %d tables by %q from %v", bit, len(b.Tables), b.Version, b.MadeAt)
		}
	}
}

// TestARowOfMillions is small in a zip, and would take gigabytes in memory.
func TestARowOfMillions(t *testing.T) {
	from, _ := sqliteIn(t)
	fill(t, from, nil)
	whole, _ := made(t, from)
	row := []byte("[" + strings.Repeat("0,", 4<<20) + "0]\n")
	path := rewritten(t, whole, func(name string, data []byte) []byte {
		if name == "tables/users.jsonl" {
			return row
		}
		return data
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Open(path); !errors.Is(err, ErrDamaged) {
		t.Errorf("%v", err)
	}
	runtime.ReadMemStats(&after)
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 8*uint64(len(row)) {
		t.Errorf("a line of %d MB has taken %d MB", len(row)>>20, taken>>20)
	}
}

// lastLine returns the last line of a file, or nothing.
func lastLine(data []byte, really bool) []byte {
	if !really {
		return nil
	}
	return data[bytes.LastIndexByte(data[:len(data)-1], '\n')+1:]
}

// TestOlderBackups restores what a version with fewer tables and columns has written.
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
