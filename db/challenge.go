package db

import (
	"context"
	"time"
)

// Challenge is something that was begun by somebody who has yet to prove who they are, and ends in minutes: a
// sign-in that lacks its code, an app for codes or a passkey that is being set up or used.
type Challenge struct {
	ID        uint64    `gorm:"primaryKey"`
	Name      string    `gorm:"size:96;not null;uniqueIndex"` // what it is for, and the hash of its token or the session that it belongs to
	UserID    uint64    `gorm:"not null;index"`               // 0 while nobody knows who it is
	Data      string    `gorm:"type:text;not null"`
	CreatedAt time.Time `gorm:"precision:6;not null"`
	ExpiresAt time.Time `gorm:"precision:6;not null;index"`
}

// CreateChallenge stores a challenge under a name that nothing else has.
func (d *DB) CreateChallenge(ctx context.Context, c *Challenge) error {
	return d.create(ctx, c)
}

// ReplaceChallenge stores a challenge in place of the one with its name.
func (d *DB) ReplaceChallenge(ctx context.Context, c *Challenge) error {
	return d.Tx(ctx, func(tx *DB) error {
		if err := tx.exec(ctx, "DELETE FROM challenges WHERE name = ?", c.Name); err != nil {
			return err
		}
		c.ID = 0
		return tx.create(ctx, c)
	})
}

// ChallengeByName returns a challenge that has not expired, or ErrNotFound.
func (d *DB) ChallengeByName(ctx context.Context, name string, now time.Time) (Challenge, error) {
	return one[Challenge](d.in(ctx).Where("name = ? AND expires_at > ?", name, now))
}

// TakeChallenge deletes a challenge and reports whether it was there: only one of several callers gets it.
func (d *DB) TakeChallenge(ctx context.Context, id uint64) (bool, error) {
	n, err := d.affect(ctx, "DELETE FROM challenges WHERE id = ?", id)
	return n > 0, err
}

// DeleteChallengesOf deletes all challenges of a person.
func (d *DB) DeleteChallengesOf(ctx context.Context, user uint64) error {
	return d.exec(ctx, "DELETE FROM challenges WHERE user_id = ?", user)
}

// DeleteChallengesBeyond deletes a person's challenges except the n newest, at most deleteBatch of them.
func (d *DB) DeleteChallengesBeyond(ctx context.Context, user uint64, n int) error {
	var ids []uint64
	err := d.in(ctx).Model(&Challenge{}).Where("user_id = ?", user).Order("id DESC").Offset(n).Limit(deleteBatch).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return translate(err)
	}
	return d.exec(ctx, "DELETE FROM challenges WHERE id IN ?", ids)
}

// DeleteExpiredChallenges deletes the challenges that expired before now.
func (d *DB) DeleteExpiredChallenges(ctx context.Context, now time.Time) error {
	return d.deleteExpired(ctx, "challenges", now)
}
