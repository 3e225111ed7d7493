// Package db holds the models and their queries. It is the only package that knows GORM, and uses
// it to migrate the tables, to open transactions and to scan rows; the queries are SQL, by hand.
//
// SQLite and MySQL/MariaDB behave the same here: every table has an explicit binary collation (so
// "bob", "bob " and "bób" are three names everywhere), times are UTC with microseconds, and a
// transaction writes before it reads, because on both databases the first write takes the lock
// (SQLite silently ignores FOR UPDATE).
//
// Conditions are strings with bound values, never structs: GORM drops a struct's zero values, so an
// empty token would match the first session.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// The errors that queries return instead of GORM's and the drivers' own.
var (
	ErrNotFound  = errors.New("db: no such row")
	ErrDuplicate = errors.New("db: this already exists")
	// ErrUnknown means that the connection was lost during a commit. Only a read can show whether
	// the transaction took effect.
	ErrUnknown = errors.New("db: the outcome of the commit is unknown")
	// ErrTooLarge means that the database never stores a value of this size. What it accepts is a setting
	// of the server.
	ErrTooLarge = errors.New("db: more than the database takes")
	// ErrUnavailable means that the database did not answer, or could not store anything just now.
	ErrUnavailable = errors.New("db: the database is not available")
	// ErrContention means that the database has undone a transaction in favor of others, and that it may be tried again.
	ErrContention = errors.New("db: others were in the way")
)

// DB is a database, or one transaction on it: every query runs on either.
type DB struct {
	gorm        *gorm.DB
	id          string // of the row that Check writes
	sqlite      bool
	inTx        bool
	reads       bool    // in a snapshot, where nothing may be written
	writer      *writer // of SQLite
	priority    Priority
	file        string  // SQLite's, without symbolic links
	checkpoints *sql.DB // connections to SQLite without a busy timeout
	warnings    []string
	release     func() error
	// openUnbounded opens MySQL once more, without a read timeout, for slow statements such as
	// changing a table. It is nil on SQLite.
	openUnbounded func() (*DB, error)
	counts        *txCounters
	health        *health
	skipsLocked   *atomic.Bool    // whether LockRooms skips locked rooms, on MySQL
	quick         *quickPool      // of MySQL
	isQuick       bool            // uses quick's connections
	late          *lateStatements // in a quick transaction
	after         *[]func(d *DB)  // in a transaction: what follows it
}

// in starts a query that ends with ctx.
func (d *DB) in(ctx context.Context) *gorm.DB {
	return d.gorm.WithContext(ctx)
}

var errWriteInSnapshot = errors.New("db: a snapshot is for reading")

// Tx runs fn in a transaction, and again for about two seconds as long as a deadlock, a lock timeout or
// a busy database undoes it. The first statement of fn must lock the row that orders the
// others. Nested calls join the outer transaction.
func (d *DB) Tx(ctx context.Context, fn func(tx *DB) error) error {
	return d.txOver(ctx, d, fn, d.retry)
}

// txOver runs fn in a transaction over the connections of another DB.
func (d *DB) txOver(ctx context.Context, over *DB, fn func(tx *DB) error, retry retryFunc) error {
	if d.inTx {
		return fn(d)
	}
	var after []func(d *DB)
	outer := *over
	outer.after = &after
	err := outer.tx(ctx, func(tx *DB) error {
		after = nil
		return fn(tx)
	}, retry)
	d.health.wrote(err)
	if err == nil {
		for _, do := range after {
			do(d)
		}
	}
	return err
}

// afterCommit calls do once the transaction is committed and others can write again, or now outside of one.
// It may never be called, if the process ends before.
func (d *DB) afterCommit(do func(d *DB)) {
	if d.inTx && d.after != nil {
		*d.after = append(*d.after, do)
	} else {
		do(d)
	}
}

func (d *DB) tx(ctx context.Context, fn func(tx *DB) error, retry retryFunc) error {
	leave, err := d.enterWriter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return retry(ctx, func() error {
		return d.runTx(ctx, nil, fn)
	})
}

// enterWriter waits for this database's turn to write to SQLite. MySQL does not need this.
func (d *DB) enterWriter(ctx context.Context) (leave func(), err error) {
	if !d.sqlite {
		return func() {}, nil
	}
	if err := d.writer.enter(ctx, d.priority); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return d.writer.leave, nil
}

// deleteBatch is the number of rows that one transaction deletes, which takes a few milliseconds. Whatever deletes more
// lets others write in between.
const deleteBatch = 200

const (
	retryTime = 2 * time.Second // then a transaction that others always undo gives up
	minTries  = 5               // but not before: each may have waited 3 s for a lock
)

// retryFunc does something until it succeeds.
type retryFunc func(ctx context.Context, do func() error) error

// once calls do once. After an error that wraps ErrContention, it may succeed if tried again.
func (d *DB) once(_ context.Context, do func() error) error {
	err := do()
	if !isContention(err) {
		return translate(err)
	}
	d.counts.retries.Add(1)
	return fmt.Errorf("%w: %w: %w", ErrUnavailable, ErrContention, err)
}

// retry repeats work that the database rolled back in favor of another transaction. It counts time
// rather than tries, because in a busy room on several writers (Galera) many tries fail at once.
func (d *DB) retry(ctx context.Context, do func() error) error {
	start := time.Now()
	for try := 1; ; try++ {
		err := do()
		if !isContention(err) || try >= minTries && time.Since(start) >= retryTime {
			return translate(err)
		}
		d.counts.retries.Add(1)
		select {
		case <-time.After(retryPause(try)):
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
		}
	}
}

