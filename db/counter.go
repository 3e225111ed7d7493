package db

import (
	"context"
	"fmt"
	"time"
)

// Counter is how often something happened in one fixed window of time. Counting in the
// database makes a limit hold over all processes, and over a restart.
type Counter struct {
	Name   string    `gorm:"primaryKey;size:160"` // what is counted, with the window's number
	N      int       `gorm:"not null"`
	EndsAt time.Time `gorm:"precision:6;not null;index"`
}

func counterName(key string, window time.Duration, now time.Time) (string, time.Time) {
	n := now.UnixNano() / int64(window)
	return fmt.Sprintf("%s/%d", key, n), time.Unix(0, (n+1)*int64(window)).UTC()
}

// CountUp adds one to the key's count in the current window and answers the new count.
func (d *DB) CountUp(ctx context.Context, key string, window time.Duration, now time.Time) (n int, err error) {
	name, ends := counterName(key, window, now)
	err = d.Tx(ctx, func(tx *DB) error {
		if err := tx.createIfNone(ctx, &Counter{Name: name, EndsAt: ends}); err != nil {
			return err
		}
		if err := tx.exec(ctx, "UPDATE counters SET n = n + 1 WHERE name = ?", name); err != nil {
			return err
		}
		c, err := one[Counter](tx.in(ctx).Where("name = ?", name))
		n = c.N
		return err
	})
	return n, err
}

// CountDown takes one Hit of the same window back.
func (d *DB) CountDown(ctx context.Context, key string, window time.Duration, now time.Time) error {
	name, _ := counterName(key, window, now)
	return d.exec(ctx, "UPDATE counters SET n = n - 1 WHERE name = ? AND n > 0", name)
}

// CountIn reads the key's count in the current window.
func (d *DB) CountIn(ctx context.Context, key string, window time.Duration, now time.Time) (int, error) {
	name, _ := counterName(key, window, now)
	rows, err := all[Counter](d.in(ctx).Where("name = ?", name))
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return rows[0].N, nil
}

// DeleteOldCounters forgets the windows that are over.
func (d *DB) DeleteOldCounters(ctx context.Context, now time.Time) error {
	return d.exec(ctx, "DELETE FROM counters WHERE ends_at < ?", now)
}
