// Package auth holds accounts, passwords and sessions. It is the only package that hashes passwords.
// Hashing is the most expensive work that a stranger can ask for, so a gate bounds how much runs at
// once, and every guess is counted in the database before it is hashed: all processes share the
// count, and parallel guesses cannot get past it.
package auth

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"sync/atomic"
	"time"

	"parley/app/batch"
	"parley/app/cache"
	"parley/app/settings"
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
type Throttled struct { //nolint:errname // a refusal, which reads better without the suffix
	RetryAfter time.Duration
	OfCode     bool // it was a guess at a code, and not at a password
}

func (t *Throttled) Error() string { return "auth: throttled for " + t.RetryAfter.String() }

// Options are the server's settings.
type Options struct {
	Settings func(ctx context.Context) settings.Values // whether anybody can create an account
	Limits   bool                                      // limit sign-ups per address; password guesses are always limited
	Now      func() time.Time                          // the clock

	PasswordsOff bool // people sign in by providers alone, and links of the command line
}

// Accounts manages accounts and sessions.
type Accounts struct {
	store    *db.DB
	options  Options
	sessions *batch.Loader[string, db.SignedIn]
	readers  *batch.Loader[string, db.SignedIn] // with what waits for them
	entrants *batch.Loader[db.TokenRoom, db.Entrant]
	recent   *cache.Cache[string, db.SignedIn] // by the hash of the token
	gate     *gate
	hasUsers atomic.Bool // somebody has an account

	settleAfter atomic.Int64 // in nanoseconds since 1970: when to try settleWaiting again
}

// New returns the Accounts of this process. There must be only one, because it bounds the hashing.
func New(store *db.DB, o Options) *Accounts {
	// Strangers can ask for most of what is written here, so it waits behind what others have to say.
	a := &Accounts{store: store.WithPriority(db.Low), options: o, gate: newGate()}
	a.sessions, a.readers = batch.New(db.BatchSize, a.store.SessionsByHash), batch.New(db.BatchSize, a.store.ReadersByHash)
	a.recent = cache.New[string, db.SignedIn](recentBytes)
	a.entrants = batch.New(db.BatchSize, a.store.EntrantsByHash)
	return a
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
	return a.SignUpNamed(ctx, from, username, "", password, timeZone)
}

// SignUpNamed is SignUp with a name that others see, as DisplayName returns it. Without one it is the username.
func (a *Accounts) SignUpNamed(ctx context.Context, from netip.Addr, username, displayName, password, timeZone string) (db.User, error) {
	if a.options.PasswordsOff {
		return db.User{}, ErrPasswordsOff
	}
	return a.signUp(ctx, from, Newcomer{Username: username, DisplayName: displayName, Password: password, TimeZone: timeZone})
}

// SignUpStranger creates an account for somebody whom a provider vouches for, as SignUp does. It also returns ErrNoSession and
// ErrIdentityTaken.
func (a *Accounts) SignUpStranger(ctx context.Context, from netip.Addr, s Stranger, username, displayName, timeZone string) (db.User, error) {
	return a.signUp(ctx, from, Newcomer{Username: username, DisplayName: displayName, TimeZone: timeZone, Stranger: &s})
}

// signUp creates an account if anybody can.
func (a *Accounts) signUp(ctx context.Context, from netip.Addr, n Newcomer) (db.User, error) {
	switch may, err := a.MaySignUp(ctx); {
	case err != nil:
		return db.User{}, err
	case !may:
		return db.User{}, ErrClosed
	}
	return a.SignUpThrough(ctx, from, n, func(create func(tx *db.DB) (db.User, error)) error {
		_, err := create(a.store)
		return err
	})
}

// Newcomer is what somebody who signs up enters.
type Newcomer struct {
	Username, DisplayName string // without a display name they are called by the username
	Password, TimeZone    string
	Stranger              *Stranger // whom a provider vouches for; they need no password
}

// hashOf returns the hash of a newcomer's password; "" for one without.
func (a *Accounts) hashOf(ctx context.Context, n Newcomer, password string) (string, error) {
	if n.Stranger != nil {
		return "", nil
	}
	return a.hash(ctx, password)
}

