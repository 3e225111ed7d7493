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
	// Strangers can ask for most of what is written here, so it waits behind what others have to say.
	return &Accounts{store: store.WithPriority(db.Low), options: o, gate: newGate()}
}

// now returns the time in UTC, truncated to what the databases store.
func (a *Accounts) now() time.Time { return a.options.Now().UTC().Truncate(time.Microsecond) }

const (
	signUpWindow = time.Hour
	signUpLimit  = 20 // accounts per address and window

	// A form has to say that a name is taken, so each one that is tried counts: enough for a class that
	// signs up together, and too few to go through a list of names.
	namesWindow = 10 * time.Minute
	namesLimit  = 20 // taken names per address and window
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
	leave, err := a.gate.admit()
	if err != nil {
		return db.User{}, err
	}
	defer leave()
	asked, made, err := a.reserveSignUp(ctx, from)
	if err != nil {
		return db.User{}, err
	}
	taken := &Invalid{Username: NameTaken}
	switch _, err := a.store.UserByName(ctx, name); {
	case err == nil:
		return db.User{}, errors.Join(taken, made.undo(ctx, a.store)) // without the cost of a hash
	case !errors.Is(err, db.ErrNotFound):
		return db.User{}, errors.Join(err, asked.undo(ctx, a.store), made.undo(ctx, a.store))
	}
	u, err := a.createUser(ctx, name, password, timeZone)
	if errors.Is(err, db.ErrDuplicate) { // someone else took it meanwhile
		return db.User{}, errors.Join(taken, made.undo(ctx, a.store))
	}
	if err != nil {
		return db.User{}, errors.Join(err, asked.undo(ctx, a.store), made.undo(ctx, a.store))
	}
	_ = asked.undo(ctx, a.store) // at worst one name too many counts for a few minutes
	return u, nil
}

func (a *Accounts) createUser(ctx context.Context, name, password, timeZone string) (db.User, error) {
	hash, err := a.hash(ctx, password)
	if err != nil {
		return db.User{}, err
	}
	zone, err := TimeZone(timeZone)
	if err != nil {
		zone = "UTC"
	}
	u := db.User{Username: name, DisplayName: name, PasswordHash: hash, TimeZone: zone, CreatedAt: a.now()}
	err = a.store.CreateUser(ctx, &u)
	return u, err
}

// reserveSignUp counts a sign-up, and the name that it asks for, before the name is looked up and the
// password hashed, so that parallel ones count too. The caller undoes what did not come about.
func (a *Accounts) reserveSignUp(ctx context.Context, from netip.Addr) (asked, made *attempt, err error) {
	asked, made = a.newAttempt(), a.newAttempt()
	if !a.options.Limits {
		return asked, made, nil
	}
	accounts, names := counter{"sign-up/" + network(from), signUpWindow}, counter{"sign-up-name/" + network(from), namesWindow}
	if err := made.check(ctx, a.store, accounts, signUpLimit); err != nil {
		return nil, nil, err
	}
	if err := asked.check(ctx, a.store, names, namesLimit); err != nil {
		return nil, nil, err
	}
	err = a.store.Tx(ctx, func(tx *db.DB) error {
		asked.reset()
		made.reset()
		if err := made.count(ctx, tx, accounts, signUpLimit); err != nil {
			return err
		}
		return asked.count(ctx, tx, names, namesLimit)
	})
	return asked, made, err
}
