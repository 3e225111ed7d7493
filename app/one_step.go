package main

import (
	"context"
	"fmt"
	"io"

	"parley/app/auth"
)

// disableSecondFactor turns two-step sign-in off for an account. It works beside a server that is running.
func disableSecondFactor(ctx context.Context, environment []string, username string, out io.Writer) error {
	return commands{environment: environment, out: out}.withAccounts(ctx, username, func(accounts *auth.Accounts, where string) error {
		had, err := accounts.DisableSecondFactor(ctx, username)
		if err != nil {
			return err
		}
		if !had {
			return fmt.Errorf("%s already signs in in one step, in %s", username, where)
		}
		_, err = fmt.Fprintf(out, "In %s, %s signs in in one step now, and will see a notice.\n", where, username)
		return err
	})
}
