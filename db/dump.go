package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// derived are tables that a backup leaves out: the index of words, which a server makes again from the messages, the
// processes that were running, and the steps that the tables have seen, since restored ones see them all.
var derived = []any{&IndexMark{}, &IndexRemoval{}, &Process{}, &Migration{}}

// Kind is what the values of a column are.
type Kind string

// The kinds of values, with the types that Rows gives and Load takes. Each may be nil.
const (
	KindBool   Kind = "bool"   // bool
	KindInt    Kind = "int"    // int64
	KindUint   Kind = "uint"   // uint64
	KindString Kind = "string" // string
	KindTime   Kind = "time"   // time.Time, in UTC and microseconds
	KindBytes  Kind = "bytes"  // []byte
)

// Table is a table as backups have it: the same on SQLite and MySQL.
type Table struct {
	Name    string
	Columns []Column
}

// Column is a column of a table.
type Column struct {
	Name string
	Kind Kind
}

// Tables lists the tables that a backup consists of.
func (d *DB) Tables() ([]Table, error) {
	var list []Table
	for _, model := range models {
		if slices.ContainsFunc(derived, func(other any) bool { return fmt.Sprintf("%T", other) == fmt.Sprintf("%T", model) }) {
			continue
		}
		statement := gorm.Statement{DB: d.gorm}
		if err := statement.Parse(model); err != nil {
			return nil, err
		}
		t := Table{Name: statement.Schema.Table}
		for _, name := range statement.Schema.DBNames {
			kind, err := kindOf(statement.Schema.FieldsByDBName[name])
			if err != nil {
				return nil, err
			}
			t.Columns = append(t.Columns, Column{name, kind})
		}
		list = append(list, t)
	}
	return list, nil
}

func kindOf(f *schema.Field) (Kind, error) {
	switch f.GORMDataType { // whatever the database calls it
	case schema.Bool:
		return KindBool, nil
	case schema.Int:
		return KindInt, nil
	case schema.Uint:
		return KindUint, nil
	case schema.String:
		return KindString, nil
	case schema.Time:
		return KindTime, nil
	case schema.Bytes:
		return KindBytes, nil
	}
	return "", fmt.Errorf("db: a backup does not know values like those of %s.%s", f.Schema.Table, f.DBName)
}

func (t Table) names() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

// Rows reads all rows of a table, without holding more than one of them. The values are in the order of the columns, and
// good until the next row.
func (d *DB) Rows(ctx context.Context, t Table) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rows, err := d.in(ctx).Raw("SELECT " + t.names() + " FROM " + t.Name).Rows()
		if err != nil {
			yield(nil, translate(err))
			return
		}
		defer func() { _ = rows.Close() }()
		cells := make([]any, len(t.Columns))
		for i, c := range t.Columns {
			cells[i] = newCell(c.Kind)
		}
		values := make([]any, len(cells))
		for rows.Next() {
			if err := rows.Scan(cells...); err != nil {
				yield(nil, fmt.Errorf("a row of %s: %w", t.Name, err))
				return
			}
			for i, cell := range cells {
				values[i] = cell.(interface{ get() any }).get()
			}
			if !yield(values, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, translate(err))
		}
	}
}

// cell is where a value of a row is scanned.
type cell[T any] struct{ sql.Null[T] }

func (c *cell[T]) get() any {
	if !c.Valid {
		return nil
	}
	if at, ok := any(c.V).(time.Time); ok {
		return at.UTC()
	}
	return c.V
}

func newCell(k Kind) any {
	switch k {
	case KindBool:
		return &cell[bool]{}
	case KindInt:
		return &cell[int64]{}
	case KindUint:
		return &cell[uint64]{}
	case KindTime:
		return &cell[time.Time]{}
	case KindBytes:
		return &cell[[]byte]{}
	}
	return &cell[string]{}
}

// OpenBackup opens an existing database to read all of it, even while a server uses it.
func OpenBackup(text string) (*DB, error) {
	d, err := OpenAsIs(text)
	if err != nil || d.openUnbounded == nil {
		return d, err
	}
	unbounded, err := d.openUnbounded() // to read a table takes longer than any answer of a server may
	if closed := d.Close(); closed != nil {
		if err == nil {
			err = unbounded.Close()
		}
		return nil, errors.Join(closed, err)
	}
	return unbounded, err
}
