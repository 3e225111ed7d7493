package auth

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"time"

	"parley/app/passkey"
	"parley/db"
)

const (
	maxPasskeys = 10 // of one person

	// Whoever wants to use a passkey is a stranger until it is used, and each beginning is a row for five minutes.
	beginWindow = time.Minute
	beginLimit  = 30 // from one address
)

var (
	// ErrBadPasskey means that no passkey of this server was used, or not as it was asked for.
	ErrBadPasskey = errors.New("auth: the passkey was refused")
	// ErrTooManyPasskeys means that somebody has as many as one person may have.
	ErrTooManyPasskeys = errors.New("auth: too many passkeys")
	// ErrPasskeyTaken means that a passkey is stored already.
	ErrPasskeyTaken = errors.New("auth: the passkey is in use")
)

// ceremony is the challenge of a passkey as it is stored.
type ceremony struct {
	Name           string `json:",omitempty"` // of a new one
	Options, State string
}

// Passkeys lists somebody's passkeys, oldest first.
func (a *Accounts) Passkeys(ctx context.Context, me db.User) ([]db.Passkey, error) {
	return a.store.PasskeysOf(ctx, me.ID)
}

// BeginNewPasskey starts making a passkey in one session. It asks for the password, and for a code where there is an
// app: a passkey is good for signing in without both.
func (a *Accounts) BeginNewPasskey(ctx context.Context, me db.User, session uint64, at passkey.Site, name, current, code string) error {
	name, err := DisplayName(name)
	if err != nil {
		return err
	}
	keys, err := a.store.PasskeysOf(ctx, me.ID)
	if err == nil && len(keys) >= maxPasskeys {
		err = ErrTooManyPasskeys
	}
	if err != nil {
		return err
	}
	if err := a.ConfirmPassword(ctx, me, current, session); err != nil {
		return err
	}
	has, err := a.store.HasSecondFactor(ctx, me.ID)
	if err != nil {
		return err
	}
	if has {
		if err := a.checkCode(ctx, me.ID, code); err != nil {
			return err
		}
	}
	options, state, err := at.BeginNew(ownerOf(me, keys))
	if err != nil {
		return err
	}
	data, err := json.Marshal(ceremony{Name: name, Options: options, State: state})
	if err != nil {
		return err
	}
	return a.beginInSession(ctx, forNewPasskey, me.ID, session, string(data))
}

// NewPasskey returns the name of the passkey that is being made in a session, and the options for its browser;
// ErrNoSession if none is.
func (a *Accounts) NewPasskey(ctx context.Context, me db.User, session uint64) (name, options string, err error) {
	c, err := a.bySession(ctx, forNewPasskey, me.ID, session)
	if err != nil {
		return "", "", err
	}
	made, err := ceremonyOf(c)
	return made.Name, made.Options, err
}

// AddPasskey stores the passkey that a browser has made. It returns ErrNoSession, ErrBadPasskey, ErrPasskeyTaken or
// ErrTooManyPasskeys if it cannot; then the next attempt starts from the beginning.
func (a *Accounts) AddPasskey(ctx context.Context, me db.User, session uint64, at passkey.Site, answer string) error {
	c, err := a.bySession(ctx, forNewPasskey, me.ID, session)
	if err != nil {
		return err
	}
	begun, err := ceremonyOf(c)
	if err != nil {
		return err
	}
	if err := a.take(ctx, c); err != nil {
		return err
	}
	keys, err := a.store.PasskeysOf(ctx, me.ID)
	if err != nil {
		return err
	}
	key, err := at.New(ownerOf(me, keys), begun.State, answer)
	if err != nil {
		return refused(err)
	}
	var added bool
	err = a.store.Tx(ctx, func(tx *db.DB) (err error) {
		added, err = tx.AddPasskey(ctx, &db.Passkey{
			UserID: me.ID, Name: begun.Name, KeyHash: key.Hash, Key: key.Text, Count: key.Count, CreatedAt: a.now(),
		}, maxPasskeys)
		if err != nil || !added {
			return err
		}
		return tx.SetNotice(ctx, me.ID, db.NoticeKeyAdded, a.now())
	})
	switch {
	case errors.Is(err, db.ErrDuplicate):
		return ErrPasskeyTaken
	case err == nil && !added:
		return ErrTooManyPasskeys
	}
	return err
}

// RenamePasskey renames one of somebody's passkeys. It returns db.ErrNotFound if it is not theirs.
func (a *Accounts) RenamePasskey(ctx context.Context, me db.User, id uint64, name string) error {
	name, err := DisplayName(name)
	if err != nil {
		return err
	}
	return found(a.store.RenamePasskey(ctx, me.ID, id, name))
}

