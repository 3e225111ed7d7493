package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"parley/app/batch"
	"parley/app/text"
	"parley/db"
)

const (
	idleTimeout       = 14 * 24 * time.Hour    // an unused session expires
	maxSessionAge     = 90 * 24 * time.Hour    // every session expires
	touchInterval     = 5 * time.Minute        // precision of SeenAt; finer would mean a write per request
	touchTime         = 500 * time.Millisecond // for a write on the way to a page; the next request tries again
	tokenBytes        = 32
	maxUserAgentRunes = 255
	maxSessions       = 30 // of one person; more than anybody's browsers, and few enough to look through
)

// CreateSession signs a browser in and returns the token for its cookie, which is not stored. It returns
// ErrWrongPassword if the password was changed after u was read, and ErrSuspended. If the account is to be deleted,
// it is kept.
func (a *Accounts) CreateSession(ctx context.Context, u db.User, userAgent string) (token string, s db.Session, err error) {
	return a.createSession(ctx, u, Origin{}, userAgent)
}

func (a *Accounts) createSession(ctx context.Context, u db.User, o Origin, userAgent string) (token string, s db.Session, err error) {
	if token, err = newToken(); err != nil {
		return "", s, err
	}
	now := a.now()
	s = db.Session{TokenHash: hashToken(token), UserID: u.ID, UserAgent: cleanUserAgent(userAgent),
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(idleTimeout), ByPasskey: o.Passkey, IdentityID: o.Identity, SIDHash: o.SIDHash}
	if o.Identity != 0 {
		s.VouchedAt = &now
	}
	if err := a.store.CreateSession(ctx, &s); err != nil {
		return "", s, err
	}
	current, err := a.store.UserByID(ctx, u.ID)
	switch {
	case err == nil && current.IsSuspended:
		err = ErrSuspended
	case err == nil && current.PasswordHash != u.PasswordHash:
		err = ErrWrongPassword
	case err == nil && current.DeleteAt != nil: // every way in passes through here
		err = a.keep(ctx, current)
	}
	if err == nil {
		err = a.store.SetSeen(ctx, u.ID, now)
	}
	if err == nil {
		return token, s, nil
	}
	return "", db.Session{}, errors.Join(err, a.store.DeleteSession(context.WithoutCancel(ctx), u.ID, s.ID))
}

// EndOldSessions ends the sessions of a user that were used longest ago, beyond those that one person may
// have, and returns them. It follows a CreateSession.
func (a *Accounts) EndOldSessions(ctx context.Context, user uint64) (ended []uint64, err error) {
	old, err := a.store.SessionsBeyond(ctx, user, maxSessions)
	if err != nil {
		return nil, err
	}
	for _, id := range old {
		if err := a.store.DeleteSession(ctx, user, id); err != nil {
			return ended, err
		}
		ended = append(ended, id)
	}
	return ended, nil
}

// RotateSession replaces a session with one that has a new token, for use after a password change.
func (a *Accounts) RotateSession(ctx context.Context, user, old uint64, userAgent string) (token string, s db.Session, err error) {
	u, err := a.store.UserByID(ctx, user)
	if err != nil {
		return "", s, err
	}
	before, err := a.store.SessionsOf(ctx, user)
	if err != nil {
		return "", s, err
	}
	var o Origin
	if n := slices.IndexFunc(before, func(s db.Session) bool { return s.ID == old }); n >= 0 {
		o = Origin{Passkey: before[n].ByPasskey, Identity: before[n].IdentityID, SIDHash: before[n].SIDHash}
	}
	token, s, err = a.createSession(ctx, u, o, userAgent)
	if err != nil {
		return "", s, err
	}
	return token, s, a.EndSession(ctx, user, old)
}

// SessionByToken returns the session of a token and its user, or ErrNoSession.
func (a *Accounts) SessionByToken(ctx context.Context, token string) (db.Session, db.User, error) {
	in, err := a.signedIn(ctx, a.sessions, token)
	return in.Session, in.User, err
}

// ReaderByToken is SessionByToken for a page, which also says what waits for its reader.
func (a *Accounts) ReaderByToken(ctx context.Context, token string) (db.SignedIn, error) {
	in, err := a.signedIn(ctx, a.readers, token)
	if err != nil {
		return in, err
	}
	return in, a.settleWaiting(ctx, in)
}

