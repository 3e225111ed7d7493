package db

import (
	"errors"
	"strings"
	"testing"

	"parley/e2e/rig"
)

// TestTablesOfAnotherProgram leaves a database alone that somebody else uses, whatever the command is.
func TestTablesOfAnotherProgram(t *testing.T) {
	for _, theirs := range [][]string{
		{"CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(80))", "INSERT INTO users VALUES (1, 'ann@example.org')"},
		{"CREATE TABLE users (uid INT, password_hash VARCHAR(80))"},
		{"CREATE TABLE settings (id INT PRIMARY KEY, theirs INT)", "INSERT INTO settings VALUES (1, 2)"},
	} {
		for _, address := range []string{"sqlite:" + t.TempDir() + "/theirs.db", rig.MySQL(t)} {
			before := makeTheirs(t, address, theirs)
			d, err := Open(address)
			must(t, err)
			if err := d.Migrate(t.Context()); !errors.Is(err, ErrForeign) {
				t.Errorf("a server on %s: %v", theirs[0], err)
			}
			must(t, d.Close())
			if _, err := OpenBeside(t.Context(), address); !errors.Is(err, ErrForeign) {
				t.Errorf("a command on %s: %v", theirs[0], err)
			}
			for _, replace := range []bool{false, true} {
				if err := Restore(t.Context(), address, replace, func(*Loader) error { return nil }); !errors.Is(err, ErrForeign) {
					t.Errorf("a restoration over %s, replace %v: %v", theirs[0], replace, err)
				}
			}
			equal(t, "their tables", tablesIn(t, address), before)
		}
	}
}

// TestAFileOfAnotherProgram has no table that is called as one of ours: a backup would still take the place of the file.
func TestAFileOfAnotherProgram(t *testing.T) {
	address := "sqlite:" + t.TempDir() + "/theirs.db"
	before := makeTheirs(t, address, []string{"CREATE TABLE dashboards (id INT)"})
	if err := Restore(t.Context(), address, false, func(*Loader) error { return nil }); !errors.Is(err, ErrForeign) {
		t.Errorf("%v", err)
	}
	equal(t, "their tables", tablesIn(t, address), before)
}

// TestBesideTablesOfAnotherProgram shares a MySQL database with one whose tables have names of their own, also while a
// backup is restored.
func TestBesideTablesOfAnotherProgram(t *testing.T) {
	address := rig.MySQL(t)
	makeTheirs(t, address, []string{"CREATE TABLE orders (id INT)", "CREATE TABLE replaced_orders (id INT)", "CREATE TABLE restoring_orders (id INT)"})
	must(t, openMigrated(t, address).Check(t.Context()))
	must(t, Restore(t.Context(), address, true, func(*Loader) error { return nil }))
	there := strings.Split(tablesIn(t, address), " ")
	theirs := 0
	for _, name := range there {
		if strings.HasSuffix(name, "orders") {
			theirs++
		}
	}
	equal(t, "their tables", theirs, 3)
}

// makeTheirs creates tables in an empty database, and returns its tables.
func makeTheirs(t *testing.T, address string, statements []string) string {
	t.Helper()
	d, err := Open(address)
	must(t, err)
	for _, s := range statements {
		must(t, d.exec(t.Context(), s))
	}
	must(t, d.Close())
	return tablesIn(t, address)
}

func tablesIn(t *testing.T, address string) string {
	t.Helper()
	d, err := Open(address)
	must(t, err)
	defer func() { must(t, d.Close()) }()
	names, err := d.gorm.Migrator().GetTables()
	must(t, err)
	return strings.Join(names, " ")
}
