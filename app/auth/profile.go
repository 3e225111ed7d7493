package auth

import (
	"context"
	"errors"

	"parley/db"
)

// User returns an account, or db.ErrNotFound.
func (a *Accounts) User(ctx context.Context, id uint64) (db.User, error) {
	return a.store.UserByID(ctx, id)
}

// ErrUnknownReadingMode means that a name is none of db.ReadingMode's.
var ErrUnknownReadingMode = errors.New("auth: unknown reading mode")

// ReadingMode returns the mode of that name, or ErrUnknownReadingMode.
func ReadingMode(name string) (db.ReadingMode, error) {
	for _, mode := range []db.ReadingMode{db.ReadingLive, db.ReadingWait, db.ReadingPlain} {
		if mode.String() == name {
			return mode, nil
		}
	}
	return "", ErrUnknownReadingMode
}

// SetCalls stores what a person wants to be called by.
func (a *Accounts) SetCalls(ctx context.Context, me db.User, c db.Calls) error {
	return a.store.SetCalls(ctx, me.ID, c)
}

// SetReadingMode stores how my pages work without scripts, and whether those that stay as they are
// start with the newest message.
func (a *Accounts) SetReadingMode(ctx context.Context, me db.User, mode db.ReadingMode, newestFirst bool) error {
	return a.store.SetReadingMode(ctx, me.ID, mode, newestFirst)
}

// UpdateProfile stores a person's display name and time zone as DisplayName and TimeZone return them, or
// returns their *Invalid. The language is one that the pages have, or "" to follow the browser.
func (a *Accounts) UpdateProfile(ctx context.Context, me db.User, displayName, timeZone, language string) error {
	displayName, err := DisplayName(displayName)
	if err != nil {
		return err
	}
	if timeZone, err = TimeZone(timeZone); err != nil {
		return err
	}
	return a.store.SetProfile(ctx, me.ID, displayName, timeZone, language)
}
