package db

import (
	"context"
	"fmt"
	"time"
)

// Counter counts events in one fixed window of time. It is in the database so that a limit holds
// across all processes and restarts.
type Counter struct {
	Name   string    `gorm:"primaryKey;size:160"` // the key and the number of the window
	N      int       `gorm:"not null"`
	EndsAt time.Time `gorm:"precision:6;not null;index"`
}

func counterName(key string, window time.Duration, now time.Time) (string, time.Time) {
	n := now.UnixNano() / int64(window)
	return fmt.Sprintf("%s/%d", key, n), time.Unix(0, (n+1)*int64(window)).UTC()
}

// CountUp increments the key's count in the window of now and returns the new count.
func (d *DB) CountUp(ctx context.Context, key string, window time.Duration, now time.Time) (n int, err error) {
	return d.CountUpBy(ctx, key, 1, window, now)
}

// CountUpBy is CountUp for several events at once.
func (d *DB) CountUpBy(ctx context.Context, key string, by int, window time.Duration, now time.Time) (n int, err error) {
	name, ends := counterName(key, window, now)
	exists := " ON DUPLICATE KEY UPDATE"
	if d.sqlite {
		exists = " ON CONFLICT (name) DO UPDATE SET"
	}
	err = d.Tx(ctx, func(tx *DB) error {
		if err := tx.exec(ctx, "INSERT INTO counters (name, n, ends_at) VALUES (?, ?, ?)"+exists+" n = n + ?", name, by, ends, by); err != nil {
			return err
		}
		c, err := one[Counter](tx.in(ctx).Where("name = ?", name))
		n = c.N
		return err
	})
	return n, err
}

// CountDown undoes one CountUp in the same window.
func (d *DB) CountDown(ctx context.Context, key string, window time.Duration, now time.Time) error {
	name, _ := counterName(key, window, now)
	return d.exec(ctx, "UPDATE counters SET n = n - 1 WHERE name = ? AND n > 0", name)
}

// CountIn returns the key's count in the window of now.
func (d *DB) CountIn(ctx context.Context, key string, window time.Duration, now time.Time) (int, error) {
	name, _ := counterName(key, window, now)
	rows, err := all[Counter](d.in(ctx).Where("name = ?", name))
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return rows[0].N, nil
}

// DeleteOldCounters deletes the counters of windows that have ended, deleteBatch in a transaction.
func (d *DB) DeleteOldCounters(ctx context.Context, now time.Time) error {
	for {
		var names []string
		err := d.in(ctx).Raw("SELECT name FROM counters WHERE ends_at < ? LIMIT ?", now, deleteBatch).Scan(&names).Error
		if err != nil || len(names) == 0 {
			return translate(err)
		}
		// The window of a counter never changes, so none of them can have become current.
		if err := d.exec(ctx, "DELETE FROM counters WHERE name IN ?", names); err != nil {
			return err
		}
	}
}
