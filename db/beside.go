package db

import (
	"context"
	"errors"
	"fmt"
)

// ErrNoTables means that no server has ever run on a database.
var ErrNoTables = errors.New("there are no tables")

// OpenBeside opens an existing database for one short change, even while a server uses it. On SQLite, whose file one
// server holds, the change waits for the database's own lock and takes a few milliseconds; if no server does, or on MySQL,
// the tables are brought up to date first.
func OpenBeside(ctx context.Context, text string) (*DB, error) {
	d, alone, err := openBeside(text)
	if err != nil || !alone {
		return d, err
	}
	if err := d.CheckTables(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", Describe(text), err), d.Close())
	}
	if !d.in(ctx).Migrator().HasTable(&User{}) {
		return nil, errors.Join(fmt.Errorf("%w in %s", ErrNoTables, Describe(text)), d.Close())
	}
	if err := d.Migrate(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// OpenAsIs opens an existing database for inspection, even while a server uses it. It leaves the tables as they are. It
// returns ErrNoFile if there is no such SQLite file.
func OpenAsIs(text string) (*DB, error) {
	d, _, err := openBeside(text)
	return d, err
}

// openBeside also reports whether the tables may be brought up to date: on SQLite, whether no server holds the file.
func openBeside(text string) (d *DB, alone bool, err error) {
	a, err := parseAddress(text)
	if err != nil {
		return nil, false, fmt.Errorf("the database address %w", err)
	}
	if a.mysql != nil {
		d, err = openMySQL(a)
		return d, true, err
	}
	f, path, err := openFile(a.file, true)
	if err != nil {
		return nil, false, err
	}
	release, err := lockFile(path+".lock", f)
	alone = err == nil
	if errors.Is(err, ErrInUse) {
		release, err = func() error { return nil }, f.Close()
	}
	if err != nil {
		return nil, false, err
	}
	if d, err = openPools(path); err != nil {
		return nil, false, errors.Join(err, release())
	}
	pools := d.checkpoints
	d.release = func() error { return errors.Join(pools.Close(), release()) }
	return d, alone, nil
}
