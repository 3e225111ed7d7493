package db

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"
)

// ErrNoRowLocks means that the server loses changes of transactions that run at once, or cannot undo one. Limits would
// leak there, and messages vanish.
var ErrNoRowLocks = errors.New("this database does not keep transactions apart: Parley needs MySQL or MariaDB with InnoDB")

// checkLocks returns ErrNoRowLocks if a table of ours has an engine without transactions, or if two transactions that
// add to one row can both succeed and leave it as if there had been one.
func (d *DB) checkLocks(ctx context.Context) error {
	if err := d.checkEngines(ctx); err != nil {
		return err
	}
	return d.checkChanges(ctx)
}

func (d *DB) checkChanges(ctx context.Context) error {
	row := Counter{Name: "locks/" + rand.Text(), EndsAt: time.Now().UTC().Add(time.Hour)}
	if err := d.create(ctx, &row); err != nil {
		return err
	}
	defer func() { _ = d.exec(ctx, "DELETE FROM counters WHERE name = ?", row.Name) }() // otherwise it is tidied away in an hour
	var second error
	first := d.addOne(ctx, row.Name, func() {
		d.skipsLocked.Store(d.skips(ctx, row.Name))
		second = d.addOne(ctx, row.Name, func() {})
	})
	added := 0
	for _, err := range []error{first, second} {
		if err == nil {
			added++
		}
	}
	n, err := one[Counter](d.in(ctx).Where("name = ?", row.Name))
	if err == nil && n.N < added {
		err = ErrNoRowLocks
	}
	if err == nil && d.quick != nil && d.skipsLocked.Load() {
		err = d.useQuick(ctx, row.Name)
	}
	return err
}

// skips reports whether the server skips the row of a counter that another transaction has locked, and neither
// waits nor refuses.
func (d *DB) skips(ctx context.Context, name string) bool {
	var rows []int
	err := d.runTx(ctx, nil, func(tx *DB) error {
		return tx.in(ctx).Raw("SELECT n FROM counters WHERE name = ?"+skipLocked, name).Scan(&rows).Error
	})
	return err == nil && len(rows) == 0
}

// addOne adds 1 to a counter, and does something before it commits. It does not wait for others: their lock is an error.
func (d *DB) addOne(ctx context.Context, name string, before func()) error {
	return d.runTx(ctx, nil, func(tx *DB) error {
		var n int
		if err := tx.in(ctx).Raw("SELECT n FROM counters WHERE name = ? FOR UPDATE NOWAIT", name).Scan(&n).Error; err != nil {
			return err
		}
		if err := tx.exec(ctx, "UPDATE counters SET n = n + 1 WHERE name = ?", name); err != nil {
			return err
		}
		before()
		return nil
	})
}

func (d *DB) checkEngines(ctx context.Context) error {
	tables, err := d.Tables()
	if err != nil {
		return err
	}
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.Name
	}
	var wrong []struct{ Name, Engine string }
	err = d.in(ctx).Raw("SELECT t.TABLE_NAME AS name, t.ENGINE AS engine FROM information_schema.TABLES t JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE "+
		"WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME IN ? AND e.TRANSACTIONS <> 'YES' ORDER BY t.TABLE_NAME LIMIT 1", names).Scan(&wrong).Error
	if err == nil && len(wrong) > 0 {
		err = fmt.Errorf("%w (its table %s is in %s)", ErrNoRowLocks, wrong[0].Name, wrong[0].Engine)
	}
	return translate(err)
}
