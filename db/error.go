package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync/atomic"

	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"
	"modernc.org/sqlite"
)

// Error numbers of MySQL and MariaDB, from the error references of their manuals.
const (
	mysqlLockTimeout     = 1205
	mysqlNoWait          = 3572 // MySQL: a lock that somebody else has, and that was not to be waited for
	mysqlDeadlock        = 1213
	mysqlSnapshotChanged = 1020 // MariaDB with innodb_snapshot_isolation
	mysqlDuplicate       = 1062
	mysqlPacketTooLarge  = 1153
	mysqlAccessDenied    = 1045
	mysqlTLSRequired     = 3159
	mysqlOffline         = 3032 // offline_mode
)

// mysqlReadOnly are the errors of a server that does not take writes.
var mysqlReadOnly = []uint16{
	1290, // read_only and super_read_only
	1874, // InnoDB in read-only mode
	3989, // the schema is read-only
	1792, // a transaction that is read-only
	1836, // read-only mode
	1036, // innodb_read_only
	1881, // innodb_force_recovery
}

// mysqlExists are the errors of a table, column or index that exists already, or no longer exists.
var mysqlExists = []uint16{1050, 1060, 1061, 1091}

// mysqlNoNamedLocks are the errors of a cluster that has no named locks: not supported, and what Percona XtraDB Cluster
// answers, which is the number of whatever has no number.
var mysqlNoNamedLocks = []uint16{1235, 1105}

// mysqlFull are the errors of a full disk: InnoDB's is 1114, when its files cannot grow.
var mysqlFull = []uint16{1021, 1114}

// mysqlTrouble are the errors of a server in trouble whose SQLSTATE does not tell, because it is the
// one for whatever has none (HY000), or that of a wrong statement (42000).
var mysqlTrouble = []uint16{
	1016, 1017, 1026, 1030, // a file cannot be opened, found or written; an error of the storage engine
	1194, 1195, // a table has crashed
	1037, 1038, 1041, 1135, // out of memory; out of threads
	1129,       // this host is blocked
	1206, 1637, // too many locks; too many transactions
	1203, 1226, // this user has too many connections, or has used up another resource
	1044, 1142, 1227, // this user has lost its privileges
	1180, 1598, 1878, // a commit, the binary log or a temporary file cannot be written
	3024, mysqlOffline, 3168, 3169, // the statement took too long; offline mode; not available; the session was killed
	3100,                   // Group Replication does not let a transaction commit
	4031,                   // closed because it was idle
	9001, 9002, 9003, 9005, // ProxySQL found no server in time; TiDB's parts are out of reach or busy
}

// mysqlOutages are the classes of SQLSTATE in which the server or the connection is the problem, and
// never the statement.
var mysqlOutages = []string{
	"08", // connection exceptions: shutting down, too many connections, no quorum in Galera
	"28", // the server does not let us in any more
	"70", // the statement was killed, or took too long
}

// Primary result codes of SQLite, which are the low byte of extended ones: https://www.sqlite.org/rescode.html.
const (
	sqlitePermission = 3
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteNoMemory   = 7
	sqliteReadOnly   = 8
	sqliteInterrupt  = 9 // the context of a write ended
	sqliteInput      = 10
	sqliteCorrupt    = 11
	sqliteFull       = 13
	sqliteCannotOpen = 14
	sqliteProtocol   = 15
	sqliteTooBig     = 18
	sqliteConstraint = 19
	sqliteNoDatabase = 26
	// Extended codes for a key that exists already.
	sqlitePrimaryKey = 1555
	sqliteUnique     = 2067
)

// sqliteTrouble are the codes in which the file, the disk or the machine is the problem, and never the
// statement.
var sqliteTrouble = []int{sqlitePermission, sqliteNoMemory, sqliteReadOnly, sqliteInterrupt, sqliteInput, sqliteCorrupt,
	sqliteFull, sqliteCannotOpen, sqliteProtocol, sqliteNoDatabase}

// txCounters counts for the metrics, since the start.
type txCounters struct {
	retries  atomic.Uint64
	unknowns atomic.Uint64
}

// mysqlError returns the number and the class of SQLSTATE of MySQL's error.
func mysqlError(err error) (number uint16, class string, ok bool) {
	var my *mysqldriver.MySQLError
	if !errors.As(err, &my) {
		return 0, "", false
	}
	return my.Number, string(my.SQLState[:2]), true
}

