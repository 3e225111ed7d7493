package auth

import (
	"context"
	"errors"
	"net/netip"
	"strconv"
	"time"

	"parley/db"
)

// SignIn checks a password: ErrWrong, *Throttled or ErrBusy. A name that does not exist takes
// the same path with the same queries and a hash of the same cost, so that neither the
// answer nor its time tells who has an account.
func (a *Accounts) SignIn(ctx context.Context, from netip.Addr, username, password string) (db.User, error) {
	g := a.newGuess(from, username)
	if err := g.reserve(ctx, a.store); err != nil {
		return db.User{}, err
	}
	u, match, old, err := a.compare(ctx, username, password)
	if err != nil { // nothing was compared, so nothing was guessed
		return db.User{}, errors.Join(err, g.giveBack(ctx, a.store))
	}
	if !match {
		return db.User{}, ErrWrongPassword
	}
	if err := g.succeed(ctx, a.store); err != nil {
		return db.User{}, err
	}
	if old {
		return a.rehash(ctx, u, password)
	}
	return u, nil
}

func (a *Accounts) compare(ctx context.Context, username, password string) (u db.User, match, old bool, err error) {
	name, problem := checkUsername(username)
	exists := problem == "" && len(password) <= maxPasswordBytes
	if !exists {
		name, password = "?", "" // no account has this name; the query and the hash are done all the same
	}
	u, err = a.store.UserByName(ctx, name)
	hash := u.PasswordHash
	switch {
	case errors.Is(err, db.ErrNotFound):
		exists, hash = false, nobodysHash()
	case err != nil:
		return u, false, false, err
	}
	match, old, err = a.matches(ctx, password, hash)
	return u, match && exists, old, err
}

// rehash brings a stored hash to today's strength. A server too busy for it does so next time.
func (a *Accounts) rehash(ctx context.Context, u db.User, password string) (db.User, error) {
	hash, err := a.hash(ctx, password)
	if errors.Is(err, ErrBusy) {
		return u, nil
	}
	if err != nil {
		return u, err
	}
	replaced, err := a.store.ReplacePasswordHash(ctx, u.ID, u.PasswordHash, hash)
	if replaced { // and not changed meanwhile
		u.PasswordHash = hash
	}
	return u, err
}

const (
	changeWindow = time.Minute
	changeLimit  = 5 // wrong current passwords of one session
)

// ChangePassword sets a new password and signs out all sessions but keep; it answers those
// that it ended. ErrWrong is a wrong current password, counted for the session, so that who
// stole one cannot lock the owner out; *Invalid, *Throttled and ErrBusy as in SignUp. The
// caller then calls Renew for keep, because its old token may be known to somebody.
func (a *Accounts) ChangePassword(ctx context.Context, me db.User, current, fresh string, keep uint64) (ended []uint64, err error) {
	if problem := checkPassword(fresh, me.Username); problem != "" {
		return nil, &Invalid{Password: problem}
	}
	t := a.newTally()
	err = a.store.Tx(ctx, func(tx *db.DB) error {
		t.clear()
		return t.hit(ctx, tx, "guess/session/"+strconv.FormatUint(keep, 10), changeWindow, changeLimit)
	})
	if err != nil {
		return nil, err
	}
	_, match, _, err := a.compare(ctx, me.Username, current)
	if err == nil && !match {
		return nil, ErrWrongPassword
	}
	if err := errors.Join(err, t.giveBack(ctx, a.store)); err != nil {
		return nil, err
	}
	hash, err := a.hash(ctx, fresh)
	if err != nil {
		return nil, err
	}
	// The hash first: a sign-in with the old password either sees it (Begin looks again), or
	// has made its session already, and that is ended below.
	if err := a.store.SetPasswordHash(ctx, me.ID, hash); err != nil {
		return nil, err
	}
	sessions, err := a.store.SessionsOf(ctx, me.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range sessions {
		if s.ID == keep {
			continue
		}
		if err := a.store.DeleteSession(ctx, me.ID, s.ID); err != nil {
			return ended, err
		}
		ended = append(ended, s.ID)
	}
	return ended, nil
}
