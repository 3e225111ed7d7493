package db

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"sync/atomic"

	"gorm.io/gorm"
)

// Pool returns how the connections to the database are used.
func (d *DB) Pool() sql.DBStats {
	pool, err := d.gorm.DB()
	if err != nil {
		return sql.DBStats{}
	}
	stats := pool.Stats()
	if d.quick != nil {
		quick := d.quick.pool.Stats()
		stats.MaxOpenConnections += quick.MaxOpenConnections
		stats.OpenConnections += quick.OpenConnections
		stats.InUse += quick.InUse
		stats.Idle += quick.Idle
		stats.WaitCount += quick.WaitCount
		stats.WaitDuration += quick.WaitDuration
	}
	return stats
}

// WaitingWriters returns the number of transactions that wait for SQLite's writer; MySQL has no such queue.
func (d *DB) WaitingWriters() int {
	if d.writer == nil {
		return 0
	}
	return d.writer.length()
}

func (w *writer) length() (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, list := range w.waiting {
		n += len(list)
	}
	return n
}

// Size is what a database contains, in numbers.
type Size struct {
	Accounts, Rooms, Sessions int64
	Bytes                     int64 // of its files
}

// Measure counts what is in the database. It reads an index of each table, so it is not for every request.
func (d *DB) Measure(ctx context.Context) (Size, error) {
	var s Size
	err := d.in(ctx).Raw("SELECT (SELECT COUNT(*) FROM users WHERE is_deleted = ?) AS accounts, "+
		"(SELECT COUNT(*) FROM rooms) AS rooms, (SELECT COUNT(*) FROM sessions) AS sessions", false).Scan(&s).Error
	if err != nil {
		return s, translate(err)
	}
	if d.sqlite {
		s.Bytes, err = fileBytes(d.file, d.file+"-wal")
		return s, err
	}
	err = d.in(ctx).Raw("SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables WHERE table_schema = DATABASE()").
		Scan(&s.Bytes).Error
	return s, translate(err)
}

// fileBytes returns the total size of files. One that does not exist has no bytes.
func fileBytes(paths ...string) (n int64, err error) {
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, os.ErrNotExist):
		case err != nil:
			return 0, err
		default:
			n += info.Size()
		}
	}
	return n, nil
}

// ErrorClass is the way in which a statement failed.
type ErrorClass int

// The classes of errors.
const (
	Contention  ErrorClass = iota // rolled back in favor of another transaction, and repeated
	Unavailable                   // the database did not answer, or was in trouble
	Unwritable                    // it can be read and not written
	Canceled                      // whoever asked did not wait any longer
	Other                         // a defect of Parley, or of the database
	errorClasses
)

func (c ErrorClass) String() string {
	return [...]string{"contention", "unavailable", "unwritable", "canceled", "other"}[c]
}

// ErrorClasses returns every class.
func ErrorClasses() []ErrorClass {
	return []ErrorClass{Contention, Unavailable, Unwritable, Canceled, Other}
}

// Errors returns the number of statements, and beginnings and ends of transactions, that have failed with errors of a
// class.
func (d *DB) Errors(class ErrorClass) uint64 { return d.health.errors[class].Load() }

// errorCounts counts errors by their class.
type errorCounts [errorClasses]atomic.Uint64

// count counts an error. A row that does not exist, or that exists already, is an answer and not an error.
func (c *errorCounts) count(err error) {
	switch {
	case err == nil, errors.Is(err, gorm.ErrRecordNotFound), isDuplicate(err):
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		c[Canceled].Add(1)
	case isContention(err):
		c[Contention].Add(1)
	case isUnwritable(err):
		c[Unwritable].Add(1)
	case isUnavailable(err):
		c[Unavailable].Add(1)
	default:
		c[Other].Add(1)
	}
}