// RemovePasskey removes one of somebody's passkeys. A sign-in that is under way with it fails. It returns
// db.ErrNotFound if it is not theirs.
func (a *Accounts) RemovePasskey(ctx context.Context, me db.User, id uint64) error {
	return a.store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.LockUser(ctx, me.ID); err != nil {
			return err
		}
		if err := found(tx.DeletePasskey(ctx, me.ID, id)); err != nil {
			return err
		}
		return tx.SetNotice(ctx, me.ID, db.NoticeKeyRemoved, a.now())
	})
}

func found(is bool, err error) error {
	if err == nil && !is {
		return db.ErrNotFound
	}
	return err
}

// BeginPasskey starts a sign-in with a passkey, whoever its owner is, and returns a token for it and the options for
// the browser. A token of a sign-in that began shortly before is returned again. It returns *Throttled for an address that
// begins too many.
func (a *Accounts) BeginPasskey(ctx context.Context, from netip.Addr, at passkey.Site, before string) (token, options string, err error) {
	if a.options.PasswordsOff {
		return "", "", ErrPasswordsOff
	}
	if c, err := a.byToken(ctx, forPasskey, before); err == nil && c.ExpiresAt.Sub(a.now()) > StepTime/2 {
		begun, err := ceremonyOf(c)
		return before, begun.Options, err
	} else if err != nil && !errors.Is(err, ErrNoSession) {
		return "", "", err
	}
	if a.options.Limits {
		if err := a.countOne(ctx, counter{"passkey/" + network(from), beginWindow}, beginLimit); err != nil {
			return "", "", err
		}
	}
	options, state, err := at.BeginUse()
	if err != nil {
		return "", "", err
	}
	data, err := json.Marshal(ceremony{Options: options, State: state})
	if err != nil {
		return "", "", err
	}
	token, _, err = a.beginByToken(ctx, forPasskey, 0, string(data), StepTime)
	return token, options, err
}

// FinishPasskey ends a sign-in with a passkey, and returns who may have a session now: CreatePasskeySession. It
// returns ErrNoSession if there is none to end, and ErrBadPasskey. Each challenge has one answer.
func (a *Accounts) FinishPasskey(ctx context.Context, at passkey.Site, token, answer string) (u db.User, err error) {
	if a.options.PasswordsOff {
		return u, ErrPasswordsOff
	}
	c, err := a.byToken(ctx, forPasskey, token)
	if err != nil {
		return u, err
	}
	begun, err := ceremonyOf(c)
	if err != nil {
		return u, err
	}
	if err := a.take(ctx, c); err != nil {
		return u, err
	}
	var keys []db.Passkey
	_, key, err := at.Used(begun.State, answer, func(owner uint64) (passkey.Owner, error) {
		if u, err = a.store.UserByID(ctx, owner); err != nil {
			return passkey.Owner{}, err
		}
		keys, err = a.store.PasskeysOf(ctx, owner)
		return ownerOf(u, keys), err
	})
	if errors.Is(err, db.ErrNotFound) {
		err = passkey.ErrRefused
	}
	if err != nil {
		return db.User{}, refused(err)
	}
	now := a.now()
	for _, k := range keys {
		if k.KeyHash != key.Hash {
			continue
		}
		k.Key, k.Count, k.UsedAt = key.Text, key.Count, &now
		used, err := a.store.UsePasskey(ctx, k)
		if err != nil || used {
			return u, err
		}
	}
	return db.User{}, ErrBadPasskey // removed meanwhile, or used by a copy of it
}

// CreatePasskeySession is CreateSession for whoever has used a passkey, which is two factors in one.
func (a *Accounts) CreatePasskeySession(ctx context.Context, u db.User, userAgent string) (token string, s db.Session, err error) {
	return a.createSession(ctx, u, Origin{Passkey: true}, userAgent)
}

func ownerOf(u db.User, keys []db.Passkey) passkey.Owner {
	o := passkey.Owner{ID: u.ID, Username: u.Username, DisplayName: u.DisplayName}
	for _, k := range keys {
		o.Keys = append(o.Keys, k.Key)
	}
	return o
}

func ceremonyOf(c db.Challenge) (begun ceremony, err error) {
	if json.Unmarshal([]byte(c.Data), &begun) != nil {
		err = errors.New("auth: a stored ceremony is invalid")
	}
	return begun, err
}

func refused(err error) error {
	if errors.Is(err, passkey.ErrRefused) {
		return ErrBadPasskey
	}
	return err
}
