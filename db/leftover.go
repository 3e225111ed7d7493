package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// ErrRestoring means that another process is restoring a backup into the database.
var ErrRestoring = errors.New("db: a backup is being restored into the database")

// Leftovers lists the files or tables that a killed restoration has left, or that belong to one that is running now.
// They hold messages, and nothing uses them.
func (d *DB) Leftovers(ctx context.Context) (names []string, err error) {
	if d.sqlite {
		for _, suffix := range sqliteFiles {
			if _, err := os.Stat(restoringPath(d.file) + suffix); err == nil {
				names = append(names, restoringPath(d.file)+suffix)
			}
		}
		return names, nil
	}
	for _, prefix := range []string{restoring, replaced} {
		there, err := d.oursWith(ctx, prefix)
		if err != nil {
			return nil, err
		}
		for _, name := range there {
			names = append(names, prefix+name)
		}
	}
	return names, nil
}

// RemoveLeftovers removes what a killed restoration has left, and returns what that was. It does not touch one that is
// running: on SQLite no server holds the file then, and on MySQL it has a lock. Where each node of a cluster has locks of its
// own nothing is removed, because the restoration may run on another one.
func (d *DB) RemoveLeftovers(ctx context.Context) (names []string, err error) {
	if d.sqlite {
		if names, err = d.Leftovers(ctx); err == nil && len(names) > 0 {
			err = removeSQLite(restoringPath(d.file))
		}
		return names, err
	}
	if names, err = d.Leftovers(ctx); err != nil || len(names) == 0 { // as nearly always
		return nil, err
	}
	shared, err := d.isGalera(ctx)
	if err != nil || shared {
		return nil, err
	}
	err = d.withNamedLock(ctx, "restore", 0, func(locked bool) error {
		if names = nil; !locked {
			return nil
		}
		list, err := d.Leftovers(ctx)
		for _, name := range list {
			if err == nil {
				err = d.exec(ctx, "DROP TABLE IF EXISTS "+name)
			}
		}
		names = list
		return err
	})
	if errors.Is(err, errNamedLock) {
		return nil, nil
	}
	return names, err
}

// restoringPath returns the path of the file that a backup is loaded into.
func restoringPath(path string) string { return path + "." + strings.TrimSuffix(restoring, "_") }

// tableNames lists all tables of ours, without the prefix that they may have.
func (d *DB) tableNames() (names []string, err error) {
	for _, model := range append(slices.Clone(models), &Posting{}) {
		statement := gorm.Statement{DB: d.gorm}
		if err := statement.Parse(model); err != nil {
			return nil, err
		}
		names = append(names, strings.TrimPrefix(statement.Schema.Table, restoring))
	}
	return names, nil
}

// isGalera reports whether the server is one of a Galera cluster.
func (d *DB) isGalera(ctx context.Context) (bool, error) {
	var is struct{ Value string }
	err := d.in(ctx).Raw("SHOW VARIABLES LIKE 'wsrep_on'").Scan(&is).Error // none on MySQL
	return is.Value == "ON", translate(err)
}

// errNamedLock means that another process had a named lock for all the time available.
var errNamedLock = errors.New("db: another process holds the lock")

// withNamedLock calls do while this process holds a named lock of the server, for which it waits up to this many
// seconds. Some clusters have no such locks: then locked is false.
func (d *DB) withNamedLock(ctx context.Context, name string, seconds int, do func(locked bool) error) error {
	return translate(d.in(ctx).Connection(func(conn *gorm.DB) error {
		lock := "CONCAT('parley-" + name + "-', MD5(DATABASE()))"
		var got int
		err := conn.Raw("SELECT GET_LOCK("+lock+", ?)", seconds).Scan(&got).Error
		switch {
		case isLockless(err):
			return do(false)
		case err != nil:
			return err
		case got != 1:
			return fmt.Errorf("%w %s", errNamedLock, name)
		}
		defer conn.WithContext(context.WithoutCancel(ctx)).Exec("SELECT RELEASE_LOCK(" + lock + ")")
		return do(true)
	}))
}
