package auth

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"parley/db"
)

// SignIn checks a password. It returns ErrWrongPassword, ErrPasswordsOff, ErrSuspended, *Throttled or ErrBusy if it cannot. A username
// that does not exist takes the same path with the same queries and a hash of the same cost, so that
// neither the result nor its timing reveals who has an account.
func (a *Accounts) SignIn(ctx context.Context, from netip.Addr, username, password string) (db.User, error) {
	if a.options.PasswordsOff {
		return db.User{}, ErrPasswordsOff
	}
	return a.checkPassword(ctx, from, username, password)
}

// checkPassword is SignIn whether or not passwords are enough to sign in.
func (a *Accounts) checkPassword(ctx context.Context, from netip.Addr, username, password string) (db.User, error) {
	g := a.newGuess(from, username)
	leave, err := a.admit(ctx, &g)
	if err != nil {
		return db.User{}, err
	}
	defer leave()
	u, match, err := a.verify(ctx, username, password)
	if err != nil { // no password was checked, so none was guessed
		return db.User{}, errors.Join(err, g.undo(ctx, a.store))
	}
	if !match.found {
		return db.User{}, ErrWrongPassword
	}
	if err := g.succeed(ctx, a.store); err != nil {
		return db.User{}, err
	}
	if u.IsSuspended { // only somebody who knows the password learns this
		return db.User{}, ErrSuspended
	}
	if match.outdated {
		return a.rehash(ctx, u, match.password)
	}
	return u, nil
}

// match is how a typed password compares with a stored hash.
type match struct {
	found    bool
	outdated bool   // the hash should be replaced by one of password with the current parameters
	password string // the form to hash
}

// verify compares a password with that of an account. It does the same work whether or not the account
// exists: a hash for each spelling, until one matches.
func (a *Accounts) verify(ctx context.Context, username, typed string) (u db.User, m match, err error) {
	name, problem := checkUsername(username)
	exists := problem == "" && len(typed) <= maxTypedBytes
	if problem != "" {
		name = "?" // no account has this name; the query and the hashes run all the same
	}
	if len(typed) > maxTypedBytes {
		typed = ""
	}
	u, err = a.store.UserByName(ctx, name)
	hash := u.PasswordHash
	switch {
	case errors.Is(err, db.ErrNotFound), err == nil && (hash == "" || a.isDue(u)): // or an account that is being deleted
		exists, hash = false, dummyHash()
	case err != nil:
		return u, match{}, err
	}
	forms := spellings(typed)
	for i, form := range forms {
		matches, outdated, err := a.matches(ctx, form, hash)
		if err != nil {
			return u, match{}, err
		}
		if matches && exists {
			return u, match{found: true, outdated: outdated || i > 0, password: forms[0]}, nil
		}
	}
	return u, match{}, nil
}

// rehash replaces a stored hash with one of the current parameters, unless the server is too busy.
func (a *Accounts) rehash(ctx context.Context, u db.User, password string) (db.User, error) {
	hash, err := a.hash(ctx, password)
	if errors.Is(err, ErrBusy) {
		return u, nil
	}
	if err != nil {
		return u, err
	}
	replaced, err := a.store.ReplacePasswordHash(ctx, u.ID, u.PasswordHash, hash)
	if replaced { // otherwise it has changed meanwhile
		u.PasswordHash = hash
	}
	return u, err
}

const (
	changeWindow = time.Minute
	changeLimit  = 5 // wrong current passwords of one session
)

// ChangePassword sets a new password, signs out all sessions but keep, and returns those that it ended.
// It returns ErrWrongPassword if the current password is wrong, which is counted per session so that
// the thief of one cannot lock the owner out, and *Invalid, *Throttled and ErrBusy like SignUp. The
// caller then calls RotateSession for keep, because its token may have been stolen.
func (a *Accounts) ChangePassword(ctx context.Context, me db.User, current, fresh string, keep uint64) (ended []uint64, err error) {
	fresh, problem := newPassword(fresh, me.Username)
	if problem != "" {
		return nil, &Invalid{Password: problem}
	}
	leave, err := a.gate.admit()
	if err != nil {
		return nil, err
	}
	defer leave()
	if err := a.confirm(ctx, me, current, keep); err != nil {
		return nil, err
	}
	hash, err := a.hash(ctx, fresh)
	if err != nil {
		return nil, err
	}
	// Store the hash first: a concurrent sign-in with the old password then either sees it in
	// CreateSession, or has created its session already, which is deleted below.
	if err := a.store.SetPasswordHash(ctx, me.ID, hash); err != nil {
		return nil, err
	}
	if err := errors.Join(a.store.DeleteLinksOf(ctx, me.ID), a.store.DeleteDeviceLinks(ctx, me.ID)); err != nil {
		return nil, err
	}
	return a.endSessions(ctx, me.ID, keep)
}
