// Package backup writes everything that a database holds into one file, and reads it again. A backup made on SQLite can
// be restored on MySQL, and the other way round.
//
// The file is a zip: a file of JSON lines for each table, tables/NAME.jsonl, each line the values of one row, and at the end
// manifest.json, which has the columns, the number of rows that there have to be, and their SHA-256. Zip, because it
// can be written to a pipe and read in any order, because every system has a tool that opens it, and because what was
// cut off or changed on the way is noticed.
package backup

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"parley/db"
)

// format is the number of this layout.
const format = 1

// Manifest describes a backup.
type Manifest struct {
	Format   int       `json:"format"`
	Version  string    `json:"version"`  // of Parley
	Database string    `json:"database"` // where the rows are from: the server and its version
	MadeAt   time.Time `json:"made_at"`
	Tables   []Table   `json:"tables"`
}

// Table is what a manifest says of a table.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
	Rows    int      `json:"rows"`
	SHA256  string   `json:"sha256"` // of the file, in hex
}

// Column is a column of a table.
type Column struct {
	Name string  `json:"name"`
	Kind db.Kind `json:"kind"`
}

// Rows returns the number of rows that a table has in the backup; 0 if it is not there.
func (m Manifest) Rows(table string) int {
	for _, t := range m.Tables {
		if t.Name == table {
			return t.Rows
		}
	}
	return 0
}

const manifestFile = "manifest.json"

func tableFile(name string) string { return "tables/" + name + ".jsonl" }

// output is where a backup is written, and what went wrong there. Otherwise a full disk below the file looks like one below
// the database, whose transaction it ends.
type output struct {
	io.Writer
	err error
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (n int, err error) {
	if n, err = o.Writer.Write(p); err != nil {
		o.err = err
	}
	return n, err
}

// Write writes a backup of one moment, while others go on writing to the database. It holds one row at a time. If it cannot
// be written, the error is that of the writer.
func Write(ctx context.Context, store *db.DB, version string, to io.Writer) (Manifest, error) {
	o := &output{Writer: to}
	m, err := write(ctx, store, version, o)
	if o.err != nil {
		return m, o.err
	}
	return m, err
}

func write(ctx context.Context, store *db.DB, version string, to io.Writer) (m Manifest, err error) {
	name, _, err := store.Server(ctx)
	if err != nil {
		return m, err
	}
	m = Manifest{Format: format, Version: version, Database: name, MadeAt: time.Now().UTC().Truncate(time.Second)}
	tables, err := store.Tables()
	if err != nil {
		return m, err
	}
	archive := zip.NewWriter(to)
	err = store.Snapshot(ctx, func(tx *db.DB) error {
		for _, t := range tables {
			written, err := writeTable(ctx, tx, t, archive)
			if err != nil {
				return fmt.Errorf("the table %s: %w", t.Name, err)
			}
			m.Tables = append(m.Tables, written)
		}
		return nil
	})
	if err != nil {
		return m, err
	}
	file, err := archive.Create(manifestFile)
	if err != nil {
		return m, err
	}
	encoder := json.NewEncoder(file)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(m); err != nil {
		return m, err
	}
	return m, archive.Close()
}

func writeTable(ctx context.Context, tx *db.DB, t db.Table, archive *zip.Writer) (Table, error) {
	written := Table{Name: t.Name}
	for _, c := range t.Columns {
		written.Columns = append(written.Columns, Column(c))
	}
	file, err := archive.CreateHeader(&zip.FileHeader{Name: tableFile(t.Name), Method: zip.Deflate, Modified: time.Now().UTC()})
	if err != nil {
		return written, err
	}
	sum := sha256.New()
	lines := bufio.NewWriterSize(io.MultiWriter(file, sum), 64<<10)
	for row, err := range tx.Rows(ctx, t) {
		if err != nil {
			return written, err
		}
		line, err := encode(row)
		if err != nil {
			return written, err
		}
		if _, err := lines.Write(line); err != nil {
			return written, err
		}
		written.Rows++
	}
	err = lines.Flush()
	written.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return written, err
}
