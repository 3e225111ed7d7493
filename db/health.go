package db

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// The errors of Check when the database answers, but is unusable.
var (
	// ErrUnwritable means that it can be read and not written: a full disk, a replica.
	ErrUnwritable = errors.New("db: the database cannot be written")
	// ErrDamaged means that its file is damaged. A backup has to be restored.
	ErrDamaged = errors.New("db: the database is damaged")
)

// failureTTL is how long a write that failed counts, if none has succeeded since. A row of Check's
// own may still find room on a full disk where a message does not.
const failureTTL = 3 * time.Second

// health remembers what the statements of a process found out about its database.
type health struct {
	statements atomic.Uint64           // that were run, without the beginnings and ends of transactions
	failed     atomic.Pointer[failure] // the newest write, if it failed because nothing can be written
	damaged    atomic.Pointer[failure]
	errors     errorCounts
	observe    func(text string, values []any, rows int64) // called after each statement in tests; otherwise nil
}

type failure struct {
	at  time.Time
	err error
}

// wrote notes how a write ended.
func (h *health) wrote(err error) {
	switch {
	case err == nil:
		if h.failed.Load() != nil {
			h.failed.Store(nil)
		}
	case isUnwritable(err):
		h.failed.Store(&failure{time.Now(), err})
	}
}

// Statements returns the number of statements that this process has run, not counting BEGIN and COMMIT.
func (d *DB) Statements() uint64 { return d.health.statements.Load() }

// Name returns the plugin's name, for GORM.
func (h *health) Name() string { return "parley:health" }

// healthOf returns the health of a query's database.
func healthOf(query *gorm.DB) *health { return query.Plugins["parley:health"].(*health) }

// noteError counts an error, and remembers that the file turned out to be damaged.
func (h *health) noteError(err error) {
	h.errors.count(err)
	if isDamage(err) && h.damaged.Load() == nil {
		h.damaged.Store(&failure{time.Now(), err})
	}
}

// Initialize makes every statement and its error count, and report a damaged file.
func (h *health) Initialize(g *gorm.DB) error {
	note := func(g *gorm.DB) { h.ran(g.Statement.SQL.String(), g.Statement.Vars, g.RowsAffected, g.Error) }
	on := g.Callback()
	return errors.Join(
		on.Query().Register("parley:health", note), on.Row().Register("parley:health", note), on.Raw().Register("parley:health", note),
		on.Create().Register("parley:health", note), on.Update().Register("parley:health", note), on.Delete().Register("parley:health", note))
}

// Check returns nil if the database can be read and written, and otherwise ErrUnwritable, ErrDamaged or
// another error. It writes a row of its own; whoever calls it bounds how often.
func (d *DB) Check(ctx context.Context) error {
	if f := d.health.damaged.Load(); f != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, f.err)
	}
	var found []int
	// A table, because a MySQL server that cannot work with tables still answers a ping.
	if err := d.in(ctx).Raw("SELECT 1 FROM processes LIMIT 1").Scan(&found).Error; err != nil {
		return translate(err)
	}
	if err := d.tryWrite(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrUnwritable, err)
	}
	if f := d.health.failed.Load(); f != nil && time.Since(f.at) < failureTTL {
		return fmt.Errorf("%w: %w", ErrUnwritable, f.err)
	}
	return nil
}

// tryWrite changes a row of the table of processes. Its time is so far in the past that it does not count as a process.
func (d *DB) tryWrite(ctx context.Context) error {
	exists := "ON DUPLICATE KEY UPDATE"
	if d.sqlite {
		exists = "ON CONFLICT (id) DO UPDATE SET"
	}
	return d.WithPriority(Low).tx(ctx, func(tx *DB) error {
		return tx.in(ctx).Exec("INSERT INTO processes (id, has_bus, seen_at) VALUES (?, ?, ?) "+exists+" has_bus = NOT has_bus",
			d.id, false, time.Unix(0, 0).UTC()).Error
	}, d.retry)
}
