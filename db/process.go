package db

import (
	"context"
	"time"
)

// Process is a Parley process that uses this database. Its times come from the database's clock,
// because the clocks of the machines may differ.
type Process struct {
	ID     string    `gorm:"primaryKey;size:32"`
	HasBus bool      `gorm:"not null"` // it reaches the others over Redis
	SeenAt time.Time `gorm:"precision:6;not null;index"`
}

// processTTL is the number of seconds after its last heartbeat for which a process counts as alive.
const processTTL = 20

// Heartbeat records that a process is alive. It returns the number of others that are alive, and the number of
// all of them that have no bus. SQLite has no others: its lock file keeps them out.
func (d *DB) Heartbeat(ctx context.Context, id string, hasBus bool) (others, withoutBus int, err error) {
	if d.sqlite {
		return 0, 0, nil
	}
	if err := d.createIfNone(ctx, &Process{ID: id, HasBus: hasBus, SeenAt: time.Unix(0, 0).UTC()}); err != nil {
		return 0, 0, err
	}
	if err := d.exec(ctx, "UPDATE processes SET has_bus = ?, seen_at = UTC_TIMESTAMP(6) WHERE id = ?", hasBus, id); err != nil {
		return 0, 0, err
	}
	rows, err := all[Process](d.in(ctx).Where("seen_at > UTC_TIMESTAMP(6) - INTERVAL ? SECOND", processTTL))
	for _, p := range rows {
		if p.ID != id {
			others++
		}
		if !p.HasBus {
			withoutBus++
		}
	}
	return others, withoutBus, err
}

// Processes returns the number of processes that are alive on a MySQL database.
func (d *DB) Processes(ctx context.Context) (int64, error) {
	var n int64
	err := d.in(ctx).Model(&Process{}).Where("seen_at > UTC_TIMESTAMP(6) - INTERVAL ? SECOND", processTTL).Count(&n).Error
	return n, translate(err)
}

// ForgetProcess removes a process that has ended, and those that died long ago.
func (d *DB) ForgetProcess(ctx context.Context, id string) error {
	if d.sqlite {
		return nil
	}
	return d.exec(ctx, "DELETE FROM processes WHERE id = ? OR seen_at < UTC_TIMESTAMP(6) - INTERVAL 1 DAY", id)
}
