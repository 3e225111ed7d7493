package db

import (
	"context"
	"time"
)

// SecondFactor is the app that makes somebody's one-time codes (TOTP, RFC 6238). Its secret has to be read to
// check a code, so it cannot be stored as a hash: T61 in docs/threats.md.
type SecondFactor struct {
	UserID    uint64    `gorm:"primaryKey;autoIncrement:false"`
	Secret    string    `gorm:"size:64;not null"` // base32
	LastStep  uint64    `gorm:"not null"`         // of the newest code that was accepted; older ones are refused
	CreatedAt time.Time `gorm:"precision:6;not null"`
}

// SecondFactorOf returns a person's second factor, or ErrNotFound.
func (d *DB) SecondFactorOf(ctx context.Context, user uint64) (SecondFactor, error) {
	return one[SecondFactor](d.in(ctx).Where("user_id = ?", user))
}

// HasSecondFactor reports whether a person has one.
func (d *DB) HasSecondFactor(ctx context.Context, user uint64) (bool, error) {
	rows, err := all[SecondFactor](d.in(ctx).Where("user_id = ?", user))
	return len(rows) > 0, err
}

// CreateSecondFactor stores a person's second factor. It returns ErrDuplicate if they have one.
func (d *DB) CreateSecondFactor(ctx context.Context, f *SecondFactor) error {
	return d.create(ctx, f)
}

// UseStep remembers that the code of a step was accepted, and reports whether it may be: one that was accepted
// before, or is older than one that was, may not. It is true for only one of several callers with the same code.
func (d *DB) UseStep(ctx context.Context, user, step uint64) (bool, error) {
	n, err := d.affect(ctx, "UPDATE second_factors SET last_step = ? WHERE user_id = ? AND last_step < ?", step, user, step)
	return n > 0, err
}

// DeleteSecondFactor deletes a person's second factor. It is not an error if there is none.
func (d *DB) DeleteSecondFactor(ctx context.Context, user uint64) error {
	return d.exec(ctx, "DELETE FROM second_factors WHERE user_id = ?", user)
}
