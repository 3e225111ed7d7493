package db

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"github.com/libtnb/sqlite"
)

// TestCompiledStatements checks that a connection which keeps its statements gives the same rows as one that does not:
// while another reads with the same statement, when there are more of them than it keeps, and after the tables changed.
func TestCompiledStatements(t *testing.T) {
	plain, err := sql.Open(sqlite.DriverName, "file:"+t.TempDir()+"/plain.db")
	must(t, err)
	defer func() { must(t, plain.Close()) }()
	pool := sql.OpenDB(&sqliteConnector{plain.Driver(), "file:" + t.TempDir() + "/test.db?_time_format=sqlite"})
	defer func() { must(t, pool.Close()) }()
	ctx := t.Context()
	conn, err := pool.Conn(ctx)
	must(t, err)
	defer func() { must(t, conn.Close()) }()
	exec := func(query string, values ...any) {
		t.Helper()
		_, err := conn.ExecContext(ctx, query, values...)
		must(t, err)
	}
	exec("CREATE TABLE numbers (n integer)")
	exec("BEGIN")
	for n := range 300 {
		exec("INSERT INTO numbers VALUES (?)", n)
	}
	exec("COMMIT")

	const from = "SELECT n FROM numbers WHERE n >= ? ORDER BY n"
	first, err := conn.QueryContext(ctx, from, 100)
	must(t, err)
	defer func() { must(t, errors.Join(first.Err(), first.Close())) }()
	next := func(rows *sql.Rows) (n int) {
		t.Helper()
		if !rows.Next() {
			t.Fatalf("no more rows: %v", rows.Err())
		}
		must(t, rows.Scan(&n))
		return n
	}
	equal(t, "the first row", next(first), 100)
	second, err := conn.QueryContext(ctx, from, 200)
	must(t, err)
	defer func() { must(t, errors.Join(second.Err(), second.Close())) }()
	equal(t, "the first row of another reader", next(second), 200)
	equal(t, "the second row", next(first), 101)
	for n := range 2 * maxCompiled { // the statement of the first reader is no longer kept
		var got int
		must(t, conn.QueryRowContext(ctx, fmt.Sprintf("SELECT n + %d FROM numbers WHERE n = ?", n), 7).Scan(&got))
		equal(t, "one of many statements", got, 7+n)
	}
	equal(t, "the third row", next(first), 102)
	rest := 0
	for second.Next() || first.Next() { // to the end, which closes them
		rest++
	}
	equal(t, "the other rows", rest, 99+197)

	exec("INSERT INTO numbers VALUES (?); INSERT INTO numbers VALUES (?)", 1000, 1001) // two in one
	exec("ALTER TABLE numbers ADD COLUMN name text NOT NULL DEFAULT 'none'")
	for range 2 {
		var name string
		must(t, conn.QueryRowContext(ctx, "SELECT * FROM numbers WHERE n = ?", 1000).Scan(new(int), &name))
		equal(t, "a new column", name, "none")
		exec("ALTER TABLE numbers ADD COLUMN other text")
		exec("ALTER TABLE numbers DROP COLUMN other")
	}
	if _, err := conn.ExecContext(ctx, "no statement"); err == nil {
		t.Error("no error for what is no statement")
	}
	if err := conn.QueryRowContext(ctx, "SELECT n FROM nowhere").Scan(new(int)); err == nil {
		t.Error("no error for a table that is not there")
	}
}
