package db

import (
	"context"
	"time"
)

// User is an account.
type User struct {
	ID            uint64      `gorm:"primaryKey"`
	Username      string      `gorm:"size:32;not null;uniqueIndex"`                // the canonical key, [a-z0-9_.-]
	DisplayName   string      `gorm:"size:160;not null"`                           // what people read; never empty
	PasswordHash  string      `gorm:"size:128;not null"`                           // argon2id, encoded with its parameters
	PhotoID       uint64      `gorm:"not null;default:0"`                          // 0 is no photo
	TimeZone      string      `gorm:"size:64;not null"`                            // an IANA name; every time shown to this person
	HidesPresence bool        `gorm:"column:hides_here;not null;default:false"`    // from others, that a room is open
	HidesTyping   bool        `gorm:"column:hides_writing;not null;default:false"` // from others, that something is being written
	Language      string      `gorm:"size:16;not null;default:''"`                 // a code such as "de"; "" is as the browser asks
	ReadingMode   ReadingMode `gorm:"column:ladder;size:8;not null;default:''"`
	NewestFirst   bool        `gorm:"not null;default:false"` // on pages that stay as they are
	CreatedAt     time.Time   `gorm:"precision:6;not null"`
}

// ReadingMode is how a person's pages work without scripts.
type ReadingMode string

// The reading modes, as they are stored.
const (
	ReadingLive  ReadingMode = ""      // messages appear as they are posted
	ReadingWait  ReadingMode = "wait"  // the page reloads when there is something new
	ReadingPlain ReadingMode = "plain" // the page stays as it is until it is loaded again
)

// String returns the mode's name in forms and addresses: "live", "wait" or "plain".
func (m ReadingMode) String() string {
	switch m {
	case ReadingWait, ReadingPlain:
		return string(m)
	}
	return "live"
}

// CreateUser stores a new account and sets its ID. ErrDuplicate means that the name is taken.
func (d *DB) CreateUser(ctx context.Context, u *User) error {
	return d.create(ctx, u)
}

// UserByID answers ErrNotFound when there is no such account.
func (d *DB) UserByID(ctx context.Context, id uint64) (User, error) {
	return one[User](d.in(ctx).Where("id = ?", id))
}

// UserByName looks up the canonical key; ErrNotFound when there is no such account.
func (d *DB) UserByName(ctx context.Context, username string) (User, error) {
	return one[User](d.in(ctx).Where("username = ?", username))
}

// UsersByID maps the ids that exist to their accounts, 500 a query.
func (d *DB) UsersByID(ctx context.Context, ids []uint64) (map[uint64]User, error) {
	found := make(map[uint64]User, len(ids))
	for batch := range chunks(ids, 500) {
		rows, err := all[User](d.in(ctx).Where("id IN ?", batch))
		if err != nil {
			return nil, err
		}
		for _, u := range rows {
			found[u.ID] = u
		}
	}
	return found, nil
}

// SetProfile changes what a person says about themselves.
func (d *DB) SetProfile(ctx context.Context, user uint64, displayName, timeZone, language string) error {
	return d.exec(ctx, "UPDATE users SET display_name = ?, time_zone = ?, language = ? WHERE id = ?", displayName, timeZone, language, user)
}

// SetPresenceVisibility stores whether others may see that a person has a room open, and writes.
func (d *DB) SetPresenceVisibility(ctx context.Context, user uint64, here, writing bool) error {
	return d.exec(ctx, "UPDATE users SET hides_here = ?, hides_writing = ? WHERE id = ?", !here, !writing, user)
}

// SetReadingMode stores how a person's pages work without scripts, and where their newest messages stand.
func (d *DB) SetReadingMode(ctx context.Context, user uint64, mode ReadingMode, newestFirst bool) error {
	return d.exec(ctx, "UPDATE users SET ladder = ?, newest_first = ? WHERE id = ?", mode, newestFirst, user)
}

// SetUserPhoto points the profile at an uploaded photo.
func (d *DB) SetUserPhoto(ctx context.Context, user, photo uint64) error {
	return d.exec(ctx, "UPDATE users SET photo_id = ? WHERE id = ?", photo, user)
}

// SetPasswordHash replaces the stored hash.
func (d *DB) SetPasswordHash(ctx context.Context, user uint64, hash string) error {
	return d.exec(ctx, "UPDATE users SET password_hash = ? WHERE id = ?", hash, user)
}

// ReplacePasswordHash is SetPasswordHash if the stored hash is still the old one, and tells
// whether it was.
func (d *DB) ReplacePasswordHash(ctx context.Context, user uint64, old, hash string) (bool, error) {
	n, err := d.affect(ctx, "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?", hash, user, old)
	return n > 0, err
}