// EntrantByToken is ReaderByToken for the page of a room, with their entrance to that.
func (a *Accounts) EntrantByToken(ctx context.Context, token string, room uint64) (db.Entrant, error) {
	in, err := load(ctx, a.entrants, token, func(hash string) db.TokenRoom { return db.TokenRoom{Hash: hash, Room: room} })
	if err != nil {
		return in, err
	}
	if in.SignedIn, err = a.current(ctx, in.SignedIn); err != nil {
		return in, err
	}
	return in, a.settleWaiting(ctx, in.SignedIn)
}

// settlePause is for how long nothing is settled once the database could not be written.
const settlePause = 10 * time.Second

// settleWaiting notes that nothing waits for a reader, once that was counted: from then on it need not be. Pages can be read
// while nothing can be written, so it only counts as a failure if the statement is wrong.
func (a *Accounts) settleWaiting(ctx context.Context, in db.SignedIn) error {
	now := a.options.Now().UnixNano()
	if in.User.NothingWaits() || in.Waiting != (db.Waiting{}) || now < a.settleAfter.Load() {
		return nil
	}
	settling, cancel := context.WithTimeout(ctx, touchTime)
	defer cancel()
	err := a.store.SettleWaiting(settling, in.User)
	if errors.Is(err, db.ErrUnavailable) || errors.Is(err, db.ErrUnknown) {
		a.settleAfter.Store(now + int64(settlePause))
		return nil
	}
	return err
}

func (a *Accounts) signedIn(ctx context.Context, loader *batch.Loader[string, db.SignedIn], token string) (db.SignedIn, error) {
	in, err := load(ctx, loader, token, func(hash string) string { return hash })
	if err != nil {
		return in, err
	}
	return a.current(ctx, in)
}

// load looks up what belongs to a token; ErrNoSession if there is nothing. A cookie may hold anything, so only what
// CreateSession can have returned is looked up.
func load[K comparable, V any](ctx context.Context, loader *batch.Loader[K, V], token string, key func(hash string) K) (value V, err error) {
	if !isToken(token) {
		return value, ErrNoSession
	}
	value, found, err := loader.Load(ctx, key(hashToken(token)))
	if err == nil && !found {
		err = ErrNoSession
	}
	return value, err
}

// current returns a session unless it has expired, and notes from time to time that it is used.
func (a *Accounts) current(ctx context.Context, in db.SignedIn) (db.SignedIn, error) {
	now := a.now()
	if !now.Before(in.Session.ExpiresAt) {
		return db.SignedIn{}, ErrNoSession
	}
	if now.Sub(in.Session.SeenAt) < touchInterval {
		a.renew(in)
		return in, nil
	}
	seen, expires := now, now.Add(idleTimeout)
	if last := in.Session.CreatedAt.Add(maxSessionAge); expires.After(last) {
		expires = last
	}
	touching, cancel := context.WithTimeout(ctx, touchTime)
	defer cancel()
	err := a.store.TouchSession(touching, in.User.ID, in.Session.ID, seen, expires)
	switch {
	case errors.Is(err, db.ErrUnavailable): // pages can be read while nothing can be written
		return in, nil
	case err != nil:
		return db.SignedIn{}, err
	}
	in.Session.SeenAt, in.Session.ExpiresAt = seen, expires
	a.renew(in)
	return in, nil
}

// EndSession signs out one of a user's sessions. It is not an error if there is none.
func (a *Accounts) EndSession(ctx context.Context, user, session uint64) error {
	return a.store.DeleteSession(ctx, user, session)
}

// Sessions lists a user's sessions that have not expired, most recently used first.
func (a *Accounts) Sessions(ctx context.Context, user uint64) (live []db.Session, err error) {
	sessions, err := a.store.SessionsOf(ctx, user)
	now := a.now()
	for _, s := range sessions {
		if now.Before(s.ExpiresAt) {
			live = append(live, s)
		}
	}
	return live, err
}

// AliveSessions returns the set of those sessions that are still signed in.
func (a *Accounts) AliveSessions(ctx context.Context, ids []uint64) (map[uint64]bool, error) {
	return a.store.LiveSessions(ctx, ids, a.now())
}

// DeleteExpired deletes expired sessions, links and challenges, and counters whose window has ended.
func (a *Accounts) DeleteExpired(ctx context.Context) error {
	now := a.now()
	return errors.Join(a.store.DeleteExpiredSessions(ctx, now), a.store.DeleteExpiredLinks(ctx, now), a.store.DeleteExpiredChallenges(ctx, now), a.store.DeleteOldCounters(ctx, now))
}

// hashToken returns what is stored of a token. Whoever reads the database cannot sign in with it.
func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// cleanUserAgent returns a User-Agent header without unprintable characters, cut to what the database holds.
func cleanUserAgent(s string) string {
	return text.First(strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s), maxUserAgentRunes)
}
