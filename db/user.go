package db

import (
	"context"
	"time"
)

// User is an account.
type User struct {
	ID            uint64      `gorm:"primaryKey"`
	Username      string      `gorm:"size:32;not null;uniqueIndex"`                // in its canonical form, [a-z0-9_.-]
	DisplayName   string      `gorm:"size:160;not null"`                           // never empty
	PasswordHash  string      `gorm:"size:128;not null"`                           // argon2id, encoded with its parameters
	PhotoID       uint64      `gorm:"not null;default:0"`                          // 0 if none
	TimeZone      string      `gorm:"size:64;not null"`                            // IANA name; for every time shown to this person
	HidesPresence bool        `gorm:"column:hides_here;not null;default:false"`    // hides from others that a room is open
	HidesTyping   bool        `gorm:"column:hides_writing;not null;default:false"` // hides from others that something is being typed
	Language      string      `gorm:"size:16;not null;default:''"`                 // a code such as "de", or "" to follow the browser
	ReadingMode   ReadingMode `gorm:"column:ladder;size:8;not null;default:''"`
	NewestFirst   bool        `gorm:"not null;default:false"` // on pages that do not update by themselves
	CreatedAt     time.Time   `gorm:"precision:6;not null"`
	// SharesName is set for a place where somebody else has a name like this one, so that the username has to
	// stand beside it. It is not stored.
	SharesName bool `gorm:"-"`
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

// CreateUser stores a new account and sets its ID. It returns ErrDuplicate if the username is taken.
func (d *DB) CreateUser(ctx context.Context, u *User) error {
	return d.create(ctx, u)
}

// UserByID returns an account, or ErrNotFound.
func (d *DB) UserByID(ctx context.Context, id uint64) (User, error) {
	return one[User](d.in(ctx).Where("id = ?", id))
}

// UserByName returns the account with this canonical username, or ErrNotFound.
func (d *DB) UserByName(ctx context.Context, username string) (User, error) {
	return one[User](d.in(ctx).Where("username = ?", username))
}

// UsersByName maps those of the canonical usernames that exist to their accounts, 500 per query.
func (d *DB) UsersByName(ctx context.Context, usernames []string) (map[string]User, error) {
	found := make(map[string]User, len(usernames))
	for batch := range chunks(usernames, 500) {
		rows, err := all[User](d.in(ctx).Where("username IN ?", batch))
		if err != nil {
			return nil, err
		}
		for _, u := range rows {
			found[u.Username] = u
		}
	}
	return found, nil
}

// UsersByID maps those of the ids that exist to their accounts, 500 per query.
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

// SetProfile stores a person's display name, time zone and language.
func (d *DB) SetProfile(ctx context.Context, user uint64, displayName, timeZone, language string) error {
	return d.exec(ctx, "UPDATE users SET display_name = ?, time_zone = ?, language = ? WHERE id = ?", displayName, timeZone, language, user)
}

// SetPresenceVisibility stores whether others may see that a person has a room open, and is typing.
func (d *DB) SetPresenceVisibility(ctx context.Context, user uint64, presence, typing bool) error {
	return d.exec(ctx, "UPDATE users SET hides_here = ?, hides_writing = ? WHERE id = ?", !presence, !typing, user)
}

// SetReadingMode stores how a person's pages work without scripts, and whether the newest message comes first.
func (d *DB) SetReadingMode(ctx context.Context, user uint64, mode ReadingMode, newestFirst bool) error {
	return d.exec(ctx, "UPDATE users SET ladder = ?, newest_first = ? WHERE id = ?", mode, newestFirst, user)
}

// SetUserPhoto makes an uploaded photo a person's avatar; 0 removes it.
func (d *DB) SetUserPhoto(ctx context.Context, user, photo uint64) error {
	return d.exec(ctx, "UPDATE users SET photo_id = ? WHERE id = ?", photo, user)
}

// SetPasswordHash replaces the stored hash.
func (d *DB) SetPasswordHash(ctx context.Context, user uint64, hash string) error {
	return d.exec(ctx, "UPDATE users SET password_hash = ? WHERE id = ?", hash, user)
}

// ReplacePasswordHash replaces the stored hash only if it is still old, and reports whether it was.
func (d *DB) ReplacePasswordHash(ctx context.Context, user uint64, old, hash string) (bool, error) {
	n, err := d.affect(ctx, "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?", hash, user, old)
	return n > 0, err
}
