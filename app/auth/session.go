package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"time"
	"unicode"

	"parley/app/text"
	"parley/db"
)

const (
	idleTime   = 14 * 24 * time.Hour // a session that is not used ends
	wholeTime  = 90 * 24 * time.Hour // and so does every session
	touchEvery = 5 * time.Minute     // how exact "last seen" is; more would be a write for every request
	tokenBytes = 32
	agentRunes = 255
)

// CreateSession signs a browser in and answers the token for its cookie, which is stored nowhere.
// ErrWrong means that the password was changed since u was read.
func (a *Accounts) CreateSession(ctx context.Context, u db.User, userAgent string) (token string, s db.Session, err error) {
	secret := make([]byte, tokenBytes)
	if _, err := rand.Read(secret); err != nil {
		return "", s, err
	}
	token = base64.RawURLEncoding.EncodeToString(secret)
	now := a.now()
	s = db.Session{TokenHash: digest(token), UserID: u.ID, UserAgent: agent(userAgent),
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(idleTime)}
	if err := a.store.CreateSession(ctx, &s); err != nil {
		return "", s, err
	}
	current, err := a.store.UserByID(ctx, u.ID)
	if err == nil && current.PasswordHash == u.PasswordHash {
		return token, s, nil
	}
	if err == nil {
		err = ErrWrongPassword
	}
	return "", db.Session{}, errors.Join(err, a.store.DeleteSession(context.WithoutCancel(ctx), u.ID, s.ID))
}

// RotateSession replaces a session with a new one that has a new token, as after a password change.
func (a *Accounts) RotateSession(ctx context.Context, user, old uint64, userAgent string) (token string, s db.Session, err error) {
	u, err := a.store.UserByID(ctx, user)
	if err != nil {
		return "", s, err
	}
	token, s, err = a.CreateSession(ctx, u, userAgent)
	if err != nil {
		return "", s, err
	}
	return token, s, a.EndSession(ctx, user, old)
}

// SessionByToken answers whose token this is, ErrNoSession when it is nobody's.
func (a *Accounts) SessionByToken(ctx context.Context, token string) (db.Session, db.User, error) {
	// Only what Begin can have made is looked up: a cookie may hold anything.
	secret, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(secret) != tokenBytes || len(token) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return db.Session{}, db.User{}, ErrNoSession
	}
	s, u, err := a.store.SessionByHash(ctx, digest(token))
	now := a.now()
	switch {
	case errors.Is(err, db.ErrNotFound), err == nil && !now.Before(s.ExpiresAt):
		return db.Session{}, db.User{}, ErrNoSession
	case err != nil:
		return db.Session{}, db.User{}, err
	}
	if now.Sub(s.SeenAt) >= touchEvery {
		s.SeenAt, s.ExpiresAt = now, now.Add(idleTime)
		if last := s.CreatedAt.Add(wholeTime); s.ExpiresAt.After(last) {
			s.ExpiresAt = last
		}
		if err := a.store.TouchSession(ctx, s.ID, s.SeenAt, s.ExpiresAt); err != nil {
			return db.Session{}, db.User{}, err
		}
	}
	return s, u, nil
}

// EndSession signs out one session of a user; ending what is gone is no error.
func (a *Accounts) EndSession(ctx context.Context, user, session uint64) error {
	return a.store.DeleteSession(ctx, user, session)
}

// Sessions answers the sessions in which a user is signed in, the latest seen first.
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

// AliveSessions tells which of these sessions are still signed in.
func (a *Accounts) AliveSessions(ctx context.Context, ids []uint64) (map[uint64]bool, error) {
	return a.store.LiveSessions(ctx, ids, a.now())
}

// DeleteExpired forgets the sessions that have expired and the counters whose window is over.
func (a *Accounts) DeleteExpired(ctx context.Context) error {
	now := a.now()
	return errors.Join(a.store.DeleteExpiredSessions(ctx, now), a.store.DeleteOldCounters(ctx, now))
}

// digest is what is stored of a token: who reads the database cannot sign in with it.
func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// agent is a browser's name for itself, fit to be stored and listed.
func agent(s string) string {
	return text.First(strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s), agentRunes)
}
