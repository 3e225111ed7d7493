// Package auth answers who you are: accounts, passwords and sessions. It is the only package
// that hashes passwords. Hashing is what an attacker would make us do most, so every hash
// passes a gate, and every guess is counted in the database before it is hashed: all
// processes share one count, and parallel guesses cannot slip past it.
package auth

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"parley/db"
)

// What can go wrong.
var (
	ErrWrongPassword = errors.New("auth: wrong username or password")
	ErrBusy          = errors.New("auth: too many passwords are being checked")
	ErrClosed        = errors.New("auth: sign-up is closed")
	ErrNoSession     = errors.New("auth: no such session")
)

// Throttled refuses a guess or a sign-up that came too soon after others.
type Throttled struct{ RetryAfter time.Duration } //nolint:errname // nothing went wrong

func (t *Throttled) Error() string { return "auth: throttled for " + t.RetryAfter.String() }

// Options are the choices of whoever runs the server.
type Options struct {
	SignUp string           // who may make an account: "open"; anything else is nobody
	Limits bool             // count sign-ups per address; guesses of passwords are always counted
	Now    func() time.Time // the clock
}

// Accounts knows who is who.
type Accounts struct {
	store  *db.DB
	o      Options
	hashes *gate
}

// New makes the accounts of this process; there must be one only, because it bounds the hashing.
func New(store *db.DB, o Options) *Accounts {
	return &Accounts{store: store, o: o, hashes: newGate()}
}

// now is in UTC and no finer than the databases store it.
func (a *Accounts) now() time.Time { return a.o.Now().UTC().Truncate(time.Microsecond) }

const (
	signUpWindow = time.Hour
	signUpLimit  = 20 // accounts an address and window
)

// SignUp makes an account: *Invalid for what cannot be, ErrClosed, *Throttled or ErrBusy.
// A time zone that nobody knows becomes UTC: a browser fills it in, not a person.
func (a *Accounts) SignUp(ctx context.Context, from netip.Addr, username, password, timeZone string) (db.User, error) {
	if a.o.SignUp != "open" {
		return db.User{}, ErrClosed
	}
	name, problem := checkUsername(username)
	bad := Invalid{Username: problem, Password: checkPassword(password, name)}
	if bad != (Invalid{}) {
		return db.User{}, &bad
	}
	taken := &Invalid{Username: NameTaken}
	switch _, err := a.store.UserByName(ctx, name); {
	case err == nil:
		return db.User{}, taken // before a hash is spent on it
	case !errors.Is(err, db.ErrNotFound):
		return db.User{}, err
	}
	giveBack, err := a.reserveSignUp(ctx, from)
	if err != nil {
		return db.User{}, err
	}
	hash, err := a.hash(ctx, password)
	if err != nil {
		return db.User{}, errors.Join(err, giveBack())
	}
	zone, err := TimeZone(timeZone)
	if err != nil {
		zone = "UTC"
	}
	u := db.User{Username: name, DisplayName: name, PasswordHash: hash, TimeZone: zone, CreatedAt: a.now()}
	switch err := a.store.CreateUser(ctx, &u); {
	case errors.Is(err, db.ErrDuplicate): // someone else was quicker
		return db.User{}, errors.Join(taken, giveBack())
	case err != nil:
		return db.User{}, errors.Join(err, giveBack())
	}
	return u, nil
}

// reserveSignUp counts a sign-up before its password is hashed, so that parallel ones count too.
func (a *Accounts) reserveSignUp(ctx context.Context, from netip.Addr) (giveBack func() error, err error) {
	if !a.o.Limits {
		return func() error { return nil }, nil
	}
	t := a.newTally()
	err = a.store.Tx(ctx, func(tx *db.DB) error {
		t.clear()
		return t.hit(ctx, tx, "sign-up/"+network(from), signUpWindow, signUpLimit)
	})
	return func() error { return t.giveBack(ctx, a.store) }, err
}
