package auth

import (
	"context"
	"errors"
	"strconv"
	"time"

	"parley/db"
)

// StepTime is how long a sign-in may take from the right password to the code, and the use of a passkey.
const StepTime = 5 * time.Minute

const (
	setupTime = 15 * time.Minute // for setting up an app or a passkey
	// maxChallenges bounds the unfinished challenges of one account in the database. Whoever begins more
	// knows the password.
	maxChallenges = 20
)

// What a challenge is for; the first part of its name.
const (
	forCode       = "code"        // a sign-in whose password was right
	forApp        = "app"         // an app for codes that is being set up
	forPasskey    = "passkey"     // a sign-in with a passkey
	forNewPasskey = "new-passkey" // a passkey that is being made
)

// beginByToken stores a challenge that belongs to whoever has the token, for a while.
func (a *Accounts) beginByToken(ctx context.Context, what string, user uint64, data string, life time.Duration) (token string, c db.Challenge, err error) {
	if token, err = newToken(); err != nil {
		return "", c, err
	}
	now := a.now()
	c = db.Challenge{Name: what + "/" + hashToken(token), UserID: user, Data: data, CreatedAt: now, ExpiresAt: now.Add(life)}
	if err := a.store.CreateChallenge(ctx, &c); err != nil {
		return "", c, err
	}
	if user != 0 {
		err = a.store.DeleteChallengesBeyond(ctx, user, maxChallenges)
	}
	return token, c, err
}

// byToken returns the challenge of a token, or ErrNoSession.
func (a *Accounts) byToken(ctx context.Context, what, token string) (db.Challenge, error) {
	if !isToken(token) {
		return db.Challenge{}, ErrNoSession
	}
	return a.challenge(ctx, what+"/"+hashToken(token))
}

// beginInSession stores a challenge that belongs to one session, in place of an earlier one of the same kind.
func (a *Accounts) beginInSession(ctx context.Context, what string, user, session uint64, data string) error {
	now := a.now()
	return a.store.ReplaceChallenge(ctx, &db.Challenge{
		Name: inSession(what, session), UserID: user, Data: data, CreatedAt: now, ExpiresAt: now.Add(setupTime),
	})
}

// bySession returns the challenge of a session, or ErrNoSession.
func (a *Accounts) bySession(ctx context.Context, what string, user, session uint64) (db.Challenge, error) {
	c, err := a.challenge(ctx, inSession(what, session))
	if err == nil && c.UserID != user {
		return db.Challenge{}, ErrNoSession
	}
	return c, err
}

func inSession(what string, session uint64) string {
	return what + "/session/" + strconv.FormatUint(session, 10)
}

func (a *Accounts) challenge(ctx context.Context, name string) (db.Challenge, error) {
	c, err := a.store.ChallengeByName(ctx, name, a.now())
	if errors.Is(err, db.ErrNotFound) {
		return c, ErrNoSession
	}
	return c, err
}

// take ends a challenge. It returns ErrNoSession if another request has.
func (a *Accounts) take(ctx context.Context, c db.Challenge) error {
	took, err := a.store.TakeChallenge(ctx, c.ID)
	if err == nil && !took {
		return ErrNoSession
	}
	return err
}
