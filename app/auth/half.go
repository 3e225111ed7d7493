package auth

import (
	"context"
	"encoding/json"
	"errors"

	"parley/db"
)

// A sign-in with a second factor has two steps. Between them there is a half session: a token in a cookie that
// records whose password was right, for five minutes, and grants no rights. It is not a row in sessions, so nothing
// that looks for a session can find it.

// StartSession signs in somebody who has proved one factor. If they have a second one it returns ErrCodeNeeded,
// and the token of a half session instead.
func (a *Accounts) StartSession(ctx context.Context, u db.User, userAgent string) (token string, s db.Session, err error) {
	return a.startSession(ctx, u, Origin{}, userAgent)
}

func (a *Accounts) startSession(ctx context.Context, u db.User, o Origin, userAgent string) (token string, s db.Session, err error) {
	has, err := a.store.HasSecondFactor(ctx, u.ID)
	if err != nil {
		return "", s, err
	}
	if !has {
		token, s, err = a.createSession(ctx, u, o, userAgent)
		if err != nil {
			return "", s, err
		}
		// It may have been set up meanwhile, and the earlier sessions have been ended.
		if has, err = a.store.HasSecondFactor(ctx, u.ID); err == nil && !has {
			return token, s, nil
		}
		if err := errors.Join(err, a.store.DeleteSession(context.WithoutCancel(ctx), u.ID, s.ID)); err != nil {
			return "", db.Session{}, err
		}
	}
	token, err = a.beginCode(ctx, u, o)
	if err == nil {
		err = ErrCodeNeeded
	}
	return token, db.Session{}, err
}

// beginCode starts a half session. It returns ErrWrongPassword if the password was changed after u was read.
func (a *Accounts) beginCode(ctx context.Context, u db.User, o Origin) (token string, err error) {
	origin, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	token, c, err := a.beginByToken(ctx, forCode, u.ID, string(origin), StepTime)
	if err != nil {
		return "", err
	}
	current, err := a.store.UserByID(ctx, u.ID)
	if err == nil && current.PasswordHash == u.PasswordHash {
		return token, nil
	}
	if err == nil {
		err = ErrWrongPassword
	}
	_, undone := a.store.TakeChallenge(context.WithoutCancel(ctx), c.ID)
	return "", errors.Join(err, undone)
}

// IsHalfSession reports whether a token is one of a half session.
func (a *Accounts) IsHalfSession(ctx context.Context, token string) (bool, error) {
	_, err := a.byToken(ctx, forCode, token)
	if errors.Is(err, ErrNoSession) {
		return false, nil
	}
	return err == nil, err
}

// FinishCode ends a half session with a code, and returns who may have a session now. It returns ErrNoSession
// if there is no half session any more, ErrBadCode or *Throttled.
func (a *Accounts) FinishCode(ctx context.Context, token, code string) (db.User, Origin, error) {
	c, err := a.byToken(ctx, forCode, token)
	if err != nil {
		return db.User{}, Origin{}, err
	}
	// The user is read before the half session is taken: a new password ends half sessions, and CreateSession
	// compares with the current password.
	u, err := a.store.UserByID(ctx, c.UserID)
	if errors.Is(err, db.ErrNotFound) {
		err = ErrNoSession
	}
	if err == nil {
		err = a.checkCode(ctx, u.ID, code)
	}
	if err == nil {
		err = a.take(ctx, c)
	}
	if err != nil {
		return db.User{}, Origin{}, err
	}
	var o Origin
	if c.Data != "" { // from a release that recorded none
		err = json.Unmarshal([]byte(c.Data), &o)
	}
	return u, o, err
}
