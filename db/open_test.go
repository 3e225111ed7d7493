package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"parley/e2e/rig"
)

var nextID = regexp.MustCompile(` AUTO_INCREMENT=\d+`)

// tableSchema returns the definition of every table, as the database has it.
func tableSchema(t *testing.T, d *DB) map[string]string {
	t.Helper()
	tables := map[string]string{}
	names, err := d.gorm.Migrator().GetTables()
	must(t, err)
	for _, name := range names {
		var text string
		query := "SHOW CREATE TABLE `" + name + "`"
		if d.IsSQLite() {
			query = "SELECT '', GROUP_CONCAT(COALESCE(sql, ''), ';') FROM (SELECT sql FROM sqlite_master WHERE tbl_name = '" + name + "' ORDER BY name)"
		}
		must(t, d.gorm.Raw(query).Row().Scan(new(string), &text))
		tables[name] = nextID.ReplaceAllString(text, "")
	}
	if len(tables) < 10 {
		t.Fatalf("only %d tables", len(tables))
	}
	return tables
}

func sameSchema(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	equal(t, what+": tables", len(got), len(want))
	for name, text := range want {
		equal(t, what+": "+name, got[name], text)
	}
}

func TestMigrateTwice(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		want, u := tableSchema(t, d), createUsers(t, d, 1)[0]
		must(t, d.Migrate(t.Context()))
		sameSchema(t, "after the second time", tableSchema(t, d), want)
		got, err := d.UserByID(t.Context(), u.ID)
		must(t, err)
		equal(t, "the account from before", got, u)
	})
}

// TestMigrateAtOnce starts two processes on one empty database.
func TestMigrateAtOnce(t *testing.T) {
	want := tableSchema(t, openMigrated(t, rig.MySQL(t)))
	for range 5 {
		address := rig.MySQL(t)
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if output, err := openInProcess(address); err != nil {
					t.Errorf("%v: %s", err, output)
				}
			})
		}
		both.Wait()
		d, err := Open(address)
		must(t, err)
		sameSchema(t, "of two at once", tableSchema(t, d), want)
		must(t, d.Close())
	}
}

