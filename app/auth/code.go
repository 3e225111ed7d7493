package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"parley/db"
)

// One-time codes as all apps make them: RFC 6238 with SHA-1, six digits and half a minute.
const (
	codeStep   = 30 // seconds
	codeDigits = otp.DigitsSix
	stepsOff   = 1 // the steps by which a clock may be fast or slow
)

// Guesses of a code are counted per account, no matter where they come from. Only somebody who has the password can
// make them, so strangers cannot lock the owner out. Three codes in a million are right at any time, so 50 guesses a
// day find one within a month with a probability of 1 in 220.
const (
	codeWindow = 15 * time.Minute
	codeLimit  = 10
	codeDay    = 24 * time.Hour
	codeDaily  = 50
)

// ErrBadCode means that a code is wrong, too old, or was used before.
var ErrBadCode = errors.New("auth: wrong one-time code")

// newSecret returns a random secret for an app, in base32: 160 bits, as RFC 4226 recommends.
func newSecret(issuer, username string) (*otp.Key, error) {
	return totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: username, SecretSize: 20, Period: codeStep, Digits: codeDigits})
}

// stepOf returns the step whose code this is, at this time or next to it.
func stepOf(secret, code string, at time.Time) (step uint64, ok bool) {
	first := uint64(at.Unix())/codeStep - stepsOff
	for i := range uint64(2*stepsOff + 1) { // all of them, in the same time for every code
		n := first + i
		want, err := hotp.GenerateCodeCustom(secret, n, hotp.ValidateOpts{Digits: codeDigits})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = n, true
		}
	}
	return step, ok
}

// cleanCode returns a code without what apps and people write between its digits.
func cleanCode(typed string) string {
	if len(typed) > maxTypedBytes {
		return ""
	}
	return strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "\t", "").Replace(strings.TrimSpace(typed))
}

// checkCode checks a code of somebody's app, or one of their recovery codes, and uses it up. The guess is counted
// before it is checked, so that parallel ones count too.
func (a *Accounts) checkCode(ctx context.Context, user uint64, typed string) error {
	f, err := a.store.SecondFactorOf(ctx, user)
	if errors.Is(err, db.ErrNotFound) {
		return ErrBadCode
	}
	if err != nil {
		return err
	}
	guess := a.newAttempt()
	if err := guess.reserveCode(ctx, a.store, user); err != nil {
		var throttled *Throttled
		if errors.As(err, &throttled) {
			throttled.OfCode = true
		}
		return err
	}
	var used bool
	if step, ok := stepOf(f.Secret, cleanCode(typed), guess.at); ok {
		used, err = a.store.UseStep(ctx, user, step)
	} else {
		used, err = a.store.UseRecoveryCode(ctx, user, hashCode(user, typed))
	}
	switch {
	case err != nil:
		return errors.Join(err, guess.undo(ctx, a.store))
	case !used:
		return ErrBadCode
	}
	return guess.undo(ctx, a.store)
}

// reserveCode counts a guess at the codes of an account as failed. It returns *Throttled over the limit.
func (a *attempt) reserveCode(ctx context.Context, store *db.DB, user uint64) error {
	of := "code/" + strconv.FormatUint(user, 10)
	short, long := counter{of, codeWindow}, counter{of + "/day", codeDay}
	if err := a.check(ctx, store, short, codeLimit); err != nil { // so that refusing costs no write
		return err
	}
	if err := a.check(ctx, store, long, codeDaily); err != nil {
		return err
	}
	return store.Tx(ctx, func(tx *db.DB) error {
		a.reset()
		if err := a.count(ctx, tx, short, codeLimit); err != nil {
			return err
		}
		return a.count(ctx, tx, long, codeDaily)
	})
}