// check returns *Invalid for values that are not allowed.
func (n Newcomer) check() error {
	if n.Stranger == nil {
		return CheckSignUp(n.Username, n.Password)
	}
	if _, problem := newUsername(n.Username); problem != "" {
		return &Invalid{Username: problem}
	}
	return nil
}

// SignUpThrough is SignUpNamed for somebody whom another package lets in, whatever the mode of sign-up. enter
// calls create, which stores the account, within a transaction of its own; what it returns as an error comes
// back from here. It may call create again, if its transaction is repeated.
func (a *Accounts) SignUpThrough(ctx context.Context, from netip.Addr, n Newcomer, enter func(create func(tx *db.DB) (db.User, error)) error) (db.User, error) {
	if err := n.check(); err != nil {
		return db.User{}, err
	}
	name, _ := newUsername(n.Username)
	password, _ := newPassword(n.Password, name)
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
	held, err := a.isHeld(ctx, name) // asked second: it is held before the account is gone
	if err != nil {
		return db.User{}, errors.Join(err, asked.undo(ctx, a.store), made.undo(ctx, a.store))
	}
	if held {
		return db.User{}, errors.Join(taken, made.undo(ctx, a.store))
	}
	var u db.User
	hash, err := a.hashOf(ctx, n, password)
	if err == nil {
		err = enter(func(tx *db.DB) (db.User, error) {
			created, err := a.createNewcomer(ctx, tx, n, name, hash)
			u = created
			return created, err
		})
	}
	if errors.Is(err, errNameTaken) { // someone else took it meanwhile
		return db.User{}, errors.Join(taken, made.undo(ctx, a.store))
	}
	if err != nil {
		return db.User{}, errors.Join(err, asked.undo(ctx, a.store), made.undo(ctx, a.store))
	}
	_ = asked.undo(ctx, a.store) // at worst one name too many counts for a few minutes
	return u, nil
}

// MaySignUp reports whether anybody can create an account, without an invitation.
func (a *Accounts) MaySignUp(ctx context.Context) (bool, error) {
	switch a.options.Settings(ctx).SignUp {
	case settings.SignUpOpen:
		return true, nil
	case settings.SignUpInvited: // somebody has to be the first who invites
		return a.IsEmpty(ctx)
	}
	return false, nil
}

// CheckSignUp returns *Invalid if an account cannot have this username or this password, whoever else has the
// name.
func CheckSignUp(username, password string) error {
	name, problem := newUsername(username)
	_, weak := newPassword(password, name)
	if bad := (Invalid{Username: problem, Password: weak}); bad != (Invalid{}) {
		return &bad
	}
	return nil
}

var errNameTaken = errors.New("auth: somebody has this username")

// createNewcomer creates an account, and links the person that a provider vouches for at once.
func (a *Accounts) createNewcomer(ctx context.Context, tx *db.DB, n Newcomer, name, hash string) (u db.User, err error) {
	if n.Stranger == nil {
		return a.createUser(ctx, tx, name, cmp.Or(n.DisplayName, name), hash, n.TimeZone)
	}
	err = tx.Tx(ctx, func(tx *db.DB) error {
		if u, err = a.createUser(ctx, tx, name, cmp.Or(n.DisplayName, name), hash, n.TimeZone); err != nil {
			return err
		}
		_, err = a.settle(ctx, tx, *n.Stranger, u.ID, db.AuditIdentitySignUp)
		return err
	})
	return u, err
}

func (a *Accounts) createUser(ctx context.Context, tx *db.DB, name, displayName, hash, timeZone string) (db.User, error) {
	zone, err := TimeZone(timeZone)
	if err != nil {
		zone = "UTC"
	}
	u := db.User{Username: name, DisplayName: displayName, PasswordHash: hash, TimeZone: zone, CreatedAt: a.now()}
	empty, err := a.IsEmpty(ctx)
	switch {
	case err != nil:
		return db.User{}, err
	case empty:
		err = a.createFirst(ctx, tx, &u)
	default:
		err = tx.CreateUser(ctx, &u)
	}
	if errors.Is(err, db.ErrDuplicate) {
		return db.User{}, errNameTaken
	}
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
