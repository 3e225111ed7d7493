package db

import (
	"errors"
	"strings"
	"testing"

	mysqldriver "github.com/go-sql-driver/mysql"
)

// A full disk is no fault of the row, which can be stored later.
func TestAFullDiskIsAnOutage(t *testing.T) {
	for _, number := range []uint16{mysqlDiskFull, mysqlTableFull} {
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
	list, err := d.MessagesAfter(t.Context(), 1, 0, 1000)
	must(t, err)
	if len(list) != int(seq)-1 {
		t.Fatalf("%d messages are there, not %d", len(list), seq-1)
	}
}
