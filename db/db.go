// Package db is the models and their queries, and the only package that knows GORM.
//
// SQLite and MySQL/MariaDB behave the same here: every table has an explicit binary
// collation (so "bob", "bob " and "bób" are three names everywhere), times are UTC with
// microseconds, and a transaction writes before it reads, because on both databases the
// first write is what takes the lock (SQLite silently ignores FOR UPDATE).
// Conditions are strings with bound values, never structs: GORM drops a struct's zero
// values, and an empty token would then match the first session.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// What the queries of this package answer instead of GORM's and the drivers' errors.
var (
	ErrNotFound  = errors.New("db: no such row")
	ErrDuplicate = errors.New("db: this already exists")
	// ErrUnknown means that the connection was lost while a transaction was committing:
	// whether it took effect can only be learned by looking.
	ErrUnknown = errors.New("db: the outcome of the commit is unknown")
	// ErrUnavailable means that the database did not answer.
	ErrUnavailable = errors.New("db: the database is not available")
)

// DB is a database, or one transaction on it: every query works on both.
type DB struct {
	gorm   *gorm.DB
	sqlite bool
	inTx   bool
	// writeSlot is SQLite's one writer. Waiting for it here is fair and cheap; SQLite's own
	// busy handler polls, and starves somebody under load.
	writeSlot chan struct{}
	release   func() error
	// openUnbounded opens MySQL once more, for work that may take its time, like changing a table.
	openUnbounded func() (*DB, error)
	counts        *txCounters
}

// in is where every query starts.
func (d *DB) in(ctx context.Context) *gorm.DB {
	return d.gorm.WithContext(ctx)
}

// Tx runs fn in a transaction. What fn does may be done several times: a deadlock, a lock
// timeout or a busy database is tried again, up to 5 times. The first statement of fn
// must be a write on the row that orders the others. Nested calls join the outer one.
func (d *DB) Tx(ctx context.Context, fn func(tx *DB) error) error {
	if d.inTx {
		return fn(d)
	}
	if d.sqlite {
		select {
		case d.writeSlot <- struct{}{}:
			defer func() { <-d.writeSlot }()
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
		}
	}
	return d.retry(ctx, func() error {
		return d.runTx(ctx, &sql.TxOptions{Isolation: d.isolation(sql.LevelReadCommitted)}, fn)
	})
}

// retry does something again that the database undid to let another transaction pass.
func (d *DB) retry(ctx context.Context, do func() error) error {
	var err error
	for try := range 5 {
		if try > 0 {
			d.counts.retries.Add(1)
			select {
			case <-time.After(time.Duration(5+rand.IntN(45)) * time.Millisecond):
			case <-ctx.Done():
				return fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
			}
		}
		if err = do(); !isContention(err) {
			break
		}
	}
	return translate(err)
}

// Snapshot runs fn on one consistent state of the database, for reading only.
func (d *DB) Snapshot(ctx context.Context, fn func(tx *DB) error) error {
	if d.inTx {
		return fn(d)
	}
	return translate(d.runTx(ctx, &sql.TxOptions{Isolation: d.isolation(sql.LevelRepeatableRead), ReadOnly: true}, fn))
}

// isolation is the level asked of MySQL; SQLite knows only serializable, and refuses the word.
func (d *DB) isolation(level sql.IsolationLevel) sql.IsolationLevel {
	if d.sqlite {
		return sql.LevelDefault
	}
	return level
}

func (d *DB) runTx(ctx context.Context, options *sql.TxOptions, fn func(tx *DB) error) (err error) {
	tx := d.in(ctx).Begin(options)
	if tx.Error != nil {
		return tx.Error
	}
	open := true
	defer func() {
		if open { // also when fn panics
			tx.Rollback()
		}
	}()
	inner := *d
	inner.gorm, inner.inTx = tx, true
	if err := fn(&inner); err != nil {
		return err
	}
	open = false
	if err := tx.Commit().Error; err != nil {
		if options.ReadOnly || isServerError(err) {
			return err
		}
		d.counts.unknowns.Add(1)
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return nil
}

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	pool, err := d.gorm.DB()
	if err != nil {
		return translate(err)
	}
	return translate(pool.PingContext(ctx))
}

