package web

import (
	"database/sql"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// dump returns everything in a database as text, for tests that compare what must not change.
func dump(t testing.TB, address string) string {
	t.Helper()
	tables := dumpTables(t, address)
	var all strings.Builder
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		fmt.Fprintf(&all, "%s:\n", table)
		for _, row := range tables[table] {
			fmt.Fprintf(&all, "  %s\n", row)
		}
	}
	return all.String()
}

// openBeside opens a database beside the program.
func openBeside(t testing.TB, address, mode string) *sql.DB {
	t.Helper()
	driver, name := "sqlite", ""
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		name = "file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=" + mode + "&_pragma=busy_timeout(5000)"
	} else {
		u, err := url.Parse(address)
		must(t, err)
		driver, name = "mysql", fmt.Sprintf("root@tcp(%s)%s", u.Host, u.Path)
	}
	d, err := sql.Open(driver, name)
	must(t, err)
	return d
}

// dumpTables returns the rows of each table of a database as texts.
func dumpTables(t testing.TB, address string) map[string][]string {
	t.Helper()
	list := "SHOW TABLES"
	if strings.HasPrefix(address, "sqlite:") {
		list = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
	}
	d := openBeside(t, address, "ro")
	defer func() { must(t, d.Close()) }()
	tables := map[string][]string{}
	for _, table := range selectRows(t, d, list) {
		tables[table] = selectRows(t, d, "SELECT * FROM `"+table+"` ORDER BY 1, 2")
	}
	return tables
}

// selectRows runs a query and returns each row as one text.
func selectRows(t testing.TB, d *sql.DB, query string) (list []string) {
	t.Helper()
	found, err := d.QueryContext(t.Context(), query)
	must(t, err)
	defer func() { must(t, found.Close()) }()
	names, err := found.Columns()
	must(t, err)
	for found.Next() {
		values, into := make([]sql.RawBytes, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		must(t, found.Scan(into...))
		var parts []string
		for _, v := range values {
			parts = append(parts, string(v))
		}
		list = append(list, strings.Join(parts, " | "))
	}
	must(t, found.Err())
	return list
}

// fill inserts a row into a table of a database, with a number in the column that says whose it is, and a text in
// all that are for texts.
func fill(t testing.TB, address, table string, owner uint64, text string) {
	t.Helper()
	d := openBeside(t, address, "rw")
	defer func() { must(t, d.Close()) }()
	columns := "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '" + table + "'"
	if strings.HasPrefix(address, "sqlite:") {
		columns = "SELECT name, LOWER(type) FROM pragma_table_info('" + table + "')"
	}
	var names, places []string
	var values []any
	owned := false
	for _, row := range selectRows(t, d, columns) {
		name, kind, _ := strings.Cut(row, " | ")
		if name == "id" {
			continue // it counts by itself
		}
		var value any = 7
		switch {
		case !owned && slices.Contains([]string{"user_id", "inviter_id", "reporter_id", "owner_id"}, name):
			value, owned = owner, true
		case strings.HasPrefix(kind, "datetime"):
			value = time.Now().UTC()
		case strings.Contains(kind, "text"), strings.Contains(kind, "char"), strings.Contains(kind, "blob"):
			value = text
		case strings.HasPrefix(kind, "tinyint"), strings.HasPrefix(kind, "bool"), strings.HasPrefix(kind, "numeric"):
			value = 0
		}
		names, places, values = append(names, "`"+name+"`"), append(places, "?"), append(values, value)
	}
	if !owned {
		t.Fatalf("whose are the rows of %s?", table)
	}
	_, err := d.ExecContext(t.Context(), "INSERT INTO `"+table+"` ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(places, ", ")+")", values...)
	must(t, err)
}
