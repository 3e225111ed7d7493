package auth

import (
	"context"

	"parley/db"
)

const (
	recentBytes = 4 << 20 // for the sessions that RecentByToken remembers: some 3,000 of them
	sessionSize = 1000    // bytes that one takes with its owner
)

// RecentByToken is SessionByToken for a caller who checks later that the session isn't over, together with what it is for.
// It may return one as it was up to touchInterval ago; then checked is false, and ForgetSession must be called if it turns
// out to be over.
func (a *Accounts) RecentByToken(ctx context.Context, token string) (in db.SignedIn, checked bool, err error) {
	hash, now := hashToken(token), a.now()
	if in, ok := a.recent.Get(hash); ok && now.Before(in.Session.ExpiresAt) && now.Sub(in.Session.SeenAt) < touchInterval {
		return in, false, nil
	}
	if in, err = a.signedIn(ctx, a.sessions, token); err == nil {
		a.keepRecent(in)
	}
	return in, true, err
}

// keepRecent keeps a session, without what is secret or long.
func (a *Accounts) keepRecent(in db.SignedIn) {
	in.Session.UserAgent, in.User.PasswordHash = "", ""
	a.recent.AddFor(in.User.ID, in.Session.TokenHash, in, sessionSize)
}

// Remembers reports whether RecentByToken still remembers a session that it has returned.
func (a *Accounts) Remembers(s db.Session) bool {
	_, is := a.recent.Get(s.TokenHash)
	return is
}

// renew replaces a session that is remembered by what has just been looked up.
func (a *Accounts) renew(in db.SignedIn) {
	if a.Remembers(in.Session) {
		a.keepRecent(in)
	}
}

// ForgetSession forgets a session that RecentByToken has returned.
func (a *Accounts) ForgetSession(s db.Session) { a.recent.Remove(s.TokenHash) }

// RecentSessions returns how many sessions are remembered, and the bytes that they take.
func (a *Accounts) RecentSessions() (n, bytes int) { return a.recent.Len(), a.recent.Bytes() }
