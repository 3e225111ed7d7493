package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"net/netip"
	"time"

	"parley/db"
)

const (
	resetLife   = 24 * time.Hour // of a link by an administrator
	mailLife    = time.Hour      // of one by e-mail
	addressLife = 24 * time.Hour // of one that confirms an address
	mailLinks   = 3              // of one person by e-mail, so that a stranger's request does not end that of the owner at once
)

// MakeResetLink makes a link with which whoever opens it sets a new password for an account. It replaces an earlier
// one. Session is the token of the administrator's session. It returns db.ErrNotFound if admin is no longer one.
func (a *Accounts) MakeResetLink(ctx context.Context, admin db.User, session, username string) (link uint64, err error) {
	if a.options.PasswordsOff { // it would lead nowhere
		return 0, ErrPasswordsOff
	}
	name, problem := checkUsername(username)
	if problem != "" {
		return 0, db.ErrNotFound
	}
	u, err := a.store.UserByName(ctx, name)
	if err != nil {
		return 0, err
	}
	l := db.AccountLink{Kind: db.LinkReset, UserID: u.ID, MakerID: admin.ID, Salt: rand.Text()}
	l.TokenHash = hashToken(tokenOf(session, "reset", l.Salt))
	l.CreatedAt, l.ExpiresAt = a.now(), a.now().Add(resetLife)
	err = a.store.Tx(ctx, func(tx *db.DB) error {
		if err := checkAdmin(ctx, tx, admin.ID); err != nil {
			return err
		}
		if err := tx.ReplaceLink(ctx, &l, 0); err != nil {
			return err
		}
		return tx.AddAudit(ctx, &db.AuditEntry{At: l.CreatedAt, ActorID: admin.ID, Action: db.AuditReset, UserID: u.ID})
	})
	return l.ID, err
}

// ShowResetLink returns the token of a link to the administrator who made it in this session, once, and
// its account. Later, and for anybody else, it returns ErrNoLink.
func (a *Accounts) ShowResetLink(ctx context.Context, admin db.User, session string, link uint64) (token string, u db.User, err error) {
	l, u, err := a.store.LinkByID(ctx, link)
	if errors.Is(err, db.ErrNotFound) {
		return "", u, ErrNoLink
	}
	if err != nil {
		return "", u, err
	}
	token = tokenOf(session, "reset", l.Salt)
	if l.MakerID != admin.ID || l.Salt == "" || hashToken(token) != l.TokenHash {
		return "", u, ErrNoLink
	}
	first, err := a.store.HideLink(ctx, link)
	if err == nil && !first {
		err = ErrNoLink
	}
	return token, u, err
}

// ResetLink returns the account whose password a link sets, or ErrNoLink or *Throttled.
func (a *Accounts) ResetLink(ctx context.Context, from netip.Addr, token string) (db.User, error) {
	_, u, err := a.linkBy(ctx, from, token, db.LinkReset, db.LinkMail)
	return u, err
}

// linkBy returns a link of one of the kinds that has not expired, and its owner. A suspended account has no way
// back: ErrSuspended. One that an administrator has made is good as long as they are one, or somebody who is
// suspended would come back as somebody else. Without passwords those of the command line alone are good.
func (a *Accounts) linkBy(ctx context.Context, from netip.Addr, token string, kinds ...db.LinkKind) (l db.AccountLink, u db.User, err error) {
	err = a.lookUpLink(ctx, from, token, func() (found bool, err error) {
		l, u, err = a.store.LinkByHash(ctx, hashToken(token))
		if errors.Is(err, db.ErrNotFound) {
			return false, nil
		}
		for _, kind := range kinds {
			found = found || l.Kind == kind
		}
		if found && err == nil && l.Kind == db.LinkReset && l.MakerID != 0 { // 0 is the command line
			found, err = a.runsServer(ctx, l.MakerID)
		}
		if a.options.PasswordsOff && (l.Kind == db.LinkMail || l.Kind == db.LinkReset && l.MakerID != 0) {
			found = false
		}
		return found && a.now().Before(l.ExpiresAt) && !a.isGone(u), err
	})
	if err == nil && u.IsSuspended {
		err = ErrSuspended
	}
	return l, u, err
}

// Reset sets a new password with a link, ends all sessions and returns them. It returns ErrNoLink, *Invalid,
// *Throttled or ErrBusy if it cannot.
func (a *Accounts) Reset(ctx context.Context, from netip.Addr, token, password string) (u db.User, ended []uint64, err error) {
	l, u, err := a.linkBy(ctx, from, token, db.LinkReset, db.LinkMail)
	if err != nil {
		return u, nil, err
	}
	password, weak := newPassword(password, u.Username)
	if weak != "" {
		return u, nil, &Invalid{Password: weak}
	}
	leave, err := a.gate.admit()
	if err != nil {
		return u, nil, err
	}
	defer leave()
	way := db.NoticeLink
	if l.Kind == db.LinkMail {
		way = db.NoticeMail
	}
	ended, err = a.takeBack(ctx, &u, way, password, ErrNoLink, func(tx *db.DB) (bool, error) { return tx.UseLink(ctx, l.ID) })
	return u, ended, err
}
