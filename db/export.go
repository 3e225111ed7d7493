package db

import (
	"context"
	"time"
)

// Export is a download of somebody's data that is under way. There is one row for a person, so that only one
// runs, whichever process it is in. A process that has died no longer renews it, and it expires.
type Export struct {
	UserID    uint64    `gorm:"primaryKey;autoIncrement:false"`
	Token     string    `gorm:"size:32;not null"` // of the process that writes it
	ExpiresAt time.Time `gorm:"precision:6;not null"`
}

// TakeExport makes an export the one of a person, unless another has not expired. It reports whether it did.
func (d *DB) TakeExport(ctx context.Context, user uint64, token string, now, expires time.Time) (bool, error) {
	if err := d.createIfNone(ctx, &Export{UserID: user, ExpiresAt: time.Unix(0, 0).UTC()}); err != nil {
		return false, err
	}
	n, err := d.affect(ctx, "UPDATE exports SET token = ?, expires_at = ? WHERE user_id = ? AND expires_at <= ?", token, expires, user, now)
	return n > 0, err
}

// RenewExport makes an export last longer, and reports whether it is still the person's.
func (d *DB) RenewExport(ctx context.Context, user uint64, token string, expires time.Time) (bool, error) {
	n, err := d.affect(ctx, "UPDATE exports SET expires_at = ? WHERE user_id = ? AND token = ?", expires, user, token)
	return n > 0, err
}

// EndExport lets the next one begin.
func (d *DB) EndExport(ctx context.Context, user uint64, token string) error {
	return d.exec(ctx, "DELETE FROM exports WHERE user_id = ? AND token = ?", user, token)
}
