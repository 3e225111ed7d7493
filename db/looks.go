package db

import (
	"context"
	"time"
)

// looksRow is the counter of all changes of how people look, of their names and photos, and of who blocks whom. No log of a
// room records those.
const looksRow = "looks"

// looks counts these changes. A caller that has read how people look, and reads this again later, can check whether
// that is still current.
const (
	looksNow = "COALESCE((SELECT n FROM counters WHERE name = '" + looksRow + "'), 0)"
	looks    = looksNow + " AS looks"
)

// changeLook changes how somebody looks, and counts that.
func (d *DB) changeLook(ctx context.Context, statement string, values ...any) error {
	return d.Tx(ctx, func(tx *DB) error {
		if err := tx.exec(ctx, statement, values...); err != nil {
			return err
		}
		return tx.countLook(ctx)
	})
}

// countLook counts a change, in the transaction that makes it.
func (d *DB) countLook(ctx context.Context) error {
	never := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC) // so that it is never tidied away
	exists := "ON DUPLICATE KEY UPDATE"
	if d.sqlite {
		exists = "ON CONFLICT (name) DO UPDATE SET"
	}
	return d.exec(ctx, "INSERT INTO counters (name, n, ends_at) VALUES (?, 1, ?) "+exists+" n = n + 1", looksRow, never)
}
