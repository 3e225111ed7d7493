package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Statements that are written by hand go to database/sql as they are. GORM would write each of them again, byte by byte,
// which took a tenth of the time of a post.

// answer is the rows of a statement; the caller closes it.
type answer struct {
	rows   *sql.Rows
	err    error
	health *health
}

// query runs a statement that returns rows. A value that is a list is as many values in parentheses; a map is values by
// their names, which the statement writes as @name.
func (d *DB) query(ctx context.Context, text string, values ...any) *answer {
	text, values, err := expand(text, values)
	if err != nil {
		return &answer{nil, err, d.health}
	}
	rows, err := d.gorm.Statement.ConnPool.QueryContext(ctx, text, values...) //nolint:rowserrcheck // each checks it
	d.health.ran(text, values, -1, err)
	return &answer{rows, err, d.health}
}

// execute runs a statement that returns none.
func (d *DB) execute(ctx context.Context, text string, values ...any) (rows int64, err error) {
	if text, values, err = expand(text, values); err != nil {
		return 0, err
	}
	result, err := d.gorm.Statement.ConnPool.ExecContext(ctx, text, values...)
	if err == nil {
		rows, err = result.RowsAffected()
	}
	d.health.ran(text, values, rows, err)
	return rows, err
}

// ran records a statement, and the number of rows that it has changed.
func (h *health) ran(text string, values []any, rows int64, err error) {
	h.statements.Add(1)
	h.noteError(err)
	if h.observe != nil {
		h.observe(text, values, rows)
	}
}

// each scans the rows. The places for the columns are the same for all rows: next is called after each.
func (a *answer) each(places func(names []string) []any, next func()) error {
	if a.err != nil {
		return translate(a.err)
	}
	defer func() { _ = a.rows.Close() }() // also if next panics
	names, err := a.rows.Columns()
	to := places(names)
	for err == nil && a.rows.Next() {
		if err = a.rows.Scan(to...); err == nil {
			next()
		}
	}
	err = errors.Join(err, a.rows.Err())
	a.health.noteError(err)
	return translate(err)
}

// errValues means that a statement and its values do not go together, which is a mistake of ours.
var errValues = errors.New("db: a statement without one of its values, or with one too many")

// expand writes a statement with a ? for each of its values, or returns errValues.
func expand(text string, values []any) (string, []any, error) {
	if len(values) == 1 {
		if named, is := values[0].(map[string]any); is {
			return expandNamed(text, named)
		}
	}
	if !slices.ContainsFunc(values, isList) {
		return text, values, nil // the driver counts them
	}
	e := expansion{values: make([]any, 0, 2*len(values))}
	e.text.Grow(2 * len(text))
	for _, v := range values {
		before, after, found := strings.Cut(text, "?")
		if !found {
			return "", nil, errValues
		}
		e.text.WriteString(before)
		e.add(v)
		text = after
	}
	e.text.WriteString(text)
	return e.text.String(), e.values, nil
}

func expandNamed(text string, named map[string]any) (string, []any, error) {
	var e expansion
	e.text.Grow(2 * len(text))
	for {
		before, after, found := strings.Cut(text, "@")
		e.text.WriteString(before)
		if !found {
			return e.text.String(), e.values, nil
		}
		text = strings.TrimLeft(after, "abcdefghijklmnopqrstuvwxyz_0123456789")
		name := strings.TrimSuffix(after, text)
		value, known := named[name]
		if !known {
			return "", nil, fmt.Errorf("%w: @%s", errValues, name)
		}
		e.add(value)
	}
}

// expansion is a statement with its values, as far as it is written.
type expansion struct {
	text   strings.Builder
	values []any
}

// add writes a value.
func (e *expansion) add(value any) {
	if !isList(value) {
		e.text.WriteByte('?')
		e.values = append(e.values, value)
		return
	}
	list := reflect.ValueOf(value)
	if list.Len() == 0 {
		e.text.WriteString("(NULL)") // nothing is in it
		return
	}
	e.text.WriteString("(?")
	e.text.WriteString(strings.Repeat(",?", list.Len()-1))
	e.text.WriteByte(')')
	for i := range list.Len() {
		e.values = append(e.values, list.Index(i).Interface())
	}
}

// isList reports whether a value is a list, rather than bytes.
func isList(value any) bool {
	switch value.(type) {
	case nil, uint64, int64, int, string, bool, time.Time, *string, []byte: // nearly all of them
		return false
	case []uint64, []string:
		return true
	}
	of := reflect.TypeOf(value)
	return of.Kind() == reflect.Slice && of.Elem().Kind() != reflect.Uint8
}
