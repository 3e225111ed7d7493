// Package auth answers who you are: accounts, passwords and sessions. It is the only package
// that hashes passwords. Hashing is what an attacker would make us do most, so every hash
// passes a gate, and every guess is counted in the database before it is hashed: two
// processes share one count, and parallel guesses cannot slip past it.
package auth

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"parley/db"
)

// What can go wrong. The sentences of Invalid are the only ones made here.
var (
	ErrWrong     = errors.New("auth: wrong username or password")
	ErrBusy      = errors.New("auth: too many passwords are being checked")
	ErrClosed    = errors.New("auth: sign-up is closed")
	ErrNoSession = errors.New("auth: no such session")
)

// Invalid says in plain sentences what is wrong with what was typed; a field that is right is empty.
type Invalid struct{ Username, Password, Reason string }

func (i *Invalid) Error() string { return "auth: invalid: " + i.Username + i.Password + i.Reason }

// Throttled refuses a guess or a sign-up that came too soon after others.
type Throttled struct{ RetryAfter time.Duration }

func (t *Throttled) Error() string { return "auth: throttled for " + t.RetryAfter.String() }

// Options are the choices of whoever runs the server.
type Options struct {
	SignUp string           // who may make an account: "open"; anything else is nobody
	Limits bool             // count sign-ups per address; guesses of passwords are always counted
	Now    func() time.Time // the clock
}

// Accounts knows who is who.
type Accounts struct {
	store *db.DB
	o     Options
}

// New makes the accounts of this process; there must be one only, because it bounds the hashing.
func New(store *db.DB, o Options) *Accounts { return &Accounts{store: store, o: o} }

// SignUp makes an account: *Invalid for what cannot be, ErrClosed, *Throttled or ErrBusy.
func (a *Accounts) SignUp(ctx context.Context, from netip.Addr, username, password, timeZone string) (db.User, error) {
	return db.User{}, ErrClosed
}

// SignIn checks a password: ErrWrong, *Throttled or ErrBusy.
func (a *Accounts) SignIn(ctx context.Context, from netip.Addr, username, password string) (db.User, error) {
	return db.User{}, ErrWrong
}

// ChangePassword checks the current password, sets a new one and ends every session but one; it answers the ended ones.
func (a *Accounts) ChangePassword(ctx context.Context, me db.User, current, fresh string, keep uint64) ([]uint64, error) {
	return nil, ErrWrong
}

// Begin signs a browser in and answers the token for its cookie, which is stored nowhere.
func (a *Accounts) Begin(ctx context.Context, u db.User, userAgent string) (string, db.Session, error) {
	return "", db.Session{}, ErrNoSession
}

// Renew replaces a session with a new one that has a new token, as after a password change.
func (a *Accounts) Renew(ctx context.Context, u db.User, old uint64, userAgent string) (string, db.Session, error) {
	return "", db.Session{}, ErrNoSession
}

// Find answers whose token this is, ErrNoSession when it is nobody's.
func (a *Accounts) Find(ctx context.Context, token string) (db.Session, db.User, error) {
	return db.Session{}, db.User{}, ErrNoSession
}

// End signs out one session of a user; ending what is gone is no error.
func (a *Accounts) End(ctx context.Context, user, session uint64) error { return nil }

// List answers a user's sessions, the latest seen first.
func (a *Accounts) List(ctx context.Context, user uint64) ([]db.Session, error) { return nil, nil }

// Alive tells which of these sessions are still signed in.
func (a *Accounts) Alive(ctx context.Context, ids []uint64) (map[uint64]bool, error) {
	return nil, nil
}

// Sweep forgets the sessions that have expired.
func (a *Accounts) Sweep(ctx context.Context) error { return nil }

// Username answers the canonical form of a name that was typed, or *Invalid.
func Username(s string) (string, error) { return s, nil }

// DisplayName answers the stored form of a name for people to read, or *Invalid.
func DisplayName(s string) (string, error) { return s, nil }

// TimeZone answers the name of a time zone that this program knows, or *Invalid.
func TimeZone(s string) (string, error) { return s, nil }
