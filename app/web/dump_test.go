package web

import (
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// dump returns everything in a database as text, for tests that compare what must not change.
func dump(t testing.TB, address string) string {
	t.Helper()
	driver, name, list := "sqlite", "", "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		name = "file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=ro"
	} else {
		u, err := url.Parse(address)
		must(t, err)
		driver, name, list = "mysql", fmt.Sprintf("root@tcp(%s)%s", u.Host, u.Path), "SHOW TABLES"
	}
	d, err := sql.Open(driver, name)
	must(t, err)
	defer func() { must(t, d.Close()) }()
	var all strings.Builder
	for _, table := range selectRows(t, d, list) {
		fmt.Fprintf(&all, "%s:\n", table)
		for _, row := range selectRows(t, d, "SELECT * FROM `"+table+"` ORDER BY 1, 2") {
			fmt.Fprintf(&all, "  %s\n", row)
		}
	}
	return all.String()
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
