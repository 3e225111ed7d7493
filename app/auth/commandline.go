package auth

import (
	"context"
	"crypto/rand"
	"net/netip"

	"parley/db"
)

// AddUser creates an account for whoever has the server's command line, whatever the mode of sign-up, and returns the
// token of a link with which its owner chooses a password. It returns *Invalid if the name is not allowed.
func (a *Accounts) AddUser(ctx context.Context, username string) (token string, u db.User, err error) {
	n := Newcomer{Username: username, Password: rand.Text(), TimeZone: "UTC"} // a password that nobody knows
	u, err = a.SignUpThrough(ctx, netip.Addr{}, n, func(create func(tx *db.DB) (db.User, error)) error {
		return a.store.Tx(ctx, func(tx *db.DB) error {
			_, err := create(tx)
			return err
		})
	})
	if err != nil {
		return "", db.User{}, err
	}
	token, err = a.resetToken(ctx, u)
	return token, u, err
}

// ResetToken makes a link for whoever has the server's command line, as MakeResetLink does for an administrator, and
// returns its token and its owner. It returns ErrNoSuchUser, or ErrSuspended for somebody whom no link lets in.
func (a *Accounts) ResetToken(ctx context.Context, username string) (token string, u db.User, err error) {
	u, err = a.UserNamed(ctx, username)
	if err == nil && a.isGone(u) {
		err = ErrNoSuchUser
	}
	if err == nil && u.IsSuspended {
		err = ErrSuspended
	}
	if err != nil {
		return "", db.User{}, err
	}
	token, err = a.resetToken(ctx, u)
	return token, u, err
}

func (a *Accounts) resetToken(ctx context.Context, u db.User) (token string, err error) {
	if token, err = newToken(); err != nil {
		return "", err
	}
	l := db.AccountLink{Kind: db.LinkReset, UserID: u.ID, TokenHash: hashToken(token), CreatedAt: a.now(), ExpiresAt: a.now().Add(resetLife)}
	err = a.store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.ReplaceLink(ctx, &l, 0); err != nil {
			return err
		}
		return tx.AddAudit(ctx, &db.AuditEntry{At: l.CreatedAt, Action: db.AuditReset, UserID: u.ID})
	})
	return token, err
}
