package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"reflect"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// The number of statements that a connection to SQLite keeps compiled, and the length of the longest, in bytes. A page
// asks about twenty; a compiled one takes some 10 kB.
const (
	maxCompiled      = 100
	longestToCompile = 4 << 10
)

// sqliteConnector opens connections to SQLite that keep what they have compiled: compiling statements took a third of a
// page. The driver keeps a compiled statement for as long as its Stmt is open. database/sql and GORM keep one Stmt for
// all connections, with no bound, or with one that closes statements that are in use.
type sqliteConnector struct {
	driver driver.Driver
	dsn    string
}

// Driver returns the driver of the connections.
func (c *sqliteConnector) Driver() driver.Driver { return c.driver }

// Connect opens a connection.
func (c *sqliteConnector) Connect(context.Context) (driver.Conn, error) {
	compiled, err := simplelru.NewLRU(maxCompiled, func(_ string, s *statement) { s.drop() })
	if err != nil {
		return nil, err
	}
	conn, err := c.driver.Open(c.dsn)
	if err != nil {
		return nil, err
	}
	full, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(errors.New("db: connections of the SQLite driver lack what Parley needs"), conn.Close())
	}
	return &compilingConn{full, compiled}, nil
}

// sqliteConn is what the driver's connections can do.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// compilingConn is a connection, which database/sql uses for one call at a time.
type compilingConn struct {
	sqliteConn
	compiled *simplelru.LRU[string, *statement]
}

// Close closes the connection and all its statements.
func (c *compilingConn) Close() error {
	c.compiled.Purge()
	return c.sqliteConn.Close()
}

// ExecContext executes a statement.
func (c *compilingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	return s.ExecContext(ctx, args)
}

// QueryContext executes a statement that returns rows.
func (c *compilingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	found, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &rows{found.(sqliteRows), s}, nil
}

// statement returns a compiled statement, or nil if this one is not to be kept or its rows are still being read.
func (c *compilingConn) statement(ctx context.Context, query string) (*statement, error) {
	if len(query) > longestToCompile {
		return nil, nil
	}
	if s, ok := c.compiled.Get(query); ok {
		if s.busy {
			return nil, nil
		}
		return s, nil
	}
	inner, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := &statement{sqliteStatement: inner.(sqliteStatement)}
	c.compiled.Add(query, s)
	return s, nil
}

// sqliteStatement is what the driver's statements can do.
type sqliteStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type statement struct {
	sqliteStatement
	busy    bool // its rows are being read
	dropped bool
}

// drop closes a statement, at the latest when its rows have been read.
func (s *statement) drop() {
	if s.dropped = true; !s.busy {
		_ = s.Close()
	}
}

// sqliteRows is what the driver's rows can do. They also name a length for each column of text, which is none: GORM
// would take it for a change of the model, and copy the table at each migration.
type sqliteRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypeScanType
}

type rows struct {
	sqliteRows
	of *statement
}

// Close ends the reading, after which the statement can be used again.
func (r *rows) Close() error {
	err := r.sqliteRows.Close()
	if r.of.busy {
		r.of.busy = false
		if r.of.dropped {
			_ = r.of.Close()
		}
	}
	return err
}

// ColumnTypeScanType returns the type that a column's values are scanned into if the caller has none.
func (r *rows) ColumnTypeScanType(index int) reflect.Type {
	if t := r.sqliteRows.ColumnTypeScanType(index); t != nil {
		return t
	}
	return reflect.TypeFor[any]() // of a column that is NULL
}
