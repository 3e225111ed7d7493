package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"parley/db"
)

// finishRestore is to be run once after an older database was restored. It makes every open page
// reload; otherwise pages would ignore new entries, whose numbers they have already seen.
func finishRestore(ctx context.Context, environment []string, out io.Writer) error {
	config, err := readConfig(environment)
	if err != nil {
		return err
	}
	store, err := db.OpenRestored(ctx, config.DatabaseURL)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if err := store.Migrate(ctx); err != nil {
		return err
	}
	rooms, err := store.ChangeEpochs(ctx, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "In %s, %s a new epoch. Open pages will reload within half a minute.\n", db.Describe(config.DatabaseURL), counted(int(rooms), "room has", "rooms have"))
	return nil
}
