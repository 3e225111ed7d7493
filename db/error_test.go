package db

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	mysqldriver "github.com/go-sql-driver/mysql"
)

// TestOutages checks errors by their class, and by their number where the class is not enough.
func TestOutages(t *testing.T) {
	state := func(number uint16, state string) error {
		e := &mysqldriver.MySQLError{Number: number}
		copy(e.SQLState[:], state)
		return e
	}
	for _, err := range []error{
		state(1047, "08S01"), state(1040, "08004"), state(1053, "08S01"), state(9999, "08S01"), state(1045, "28000"), state(1317, "70100"), state(1927, "70100"),
		state(1290, "HY000"), state(1792, "25006"), state(1836, "HY000"), state(1036, "HY000"), state(1030, "HY000"), state(1037, "HY001"), state(3100, "HY000"), state(1142, "42000"),
		state(1874, "HY000"), state(3989, "HY000"), state(3032, "HY000"), state(3024, "HY000"), state(3169, "HY000"), state(1016, "HY000"), state(1195, "HY000"), state(1180, "HY000"), state(1598, "HY000"), state(9001, "HY000"),
		state(1205, "HY000"), state(1213, "40001"), state(3101, "40000"), // lost to others for two seconds
	} {
		wantError(t, err.Error(), translate(err), ErrUnavailable)
	}
	for _, err := range []error{state(1064, "42000"), state(1054, "42S22"), state(1146, "42S02"), state(1406, "22001"), state(1366, "22007"), state(1364, "HY000"), state(3819, "HY000"), state(1105, "HY000"), state(1452, "23000")} {
		if errors.Is(translate(err), ErrUnavailable) {
			t.Errorf("%v is an outage", err)
		}
	}
	wantError(t, "too large", translate(state(1153, "08S01")), ErrTooLarge)
	wantError(t, "a duplicate", translate(state(1062, "23000")), ErrDuplicate)
}

// TestServersWithoutNamedLocks checks what clusters answer to GET_LOCK.
func TestServersWithoutNamedLocks(t *testing.T) {
	for number, want := range map[uint16]bool{1235: true, 1105: true, 1047: false, 1064: false} {
		equal(t, fmt.Sprint(number, " has no named locks"), isLockless(fmt.Errorf("x: %w", &mysqldriver.MySQLError{Number: number})), want)
	}
}

// TestSQLiteOutages makes them happen.
func TestSQLiteOutages(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), t.TempDir()+"/parley.db"
	d, err := Open("sqlite:" + path)
	must(t, err)
	must(t, d.Migrate(ctx))
	pool, err := d.gorm.DB()
	must(t, err)
	pool.SetMaxOpenConns(1) // the setting is one of the connection
	u := createUsers(t, d, 1)[0]
	must(t, d.gorm.Exec("PRAGMA query_only = 1").Error) // SQLITE_READONLY, as of a file that cannot be written
	wantError(t, "a write", d.SetUserPhoto(ctx, u.ID, 1), ErrUnavailable)
	wantError(t, "a transaction", d.append(ctx, &Message{RoomID: 1, Kind: KindJoin, CreatedAt: noon}), ErrUnavailable)
	wantError(t, "Check", d.Check(ctx), ErrUnwritable)
	_, err = d.UserByID(ctx, u.ID)
	must(t, err)
	must(t, d.gorm.Exec("PRAGMA query_only = 0").Error)
	wantError(t, "while the last write has failed", d.Check(ctx), ErrUnwritable)
	must(t, d.SetUserPhoto(ctx, u.ID, 1))
	must(t, d.Check(ctx))
	var page int64
	must(t, d.gorm.Raw("SELECT rootpage FROM sqlite_master WHERE name = 'users'").Scan(&page).Error)
	must(t, d.Close())

	// Damage that Check's own row does not meet is remembered when a page meets it.
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	_, err = file.WriteAt(bytes.Repeat([]byte{0xa5}, 4096), (page-1)*4096)
	must(t, err)
	must(t, file.Close())
	d, err = Open("sqlite:" + path)
	must(t, err)
	defer func() { must(t, d.Close()) }()
	must(t, d.Check(ctx))
	_, err = d.UserByID(ctx, u.ID)
	wantError(t, "a damaged page", err, ErrUnavailable)
	err = d.Check(ctx)
	wantError(t, "Check", err, ErrDamaged)
}

// A full disk is not the row's fault, which can be stored later.
func TestAFullDiskIsAnOutage(t *testing.T) {
	for _, number := range mysqlFull {
		if err := translate(&mysqldriver.MySQLError{Number: number}); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%d: got %v", number, err)
		}
	}
}

func TestAFullSQLiteFileRefusesAndStays(t *testing.T) {
	d := openMigrated(t, "sqlite:"+t.TempDir()+"/parley.db")
	pool, err := d.gorm.DB()
	must(t, err)
	pool.SetMaxOpenConns(1) // the limit is per connection
	must(t, d.exec(t.Context(), "PRAGMA max_page_count = 60"))
	seq := uint64(0)
	for err == nil && seq < 1000 {
		seq++
		err = d.InsertMessage(t.Context(), &Message{RoomID: 1, Seq: seq, Kind: KindText, Body: strings.Repeat("x", 4000), CreatedAt: noon})
	}
	if !errors.Is(err, ErrUnavailable) {
		t.Fatalf("after %d messages: %v", seq, err)
	}
	wantError(t, "Check", d.Check(t.Context()), ErrUnwritable) // also if its own row finds room
	list, err := d.MessagesAfter(t.Context(), 1, 0, 1000)
	must(t, err)
	if len(list) != int(seq)-1 {
		t.Fatalf("%d messages are there, not %d", len(list), seq-1)
	}
}
