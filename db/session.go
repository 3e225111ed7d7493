package db

import (
	"context"
	"slices"
	"time"
)

// Session is one signed-in browser. Only the SHA-256 of its token is stored.
type Session struct {
	ID        uint64    `gorm:"primaryKey"`
	TokenHash string    `gorm:"size:64;not null;uniqueIndex"` // hex
	UserID    uint64    `gorm:"not null;index"`
	UserAgent string    `gorm:"size:255;not null"`
	CreatedAt time.Time `gorm:"precision:6;not null"`
	SeenAt    time.Time `gorm:"precision:6;not null"`
	ExpiresAt time.Time `gorm:"precision:6;not null;index"`
	ByPasskey bool      `gorm:"not null;default:false"` // it was begun with a passkey, which is two factors in one

	// What a provider of single sign-on has vouched for.
	IdentityID uint64     `gorm:"not null;default:0;index"`                          // of which identity; 0 if none
	SIDHash    string     `gorm:"column:sid_hash;size:64;not null;default:'';index"` // SHA-256 of the provider's own session, hex; "" if it has none
	VouchedAt  *time.Time `gorm:"precision:6"`                                       // when it last did
}

func (s *Session) columns() columns[Session] {
	return columns[Session]{
		{"id", (*unsigned)(&s.ID)}, {"token_hash", (*text)(&s.TokenHash)}, {"user_id", (*unsigned)(&s.UserID)}, {"user_agent", (*text)(&s.UserAgent)},
		{"created_at", (*moment)(&s.CreatedAt)}, {"seen_at", (*moment)(&s.SeenAt)}, {"expires_at", (*moment)(&s.ExpiresAt)},
		{"by_passkey", (*flag)(&s.ByPasskey)}, {"identity_id", (*unsigned)(&s.IdentityID)}, {"sid_hash", (*text)(&s.SIDHash)}, {"vouched_at", &s.VouchedAt},
	}
}

// CreateSession stores a new session and sets its ID.
func (d *DB) CreateSession(ctx context.Context, s *Session) error {
	return d.create(ctx, s)
}

// SignedIn is a session and its owner.
type SignedIn struct {
	Session Session
	User    User
	Waiting Waiting // for them, from ReadersByHash and EntrantsByHash
}

func (s *SignedIn) columns() columns[SignedIn] {
	return append(prefixed("s_", s.Session.columns()), prefixed("u_", s.User.columns())...)
}

var signedIn = columnsOf[Session]("s") + ", " + columnsOf[User]("u")

// SessionsByHash returns the sessions with these token hashes, keyed by hash. hashes has at most BatchSize.
func (d *DB) SessionsByHash(ctx context.Context, hashes []string) (map[string]SignedIn, error) {
	rows, err := all[SignedIn](d.query(ctx, "SELECT "+signedIn+" FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash IN ?", padded(hashes)))
	found := make(map[string]SignedIn, len(rows))
	for _, r := range rows {
		found[r.Session.TokenHash] = r
	}
	return found, err
}

// ReadersByHash is SessionsByHash with what waits for the reader of a page.
func (d *DB) ReadersByHash(ctx context.Context, hashes []string) (map[string]SignedIn, error) {
	found, err := d.SessionsByHash(ctx, hashes)
	if err != nil {
		return nil, err
	}
	people := make([]User, 0, len(found))
	for _, in := range found {
		people = append(people, in.User)
	}
	waiting, err := d.waitingFor(ctx, people)
	for hash, in := range found {
		in.Waiting = waiting[in.User.ID]
		found[hash] = in
	}
	return found, err
}

// SessionsOf lists a person's sessions, most recently used first.
func (d *DB) SessionsOf(ctx context.Context, user uint64) ([]Session, error) {
	return all[Session](d.in(ctx).Where("user_id = ?", user).Order("seen_at DESC"))
}

// SessionsBeyond lists a person's sessions but for the n that were used last.
func (d *DB) SessionsBeyond(ctx context.Context, user uint64, n int) ([]uint64, error) {
	var ids []uint64
	err := d.in(ctx).Model(&Session{}).Where("user_id = ?", user).Order("seen_at DESC, id DESC").Offset(n).Limit(1000).Pluck("id", &ids).Error
	return ids, translate(err)
}

// TouchSession stores when a session and its user were last seen, and when the session expires.
func (d *DB) TouchSession(ctx context.Context, user, id uint64, seen, expires time.Time) error {
	if err := d.exec(ctx, "UPDATE sessions SET seen_at = ?, expires_at = ? WHERE id = ?", seen, expires, id); err != nil {
		return err
	}
	return d.SetSeen(ctx, user, seen)
}

// SetSeen stores when somebody was last seen.
func (d *DB) SetSeen(ctx context.Context, user uint64, seen time.Time) error {
	return d.exec(ctx, "UPDATE users SET seen_at = ? WHERE id = ?", seen, user)
}

// DeleteSession deletes one of that user's sessions. It is not an error if there is none.
func (d *DB) DeleteSession(ctx context.Context, user, id uint64) error {
	return d.exec(ctx, "DELETE FROM sessions WHERE id = ? AND user_id = ?", id, user)
}

// DeleteExpiredSessions deletes the sessions that expired before now.
func (d *DB) DeleteExpiredSessions(ctx context.Context, now time.Time) error {
	return d.deleteExpired(ctx, "sessions", now)
}

// deleteExpired deletes the rows of a table that expired before now, deleteBatch in a transaction.
func (d *DB) deleteExpired(ctx context.Context, table string, now time.Time) error {
	for {
		var ids []uint64
		err := d.in(ctx).Raw("SELECT id FROM "+table+" WHERE expires_at < ? LIMIT ?", now, deleteBatch).Scan(&ids).Error
		if err != nil || len(ids) == 0 {
			return translate(err)
		}
		if err := d.exec(ctx, "DELETE FROM "+table+" WHERE id IN ? AND expires_at < ?", ids, now); err != nil {
			return err
		}
	}
}

// LiveSessions returns the set of those sessions that exist and have not expired.
func (d *DB) LiveSessions(ctx context.Context, ids []uint64, now time.Time) (map[uint64]bool, error) {
	live := make(map[uint64]bool, len(ids))
	for batch := range slices.Chunk(ids, 500) {
		found, err := numbers(d.query(ctx, "SELECT id FROM sessions WHERE id IN ? AND expires_at > ?", batch, now))
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			live[id] = true
		}
	}
	return live, nil
}
