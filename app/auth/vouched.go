package auth

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"parley/app/sso"
	"parley/app/text"
	"parley/db"
)

const (
	logoutWindow = time.Minute
	logoutLimit  = 20               // logout tokens from one address that are not valid; each may cost a request to the provider
	vouchedTime  = 10 * time.Minute // how long a sign-in at a provider replaces the password of somebody who has none
)

// Origin is how a session was begun, besides with a password.
type Origin struct {
	Passkey  bool
	Identity uint64 // whom a provider vouched for
	SIDHash  string // of the provider's own session
}

// OriginOf returns how the session of somebody whom a provider vouches for began.
func OriginOf(i db.Identity, p sso.Person) Origin {
	return Origin{Identity: i.ID, SIDHash: sidHash(p.Issuer, p.Session)}
}

func sidHash(issuer, session string) string {
	if session == "" {
		return ""
	}
	return hashToken(issuer + "\x00session\x00" + session)
}

// StartVouched is StartSession for somebody whom a provider vouches for. It asks for a code where there is an app:
// whoever gets hold of an account at the provider has not got into this one.
func (a *Accounts) StartVouched(ctx context.Context, u db.User, o Origin, userAgent string) (token string, s db.Session, err error) {
	return a.startSession(ctx, u, o, userAgent)
}

// CreateVouched is CreateSession for somebody whom a provider vouches for and who has given a code, or needs none.
func (a *Accounts) CreateVouched(ctx context.Context, u db.User, o Origin, userAgent string) (token string, s db.Session, err error) {
	return a.createSession(ctx, u, o, userAgent)
}

// Vouch records that a provider has verified who uses a session.
func (a *Accounts) Vouch(ctx context.Context, session uint64, o Origin) error {
	return a.store.SetVouched(ctx, session, o.Identity, o.SIDHash, a.now())
}

// IsVouched reports whether a provider has just vouched for the user of a session.
func (a *Accounts) IsVouched(s db.Session) bool {
	return s.VouchedAt != nil && a.now().Sub(*s.VouchedAt) < vouchedTime
}

// confirmVouched is confirm for somebody without a password.
func (a *Accounts) confirmVouched(ctx context.Context, me db.User, session uint64) error {
	list, err := a.store.SessionsOf(ctx, me.ID)
	if err == nil && !slices.ContainsFunc(list, func(s db.Session) bool { return s.ID == session && a.IsVouched(s) }) {
		err = ErrNotVouched
	}
	return err
}

// CheckLogouts returns *Throttled for an address that has sent too many logout tokens that were not valid.
func (a *Accounts) CheckLogouts(ctx context.Context, from netip.Addr) error {
	return a.newAttempt().check(ctx, a.store, logoutsOf(from), logoutLimit)
}

// CountBadLogout counts one of those.
func (a *Accounts) CountBadLogout(ctx context.Context, from netip.Addr) error {
	return a.countOne(ctx, logoutsOf(from), logoutLimit)
}

func logoutsOf(from netip.Addr) counter { return counter{"logout/" + network(from), logoutWindow} }

// LogOut ends the sessions that a provider has vouched for and that have ended there, and returns them. It returns ErrUsed for a
// token that was used before.
func (a *Accounts) LogOut(ctx context.Context, issuer string, l sso.Logout) (ended []uint64, err error) {
	err = a.store.Tx(ctx, func(tx *db.DB) (err error) {
		ended, err = a.logOut(ctx, tx, issuer, l)
		return err
	})
	return ended, err
}

func (a *Accounts) logOut(ctx context.Context, tx *db.DB, issuer string, l sso.Logout) (ended []uint64, err error) {
	now := a.now()
	err = tx.CreateChallenge(ctx, &db.Challenge{Name: forLogout + "/" + identityHash(issuer, l.ID), Data: "", CreatedAt: now, ExpiresAt: l.ExpiresAt})
	if errors.Is(err, db.ErrDuplicate) {
		return nil, ErrUsed
	}
	if err != nil {
		return nil, err
	}
	var i db.Identity
	if l.Subject != "" {
		if i, err = tx.IdentityByHash(ctx, identityHash(issuer, l.Subject)); err != nil && !errors.Is(err, db.ErrNotFound) {
			return nil, err
		}
	}
	if i.UserID != 0 { // or a sign-in that lacks its code would end in a session
		if err := tx.DeleteChallengesOf(ctx, i.UserID); err != nil {
			return nil, err
		}
	}
	list, err := tx.DeleteSessionsVouched(ctx, i.ID, sidHash(issuer, l.Session))
	if err != nil {
		return nil, err
	}
	audited := map[uint64]bool{}
	for _, s := range list {
		ended = append(ended, s.ID)
		if audited[s.UserID] {
			continue
		}
		audited[s.UserID] = true
		if err := tx.AddAudit(ctx, &db.AuditEntry{At: now, Action: db.AuditIdentitySignOut, UserID: s.UserID, Detail: text.First(issuer, 255)}); err != nil {
			return nil, err
		}
	}
	return ended, nil
}
