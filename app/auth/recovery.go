package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/netip"
	"strconv"
	"strings"

	"parley/db"
)

// The errors of the ways back into an account.
var (
	ErrWrongRecoveryCode = errors.New("auth: wrong username or recovery code")
	ErrNoLink            = errors.New("auth: no such link") // never made, used, replaced or expired
)

const (
	codeCount = 10
	codeSigns = 16 // of 5 bits each
)

// codeAlphabet has no letters that look like digits, or like one another.
const codeAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// MakeRecoveryCodes gives a person ten new codes in place of any earlier ones, and returns them. Nobody
// can see them again. It asks for the password, or the thief of a session could keep the account with them.
func (a *Accounts) MakeRecoveryCodes(ctx context.Context, me db.User, current string, session uint64) ([]string, error) {
	if err := a.ConfirmPassword(ctx, me, current, session); err != nil {
		return nil, err
	}
	codes, hashes := make([]string, codeCount), make([]string, codeCount)
	for i := range codes {
		code, err := newCode()
		if err != nil {
			return nil, err
		}
		codes[i], hashes[i] = code, hashCode(me.ID, code)
	}
	return codes, a.store.ReplaceRecoveryCodes(ctx, me.ID, hashes, a.now())
}

// newCode returns 80 random bits as "k7w2-9xqd-03fh-tz5m".
func newCode() (string, error) {
	random := make([]byte, codeSigns)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	var code strings.Builder
	for i, b := range random {
		if i > 0 && i%4 == 0 {
			code.WriteByte('-')
		}
		code.WriteByte(codeAlphabet[b%32])
	}
	return code.String(), nil
}

// hashCode returns what is stored of a code, however it is typed. One SHA-256 is enough: 80 random bits
// cannot be guessed from their hash, and the owner in it keeps one try from counting for everybody.
func hashCode(user uint64, typed string) string {
	if len(typed) > 100 {
		typed = ""
	}
	code := strings.NewReplacer("-", "", " ", "", "o", "0", "i", "1", "l", "1", "u", "v").Replace(strings.ToLower(typed))
	sum := sha256.Sum256([]byte("recovery code of " + strconv.FormatUint(user, 10) + ": " + code))
	return hex.EncodeToString(sum[:])
}

// RecoveryCodes returns the number of codes that a person has left.
func (a *Accounts) RecoveryCodes(ctx context.Context, me db.User) (int, error) {
	return a.store.CountRecoveryCodes(ctx, me.ID)
}

// Recover sets a new password with a recovery code, ends all sessions and returns them. It returns ErrWrongRecoveryCode,
// *Invalid, *Throttled or ErrBusy if it cannot. A guess counts as one at the password, before anything is
// looked up, and a name that does not exist takes the same queries.
func (a *Accounts) Recover(ctx context.Context, from netip.Addr, username, code, password string) (u db.User, ended []uint64, err error) {
	if a.options.PasswordsOff {
		return u, nil, ErrPasswordsOff
	}
	name, problem := checkUsername(username)
	password, weak := newPassword(password, name)
	if weak != "" {
		return u, nil, &Invalid{Password: weak}
	}
	g := a.newGuess(from, username)
	leave, err := a.admit(ctx, &g)
	if err != nil {
		return u, nil, err
	}
	defer leave()
	if problem != "" {
		name = "?" // no account has this name; the queries run all the same
	}
	u, err = a.store.UserByName(ctx, name)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return u, nil, errors.Join(err, g.undo(ctx, a.store))
	}
	hash := hashCode(u.ID, code)
	found, err := a.store.HasRecoveryCode(ctx, u.ID, hash)
	if err != nil {
		return u, nil, errors.Join(err, g.undo(ctx, a.store))
	}
	if !found || a.isGone(u) {
		return u, nil, ErrWrongRecoveryCode
	}
	if u.IsSuspended { // only somebody who has a code learns this
		return u, nil, ErrSuspended
	}
	ended, err = a.takeBack(ctx, &u, db.NoticeCode, password, ErrWrongRecoveryCode, func(tx *db.DB) (bool, error) {
		return tx.UseRecoveryCode(ctx, u.ID, hash)
	})
	switch {
	case errors.Is(err, ErrWrongRecoveryCode): // somebody else used it meanwhile
		return u, nil, err
	case err != nil:
		return u, ended, errors.Join(err, g.undo(ctx, a.store))
	}
	return u, ended, g.succeed(ctx, a.store)
}

// takeBack sets a new password for somebody who proves it by something that can be used once, and ends every
// session, link and device that somebody else may have. It returns gone if that has been used meanwhile.
func (a *Accounts) takeBack(ctx context.Context, u *db.User, way db.NoticeWay, password string, gone error, use func(tx *db.DB) (bool, error)) (ended []uint64, err error) {
	hash, err := a.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	at := a.now()
	err = a.store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.LockUser(ctx, u.ID); err != nil {
			return err
		}
		used, err := use(tx)
		if err == nil && !used {
			err = gone
		}
		if err != nil {
			return err
		}
		if err := tx.SetPasswordHash(ctx, u.ID, hash); err != nil {
			return err
		}
		if err := tx.DeleteLinksOf(ctx, u.ID); err != nil {
			return err
		}
		if err := tx.DeleteDeviceLinks(ctx, u.ID); err != nil {
			return err
		}
		return tx.SetNotice(ctx, u.ID, way, at)
	})
	if err != nil {
		return nil, err
	}
	u.PasswordHash, u.Notice = hash, db.AccountNotice{Way: way, At: &at}
	return a.endSessions(ctx, u.ID, 0)
}

// endSessions ends all sessions of a person but keep, and returns them. It follows a new password, so that a
// sign-in with the old one either sees that in CreateSession, or has created its session already.
func (a *Accounts) endSessions(ctx context.Context, user, keep uint64) (ended []uint64, err error) {
	ctx = context.WithoutCancel(ctx)
	sessions, err := a.store.SessionsOf(ctx, user)
	if err != nil {
		return nil, err
	}
	for _, s := range sessions {
		if s.ID == keep {
			continue
		}
		if err := a.store.DeleteSession(ctx, user, s.ID); err != nil {
			return ended, err
		}
		ended = append(ended, s.ID)
	}
	return ended, nil
}

// DismissNotice removes the notice that a person has seen.
func (a *Accounts) DismissNotice(ctx context.Context, me db.User) error {
	if me.Notice.At == nil {
		return nil
	}
	return a.store.ClearNotice(ctx, me.ID, *me.Notice.At)
}
