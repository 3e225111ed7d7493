package db

import (
	"context"
	"slices"
	"time"
)

// User is an account.
type User struct {
	ID            uint64        `gorm:"primaryKey"`
	Username      string        `gorm:"size:32;not null;uniqueIndex"`                // in its canonical form, [a-z0-9_.-]
	DisplayName   string        `gorm:"size:160;not null"`                           // never empty, but for a deleted account
	PasswordHash  string        `gorm:"size:128;not null"`                           // argon2id, encoded with its parameters
	PhotoID       uint64        `gorm:"not null;default:0"`                          // 0 if none
	TimeZone      string        `gorm:"size:64;not null"`                            // IANA name; for every time shown to this person
	HidesPresence bool          `gorm:"column:hides_here;not null;default:false"`    // hides from others that a room is open
	HidesTyping   bool          `gorm:"column:hides_writing;not null;default:false"` // hides from others that something is being typed
	Language      string        `gorm:"size:16;not null;default:''"`                 // a code such as "de", or "" to follow the browser
	ReadingMode   ReadingMode   `gorm:"column:ladder;size:8;not null;default:''"`
	NewestFirst   bool          `gorm:"not null;default:false"`         // on pages that do not update by themselves
	Notifications Notifications `gorm:"embedded;embeddedPrefix:calls_"` // the columns have an older name
	IsAdmin       bool          `gorm:"not null;default:false"`         // runs the server
	IsSuspended   bool          `gorm:"not null;default:false"`         // cannot sign in
	SeenAt        *time.Time    `gorm:"precision:6"`                    // when a session was last used, to a few minutes; nil if never
	CreatedAt     time.Time     `gorm:"precision:6;not null"`

	DeleteAt       *time.Time `gorm:"precision:6;index"`      // when the account is to be deleted, or was and something is left to do
	DeleteMessages bool       `gorm:"not null;default:false"` // with its messages
	IsDeleted      bool       `gorm:"not null;default:false"` // nothing of the person is left here, and the row remains for what they have left
	// Waits is odd only while Waiting is zero for this person. What adds to that makes it even in the same transaction, and
	// SettleWaiting makes it odd again. Counting takes MariaDB longer than all the rest of a session's look-up. It grows
	// each time, because Galera only notices that two transactions change a row at once if both do.
	Waits uint64 `gorm:"not null;default:0"`

	// SharesName is set for a place where somebody else has a name like this one, so that the username has to be
	// shown beside it. It is not stored.
	SharesName bool `gorm:"-"`

	Notice AccountNotice `gorm:"embedded;embeddedPrefix:notice_"`
}

func (u *User) columns() columns[User] {
	return columns[User]{
		{"id", (*unsigned)(&u.ID)}, {"username", (*text)(&u.Username)}, {"display_name", (*text)(&u.DisplayName)},
		{"password_hash", (*text)(&u.PasswordHash)}, {"photo_id", (*unsigned)(&u.PhotoID)}, {"time_zone", (*text)(&u.TimeZone)},
		{"hides_here", (*flag)(&u.HidesPresence)}, {"hides_writing", (*flag)(&u.HidesTyping)}, {"language", (*text)(&u.Language)},
		{"ladder", (*text)(&u.ReadingMode)}, {"newest_first", (*flag)(&u.NewestFirst)}, {"calls_notify", (*flag)(&u.Notifications.Desktop)},
		{"calls_sound", (*flag)(&u.Notifications.Sound)}, {"is_admin", (*flag)(&u.IsAdmin)}, {"is_suspended", (*flag)(&u.IsSuspended)}, {"seen_at", &u.SeenAt},
		{"created_at", (*moment)(&u.CreatedAt)}, {"delete_at", &u.DeleteAt}, {"delete_messages", (*flag)(&u.DeleteMessages)},
		{"is_deleted", (*flag)(&u.IsDeleted)}, {"waits", (*unsigned)(&u.Waits)}, {"notice_way", (*text)(&u.Notice.Way)}, {"notice_at", &u.Notice.At},
	}
}

