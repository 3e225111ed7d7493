package db

import (
	"context"
	"errors"
	"time"
)

// LinkKind is what a one-time link does.
type LinkKind string

// The kinds, as they are stored.
const (
	LinkReset   LinkKind = "reset"   // sets a new password; made by an administrator
	LinkMail    LinkKind = "mail"    // sets a new password; sent by e-mail
	LinkAddress LinkKind = "address" // confirms the address that it was sent to
)

// AccountLink is a one-time link. Only the SHA-256 of its token is stored.
type AccountLink struct {
	ID        uint64    `gorm:"primaryKey"`
	TokenHash string    `gorm:"size:64;not null;uniqueIndex"` // hex
	Kind      LinkKind  `gorm:"size:8;not null"`
	UserID    uint64    `gorm:"not null;index"`
	MakerID   uint64    `gorm:"not null;default:0"`           // the administrator
	Salt      string    `gorm:"size:32;not null;default:''"`  // with the maker's session token, it gives the link's token, until that was shown
	Address   string    `gorm:"size:254;not null;default:''"` // to be confirmed
	CreatedAt time.Time `gorm:"precision:6;not null"`
	ExpiresAt time.Time `gorm:"precision:6;not null;index"`
}

// MailAddress is where links for a forgotten password are sent. Its owner has confirmed it.
type MailAddress struct {
	UserID      uint64    `gorm:"primaryKey;autoIncrement:false"`
	Address     string    `gorm:"size:254;not null"`
	ConfirmedAt time.Time `gorm:"precision:6;not null"`
}

// ReplaceLink stores a link in place of those of the same kind and person, but for the newest that keep says.
func (d *DB) ReplaceLink(ctx context.Context, l *AccountLink, keep int) error {
	return d.Tx(ctx, func(tx *DB) error {
		l.ID = 0
		if err := tx.LockUser(ctx, l.UserID); err != nil {
			return err
		}
		var old []uint64
		err := tx.in(ctx).Model(&AccountLink{}).Where("user_id = ? AND kind = ?", l.UserID, l.Kind).
			Order("id DESC").Offset(keep).Limit(deleteBatch).Pluck("id", &old).Error
		if err != nil {
			return translate(err)
		}
		if len(old) > 0 {
			if err := tx.exec(ctx, "DELETE FROM account_links WHERE id IN ?", old); err != nil {
				return err
			}
		}
		return tx.create(ctx, l)
	})
}

// LinkByHash returns the link with this token hash and its owner, or ErrNotFound.
func (d *DB) LinkByHash(ctx context.Context, hash string) (AccountLink, User, error) {
	return both[AccountLink, User](d.in(ctx), "account_links a JOIN users b ON b.id = a.user_id WHERE a.token_hash = ?", hash)
}

// LinkByID returns a link and its owner, or ErrNotFound.
func (d *DB) LinkByID(ctx context.Context, id uint64) (AccountLink, User, error) {
	return both[AccountLink, User](d.in(ctx), "account_links a JOIN users b ON b.id = a.user_id WHERE a.id = ?", id)
}

// HideLink makes it impossible to show the token of a link again, and reports whether it was possible before.
func (d *DB) HideLink(ctx context.Context, id uint64) (bool, error) {
	n, err := d.affect(ctx, "UPDATE account_links SET salt = '' WHERE id = ? AND salt <> ''", id)
	return n > 0, err
}

// UseLink deletes a link, and reports whether it was there: only one of several at once gets it.
func (d *DB) UseLink(ctx context.Context, id uint64) (bool, error) {
	n, err := d.affect(ctx, "DELETE FROM account_links WHERE id = ?", id)
	return n > 0, err
}

// DeleteLinksOf deletes the links that could set another password for a person, and those that wait to confirm an
// address, to which such links would go.
func (d *DB) DeleteLinksOf(ctx context.Context, user uint64) error {
	return d.exec(ctx, "DELETE FROM account_links WHERE user_id = ?", user)
}

// DeleteExpiredLinks deletes the links that expired before now, for accounts and for other devices.
func (d *DB) DeleteExpiredLinks(ctx context.Context, now time.Time) error {
	return errors.Join(d.deleteExpired(ctx, "account_links", now), d.deleteExpired(ctx, "device_links", now))
}

// MailAddressOf returns a person's confirmed address, "" if there is none.
func (d *DB) MailAddressOf(ctx context.Context, user uint64) (string, error) {
	rows, err := all[MailAddress](d.in(ctx).Where("user_id = ?", user))
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].Address, nil
}

// SetMailAddress stores a person's confirmed address; "" removes it, with the links that were sent to it.
func (d *DB) SetMailAddress(ctx context.Context, user uint64, address string, now time.Time) error {
	return d.Tx(ctx, func(tx *DB) error {
		if err := tx.LockUser(ctx, user); err != nil {
			return err
		}
		for _, statement := range []string{"DELETE FROM mail_addresses WHERE user_id = ?", "DELETE FROM account_links WHERE user_id = ? AND kind IN ('mail', 'address')"} {
			if err := tx.exec(ctx, statement, user); err != nil {
				return err
			}
		}
		if address == "" {
			return nil
		}
		return tx.create(ctx, &MailAddress{UserID: user, Address: address, ConfirmedAt: now})
	})
}