// retryPause returns 5 to 50 ms after the first try, then 10 to 100 and 20 to 200: at random, or those
// who collided would do so again.
func retryPause(try int) time.Duration {
	least := 5 * time.Millisecond << min(try-1, 2)
	return least + rand.N(9*least)
}

// Snapshot runs fn in a transaction that reads one consistent state of the database, and cannot write.
func (d *DB) Snapshot(ctx context.Context, fn func(tx *DB) error) error {
	if d.inTx {
		return fn(d)
	}
	// REPEATABLE READ is all that a snapshot needs on MySQL, and not every server there knows READ ONLY. On SQLite,
	// which is always serializable and has no levels, it keeps the transaction from taking the writer's lock.
	options := &sql.TxOptions{Isolation: sql.LevelRepeatableRead}
	if d.sqlite {
		options = &sql.TxOptions{ReadOnly: true}
	}
	reader := *d
	reader.reads = true
	return translate(reader.runTx(ctx, options, fn))
}

// runTx runs fn in a transaction. Without options it is one that writes: at READ COMMITTED on MySQL, which all
// connections there have for their default.
func (d *DB) runTx(ctx context.Context, options *sql.TxOptions, fn func(tx *DB) error) (err error) {
	tx := d.in(ctx).Begin(options)
	if tx.Error != nil {
		d.health.errors.count(tx.Error)
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
	if d.isQuick {
		inner.late = &lateStatements{}
	}
	if err := fn(&inner); err != nil {
		return err
	}
	if err := inner.runLate(ctx); err != nil {
		return err
	}
	open = false
	if err := tx.Commit().Error; err != nil {
		d.health.errors.count(err)
		if d.reads || isServerError(err) {
			return err
		}
		d.counts.unknowns.Add(1)
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return nil
}

// Retries returns the number of transactions retried since the start.
func (d *DB) Retries() uint64 { return d.counts.retries.Load() }

// Unknowns returns the number of commits since the start that ended with ErrUnknown.
func (d *DB) Unknowns() uint64 { return d.counts.unknowns.Load() }

// IsSQLite reports whether this database is a file that only one process may use.
func (d *DB) IsSQLite() bool { return d.sqlite }

// Close releases the connections and, for SQLite, the file.
func (d *DB) Close() error {
	pool, err := d.gorm.DB()
	if err != nil {
		return err
	}
	if d.quick != nil {
		err = d.quick.pool.Close()
	}
	return errors.Join(err, pool.Close(), d.release())
}

func (d *DB) create(ctx context.Context, row any) error {
	return d.write(ctx, func(tx *DB) error { return tx.in(ctx).Create(row).Error })
}

// createIfNone inserts a row unless its key exists already, which is not an error.
func (d *DB) createIfNone(ctx context.Context, row any) error {
	return d.write(ctx, func(tx *DB) error {
		return tx.in(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(row).Error
	})
}

func (d *DB) exec(ctx context.Context, statement string, values ...any) error {
	_, err := d.affect(ctx, statement, values...)
	return err
}

// affect is exec that also returns the number of rows that it changed.
func (d *DB) affect(ctx context.Context, statement string, values ...any) (rows int64, err error) {
	err = d.write(ctx, func(tx *DB) (err error) {
		rows, err = tx.execute(ctx, statement, values...)
		return err
	})
	return rows, err
}

// write runs one statement. Outside a transaction it waits for SQLite's write slot, and is retried
// on MySQL.
func (d *DB) write(ctx context.Context, fn func(tx *DB) error) error {
	switch {
	case d.reads:
		return errWriteInSnapshot
	case d.inTx:
		return translate(fn(d))
	case !d.sqlite:
		err := d.retry(ctx, func() error { return fn(d) })
		d.health.wrote(err)
		return err
	}
	return d.Tx(ctx, fn)
}

// pair is a row of two tables.
type pair[A, B any] struct {
	A A `gorm:"embedded;embeddedPrefix:a_"`
	B B `gorm:"embedded;embeddedPrefix:b_"`
}

// both reads one row of each of two tables in one query; from joins them as a and b.
func both[A, B any](query *gorm.DB, from string, values ...any) (A, B, error) {
	row, err := one[pair[A, B]](query.Raw("SELECT "+modelColumns[A](query, "a")+", "+modelColumns[B](query, "b")+" FROM "+from, values...))
	return row.A, row.B, err
}

// modelColumns lists the columns of a model for a SELECT over several tables.
func modelColumns[T any](query *gorm.DB, table string) string {
	statement := gorm.Statement{DB: query}
	if err := statement.Parse(new(T)); err != nil {
		return err.Error() // no valid SQL, so the query fails with this text in its error
	}
	return aliased(table, statement.Schema.DBNames)
}

// columnsOf is modelColumns for what lists its columns.
func columnsOf[T any, P interface {
	*T
	typed[T]
}](table string) string {
	var names []string
	for _, c := range P(new(T)).columns() {
		names = append(names, c.name)
	}
	return aliased(table, names)
}

func aliased(table string, names []string) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = table + "." + name + " AS " + table + "_" + name
	}
	return strings.Join(list, ", ")
}

// BatchSize is the most keys that one statement may look up. Longer lists are split, so that no statement has more values
// than SQLite accepts.
const BatchSize = 100
