// Package dbtest opens databases for the tests of other packages.
package dbtest

import (
	"context"
	"errors"
	"testing"

	"parley/db"
	"parley/e2e/rig"
)

// Open opens the database at an address, with all its tables. The caller closes it.
func Open(t testing.TB, address string) *db.DB {
	t.Helper()
	prepared := rig.PrepareSQLite(t, address, migrate)
	store, err := db.Open(address)
	if err == nil && !prepared {
		err = store.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func migrate(address string) error {
	store, err := db.Open(address)
	if err != nil {
		return err
	}
	return errors.Join(store.Migrate(context.Background()), store.Close())
}
