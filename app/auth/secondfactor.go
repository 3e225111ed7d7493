package auth

import (
	"context"
	"errors"
	"time"

	"github.com/pquerna/otp"

	"parley/db"
)

var (
	// ErrCodeNeeded means that the password was right and a code has yet to come.
	ErrCodeNeeded = errors.New("auth: a second factor is needed")
	// ErrHasSecondFactor means that somebody has set one up already.
	ErrHasSecondFactor = errors.New("auth: there is a second factor already")
)

// App is what is entered into an app for one-time codes. It is as secret as a password.
type App struct {
	Secret  string // base32
	Address string // otpauth://..., for a QR code or a link
}

// SecondFactorSince returns since when somebody has had an app for codes; the zero time if they have none.
func (a *Accounts) SecondFactorSince(ctx context.Context, user uint64) (time.Time, error) {
	f, err := a.store.SecondFactorOf(ctx, user)
	if errors.Is(err, db.ErrNotFound) {
		return time.Time{}, nil
	}
	return f.CreatedAt, err
}

// BeginSecondFactor starts setting up an app for codes, in one session. Whoever only has the session, and not the
// password, could lock the owner out with it.
func (a *Accounts) BeginSecondFactor(ctx context.Context, me db.User, session uint64, password, issuer string) error {
	if has, err := a.store.HasSecondFactor(ctx, me.ID); has || err != nil {
		return errors.Join(err, ErrHasSecondFactor)
	}
	if err := a.ConfirmPassword(ctx, me, password, session); err != nil {
		return err
	}
	key, err := newSecret(issuer, me.Username)
	if err != nil {
		return err
	}
	return a.beginInSession(ctx, forApp, me.ID, session, key.URL())
}

// SecondFactorInSetup returns the app that is being set up in a session, or ErrNoSession.
func (a *Accounts) SecondFactorInSetup(ctx context.Context, me db.User, session uint64) (App, error) {
	c, err := a.bySession(ctx, forApp, me.ID, session)
	if err != nil {
		return App{}, err
	}
	return appOf(c)
}

func appOf(c db.Challenge) (App, error) {
	key, err := otp.NewKeyFromURL(c.Data)
	if err != nil {
		return App{}, errors.New("auth: the address of an app is broken") // and not with the address, which is secret
	}
	return App{Secret: key.Secret(), Address: c.Data}, nil
}

// ConfirmSecondFactor ends the setup with a code that the app has made. From then on signing in takes a code. It signs out
// all sessions but this one, which were made without, and returns those that it ended.
func (a *Accounts) ConfirmSecondFactor(ctx context.Context, me db.User, session uint64, code string) (ended []uint64, err error) {
	c, err := a.bySession(ctx, forApp, me.ID, session)
	if err != nil {
		return nil, err
	}
	app, err := appOf(c)
	if err != nil {
		return nil, err
	}
	step, ok := stepOf(app.Secret, cleanCode(code), a.now())
	if !ok {
		return nil, ErrBadCode
	}
	err = a.store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.LockUser(ctx, me.ID); err != nil {
			return err
		}
		if took, err := tx.TakeChallenge(ctx, c.ID); err != nil || !took {
			return errors.Join(err, ErrNoSession)
		}
		if err := tx.CreateSecondFactor(ctx, &db.SecondFactor{UserID: me.ID, Secret: app.Secret, LastStep: step, CreatedAt: a.now()}); err != nil {
			return err
		}
		return tx.SetNotice(ctx, me.ID, db.NoticeAppOn, a.now())
	})
	if errors.Is(err, db.ErrDuplicate) {
		return nil, ErrHasSecondFactor
	}
	if err != nil {
		return nil, err
	}
	return a.endSessions(ctx, me.ID, session)
}

// DisableSecondFactor turns off the second factor of somebody who has lost both the app and the recovery codes, and
// leaves them a notice. It is for whoever has the server's command line: an administrator who could do it would get into
// other people's accounts with a link that sets a new password. It returns ErrNoSuchUser, and false if there is none.
func (a *Accounts) DisableSecondFactor(ctx context.Context, username string) (had bool, err error) {
	_, err = a.change(ctx, 0, username, func(tx *db.DB, u db.User) (db.AuditAction, error) {
		if had, err = tx.HasSecondFactor(ctx, u.ID); err != nil || !had {
			return "", err
		}
		if err := tx.DeleteSecondFactor(ctx, u.ID); err != nil {
			return "", err
		}
		return db.AuditOneStep, tx.SetNotice(ctx, u.ID, db.NoticeOneStep, a.now())
	})
	return had && err == nil, err
}

// RemoveSecondFactor turns the second factor off. It takes the password and a code, or a recovery code.
func (a *Accounts) RemoveSecondFactor(ctx context.Context, me db.User, session uint64, password, code string) error {
	if err := a.ConfirmPassword(ctx, me, password, session); err != nil {
		return err
	}
	if err := a.checkCode(ctx, me.ID, code); err != nil {
		return err
	}
	return a.store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.LockUser(ctx, me.ID); err != nil {
			return err
		}
		if err := tx.DeleteSecondFactor(ctx, me.ID); err != nil {
			return err
		}
		return tx.SetNotice(ctx, me.ID, db.NoticeAppOff, a.now())
	})
}
