package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
	"sync/atomic"

	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"
)

// Posts wait for the round trips of their transaction, so it has few. On MySQL TxOnce has connections of its own. On these
// a transaction begins with its first statement, and statements whose results nobody needs are sent together before the
// COMMIT (putOff). Such a connection takes several statements at once. No other does: a mistake that lets a text become SQL
// must not let it become a second statement. The COMMIT is sent by itself, or the outcome of all of them would be unknown
// when the connection breaks.
//
// Not on Galera: a transaction that the cluster undoes in the middle of several statements might go on with the next of
// them, outside of it.

// maxQuick is the number of these connections, one for each transaction that writes posts at the same time.
const maxQuick = 4

// quickPool is the connections for quick transactions.
type quickPool struct {
	pool  *sql.DB
	works atomic.Bool // the server, and whatever is in between, handles them as it should
	fails atomic.Bool // it was tried, and does not
}

func openQuick(c *mysqldriver.Config) (*quickPool, error) {
	c = c.Clone()
	c.MultiStatements = true
	c.Params["autocommit"] = "0"
	servers, err := newConnector(c)
	if err != nil {
		return nil, err
	}
	servers.isQuick = true
	return &quickPool{pool: openPool(servers, maxQuick)}, nil
}

// TxOnce is Tx that runs fn once, and as quickly as it can: ErrContention says that it may run again.
func (d *DB) TxOnce(ctx context.Context, fn func(tx *DB) error) error {
	over := d
	if d.quick != nil && d.quick.works.Load() {
		over = d.onQuick()
	}
	return d.txOver(ctx, over, fn, d.once)
}

// onQuick returns the same database over the quick connections.
func (d *DB) onQuick() *DB {
	quick := *d
	quick.gorm = d.gorm.Session(&gorm.Session{NewDB: true, Context: context.Background()}) // with a context it has a statement of its own
	quick.gorm.Statement.ConnPool = d.quick.pool
	quick.isQuick = true
	return &quick
}

// putOff runs a statement at the end of the transaction if that is a quick one, and now if it is not. The transaction must
// not read what it changes, and ends with its error.
func (d *DB) putOff(ctx context.Context, text string, values ...any) error {
	if d.late == nil {
		return d.exec(ctx, text, values...)
	}
	text, values, err := expand(text, values)
	if err == nil {
		d.late.text, d.late.values = append(d.late.text, text), append(d.late.values, values)
	}
	return err
}

// lateStatements is what was put off in a transaction.
type lateStatements struct {
	text   []string
	values [][]any
}

// runLate runs what was put off, all at once.
func (d *DB) runLate(ctx context.Context) error {
	if d.late == nil || len(d.late.text) == 0 {
		return nil
	}
	_, err := d.gorm.Statement.ConnPool.ExecContext(ctx, strings.Join(d.late.text, "; "), slices.Concat(d.late.values...)...)
	for i, text := range d.late.text {
		d.health.ran(text, d.late.values[i], -1, nil)
	}
	d.health.noteError(err)
	return err
}

// useQuick lets TxOnce use the quick connections if that works here. It tries that with the row of a counter.
func (d *DB) useQuick(ctx context.Context, counter string) error {
	cluster, err := d.isGalera(ctx)
	if err != nil || cluster {
		return err
	}
	err = d.tryQuick(ctx, counter)
	d.quick.works.Store(err == nil)
	d.quick.fails.Store(err != nil)
	return nil
}

// errNoCommit means that the server has not kept a quick transaction apart, or not committed it.
var errNoCommit = errors.New("db: transactions of several statements at once do not work here")

// tryQuick finds out whether quick transactions work: whether they lock the row of a counter from their first statement,
// which is like that of a post, to their end, which has to be a commit.
func (d *DB) tryQuick(ctx context.Context, name string) error {
	value := func() (int, error) {
		row, err := one[Counter](d.in(ctx).Where("name = ?", name))
		return row.N, err
	}
	before, err := value()
	if err != nil {
		return err
	}
	err = d.txOver(ctx, d.onQuick(), func(tx *DB) error {
		locked, err := numbers(tx.query(ctx, "SELECT n FROM counters WHERE name = ?"+skipLocked, name))
		if err != nil {
			return err
		}
		if len(locked) != 1 || !d.skips(ctx, name) {
			return errNoCommit
		}
		for range 2 {
			if err := tx.putOff(ctx, "UPDATE counters SET n = n + 1 WHERE name = ?", name); err != nil {
				return err
			}
		}
		return nil
	}, d.once)
	if err != nil {
		return err
	}
	after, err := value()
	if err == nil && after != before+2 {
		err = errNoCommit
	}
	return err
}

// quickTx is a transaction that the server begins with its first statement.
type quickTx struct{ conn *watchedConn }

func (t quickTx) Commit() error   { return t.end("COMMIT") }
func (t quickTx) Rollback() error { return t.end("ROLLBACK") }

// end ends the transaction. A connection on which that fails isn't used again: the next transaction would go on with this
// one.
func (t quickTx) end(statement string) error {
	_, err := t.conn.ExecContext(context.Background(), statement, nil)
	t.conn.bad = t.conn.bad || err != nil
	return err
}

var _ driver.Tx = quickTx{}
