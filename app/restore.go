package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"parley/db"
)

// finishRestore is run once after an older database was put back. Every open page then loads
// again, instead of waiting for entries that it believes to have seen.
func finishRestore(ctx context.Context, environment []string, out io.Writer) error {
	config, err := readConfig(environment)
	if err != nil {
		return err
	}
	store, err := db.Open(config.DatabaseURL)
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
	fmt.Fprintf(out, "%d rooms have a new epoch; open pages load again within half a minute.\n", rooms)
	return nil
}
