package db

import (
	"context"
	"time"
)

// Passkey is a key with which somebody signs in. The private half never leaves their device.
type Passkey struct {
	ID        uint64     `gorm:"primaryKey"`
	UserID    uint64     `gorm:"not null;index"`
	Name      string     `gorm:"size:160;not null"`            // for its owner
	KeyHash   string     `gorm:"size:64;not null;uniqueIndex"` // SHA-256 of the credential's id, hex
	Key       string     `gorm:"column:credential;type:text;not null"`
	Count     uint32     `gorm:"column:sign_count;not null"` // how often it was used, as it says itself; 0 if it does not count
	CreatedAt time.Time  `gorm:"precision:6;not null"`
	UsedAt    *time.Time `gorm:"precision:6"`
}

// AddPasskey stores a passkey, unless its owner has limit of them: then added is false. It returns ErrDuplicate if
// somebody has it already.
func (d *DB) AddPasskey(ctx context.Context, p *Passkey, limit int) (added bool, err error) {
	err = d.Tx(ctx, func(tx *DB) error {
		p.ID, added = 0, false
		if err := tx.LockUser(ctx, p.UserID); err != nil {
			return err
		}
		var n int64
		if err := tx.in(ctx).Model(&Passkey{}).Where("user_id = ?", p.UserID).Count(&n).Error; err != nil || int(n) >= limit {
			return translate(err)
		}
		added = true
		return tx.create(ctx, p)
	})
	return added && err == nil, err
}

// PasskeysOf lists a person's passkeys, oldest first.
func (d *DB) PasskeysOf(ctx context.Context, user uint64) ([]Passkey, error) {
	return all[Passkey](d.in(ctx).Where("user_id = ?", user).Order("id"))
}

// RenamePasskey renames one of a person's passkeys, and reports whether it is theirs.
func (d *DB) RenamePasskey(ctx context.Context, user, id uint64, name string) (bool, error) {
	rows, err := all[Passkey](d.in(ctx).Where("id = ? AND user_id = ?", id, user))
	if err != nil || len(rows) == 0 {
		return false, err
	}
	return true, d.exec(ctx, "UPDATE passkeys SET name = ? WHERE id = ? AND user_id = ?", name, id, user)
}

// UsePasskey stores what a passkey was after its use, and reports whether it still exists and its count has gone
// up: if two devices have a copy of one passkey, one is behind.
func (d *DB) UsePasskey(ctx context.Context, p Passkey) (bool, error) {
	n, err := d.affect(ctx, "UPDATE passkeys SET credential = ?, sign_count = ?, used_at = ? WHERE id = ? AND user_id = ? "+
		"AND (sign_count < ? OR sign_count = 0 AND ? = 0)", p.Key, p.Count, p.UsedAt, p.ID, p.UserID, p.Count, p.Count)
	return n > 0, err
}

// DeletePasskey deletes one of a person's passkeys, and reports whether it was theirs.
func (d *DB) DeletePasskey(ctx context.Context, user, id uint64) (bool, error) {
	n, err := d.affect(ctx, "DELETE FROM passkeys WHERE id = ? AND user_id = ?", id, user)
	return n > 0, err
}