// Retries counts the transactions that were tried again since the start.
func (d *DB) Retries() uint64 { return d.counts.retries.Load() }

// Unknowns counts the commits whose outcome was lost with the connection since the start.
func (d *DB) Unknowns() uint64 { return d.counts.unknowns.Load() }

// IsSQLite tells whether this database is a file that only one process may use.
func (d *DB) IsSQLite() bool { return d.sqlite }

// Close releases the connections and, for SQLite, the file.
func (d *DB) Close() error {
	pool, err := d.gorm.DB()
	if err != nil {
		return err
	}
	return errors.Join(pool.Close(), d.release())
}

func (d *DB) create(ctx context.Context, row any) error {
	return d.write(ctx, func(tx *gorm.DB) error { return tx.Create(row).Error })
}

// createIfNone inserts a row unless its key is there; it is no error when it is.
func (d *DB) createIfNone(ctx context.Context, row any) error {
	return d.write(ctx, func(tx *gorm.DB) error {
		return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(row).Error
	})
}

func (d *DB) exec(ctx context.Context, statement string, values ...any) error {
	_, err := d.affect(ctx, statement, values...)
	return err
}

// affect is exec that tells how many rows it changed.
func (d *DB) affect(ctx context.Context, statement string, values ...any) (rows int64, err error) {
	err = d.write(ctx, func(tx *gorm.DB) error {
		done := tx.Exec(statement, values...)
		rows = done.RowsAffected
		return done.Error
	})
	return rows, err
}

// write runs one statement; outside a transaction it waits for SQLite's writer, or is tried
// again by itself on MySQL.
func (d *DB) write(ctx context.Context, fn func(*gorm.DB) error) error {
	switch {
	case d.inTx:
		return translate(fn(d.in(ctx)))
	case !d.sqlite:
		return d.retry(ctx, func() error { return fn(d.in(ctx)) })
	}
	return d.Tx(ctx, func(tx *DB) error { return fn(tx.in(ctx)) })
}

func one[T any](query *gorm.DB) (row T, err error) {
	return row, translate(query.Take(&row).Error)
}

func all[T any](query *gorm.DB) (rows []T, err error) {
	return rows, translate(query.Find(&rows).Error)
}

// pair is a row of two tables.
type pair[A, B any] struct {
	A A `gorm:"embedded;embeddedPrefix:a_"`
	B B `gorm:"embedded;embeddedPrefix:b_"`
}

// both reads one row of each of two tables in one question; from joins them as a and b.
func both[A, B any](query *gorm.DB, from string, values ...any) (A, B, error) {
	columns := append(columnsOf[A](query, "a"), columnsOf[B](query, "b")...)
	row, err := one[pair[A, B]](query.Raw("SELECT "+strings.Join(columns, ", ")+" FROM "+from, values...))
	return row.A, row.B, err
}

// columnsOf names the columns of a model for a row of several.
func columnsOf[T any](query *gorm.DB, table string) []string {
	statement := gorm.Statement{DB: query}
	if err := statement.Parse(new(T)); err != nil {
		return []string{err.Error()} // the database says no to it, and the error is seen
	}
	columns := make([]string, len(statement.Schema.DBNames))
	for i, name := range statement.Schema.DBNames {
		columns[i] = table + "." + name + " AS " + table + "_" + name
	}
	return columns
}

// chunks cuts a list so that no statement has more values than SQLite takes.
func chunks[T any](list []T, size int) iter.Seq[[]T] {
	return slices.Chunk(list, size)
}

// Warn logs what the database's settings put at risk: a durable acknowledgement needs
// every commit to reach the disk.
func (d *DB) Warn(ctx context.Context, log *slog.Logger) {
	for _, risk := range d.risks(ctx) {
		log.Warn("the database may lose acknowledged messages in a power cut", "setting", risk)
	}
}
