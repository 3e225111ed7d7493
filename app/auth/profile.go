package auth

import (
	"context"

	"parley/db"
)

// User finds an account by its id, db.ErrNotFound when there is none.
func (a *Accounts) User(ctx context.Context, id uint64) (db.User, error) {
	return a.store.UserByID(ctx, id)
}

// Describe stores what a person says about themselves, in the forms that DisplayName and TimeZone
// answer; *Invalid for anything else. The language is one of those that the pages speak, or "".
func (a *Accounts) Describe(ctx context.Context, me db.User, displayName, timeZone, language string) error {
	displayName, err := DisplayName(displayName)
	if err != nil {
		return err
	}
	if timeZone, err = TimeZone(timeZone); err != nil {
		return err
	}
	return a.store.SetProfile(ctx, me.ID, displayName, timeZone, language)
}
