package auth

import (
	"context"
	"errors"

	"parley/db"
)

// User finds an account by its id, db.ErrNotFound when there is none.
func (a *Accounts) User(ctx context.Context, id uint64) (db.User, error) {
	return a.store.UserByID(ctx, id)
}

// ErrNoLadder is none of the ways in which a page can work without scripts.
var ErrNoLadder = errors.New("auth: no such way to read")

// SetReadingMode stores how my pages work without scripts, "live", "wait" or "plain", and whether those that
// stay as they are begin with the newest message.
func (a *Accounts) SetReadingMode(ctx context.Context, me db.User, ladder string, newestFirst bool) error {
	switch ladder {
	case "wait", "plain":
	case "live":
		ladder = ""
	default:
		return ErrNoLadder
	}
	return a.store.SetReadingMode(ctx, me.ID, ladder, newestFirst)
}

// UpdateProfile stores what a person says about themselves, in the forms that DisplayName and TimeZone
// answer; *Invalid for anything else. The language is one of those that the pages speak, or "".
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
