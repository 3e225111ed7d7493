package main

import (
	"context"
	"time"

	"parley/app/auth"
	"parley/app/settings"
	"parley/db"
)

// openAccounts opens the accounts for one command, beside a server that may be running. where names the database
// without its password; done closes it.
func openAccounts(ctx context.Context, environment []string) (accounts *auth.Accounts, where string, done func(), err error) {
	config, err := readConfig(environment)
	if err != nil {
		return nil, "", nil, err
	}
	store, err := db.OpenBeside(ctx, config.DatabaseURL)
	if err != nil {
		return nil, "", nil, err
	}
	accounts = auth.New(store, auth.Options{Settings: settings.New(store, config.Fixed).Get, Now: time.Now})
	return accounts, db.Describe(config.DatabaseURL), func() { _ = store.Close() }, nil
}
