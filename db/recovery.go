package db

import (
	"context"
	"time"
)

// NoticeWay is how a password was set without the old one, or what else happened to an account that its owner
// has to know.
type NoticeWay string

// The ways, as they are stored.
const (
	NoticeNone    NoticeWay = ""
	NoticeCode    NoticeWay = "code"    // the password was set with a recovery code
	NoticeLink    NoticeWay = "link"    // the password was set with an administrator's link
	NoticeMail    NoticeWay = "mail"    // the password was set with a link sent by e-mail
	NoticeAddress NoticeWay = "address" // links go to another address from now on
	NoticeOneStep NoticeWay = "onestep" // the second factor was turned off from the command line

	NoticeNoAddress  NoticeWay = "noaddress"  // the address was removed
	NoticeAppOn      NoticeWay = "appon"      // the second factor was turned on
	NoticeAppOff     NoticeWay = "appoff"     // the second factor was turned off by whoever was signed in
	NoticeKeyAdded   NoticeWay = "keyadded"   // a passkey was added
	NoticeKeyRemoved NoticeWay = "keyremoved" // a passkey was removed
	NoticeIDAdded    NoticeWay = "idadded"    // an identity at a provider was added
	NoticeIDRemoved  NoticeWay = "idremoved"  // an identity at a provider was removed
	NoticeCodesMade  NoticeWay = "codesmade"  // there are new recovery codes
)

// AccountNotice is about a person's account. Every page shows it until they dismiss it.
type AccountNotice struct {
	Way NoticeWay  `gorm:"size:16;not null;default:''"`
	At  *time.Time `gorm:"precision:6"`
}

// RecoveryCode sets a new password once. Only the SHA-256 of it and its owner is stored.
type RecoveryCode struct {
	ID     uint64 `gorm:"primaryKey"`
	UserID uint64 `gorm:"not null;uniqueIndex:of_recovery_code,priority:1"`
	Hash   string `gorm:"size:64;not null;uniqueIndex:of_recovery_code,priority:2"` // hex
}

// LockUser orders transactions about one account. It has to come first.
func (d *DB) LockUser(ctx context.Context, user uint64) error {
	return d.exec(ctx, "UPDATE users SET notice_way = notice_way WHERE id = ?", user)
}

// ReplaceRecoveryCodes stores the codes of a person in place of any earlier ones, and makes their pages say so.
func (d *DB) ReplaceRecoveryCodes(ctx context.Context, user uint64, hashes []string, at time.Time) error {
	return d.Tx(ctx, func(tx *DB) error {
		if err := tx.LockUser(ctx, user); err != nil {
			return err
		}
		if err := tx.exec(ctx, "DELETE FROM recovery_codes WHERE user_id = ?", user); err != nil {
			return err
		}
		rows := make([]RecoveryCode, len(hashes))
		for i, hash := range hashes {
			rows[i] = RecoveryCode{UserID: user, Hash: hash}
		}
		if err := tx.create(ctx, &rows); err != nil {
			return err
		}
		return tx.SetNotice(ctx, user, NoticeCodesMade, at)
	})
}

// HasRecoveryCode reports whether a person has this code left.
func (d *DB) HasRecoveryCode(ctx context.Context, user uint64, hash string) (bool, error) {
	rows, err := all[RecoveryCode](d.in(ctx).Where("user_id = ? AND hash = ?", user, hash))
	return len(rows) > 0, err
}

// UseRecoveryCode deletes a code, and reports whether it was there: only one of several at once gets it.
func (d *DB) UseRecoveryCode(ctx context.Context, user uint64, hash string) (bool, error) {
	n, err := d.affect(ctx, "DELETE FROM recovery_codes WHERE user_id = ? AND hash = ?", user, hash)
	return n > 0, err
}

// CountRecoveryCodes returns the number of codes that a person has left.
func (d *DB) CountRecoveryCodes(ctx context.Context, user uint64) (int, error) {
	var n int64
	err := d.in(ctx).Model(&RecoveryCode{}).Where("user_id = ?", user).Count(&n).Error
	return int(n), translate(err)
}

// SetNotice stores the notice of a person's account, in place of an earlier one.
func (d *DB) SetNotice(ctx context.Context, user uint64, way NoticeWay, at time.Time) error {
	return d.exec(ctx, "UPDATE users SET notice_way = ?, notice_at = ? WHERE id = ?", way, at, user)
}

// ClearNotice removes a notice, unless there is a newer one by now.
func (d *DB) ClearNotice(ctx context.Context, user uint64, at time.Time) error {
	return d.exec(ctx, "UPDATE users SET notice_way = '', notice_at = NULL WHERE id = ? AND notice_at = ?", user, at)
}

// DeleteRecovery deletes every way back into an account, and the address that links go to.
func (d *DB) DeleteRecovery(ctx context.Context, user uint64) error {
	return d.Tx(ctx, func(tx *DB) error {
		if err := tx.LockUser(ctx, user); err != nil {
			return err
		}
		for _, table := range []string{"recovery_codes", "account_links", "mail_addresses", "device_links"} {
			if err := tx.exec(ctx, "DELETE FROM "+table+" WHERE user_id = ?", user); err != nil {
				return err
			}
		}
		return tx.exec(ctx, "DELETE FROM account_links WHERE maker_id = ?", user) // which an administrator has made
	})
}
