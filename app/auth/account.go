// Package auth holds accounts, passwords and sessions. It is the only package that hashes passwords.
// Hashing is the most expensive work that a stranger can ask for, so a gate bounds how much runs at
// once, and every guess is counted in the database before it is hashed: all processes share the
// count, and parallel guesses cannot get past it.
package auth

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"parley/db"
)

// The errors of this package.
var (
	ErrWrongPassword = errors.New("auth: wrong username or password")
	ErrBusy          = errors.New("auth: too many passwords are being checked")
	ErrClosed        = errors.New("auth: sign-up is closed")
	ErrNoSession     = errors.New("auth: no such session")
)

// Throttled is the error for a guess or a sign-up beyond the limit.
type Throttled struct{ RetryAfter time.Duration } //nolint:errname // a refusal, which reads better without the suffix

func (t *Throttled) Error() string { return "auth: throttled for " + t.RetryAfter.String() }

// Options are the server's settings.
type Options struct {
	SignUp string           // "open" lets anybody create an account; any other value nobody
	Limits bool             // limit sign-ups per address; password guesses are always limited
	Now    func() time.Time // the clock
}

// Accounts manages accounts and sessions.
type Accounts struct {
	store   *db.DB
	options Options
	gate    *gate
}

// New returns the Accounts of this process. There must be only one, because it bounds the hashing.
func New(store *db.DB, o Options) *Accounts {
	return &Accounts{store: store, options: o, gate: newGate()}
}

// now returns the time in UTC, truncated to what the databases store.
func (a *Accounts) now() time.Time { return a.options.Now().UTC().Truncate(time.Microsecond) }

const (
	signUpWindow = time.Hour
	signUpLimit  = 20 // accounts per address and window
)

// SignUp creates an account. It returns *Invalid, ErrClosed, *Throttled or ErrBusy if it cannot. An
// unknown time zone becomes UTC, because the browser fills it in and not the person.
func (a *Accounts) SignUp(ctx context.Context, from netip.Addr, username, password, timeZone string) (db.User, error) {
	if a.options.SignUp != "open" {
		return db.User{}, ErrClosed
	}
	name, problem := newUsername(username)
	password, weak := newPassword(password, name)
	bad := Invalid{Username: problem, Password: weak}
	if bad != (Invalid{}) {
		return db.User{}, &bad
	}
	taken := &Invalid{Username: NameTaken}
	switch _, err := a.store.UserByName(ctx, name); {
	case err == nil:
		return db.User{}, taken // without the cost of a hash
	case !errors.Is(err, db.ErrNotFound):
		return db.User{}, err
	}
	undo, err := a.reserveSignUp(ctx, from)
	if err != nil {
		return db.User{}, err
	}
	hash, err := a.hash(ctx, password)
	if err != nil {
		return db.User{}, errors.Join(err, undo())
	}
	zone, err := TimeZone(timeZone)
	if err != nil {
		zone = "UTC"
	}
	u := db.User{Username: name, DisplayName: name, PasswordHash: hash, TimeZone: zone, CreatedAt: a.now()}
	switch err := a.store.CreateUser(ctx, &u); {
	case errors.Is(err, db.ErrDuplicate): // someone else took it meanwhile
		return db.User{}, errors.Join(taken, undo())
	case err != nil:
		return db.User{}, errors.Join(err, undo())
	}
	return u, nil
}

// reserveSignUp counts a sign-up before its password is hashed, so that parallel ones count too. The
// caller calls undo if the sign-up fails.
func (a *Accounts) reserveSignUp(ctx context.Context, from netip.Addr) (undo func() error, err error) {
	if !a.options.Limits {
		return func() error { return nil }, nil
	}
	attempt := a.newAttempt()
	err = a.store.Tx(ctx, func(tx *db.DB) error {
		attempt.reset()
		return attempt.count(ctx, tx, "sign-up/"+network(from), signUpWindow, signUpLimit)
	})
	return func() error { return attempt.undo(ctx, a.store) }, err
}
