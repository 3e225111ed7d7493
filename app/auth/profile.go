package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

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

// SetNotifications stores how a person wants to be notified.
func (a *Accounts) SetNotifications(ctx context.Context, me db.User, n db.Notifications) error {
	return a.store.SetNotifications(ctx, me.ID, n)
}

// SetReadingMode stores how my pages work without scripts, and whether those that stay as they are
// start with the newest message.
func (a *Accounts) SetReadingMode(ctx context.Context, me db.User, mode db.ReadingMode, newestFirst bool) error {
	return a.store.SetReadingMode(ctx, me.ID, mode, newestFirst)
}

// maxRenamesPerDay is how often somebody may change their display name. It is in anybody's lists, so everybody's
// cached lines are read again after each.
const maxRenamesPerDay = 20

// ErrTooManyRenames means that somebody has changed their display name as often today as they may.
var ErrTooManyRenames = errors.New("auth: too many display names today")

// UpdateProfile stores a person's display name and time zone as DisplayName and TimeZone return them, or
// returns their *Invalid or ErrTooManyRenames. The language is one that the pages have, or "" to follow the browser.
func (a *Accounts) UpdateProfile(ctx context.Context, me db.User, displayName, timeZone, language string) error {
	displayName, err := DisplayName(displayName)
	if err != nil {
		return err
	}
	if timeZone, err = TimeZone(timeZone); err != nil {
		return err
	}
	if displayName == me.DisplayName {
		return a.store.SetLocale(ctx, me.ID, timeZone, language)
	}
	return a.store.Tx(ctx, func(tx *db.DB) error {
		if err := a.countRename(ctx, tx, me); err != nil {
			return err
		}
		return tx.SetProfile(ctx, me.ID, displayName, timeZone, language)
	})
}

// countRename counts a change of a display name, in the transaction that makes it.
func (a *Accounts) countRename(ctx context.Context, tx *db.DB, me db.User) error {
	const day = 24 * time.Hour
	if !a.options.Limits {
		return nil
	}
	now := a.now()
	renames, err := tx.CountUp(ctx, fmt.Sprintf("rename/%d", me.ID), day, now)
	if err == nil && renames > maxRenamesPerDay {
		err = fmt.Errorf("%w: %w", ErrTooManyRenames, &Throttled{RetryAfter: day - time.Duration(now.UnixNano()%int64(day))})
	}
	return err
}
