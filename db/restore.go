package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// OpenRestored opens a database that an administrator has put back, to finish that with ChangeEpochs. It
// creates none: it returns an error if there is no such database, or no room in it, or if its file is
// damaged.
func OpenRestored(ctx context.Context, text string) (*DB, error) {
	a, err := parseAddress(text)
	var d *DB
	switch {
	case err != nil:
		return nil, fmt.Errorf("the database address %w", err)
	case a.mysql == nil:
		d, err = openSQLite(a.file, true)
	default:
		d, err = openMySQL(a)
	}
	if err != nil {
		return nil, err
	}
	if err := d.checkRestored(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s %w", Describe(text), err), d.Close())
	}
	return d, nil
}

func (d *DB) checkRestored(ctx context.Context) error {
	if d.sqlite {
		var found []string
		if err := d.in(ctx).Raw("PRAGMA quick_check(1)").Scan(&found).Error; err != nil {
			return fmt.Errorf("could not be checked: %w", translate(err))
		}
		if len(found) != 1 || found[0] != "ok" {
			return errors.New("is damaged: restore another copy")
		}
	}
	var rooms []uint64
	err := d.in(ctx).Raw("SELECT id FROM rooms LIMIT 1").Scan(&rooms).Error
	if err = translate(err); errors.Is(err, ErrUnavailable) {
		return fmt.Errorf("could not be read: %w", err)
	}
	if err != nil || len(rooms) == 0 { // without the table too
		return errors.New("has no rooms, so it can't be the one that you restored; nothing was changed")
	}
	return nil
}

// checkCopy refuses a file that has the log of another one beside it. SQLite can't tell: it would write
// pages of the database from before into the copy.
func checkCopy(path string) error {
	info, err := os.Stat(path + "-wal")
	if err != nil || info.Size() == 0 {
		return nil
	}
	return fmt.Errorf("%[1]s-wal lies beside %[1]s, and would mix the database from before into the copy. "+
		"Delete %[1]s-wal and %[1]s-shm and run this again. Only if you have restored %[1]s-wal together with %[1]s: "+
		"start Parley once and stop it, which merges the two, and then run this again", path)
}

// ChangeEpochs gives every room a new epoch, greater than any before, and returns the number of rooms.
// Once an older database is restored, seq continues from a number that open pages have passed.
func (d *DB) ChangeEpochs(ctx context.Context, now time.Time) (rooms int64, err error) {
	if d.openUnbounded != nil { // with many rooms this takes longer than the read timeout
		if d, err = d.openUnbounded(); err != nil {
			return 0, err
		}
		defer func() { _ = d.Close() }()
	}
	n := now.Unix()
	return d.affect(ctx, "UPDATE rooms SET epoch = CASE WHEN epoch >= ? THEN epoch + 1 ELSE ? END", n, n)
}
