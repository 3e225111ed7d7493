package db

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Server returns the database server's name and version, and the time on its clock.
func (d *DB) Server(ctx context.Context) (name string, now time.Time, err error) {
	var row struct {
		Version string
		Now     time.Time
	}
	if d.sqlite {
		err = d.in(ctx).Raw("SELECT sqlite_version()").Scan(&row.Version).Error
		return "SQLite " + row.Version, time.Now(), translate(err)
	}
	err = d.in(ctx).Raw("SELECT VERSION() AS version, UTC_TIMESTAMP(6) AS now").Scan(&row).Error
	return row.Version, row.Now, translate(err)
}

// FreeSpace returns the bytes that are left on the disk of a SQLite file. For another database it is unknown.
func (d *DB) FreeSpace() (bytes uint64, err error) {
	if !d.sqlite {
		return 0, fmt.Errorf("db: %w", errors.ErrUnsupported)
	}
	return freeSpace(d.file)
}
