package db

import (
	"context"
	"time"
)

// Identity is an account at an OpenID Connect provider with which somebody signs in.
type Identity struct {
	ID        uint64     `gorm:"primaryKey"`
	UserID    uint64     `gorm:"not null;index"`
	KeyHash   string     `gorm:"size:64;not null;uniqueIndex"` // SHA-256 of issuer and subject, hex
	Issuer    string     `gorm:"size:255;not null"`
	Name      string     `gorm:"size:160;not null"` // for its owner, as the provider has it
	CreatedAt time.Time  `gorm:"precision:6;not null"`
	UsedAt    *time.Time `gorm:"precision:6"`
}

// AddIdentity stores an identity. It returns ErrDuplicate if an account has it already.
func (d *DB) AddIdentity(ctx context.Context, i *Identity) error {
	i.ID = 0
	return d.create(ctx, i)
}

// IdentityByHash returns an identity by the hash of its issuer and subject, or ErrNotFound.
func (d *DB) IdentityByHash(ctx context.Context, hash string) (Identity, error) {
	return one[Identity](d.in(ctx).Where("key_hash = ?", hash))
}

// IdentitiesOf lists a person's identities, oldest first.
func (d *DB) IdentitiesOf(ctx context.Context, user uint64) ([]Identity, error) {
	return all[Identity](d.in(ctx).Where("user_id = ?", user).Order("id"))
}

// UseIdentity notes when an identity was used, and the name that it has at its provider.
func (d *DB) UseIdentity(ctx context.Context, id uint64, name string, at time.Time) error {
	return d.exec(ctx, "UPDATE identities SET name = ?, used_at = ? WHERE id = ?", name, at, id)
}

// DeleteIdentity deletes one of a person's identities, and reports whether it was theirs.
func (d *DB) DeleteIdentity(ctx context.Context, user, id uint64) (bool, error) {
	n, err := d.affect(ctx, "DELETE FROM identities WHERE id = ? AND user_id = ?", id, user)
	return n > 0, err
}

// SetVouched records when a provider has vouched again for the user of a session.
func (d *DB) SetVouched(ctx context.Context, session, identity uint64, sidHash string, at time.Time) error {
	return d.exec(ctx, "UPDATE sessions SET identity_id = ?, sid_hash = ?, vouched_at = ? WHERE id = ?", identity, sidHash, at, session)
}

// DeleteSessionsVouched deletes the sessions that a provider has vouched for, and returns what they were: those of its own session sidHash,
// and of an identity those without one; without a sidHash all of the identity. An identity of 0 is none.
func (d *DB) DeleteSessionsVouched(ctx context.Context, identity uint64, sidHash string) ([]Session, error) {
	rows := d.in(ctx).Model(&Session{})
	switch {
	case sidHash == "":
		rows = rows.Where("identity_id = ? AND identity_id <> 0", identity)
	default:
		rows = rows.Where("sid_hash = ? OR identity_id = ? AND identity_id <> 0 AND sid_hash = ''", sidHash, identity)
	}
	list, err := all[Session](rows)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]uint64, len(list))
	for i, s := range list {
		ids[i] = s.ID
	}
	return list, d.exec(ctx, "DELETE FROM sessions WHERE id IN ?", ids)
}
