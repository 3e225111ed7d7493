package db

import (
	"context"
	"errors"
	"fmt"
)

// OpenBeside opens a database that exists for one short change, while a server may be running on it. On SQLite,
// whose file one server holds, the change waits for the database's own lock and takes a few milliseconds; if no
// server does, or on MySQL, the tables are brought up to date first.
func OpenBeside(ctx context.Context, text string) (*DB, error) {
	a, err := parseAddress(text)
	if err != nil {
		return nil, fmt.Errorf("the database address %w", err)
	}
	if a.mysql != nil {
		d, err := openMySQL(a)
		if err != nil {
			return nil, err
		}
		return migrated(ctx, d)
	}
	f, path, err := openFile(a.file, true)
	if err != nil {
		return nil, err
	}
	release, err := lockFile(path+".lock", f)
	alone := err == nil
	if errors.Is(err, ErrInUse) {
		release, err = func() error { return nil }, f.Close()
	}
	if err != nil {
		return nil, err
	}
	d, err := openPools(path)
	if err != nil {
		return nil, errors.Join(err, release())
	}
	pools := d.checkpoints
	d.release = func() error { return errors.Join(pools.Close(), release()) }
	if !alone {
		return d, nil
	}
	return migrated(ctx, d)
}

func migrated(ctx context.Context, d *DB) (*DB, error) {
	if err := d.Migrate(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}
