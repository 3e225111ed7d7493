package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"testing"

	mysqldriver "github.com/go-sql-driver/mysql"

	"parley/e2e/rig"
)

// oneConnection opens a database with a single connection, and returns what counts its commands of a kind.
func oneConnection(t *testing.T, address string) (d *DB, commands func(kind string) int) {
	t.Helper()
	d = openMigrated(t, address)
	pool, err := d.gorm.DB()
	must(t, err)
	pool.SetMaxOpenConns(1)
	return d, func(kind string) (n int) {
		t.Helper()
		must(t, d.gorm.Raw("SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'Com_stmt_"+kind+"'").Row().Scan(&n))
		return n
	}
}

// TestPreparedQueries asks again and again: the second time a query is prepared, and that goes on when the table gets
// another column. The connection keeps no more of them than the limit.
func TestPreparedQueries(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	d, commands := oneConnection(t, rig.MySQL(t))
	u := createUsers(t, d, 1)[0]
	ask := func(d *DB) {
		t.Helper()
		got, err := d.UserByID(ctx, u.ID)
		must(t, err)
		equal(t, "the account", got, u)
	}
	prepared, executed, closed := commands("prepare"), commands("execute"), commands("close")
	for range 5 {
		ask(d)
	}
	equal(t, "prepared", commands("prepare")-prepared, 1)
	equal(t, "executed", commands("execute")-executed, 4)

	other := openAgain(t, d)
	must(t, other.exec(ctx, "ALTER TABLE users ADD COLUMN new_first int NOT NULL DEFAULT 7 FIRST, ADD COLUMN new_last text"))
	ask(d)
	must(t, other.exec(ctx, "ALTER TABLE users DROP COLUMN new_first, DROP COLUMN new_last"))
	ask(d)
	must(t, d.Tx(ctx, func(tx *DB) error {
		must(t, bump(ctx, tx, "k"))
		ask(tx)
		return nil
	}))

	for n := range maxPrepared + 10 {
		for range 2 {
			got, err := numbers(d.in(ctx).Raw(fmt.Sprintf("SELECT id + %d FROM users WHERE id = ?", n), u.ID))
			must(t, err)
			equal(t, "one of many queries", got[0], u.ID+uint64(n))
		}
	}
	equal(t, "closed", commands("close")-closed, 11)
	ask(d)
}

// TestQueriesAreNotPrepared on a server that refuses, nor where the question has ended.
func TestQueriesAreNotPrepared(t *testing.T) {
	s, name, run := onOwnServer(t)
	d, commands := oneConnection(t, "mysql://root@"+s.Addr+"/"+name)
	u := createUsers(t, d, 1)[0]
	run("SET GLOBAL max_prepared_stmt_count = 0")
	t.Cleanup(func() { run("SET GLOBAL max_prepared_stmt_count = 16382") })
	executed := commands("execute")
	for range 4 {
		got, err := d.UserByID(t.Context(), u.ID)
		must(t, err)
		equal(t, "the account", got, u)
	}
	equal(t, "executed", commands("execute")-executed, 0)
	run("SET GLOBAL max_prepared_stmt_count = 16382")
	ended, end := context.WithCancel(t.Context())
	end()
	pool, err := d.gorm.DB()
	must(t, err)
	conn, err := pool.Conn(t.Context())
	must(t, err)
	must(t, conn.Raw(func(c any) error {
		queries := c.(*watchedConn).queries
		for range 2 { // the second time it would be prepared
			_, err = queries.prepared(ended, "SELECT ? + 1")
		}
		wantError(t, "an ended question", err, context.Canceled)
		statement, err := queries.prepared(t.Context(), "SELECT ? + 1")
		if statement == nil {
			t.Error("it is not prepared any more")
		}
		return err
	}))
	must(t, conn.Close())
	_, err = d.SessionsOf(t.Context(), u.ID)
	must(t, err)
}

// undone is a connection whose transaction was undone by another node of Galera, which says so at the next command.
type undone struct{ number uint16 }

func (c undone) PrepareContext(context.Context, string) (driver.Stmt, error) {
	return nil, &mysqldriver.MySQLError{Number: c.number, Message: "from the server"}
}

// TestAnUndoneTransactionIsNoRefusal prepares in a transaction that is no more: whoever asks must learn that, or the
// rest of the transaction would be committed statement by statement.
func TestAnUndoneTransactionIsNoRefusal(t *testing.T) {
	t.Parallel()
	for number, refuses := range map[uint16]bool{1213: false, 1205: false, 1047: false, 1317: false, 1064: false, 1461: true, 1295: true} {
		queries, err := newPreparedQueries(undone{number})
		must(t, err)
		for range 2 { // the second time it is prepared
			_, err = queries.prepared(t.Context(), "SELECT ?")
		}
		var my *mysqldriver.MySQLError
		if errors.As(err, &my) == refuses {
			t.Errorf("%d: %v", number, err)
		}
	}
}
