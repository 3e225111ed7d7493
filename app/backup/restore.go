package backup

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"

	"parley/db"
)

// The errors of a file that cannot be restored.
var (
	ErrNoBackup = errors.New("backup: this is no backup of Parley, or not all of one")
	ErrDamaged  = errors.New("backup: the file is damaged")
	ErrNewer    = errors.New("backup: the backup was made by a newer version of Parley")
)

// maxLine is far more than the largest row takes: a photo of 16 MB, in base64.
const maxLine = 64 << 20

// Archive is a backup that has been opened.
type Archive struct {
	Manifest
	zip  *zip.Reader
	file *os.File
}

// Open opens a backup and checks that it is whole: every table is there, with as many rows as were written, and as
// they were written. It returns ErrNoBackup, ErrDamaged or ErrNewer.
func Open(path string) (*Archive, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return OpenFile(file)
}

// OpenFile is Open for a file that is open already. It is closed with the archive, or if there is none.
func OpenFile(file *os.File) (*Archive, error) {
	a := &Archive{file: file}
	if err := a.open(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return a, nil
}

func (a *Archive) open() error {
	info, err := a.file.Stat()
	if err != nil {
		return err
	}
	a.zip, err = zip.NewReader(a.file, info.Size())
	if errors.Is(err, zip.ErrFormat) {
		return fmt.Errorf("%w: %w", ErrNoBackup, err)
	}
	if err != nil {
		return err
	}
	return a.check()
}

// Close closes the file.
func (a *Archive) Close() error { return a.file.Close() }

func (a *Archive) check() error {
	file, err := a.zip.Open(manifestFile)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoBackup, err)
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxLine)) // to its end, where zip compares the checksum
	if err == nil {
		err = json.Unmarshal(text, &a.Manifest)
	}
	if err != nil {
		return fmt.Errorf("%w: its manifest: %w", ErrDamaged, err)
	}
	if a.Format > format {
		return ErrNewer
	}
	if a.Format < 1 || !slices.ContainsFunc(a.Tables, func(t Table) bool { return t.Name == "users" }) { // which all versions have
		return ErrNoBackup
	}
	for _, t := range a.Tables {
		if err := a.checkTable(t); err != nil {
			return err
		}
	}
	return nil
}

func (a *Archive) checkTable(t Table) error {
	file, err := a.zip.Open(tableFile(t.Name))
	if err != nil {
		return fmt.Errorf("%w: the table %s: %w", ErrDamaged, t.Name, err)
	}
	defer func() { _ = file.Close() }()
	sum := sha256.New()
	n := 0
	for _, err := range lines(io.TeeReader(file, sum), t) {
		if err != nil {
			return fmt.Errorf("%w: the table %s: %w", ErrDamaged, t.Name, err)
		}
		n++
	}
	if n != t.Rows || hex.EncodeToString(sum.Sum(nil)) != t.SHA256 {
		return fmt.Errorf("%w: the table %s does not have the %d rows that were written", ErrDamaged, t.Name, t.Rows)
	}
	return nil
}

// lines reads the rows of a table.
func lines(from io.Reader, t Table) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		in := bufio.NewScanner(from)
		in.Buffer(make([]byte, 64<<10), maxLine)
		for in.Scan() {
			row, err := decode(bytes.TrimSpace(in.Bytes()), t.Columns)
			if !yield(row, err) || err != nil {
				return
			}
		}
		if err := in.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// Restore replaces a database by the backup, as db.Restore does. Columns and tables that are newer than the backup begin
// as they do in a new database. It returns ErrNewer if the backup has any that this version does not know.
func (a *Archive) Restore(ctx context.Context, database string, replace bool) error {
	return db.Restore(ctx, database, replace, func(l *db.Loader) error {
		for _, t := range a.Tables {
			if err := fits(l.Tables(), t); err != nil {
				return err
			}
		}
		for _, t := range a.Tables {
			if err := a.restoreTable(ctx, l, t); err != nil {
				return fmt.Errorf("the table %s: %w", t.Name, err)
			}
		}
		return nil
	})
}

// fits returns ErrNewer if this version does not have a table with all columns of t.
func fits(known map[string]db.Table, t Table) error {
	to, ok := known[t.Name]
	if !ok {
		return fmt.Errorf("%w: it has a table %s", ErrNewer, t.Name)
	}
	for _, c := range t.Columns {
		if !slices.Contains(to.Columns, db.Column(c)) {
			return fmt.Errorf("%w: its table %s has a column %s", ErrNewer, t.Name, c.Name)
		}
	}
	return nil
}

func (a *Archive) restoreTable(ctx context.Context, l *db.Loader, t Table) error {
	file, err := a.zip.Open(tableFile(t.Name))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	into := db.Table{Name: t.Name}
	for _, c := range t.Columns {
		into.Columns = append(into.Columns, db.Column(c))
	}
	n, err := l.Load(ctx, into, lines(file, t))
	if err == nil && n != t.Rows {
		err = ErrDamaged // since it was checked
	}
	return err
}
