package auth

import (
	"context"

	"parley/db"
)

// The most bytes of the sessions that RecentByToken remembers, some 3,000, and about what one takes with its owner.
const (
	recentBytes = 4 << 20
	sessionSize = 1000
)

// RecentByToken is SessionByToken for a caller who checks later that the session isn't over, together with what it is for.
// It may return one as it was up to touchInterval ago; then checked is false. ForgetSession must be called for one that turns out
// to be over.
func (a *Accounts) RecentByToken(ctx context.Context, token string) (in db.SignedIn, checked bool, err error) {
	hash, now := hashToken(token), a.now()
	if in, ok := a.recent.Get(hash); ok && now.Before(in.Session.ExpiresAt) && now.Sub(in.Session.SeenAt) < touchInterval {
		return in, false, nil
	}
	if in, err = a.signedIn(ctx, a.sessions, token); err == nil {
		a.recent.AddFor(in.User.ID, hash, in, sessionSize)
	}
	return in, true, err
}

// renew replaces a session that is remembered by what has just been looked up.
func (a *Accounts) renew(in db.SignedIn) {
	if _, is := a.recent.Get(in.Session.TokenHash); is {
		a.recent.AddFor(in.User.ID, in.Session.TokenHash, in, sessionSize)
	}
}

// ForgetSession forgets a session that RecentByToken has returned.
func (a *Accounts) ForgetSession(s db.Session) { a.recent.Remove(s.TokenHash) }

// RecentSessions returns how many sessions are remembered, and the bytes that they take.
func (a *Accounts) RecentSessions() (n, bytes int) { return a.recent.Len(), a.recent.Bytes() }
