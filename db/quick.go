package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"sync/atomic"

	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"
)

// Posts wait for the round trips of their transaction, so it has as few as there can be. On MySQL TxOnce has connections
// of its own, on which a transaction begins with its first statement, and whose statements with a result that nobody waits
// for travel with the COMMIT (putOff). For that a connection takes several statements at once, which is why it is only
// for these: elsewhere, a mistake that lets a text become SQL must not let it become a second statement.

// maxQuick is the number of these connections, one for each transaction that writes posts at the same time.
const maxQuick = 4

// quickPool is the connections for quick transactions.
type quickPool struct {
	pool  *sql.DB
	works atomic.Bool // the server, and whatever is in between, handles them as it should
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
	if d.inTx || d.quick == nil || !d.quick.works.Load() {
		return d.txWith(ctx, fn, d.once)
	}
	return d.onQuick().txWith(ctx, fn, d.once)
}

// onQuick returns the same database over the quick connections.
func (d *DB) onQuick() *DB {
	quick := *d
	quick.gorm = d.gorm.Session(&gorm.Session{NewDB: true, Context: context.Background()}) // with a context it has a statement of its own
	quick.gorm.Statement.ConnPool = d.quick.pool
	quick.isQuick = true
	return &quick
}

// putOff runs a statement with the COMMIT if the transaction is a quick one, and now if it is not. The transaction must not read what
// it changes, and ends with its error.
func (d *DB) putOff(ctx context.Context, text string, values ...any) error {
	if !d.isQuick {
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

// andCommit ends what is sent to commit a transaction together with its last statements.
const andCommit = "; COMMIT"

// commit commits a transaction, with what was put off. It remains open if that fails.
func (d *DB) commit(ctx context.Context, tx *gorm.DB) error {
	if d.isQuick && len(d.late.text) > 0 {
		values := make([]any, 0, 16)
		for _, list := range d.late.values {
			values = append(values, list...)
		}
		_, err := tx.Statement.ConnPool.ExecContext(ctx, strings.Join(d.late.text, "; ")+andCommit, values...)
		for i, text := range d.late.text {
			d.health.ran(text, d.late.values[i], -1, nil) // whoever asked for the commit counts the error
		}
		if err != nil {
			return err
		}
	}
	return tx.Commit().Error
}

// errNoCommit means that the server has not kept a quick transaction apart, or not committed it.
var errNoCommit = errors.New("db: transactions of several statements at once do not work here")

// tryQuick finds out, with the row of a counter, whether quick transactions work: whether they lock it from their first
// statement to their end, which has to be a commit. If they don't, there are none.
func (d *DB) tryQuick(ctx context.Context, name string) error {
	value := func() (int, error) {
		row, err := one[Counter](d.in(ctx).Where("name = ?", name))
		return row.N, err
	}
	before, err := value()
	if err != nil {
		return err
	}
	err = d.onQuick().txWith(ctx, func(tx *DB) error {
		if _, err := numbers(tx.query(ctx, "SELECT n FROM counters WHERE name = ? FOR UPDATE", name)); err != nil {
			return err
		}
		if !d.skips(ctx, name) {
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

func (t quickTx) Commit() error {
	if t.conn.committed {
		return nil
	}
	_, err := t.conn.ExecContext(context.Background(), "COMMIT", nil)
	return err
}

// Rollback undoes the transaction. A connection on which that fails is not used again.
func (t quickTx) Rollback() error {
	_, err := t.conn.ExecContext(context.Background(), "ROLLBACK", nil)
	t.conn.bad = t.conn.bad || err != nil
	return err
}

var _ driver.Tx = quickTx{}
