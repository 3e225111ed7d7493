package auth

import (
	"context"
	"errors"
	"strconv"

	"parley/db"
)

// ConfirmPassword checks the password of somebody who is signed in, before something for which a browser left open
// must not be enough. Somebody without a password needs a provider that has vouched for them just now: ErrNotVouched
// otherwise. It returns ErrWrongPassword, *Throttled or ErrBusy if it cannot. Wrong ones are
// counted per session, so that the thief of one cannot lock the owner out.
func (a *Accounts) ConfirmPassword(ctx context.Context, me db.User, typed string, session uint64) error {
	leave, err := a.gate.admit()
	if err != nil {
		return err
	}
	defer leave()
	return a.confirm(ctx, me, typed, session)
}

// confirm is ConfirmPassword for somebody whom the gate has admitted.
func (a *Accounts) confirm(ctx context.Context, me db.User, typed string, session uint64) error {
	if me.PasswordHash == "" {
		return a.confirmVouched(ctx, me, session)
	}
	attempt := a.newAttempt()
	err := a.store.Tx(ctx, func(tx *db.DB) error {
		attempt.reset()
		return attempt.count(ctx, tx, counter{"guess/session/" + strconv.FormatUint(session, 10), changeWindow}, changeLimit)
	})
	if err != nil {
		return err
	}
	_, match, err := a.verify(ctx, me.Username, typed)
	if err == nil && !match.found {
		return ErrWrongPassword
	}
	return errors.Join(err, attempt.undo(ctx, a.store))
}
