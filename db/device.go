package db

import (
	"context"
	"time"
)

// DeviceLink signs another device in once, after the one that made it has confirmed. Only the SHA-256 of its
// token is stored, and that of what the other device got for it.
type DeviceLink struct {
	ID        uint64    `gorm:"primaryKey"`
	TokenHash string    `gorm:"size:64;not null;uniqueIndex"` // hex
	Salt      string    `gorm:"size:32;not null"`             // with the session's token, it gives the link's token
	UserID    uint64    `gorm:"not null;index"`
	SessionID uint64    `gorm:"not null"`                          // which made it, and alone can confirm
	ClaimHash string    `gorm:"size:64;not null;default:'';index"` // hex; "" until a device has asked
	UserAgent string    `gorm:"size:255;not null;default:''"`      // of that device
	Confirmed bool      `gorm:"not null;default:false"`
	CreatedAt time.Time `gorm:"precision:6;not null"`
	ExpiresAt time.Time `gorm:"precision:6;not null;index"`
}

// ReplaceDeviceLink stores a link in place of those that the person has made before.
func (d *DB) ReplaceDeviceLink(ctx context.Context, l *DeviceLink) error {
	return d.Tx(ctx, func(tx *DB) error {
		l.ID = 0
		if err := tx.LockUser(ctx, l.UserID); err != nil {
			return err
		}
		if err := tx.DeleteDeviceLinks(ctx, l.UserID); err != nil {
			return err
		}
		return tx.create(ctx, l)
	})
}

// DeleteDeviceLinks deletes a person's links for other devices, also those that were confirmed.
func (d *DB) DeleteDeviceLinks(ctx context.Context, user uint64) error {
	return d.exec(ctx, "DELETE FROM device_links WHERE user_id = ?", user)
}

// DeviceLinkByID returns a link that a session has made, or ErrNotFound.
func (d *DB) DeviceLinkByID(ctx context.Context, id, session uint64) (DeviceLink, error) {
	return one[DeviceLink](d.in(ctx).Where("id = ? AND session_id = ?", id, session))
}

// DeviceLinkByHash returns the link with this token hash and its owner, or ErrNotFound.
func (d *DB) DeviceLinkByHash(ctx context.Context, hash string) (DeviceLink, User, error) {
	return both[DeviceLink, User](d.in(ctx), "device_links a JOIN users b ON b.id = a.user_id WHERE a.token_hash = ?", hash)
}

// DeviceLinkByClaim returns the link with this claim hash, and its owner, or ErrNotFound.
func (d *DB) DeviceLinkByClaim(ctx context.Context, hash string) (DeviceLink, User, error) {
	return both[DeviceLink, User](d.in(ctx), "device_links a JOIN users b ON b.id = a.user_id WHERE a.claim_hash = ?", hash)
}

// ClaimDeviceLink notes which device asks, and reports whether it is the first.
func (d *DB) ClaimDeviceLink(ctx context.Context, id uint64, claim, userAgent string) (bool, error) {
	n, err := d.affect(ctx, "UPDATE device_links SET claim_hash = ?, user_agent = ? WHERE id = ? AND claim_hash = ''", claim, userAgent, id)
	return n > 0, err
}

// ConfirmDeviceLink lets in the device that has asked, and reports whether there was one that was not in yet.
func (d *DB) ConfirmDeviceLink(ctx context.Context, id, session uint64) (bool, error) {
	n, err := d.affect(ctx, "UPDATE device_links SET confirmed = ? WHERE id = ? AND session_id = ? AND claim_hash NOT IN ('', 'over') AND confirmed = ?", true, id, session, false)
	return n > 0, err
}

// endDevice makes a link one that has expired. Its row stays for a while, so that its page can say so.
const endDevice = "UPDATE device_links SET claim_hash = 'over', expires_at = created_at WHERE id = ? AND claim_hash <> 'over'"

// EndDeviceLink ends a link. It is not an error if it has ended.
func (d *DB) EndDeviceLink(ctx context.Context, id uint64) error {
	return d.exec(ctx, endDevice, id)
}

// UseDeviceLink ends a link that was confirmed by a session that has not ended, and reports whether it had not
// ended: only one of several at once gets it.
func (d *DB) UseDeviceLink(ctx context.Context, id uint64) (bool, error) {
	n, err := d.affect(ctx, endDevice+" AND confirmed = ? AND session_id IN (SELECT id FROM sessions)", id, true)
	return n > 0, err
}
