package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"parley/app/auth"
)

// makeAdmin makes an account an administrator, or takes that back. It works beside a server that is running,
// which looks at the account with each request.
func makeAdmin(ctx context.Context, environment []string, username string, admin bool, out io.Writer) error {
	accounts, where, done, err := openAccounts(ctx, environment)
	if err != nil {
		return err
	}
	defer done()
	switch err := accounts.SetAdmin(ctx, 0, username, admin); {
	case errors.Is(err, auth.ErrNoSuchUser):
		return fmt.Errorf("nobody in %s has the username %q", where, username)
	case errors.Is(err, auth.ErrLastAdmin):
		return fmt.Errorf("%s is the last administrator in %s: make somebody else one first", username, where)
	case err != nil:
		return err
	}
	what := "is an administrator now"
	if !admin {
		what = "is not an administrator any more"
	}
	fmt.Fprintf(out, "In %s, %s %s.\n", where, username, what)
	return nil
}
