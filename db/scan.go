package db

import (
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"
)

// columns are the columns of a T with the fields that they are scanned into. A type that lists its own columns is scanned
// without reflection, which took nearly half of a page's time; GORM scans the rest. The type parameter keeps a struct that
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

// source is where rows come from: a query that GORM writes, or the answer to one that is written by hand.
type source interface{ *gorm.DB | *answer }

// answerOf returns the rows of either.
func answerOf[S source](from S) *answer {
	if a, is := any(from).(*answer); is {
		return a
	}
	query, _ := any(from).(*gorm.DB)
	rows, err := query.Rows() //nolint:rowserrcheck // each checks it
	return &answer{rows, err, healthOf(query)}
}

// all returns the rows of a query. If GORM does not write it, a T must list its columns.
func all[T any, S source](from S) (list []T, err error) {
	var row T
	t, isTyped := any(&row).(typed[T])
	query, isModel := any(from).(*gorm.DB)
	if isModel && !isTyped {
		err = query.Find(&list).Error
		return list, translate(err)
	}
	var a *answer
	if isModel && query.Statement.SQL.Len() == 0 {
		a = answerOf(query.Model(&row))
	} else {
		a = answerOf(from)
	}
	err = a.each(func(names []string) []any { return places(names, t.columns()) }, func() { list = append(list, row) })
	return list, err
}

// one returns the first row of a query, or ErrNotFound.
func one[T any, S source](from S) (row T, err error) {
	query, isModel := any(from).(*gorm.DB)
	if _, isTyped := any(&row).(typed[T]); isModel && !isTyped {
		err = query.Take(&row).Error
		return row, translate(err)
	}
	var list []T
	if isModel && query.Statement.SQL.Len() == 0 {
		list, err = all[T](query.Limit(1))
	} else {
		list, err = all[T](from)
	}
	switch {
	case err != nil:
		return row, err
	case len(list) == 0:
		return row, ErrNotFound
	}
	return list[0], nil
}

// numbers returns the only column of a query.
func numbers[S source](from S) (list []uint64, err error) {
	var n unsigned
	err = answerOf(from).each(func([]string) []any { return []any{&n} }, func() { list = append(list, uint64(n)) })
	return list, err
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
