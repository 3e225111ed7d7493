package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"parley/app/auth"
)

// takeSecondFactor turns two-step sign-in off for an account. It works beside a server that is running.
func takeSecondFactor(ctx context.Context, environment []string, username string, out io.Writer) error {
	accounts, where, done, err := openAccounts(ctx, environment)
	if err != nil {
		return err
	}
	defer done()
	taken, err := accounts.TakeApp(ctx, username)
	switch {
	case errors.Is(err, auth.ErrNoSuchUser):
		return fmt.Errorf("nobody in %s has the username %q", where, username)
	case err != nil:
		return err
	case !taken:
		return fmt.Errorf("%s signs in in one step already, in %s", username, where)
	}
	fmt.Fprintf(out, "In %s, %s signs in in one step now, and will see a notice.\n", where, username)
	return nil
}
