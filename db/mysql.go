package db

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/driver/mysql"
)

func openMySQL(a address) (*DB, error) {
	c, err := a.driverConfig()
	if err != nil {
		return nil, err
	}
	d, err := openServer(c, 16, "")
	if err != nil {
		return nil, err
	}
	if d.quick, err = openQuick(c); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	d.openUnbounded = func() (*DB, error) {
		unbounded := c.Clone()
		unbounded.ReadTimeout = 0
		return openServer(unbounded, 2, "")
	}
	return d, nil
}

func openServer(c *mysqldriver.Config, connections int, prefix string) (*DB, error) {
	c.Logger = &mysqldriver.NopLogger{} // errors are returned, and logged once at the edge
	servers, err := newConnector(c)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(servers)
	d, err := open(mysql.New(mysql.Config{DSNConfig: c, Conn: pool}), connections, prefix)
	if err != nil {
		_ = pool.Close()
		if !errors.Is(err, ErrUnavailable) {
			err = fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		return nil, fmt.Errorf("%w%s", err, hint(c, err))
	}
	d.release = func() error { return nil }
	return d, nil
}

// hint explains the error of a server that refuses unencrypted connections.
func hint(c *mysqldriver.Config, err error) string {
	var my *mysqldriver.MySQLError
	if c.TLS != nil || c.TLSConfig != "" || c.Net == "unix" || !errors.As(err, &my) {
		return ""
	}
	switch my.Number {
	case mysqlAccessDenied: // which is all that MySQL and MariaDB say if the account requires TLS
		return " (if this account requires TLS, add ?tls=true to the address)"
	case mysqlTLSRequired:
		return " (add ?tls=true to the address)"
	}
	return ""
}

// setTLS makes the driver encrypt as the address asks. With a certificate of its own authority the
// server's is verified against that one alone.
func (a address) setTLS(c *mysqldriver.Config) error {
	switch a.tls {
	case "", "false", "true", "skip-verify", "preferred":
		c.TLSConfig = a.tls
		return nil
	}
	pem, err := os.ReadFile(a.tls)
	if err != nil {
		return fmt.Errorf("the CA certificate of the database: %w", err)
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(pem) {
		return fmt.Errorf("the CA certificate of the database: there is no certificate in %s", a.tls)
	}
	c.TLS = &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12} // the driver completes it with the server's name
	return nil
}

// connector opens connections to MySQL, and gives up all of them once one turns out to lead to a server
// that cannot be written or has left its cluster: after a failover the next ones reach the new primary, or the next
// server of the address, instead of staying with the old one for as long as a connection lives.
type connector struct {
	servers    []driver.Connector
	isQuick    bool          // its transactions begin with their first statement
	generation atomic.Uint64 // of the connections that are not given up; which server is asked first depends on it
	renewedAt  atomic.Int64  // in nanoseconds since 1970
}

func newConnector(c *mysqldriver.Config) (*connector, error) {
	var servers []driver.Connector
	for addr := range strings.SplitSeq(c.Addr, ",") {
		one := c.Clone()
		one.Addr = addr
		server, err := mysqldriver.NewConnector(one)
		if err != nil {
			return nil, err
		}
		servers = append(servers, server)
	}
	return &connector{servers: servers}, nil
}

// renewInterval is the shortest time between two renewals. While there is no primary, connections would
// otherwise be opened again for each statement.
const renewInterval = time.Second

// mysqlConn is what the driver's connections implement.
type mysqlConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// Connect opens a connection. On a Galera cluster its reads wait until the node has applied what was
// committed elsewhere before; otherwise a page would lack what its reader has just posted. Its transactions are at
// READ COMMITTED unless they ask for another level.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, generation, err := c.reach(ctx)
	if err != nil { // an account that is locked, an expired password: whatever the reason, no statement is to blame
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	conn, ok := inner.(mysqlConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("db: unexpected connection %T", inner), inner.Close())
	}
	_, err = conn.ExecContext(ctx, "SET SESSION wsrep_sync_wait = 1", nil)
	var my *mysqldriver.MySQLError
	if errors.As(err, &my) { // a server without Galera may not know the variable
		err = nil
	}
	if err == nil { // once, or each transaction would take one more round trip
		_, err = conn.ExecContext(ctx, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", nil)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrUnavailable, err), conn.Close())
	}
	queries, err := newPreparedQueries(conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &watchedConn{mysqlConn: conn, queries: queries, of: c, generation: generation}, nil
}

// reach connects to the server that has its turn, or else to the next one that lets us in, which then has the turn.
func (c *connector) reach(ctx context.Context) (driver.Conn, uint64, error) {
	generation := c.generation.Load()
	var problems []error
	for i := range uint64(len(c.servers)) {
		conn, err := c.servers[(generation+i)%uint64(len(c.servers))].Connect(ctx)
		if err == nil {
			if i > 0 {
				c.generation.CompareAndSwap(generation, generation+i)
			}
			return conn, generation + i, nil
		}
		problems = append(problems, err)
	}
	return nil, 0, errors.Join(problems...)
}

// Driver returns MySQL's.
func (c *connector) Driver() driver.Driver { return c.servers[0].Driver() }

// giveUp gives up all connections that were opened by now.
func (c *connector) giveUp(generation uint64) {
	now, last := time.Now().UnixNano(), c.renewedAt.Load()
	if now-last >= int64(renewInterval) && c.renewedAt.CompareAndSwap(last, now) {
		c.generation.CompareAndSwap(generation, generation+1)
	}
}

// watchedConn is a connection that is given up after an error that another server might not return.
type watchedConn struct {
	mysqlConn
	queries    *preparedQueries
	of         *connector
	generation uint64
	bad        bool
}

func (c *watchedConn) seen(err error) error {
	if isOfServer(err) {
		c.bad = true
		c.of.giveUp(c.generation)
	}
	return err
}

func (c *watchedConn) isStale() bool { return c.bad || c.generation != c.of.generation.Load() }

// IsValid is asked when the connection goes back to the pool.
func (c *watchedConn) IsValid() bool { return !c.isStale() && c.mysqlConn.IsValid() }

// ResetSession is asked when the connection is taken from the pool, which tries another one after
// ErrBadConn.
func (c *watchedConn) ResetSession(ctx context.Context) error {
	if c.isStale() {
		return driver.ErrBadConn
	}
	return c.mysqlConn.ResetSession(ctx)
}

func (c *watchedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	result, err := c.mysqlConn.ExecContext(ctx, query, args)
	return result, c.seen(err)
}

func (c *watchedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.query(ctx, query, args)
	return rows, c.seen(err)
}

func (c *watchedConn) query(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if len(args) > 0 {
		statement, err := c.queries.prepared(ctx, query)
		if err != nil {
			return nil, err
		}
		if statement != nil {
			return statement.QueryContext(ctx, args)
		}
	}
	return c.mysqlConn.QueryContext(ctx, query, args)
}

func (c *watchedConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	if c.of.isQuick {
		return quickTx{c}, nil
	}
	tx, err := c.mysqlConn.BeginTx(ctx, options)
	if err != nil {
		return nil, c.seen(err)
	}
	return &watchedTx{Tx: tx, conn: c}, nil
}

type watchedTx struct {
	driver.Tx
	conn *watchedConn
}

func (t *watchedTx) Commit() error { return t.conn.seen(t.Tx.Commit()) }
