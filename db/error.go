package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"

	gosqlite "github.com/glebarez/go-sqlite"
	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"
)

// Error numbers of MySQL and MariaDB, from the error references of their manuals.
const (
	mysqlLockTimeout     = 1205
	mysqlDeadlock        = 1213
	mysqlSnapshotChanged = 1020 // MariaDB with innodb_snapshot_isolation
	mysqlDuplicate       = 1062
	mysqlDiskFull        = 1021
	mysqlTableFull       = 1114 // InnoDB's, when its files cannot grow
)

// Primary result codes of SQLite, which are the low byte of extended ones: https://www.sqlite.org/rescode.html.
const (
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteInterrupt  = 9 // the context of a write ended
	sqliteFull       = 13
	sqliteConstraint = 19
	// Extended codes for a key that exists already.
	sqlitePrimaryKey = 1555
	sqliteUnique     = 2067
)

// txCounters counts for the metrics, since the start.
type txCounters struct {
	retries  atomic.Uint64
	unknowns atomic.Uint64
}

// isContention reports whether the database rolled back in favor of another transaction.
func isContention(err error) bool {
	var my *mysqldriver.MySQLError
	if errors.As(err, &my) {
		return my.Number == mysqlDeadlock || my.Number == mysqlLockTimeout || my.Number == mysqlSnapshotChanged
	}
	var lite *gosqlite.Error
	if errors.As(err, &lite) {
		return lite.Code()&0xff == sqliteBusy || lite.Code()&0xff == sqliteLocked
	}
	return false
}

// isServerError reports whether the database itself returned the error, so that a commit certainly
// did not happen. Any other failure of a commit leaves its outcome open.
func isServerError(err error) bool {
	var my *mysqldriver.MySQLError
	var lite *gosqlite.Error
	return errors.As(err, &my) || errors.As(err, &lite)
}

// translate maps errors of GORM and the drivers to those of this package, by code and never by text.
func translate(err error) error {
	switch {
	case err == nil, errors.Is(err, ErrNotFound), errors.Is(err, ErrDuplicate),
		errors.Is(err, ErrUnknown), errors.Is(err, ErrUnavailable):
		return err
	case errors.Is(err, gorm.ErrRecordNotFound):
		return ErrNotFound
	case isDuplicate(err):
		return fmt.Errorf("%w: %w", ErrDuplicate, err)
	case isContention(err), isUnavailable(err), isFull(err):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

func isDuplicate(err error) bool {
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return true
	}
	var my *mysqldriver.MySQLError
	if errors.As(err, &my) {
		return my.Number == mysqlDuplicate
	}
	var lite *gosqlite.Error
	return errors.As(err, &lite) && (lite.Code() == sqlitePrimaryKey || lite.Code() == sqliteUnique)
}

// isFull reports whether the disk is full. Nothing was stored, and a later attempt may succeed.
func isFull(err error) bool {
	var my *mysqldriver.MySQLError
	if errors.As(err, &my) {
		return my.Number == mysqlDiskFull || my.Number == mysqlTableFull
	}
	var lite *gosqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqliteFull
}

func isUnavailable(err error) bool {
	var network net.Error
	var lite *gosqlite.Error
	if errors.As(err, &lite) {
		return lite.Code()&0xff == sqliteInterrupt
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysqldriver.ErrInvalidConn) ||
		errors.Is(err, sql.ErrConnDone) || errors.Is(err, sql.ErrTxDone) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, context.Canceled) || errors.As(err, &network)
}