// Notifications is how a person wants to be notified when they are not looking.
type Notifications struct {
	Desktop bool `gorm:"column:notify;not null;default:false"`
	Sound   bool `gorm:"not null;default:false"`
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

// NothingWaits reports whether it is known that nothing waits for this person; if not, it has to be counted.
func (u *User) NothingWaits() bool { return u.Waits%2 == 1 }

// CreateUser stores a new account and sets its ID. It returns ErrDuplicate if the username is taken.
func (d *DB) CreateUser(ctx context.Context, u *User) error {
	u.Waits = 1
	return d.create(ctx, u)
}

// UserByID returns an account, or ErrNotFound.
func (d *DB) UserByID(ctx context.Context, id uint64) (User, error) {
	return one[User](d.in(ctx).Where("id = ?", id))
}

// UserByName returns the account with this canonical username, or ErrNotFound. Deleted accounts have none.
func (d *DB) UserByName(ctx context.Context, username string) (User, error) {
	return one[User](d.in(ctx).Where("username = ? AND is_deleted = ?", username, false))
}

// UsersByName maps those of the canonical usernames that exist to their accounts, 500 per query.
func (d *DB) UsersByName(ctx context.Context, usernames []string) (map[string]User, error) {
	found := make(map[string]User, len(usernames))
	for batch := range slices.Chunk(usernames, 500) {
		rows, err := all[User](d.in(ctx).Where("username IN ? AND is_deleted = ?", batch, false))
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
	for batch := range slices.Chunk(ids, 500) {
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

// IsEmpty reports whether there has never been an account.
func (d *DB) IsEmpty(ctx context.Context) (bool, error) {
	var ids []uint64
	err := d.in(ctx).Model(&User{}).Limit(1).Pluck("id", &ids).Error
	return len(ids) == 0, translate(err)
}

// SetProfile stores a person's display name, time zone and language.
func (d *DB) SetProfile(ctx context.Context, user uint64, displayName, timeZone, language string) error {
	return d.changeLook(ctx, "UPDATE users SET display_name = ?, time_zone = ?, language = ? WHERE id = ?", displayName, timeZone, language, user)
}

// SetLocale stores a person's time zone and language.
func (d *DB) SetLocale(ctx context.Context, user uint64, timeZone, language string) error {
	return d.exec(ctx, "UPDATE users SET time_zone = ?, language = ? WHERE id = ?", timeZone, language, user)
}

// SetPresenceVisibility stores whether others may see that a person has a room open, and is typing.
func (d *DB) SetPresenceVisibility(ctx context.Context, user uint64, presence, typing bool) error {
	return d.exec(ctx, "UPDATE users SET hides_here = ?, hides_writing = ? WHERE id = ?", !presence, !typing, user)
}

// SetNotifications stores how a person wants to be notified.
func (d *DB) SetNotifications(ctx context.Context, user uint64, n Notifications) error {
	return d.exec(ctx, "UPDATE users SET calls_notify = ?, calls_sound = ? WHERE id = ?", n.Desktop, n.Sound, user)
}

// SetReadingMode stores how a person's pages work without scripts, and whether the newest message comes first.
func (d *DB) SetReadingMode(ctx context.Context, user uint64, mode ReadingMode, newestFirst bool) error {
	return d.exec(ctx, "UPDATE users SET ladder = ?, newest_first = ? WHERE id = ?", mode, newestFirst, user)
}

// SetUserPhoto makes an uploaded photo a person's avatar; 0 removes it. If it is that already, nobody looks different.
func (d *DB) SetUserPhoto(ctx context.Context, user, photo uint64) error {
	return d.Tx(ctx, func(tx *DB) error {
		changed, err := tx.affect(ctx, "UPDATE users SET photo_id = ? WHERE id = ? AND photo_id <> ?", photo, user, photo)
		if err != nil || changed == 0 {
			return err
		}
		return tx.countLook(ctx)
	})
}

// SetPasswordHash replaces the stored hash, and ends the sign-ins that the old password has begun.
func (d *DB) SetPasswordHash(ctx context.Context, user uint64, hash string) error {
	return d.Tx(ctx, func(tx *DB) error {
		if err := tx.exec(ctx, "UPDATE users SET password_hash = ? WHERE id = ?", hash, user); err != nil {
			return err
		}
		return tx.DeleteChallengesOf(ctx, user)
	})
}

// ReplacePasswordHash replaces the stored hash only if it is still old, and reports whether it was.
func (d *DB) ReplacePasswordHash(ctx context.Context, user uint64, old, hash string) (bool, error) {
	n, err := d.affect(ctx, "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?", hash, user, old)
	return n > 0, err
}
