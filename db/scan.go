package db

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"
)

// columns are the columns of a T with the fields that they are scanned into. What lists its own is scanned without
// reflection, which took nearly half of a page's time; GORM scans the rest. The type parameter keeps a struct that
// embeds a T from being scanned as one, which would leave its other fields empty.
type columns[T any] []column

type column struct {
	name string
	to   any // as for the rows of database/sql
}

type typed[T any] interface{ columns() columns[T] }

// prefixed are the columns of one of several tables.
func prefixed[T any](prefix string, list columns[T]) []column {
	for i := range list {
		list[i].name = prefix + list[i].name
	}
	return list
}

// all returns the rows of a query.
func all[T any](query *gorm.DB) (list []T, err error) {
	var row T
	t, ok := any(&row).(typed[T])
	if !ok {
		return list, translate(query.Find(&list).Error)
	}
	if query.Statement.SQL.Len() == 0 {
		query = query.Model(&row)
	}
	err = scan(query, func(names []string) []any { return places(names, t.columns()) }, func() { list = append(list, row) })
	return list, err
}

// one returns the first row of a query, or ErrNotFound.
func one[T any](query *gorm.DB) (row T, err error) {
	if _, ok := any(&row).(typed[T]); !ok {
		return row, translate(query.Take(&row).Error)
	}
	if query.Statement.SQL.Len() == 0 {
		query = query.Limit(1)
	}
	list, err := all[T](query)
	switch {
	case err != nil:
		return row, err
	case len(list) == 0:
		return row, ErrNotFound
	}
	return list[0], nil
}

// numbers returns the only column of a query.
func numbers(query *gorm.DB) (list []uint64, err error) {
	var n unsigned
	err = scan(query, func([]string) []any { return []any{&n} }, func() { list = append(list, uint64(n)) })
	return list, err
}

// scan reads the rows of a query. The places for its columns are the same for all rows: next is called after each.
func scan(query *gorm.DB, places func(names []string) []any, next func()) error {
	rows, err := query.Rows()
	if err != nil {
		return translate(err)
	}
	defer func() { _ = rows.Close() }() // also if next panics
	names, err := rows.Columns()
	to := places(names)
	for err == nil && rows.Next() {
		if err = rows.Scan(to...); err == nil {
			next()
		}
	}
	err = errors.Join(err, rows.Err())
	watching(query).noteError(err)
	return translate(err)
}

// places are where the columns of a query go, by their names. What nobody asks for goes nowhere, such as a column that
// a newer version has added to a table.
func places(names []string, list []column) []any {
	to := make([]any, len(names))
	for i, name := range names {
		to[i] = ignored{}
		for j := range list { // mostly in the same order
			if c := list[(i+j)%len(list)]; c.name == name {
				to[i] = c.to
				break
			}
		}
	}
	return to
}

// What columns are scanned into. NULL, which a join has where there is no row, leaves the zero value.
type (
	unsigned uint64
	number   int
	octet    uint8
	signed   int64
	flag     bool
	text     string
	moment   time.Time
	ignored  struct{}
)

// Scan implements sql.Scanner.
func (u *unsigned) Scan(value any) error {
	if v, ok := value.(uint64); ok {
		*u = unsigned(v)
		return nil
	}
	n, err := whole(value)
	*u = unsigned(n)
	return err
}

// Scan implements sql.Scanner.
func (s *signed) Scan(value any) error {
	n, err := whole(value)
	*s = signed(n)
	return err
}

// Scan implements sql.Scanner.
func (n *number) Scan(value any) error {
	w, err := whole(value)
	*n = number(w)
	return err
}

// Scan implements sql.Scanner.
func (o *octet) Scan(value any) error {
	n, err := whole(value)
	*o = octet(n)
	return err
}

// Scan implements sql.Scanner.
func (f *flag) Scan(value any) error {
	n, err := whole(value)
	*f = n != 0
	return err
}

func whole(value any) (int64, error) {
	switch v := value.(type) {
	case int64:
		return v, nil
	case uint64:
		return int64(v), nil
	case []byte: // a DECIMAL of MySQL
		return strconv.ParseInt(string(v), 10, 64)
	case nil:
		return 0, nil
	}
	return 0, fmt.Errorf("db: a column has a %T, which is no number", value)
}

// Scan implements sql.Scanner.
func (t *text) Scan(value any) error {
	switch v := value.(type) {
	case string:
		*t = text(v)
	case []byte:
		*t = text(v)
	case nil:
		*t = ""
	default:
		return fmt.Errorf("db: a column has a %T, which is no text", value)
	}
	return nil
}

// Scan implements sql.Scanner.
func (m *moment) Scan(value any) error {
	switch v := value.(type) {
	case time.Time:
		*m = moment(v)
	case nil:
		*m = moment{}
	default:
		return fmt.Errorf("db: a column has a %T, which is no time", value)
	}
	return nil
}

// Scan implements sql.Scanner.
func (ignored) Scan(any) error { return nil }
