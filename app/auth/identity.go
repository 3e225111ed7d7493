package auth

import (
	"context"
	"errors"
	"slices"

	"parley/app/sso"
	"parley/db"
)

// What a challenge is for.
const (
	forVisit    = "visit"    // a browser is at a provider
	forNewcomer = "newcomer" // a provider vouches for somebody whom no account belongs to yet
	forLogout   = "logout"   // a logout token that was used
)

var (
	// ErrNoIdentity means that no account belongs to the person that a provider vouches for.
	ErrNoIdentity = errors.New("auth: no account with this identity")
	// ErrIdentityTaken means that an account has an identity already.
	ErrIdentityTaken = errors.New("auth: the identity belongs to an account")
	// ErrTooManyIdentities means that somebody has as many as one person may have.
	ErrTooManyIdentities = errors.New("auth: too many identities")
	// ErrLastWay means that nothing would be left with which somebody could sign in.
	ErrLastWay = errors.New("auth: it is the last way in")
	// ErrNotVouched means that somebody without a password has to sign in at their provider once more.
	ErrNotVouched = errors.New("auth: no provider has vouched for them just now")
	// ErrPasswordsOff means that people sign in by providers alone.
	ErrPasswordsOff = errors.New("auth: passwords are off")
	// ErrUsed means that a logout token was used before.
	ErrUsed = errors.New("auth: the token was used before")
)

func identityHash(issuer, subject string) string { return hashToken(issuer + "\x00" + subject) }

// Identify returns the account of the person that a provider vouches for, or ErrNoIdentity.
func (a *Accounts) Identify(ctx context.Context, p sso.Person) (u db.User, i db.Identity, err error) {
	i, err = a.store.IdentityByHash(ctx, identityHash(p.Issuer, p.Subject))
	if err == nil {
		u, err = a.store.UserByID(ctx, i.UserID)
	}
	if errors.Is(err, db.ErrNotFound) || err == nil && a.isGone(u) {
		return db.User{}, db.Identity{}, ErrNoIdentity
	}
	if err == nil {
		err = a.store.UseIdentity(ctx, i.ID, shownName(p), a.now())
	}
	return u, i, err
}

// Identities lists somebody's identities, oldest first.
func (a *Accounts) Identities(ctx context.Context, me db.User) ([]db.Identity, error) {
	return a.store.IdentitiesOf(ctx, me.ID)
}

// RemoveIdentity removes one of somebody's identities, unless it is their last way in: ErrLastWay. It returns db.ErrNotFound if it
// is not theirs.
func (a *Accounts) RemoveIdentity(ctx context.Context, me db.User, id uint64) error {
	return a.store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.LockUser(ctx, me.ID); err != nil {
			return err
		}
		u, err := tx.UserByID(ctx, me.ID)
		if err != nil {
			return err
		}
		list, err := tx.IdentitiesOf(ctx, me.ID)
		if err != nil {
			return err
		}
		keys, err := tx.PasskeysOf(ctx, me.ID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(list, func(i db.Identity) bool { return i.ID == id })
		if at < 0 {
			return db.ErrNotFound
		}
		if len(list) == 1 && (a.options.PasswordsOff || u.PasswordHash == "" && len(keys) == 0) {
			return ErrLastWay
		}
		if err := found(tx.DeleteIdentity(ctx, me.ID, id)); err != nil {
			return err
		}
		if err := tx.AddAudit(ctx, &db.AuditEntry{At: a.now(), ActorID: me.ID, Action: db.AuditIdentityOff, UserID: me.ID, Detail: list[at].Issuer}); err != nil {
			return err
		}
		return tx.SetNotice(ctx, me.ID, db.NoticeIDRemoved, a.now())
	})
}