// sqliteCode returns the primary result code of SQLite's error.
func sqliteCode(err error) (code int, ok bool) {
	var lite *sqlite.Error
	if !errors.As(err, &lite) {
		return 0, false
	}
	return lite.Code() & 0xff, true
}

// isContention reports whether the database rolled back in favor of another transaction.
func isContention(err error) bool {
	if number, class, ok := mysqlError(err); ok {
		return class == "40" || number == mysqlDeadlock || number == mysqlLockTimeout || number == mysqlSnapshotChanged || number == mysqlNoWait
	}
	code, ok := sqliteCode(err)
	return ok && (code == sqliteBusy || code == sqliteLocked)
}

// isMigratedByOthers reports whether another process has just changed the tables as we wanted to.
func isMigratedByOthers(err error) bool {
	number, _, ok := mysqlError(err)
	return ok && slices.Contains(mysqlExists, number)
}

// isLockless reports whether the server has no named locks.
func isLockless(err error) bool {
	number, _, ok := mysqlError(err)
	return ok && slices.Contains(mysqlNoNamedLocks, number)
}

// isServerError reports whether the database itself returned the error, so that a commit certainly
// did not happen. Any other failure of a commit leaves its outcome open.
func isServerError(err error) bool {
	var my *mysqldriver.MySQLError
	var lite *sqlite.Error
	return errors.As(err, &my) || errors.As(err, &lite)
}

// translate maps errors of GORM and the drivers to those of this package, by code and never by text.
func translate(err error) error {
	switch {
	case err == nil, errors.Is(err, ErrNotFound), errors.Is(err, ErrDuplicate), errors.Is(err, ErrTooLarge),
		errors.Is(err, ErrUnknown), errors.Is(err, ErrUnavailable):
		return err
	case errors.Is(err, gorm.ErrRecordNotFound):
		return ErrNotFound
	case isDuplicate(err):
		return fmt.Errorf("%w: %w", ErrDuplicate, err)
	case isTooLarge(err): // before the outages: MySQL has it among the connection exceptions
		return fmt.Errorf("%w: %w", ErrTooLarge, err)
	case isContention(err), isUnavailable(err):
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
	var lite *sqlite.Error
	return errors.As(err, &lite) && (lite.Code() == sqlitePrimaryKey || lite.Code() == sqliteUnique)
}

// isTooLarge reports whether the database cannot take a value of this size, now or later.
func isTooLarge(err error) bool {
	if number, _, ok := mysqlError(err); ok {
		return number == mysqlPacketTooLarge
	}
	code, ok := sqliteCode(err)
	return ok && code == sqliteTooBig || errors.Is(err, mysqldriver.ErrPktTooLarge)
}

// isUnwritable reports whether the database can be read but not written, at least for now: a full disk,
// or a replica where the primary was.
func isUnwritable(err error) bool {
	if number, _, ok := mysqlError(err); ok {
		return slices.Contains(mysqlFull, number) || slices.Contains(mysqlReadOnly, number)
	}
	code, ok := sqliteCode(err)
	return ok && slices.Contains([]int{sqlitePermission, sqliteReadOnly, sqliteInput, sqliteFull, sqliteCannotOpen}, code)
}

// isOfServer reports whether another server of a cluster might do what this one could not: it is
// read-only, or leaves, or has lost the others.
func isOfServer(err error) bool {
	number, class, ok := mysqlError(err)
	return ok && (class == "08" && number != mysqlPacketTooLarge || number == mysqlOffline || slices.Contains(mysqlReadOnly, number))
}

// isDamage reports whether the file is no longer a database.
func isDamage(err error) bool {
	code, ok := sqliteCode(err)
	return ok && (code == sqliteCorrupt || code == sqliteNoDatabase)
}

// isUnavailable reports whether the database is in trouble, or was not reached. Nothing was stored, and a
// later attempt may succeed.
func isUnavailable(err error) bool {
	if number, class, ok := mysqlError(err); ok {
		return isUnwritable(err) || slices.Contains(mysqlOutages, class) || slices.Contains(mysqlTrouble, number)
	}
	if code, ok := sqliteCode(err); ok {
		return slices.Contains(sqliteTrouble, code)
	}
	var network net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysqldriver.ErrInvalidConn) ||
		errors.Is(err, sql.ErrConnDone) || errors.Is(err, sql.ErrTxDone) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, context.Canceled) || errors.As(err, &network)
}