// TestMigrateWithoutALock has several migrate one empty database without taking turns, as on the nodes of a cluster whose
// lock each node has for itself.
func TestMigrateWithoutALock(t *testing.T) {
	want := tableSchema(t, openMigrated(t, rig.MySQL(t)))
	for range 5 { // each finds a collision in half of all runs
		address := rig.MySQL(t)
		var d [4]*DB
		for i := range d {
			var err error
			d[i], err = Open(address)
			must(t, err)
		}
		var all sync.WaitGroup
		for _, d := range d {
			all.Go(func() {
				if err := d.migrate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		sameSchema(t, "of four at once", tableSchema(t, d[0]), want)
		for _, d := range d {
			must(t, d.Close())
		}
	}
}

// TestEnginesWithoutRowLocks refuses a server that loses changes, or cannot undo them.
func TestEnginesWithoutRowLocks(t *testing.T) {
	d := openMigrated(t, rig.MySQL(t))
	must(t, d.gorm.Exec("ALTER TABLE counters ENGINE=MyISAM").Error)
	err := d.Migrate(t.Context())
	if !errors.Is(err, ErrNoRowLocks) || !strings.Contains(err.Error(), "counters is in MyISAM") {
		t.Errorf("a table in MyISAM: %v", err)
	}
	// Of two changes that were not kept apart, one is lost.
	must(t, d.gorm.Exec("CREATE TRIGGER lose BEFORE UPDATE ON counters FOR EACH ROW SET NEW.n = 1").Error)
	if err := d.checkChanges(t.Context()); !errors.Is(err, ErrNoRowLocks) {
		t.Errorf("a change was lost: %v", err)
	}
	must(t, d.gorm.Exec("ALTER TABLE counters ENGINE=InnoDB").Error)
	must(t, d.Migrate(t.Context()))
	var left int64
	must(t, d.gorm.Model(&Counter{}).Count(&left).Error)
	equal(t, "counters that are left", left, 0)
}

// TestColumns checks the columns that MariaDB made of the models.
func TestColumns(t *testing.T) {
	d := openMigrated(t, rig.MySQL(t))
	var columns []struct{ Name, Type, Collation string }
	must(t, d.gorm.Raw("SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME) AS name, COLUMN_TYPE AS type, COALESCE(COLLATION_NAME, '') AS collation "+
		"FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()").Scan(&columns).Error)
	texts, times := 0, 0
	for _, c := range columns {
		switch kind, _, _ := strings.Cut(c.Type, "("); kind {
		case "varchar", "char", "text", "tinytext", "mediumtext", "longtext", "enum", "set":
			texts++
			if c.Collation != "utf8mb4_nopad_bin" && c.Collation != "utf8mb4_0900_bin" { // of MariaDB and of MySQL
				t.Errorf("%s compares by %s", c.Name, c.Collation)
			}
		case "datetime", "timestamp", "date", "time":
			times++
			equal(t, c.Name+" is", c.Type, "datetime(6)")
		default:
			equal(t, c.Name+" compares", c.Collation, "")
		}
	}
	if texts < 16 || times < 10 {
		t.Errorf("found only %d texts and %d times", texts, times)
	}
	var engines []string
	must(t, d.gorm.Raw("SELECT DISTINCT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()").Scan(&engines).Error)
	equal(t, "engines", fmt.Sprint(engines), "[InnoDB]")
}

func TestOneProcessOnOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "100% ours?#.db")
	first, err := Open("sqlite:" + path)
	must(t, err)
	must(t, first.Migrate(t.Context()))
	u := createUsers(t, first, 1)[0]
	_, err = Open("sqlite:" + path)
	wantError(t, "a second time in this process", err, ErrInUse)
	if output, err := openInProcess("sqlite:" + path); err == nil || output != ErrInUse.Error() {
		t.Errorf("another process: %q, %v", output, err)
	}
	must(t, first.Check(t.Context())) // not disturbed by the other attempts
	must(t, first.Close())
	if output, err := openInProcess("sqlite:" + path); err != nil {
		t.Errorf("another process after the end: %q, %v", output, err)
	}
	second, err := Open("sqlite:" + path)
	must(t, err)
	got, err := second.UserByID(t.Context(), u.ID)
	must(t, err)
	equal(t, "the account from before", got, u)
	must(t, second.Close())
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the file has another name: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for _, address := range []string{"", "sqlite", "sqlite:", "mysql:", "mysql://", "mysql:///parley", "mysql://secret@/parley", "postgres://u:secret@h/parley",
		"mysql://u:secret@127.0.0.1:1", "mysql://u:secret@127.0.0.1:1/", "mysql://u:sec%ret@127.0.0.1:1/parley", "mysql://u:secret@127.0.0.1:port/parley",
		"mysql://u:secret@127.0.0.1:1/parley", "mysql://u:secret\x00@127.0.0.1:1/parley"} {
		d, err := Open(address)
		if err == nil {
			t.Errorf("%q was opened", address)
			_ = d.Close()
		} else if strings.Contains(err.Error(), "sec") {
			t.Errorf("%q: the error repeats the password: %v", address, err)
		}
	}
	_, err := Open("mysql://u:p@127.0.0.1:1/parley")
	wantError(t, "nobody listens", err, ErrUnavailable)
}

func TestSettingsAreDurable(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		risks, err := d.DurabilityRisks(t.Context())
		must(t, err)
		equal(t, "risks", strings.Join(risks, " "), "")
		if !d.IsSQLite() {
			return
		}
		var synchronous, foreign int
		var journal string
		must(t, d.gorm.Raw("PRAGMA synchronous").Scan(&synchronous).Error)
		must(t, d.gorm.Raw("PRAGMA journal_mode").Scan(&journal).Error)
		must(t, d.gorm.Raw("PRAGMA foreign_keys").Scan(&foreign).Error)
		equal(t, "pragmas", fmt.Sprintln(synchronous, journal, foreign), "2 wal 1\n")
	})
}

func TestDurabilityRisks(t *testing.T) {
	for want, s := range map[string]durability{
		"":                                 {FlushLog: new(1), LogBin: true, SyncBinlog: new(1)},
		"innodb_flush_log_at_trx_commit=2": {FlushLog: new(2), SyncBinlog: new(0)},
		"sync_binlog=0":                    {FlushLog: new(1), LogBin: true, SyncBinlog: new(0)},
		"innodb_flush_log_at_trx_commit=0 sync_binlog=100": {FlushLog: new(0), LogBin: true, SyncBinlog: new(100)},
	} {
		equal(t, fmt.Sprintf("risks of %+v", s), strings.Join(s.risks(), " "), want)
	}
	equal(t, "guessed where the server says nothing", len(durability{LogBin: true}.risks()), 0)
	equal(t, "without a binary log", len(durability{FlushLog: new(1), SyncBinlog: new(0)}.risks()), 0)
	d := openMigrated(t, rig.MySQL(t))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	risks, err := d.DurabilityRisks(ended)
	wantError(t, "settings that could not be read", err, ErrUnavailable)
	equal(t, "guessed risks", len(risks), 0)
}
