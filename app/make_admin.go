package main

import (
	"context"
	"fmt"
	"io"

	"parley/app/auth"
)

// makeAdmin makes an account an administrator, or takes that back. It works beside a server that is running,
// which looks at the account with each request.
func makeAdmin(ctx context.Context, environment []string, username string, admin bool, out io.Writer) error {
	return commands{environment: environment, out: out}.withAccounts(ctx, username, func(accounts *auth.Accounts, where string) error {
		if err := accounts.SetAdmin(ctx, 0, username, admin); err != nil {
			return err
		}
		what := "is an administrator now"
		if !admin {
			what = "is not an administrator any more"
		}
		_, err := fmt.Fprintf(out, "In %s, %s %s.\n", where, username, what)
		return err
	})
}
