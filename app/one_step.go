package main

import (
	"context"
	"fmt"
	"io"

	"parley/app/auth"
)

// takeSecondFactor turns two-step sign-in off for an account. It works beside a server that is running.
func takeSecondFactor(ctx context.Context, environment []string, username string, out io.Writer) error {
	return commands{environment: environment, out: out}.withAccounts(ctx, username, func(accounts *auth.Accounts, where string) error {
		taken, err := accounts.TakeApp(ctx, username)
		if err != nil {
			return err
		}
		if !taken {
			return fmt.Errorf("%s signs in in one step already, in %s", username, where)
		}
		_, err = fmt.Fprintf(out, "In %s, %s signs in in one step now, and will see a notice.\n", where, username)
		return err
	})
}
