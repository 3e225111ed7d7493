package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"parley/app/auth"
	"parley/app/bus"
	"parley/db"
)

// userCommand is `parley user`. Its commands work beside a server that is running, which looks at the account with each
// request, and at those of its open pages every ten seconds, or as soon as it hears of it over Redis.
func (c commands) userCommand() *cli.Command {
	admin := &cli.Command{Name: "admin", ArgsUsage: "NAME", Usage: "make somebody an administrator",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "off", Usage: "take it back"}}}
	admin.Action = func(ctx context.Context, cmd *cli.Command) error {
		return c.named(func(ctx context.Context, name string) error {
			return makeAdmin(ctx, c.environment, name, !cmd.Bool("off"), c.out)
		})(ctx, cmd)
	}
	add := &cli.Command{Name: "add", ArgsUsage: "NAME", Usage: "create an account, and print a link with which its owner chooses a password",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "admin", Usage: "as an administrator"}}}
	add.Action = func(ctx context.Context, cmd *cli.Command) error {
		return c.named(func(ctx context.Context, name string) error { return c.addUser(ctx, name, cmd.Bool("admin")) })(ctx, cmd)
	}
	remove := &cli.Command{Name: "delete", ArgsUsage: "NAME", Usage: "delete an account for good; a running server does so within minutes",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "messages", Usage: "and everything it has posted"}}}
	remove.Action = func(ctx context.Context, cmd *cli.Command) error {
		return c.named(func(ctx context.Context, name string) error { return c.deleteUser(ctx, name, cmd.Bool("messages")) })(ctx, cmd)
	}
	return &cli.Command{
		Name: "user", Usage: "list and change accounts",
		Action: func(_ context.Context, cmd *cli.Command) error {
			if word := cmd.Args().First(); word != "" {
				return fmt.Errorf("%q is not a command of parley user; see parley user help", word)
			}
			return cli.ShowSubcommandHelp(cmd)
		},
		Commands: []*cli.Command{
			{Name: "list", Usage: "list all accounts", Action: c.without(c.listUsers)},
			add,
			{Name: "reset", ArgsUsage: "NAME", Usage: "print a link with which somebody chooses a new password", Action: c.named(c.resetUser)},
			{Name: "suspend", ArgsUsage: "NAME", Usage: "sign somebody out and keep them out", Action: c.named(c.suspendUser)},
			{Name: "restore", ArgsUsage: "NAME", Usage: "end a suspension", Action: c.named(c.restoreUser)},
			remove,
			admin,
		},
	}
}

// withAccounts opens the accounts for one change, and explains the errors that people can do something about.
func (c commands) withAccounts(ctx context.Context, name string, do func(accounts *auth.Accounts, where string) error) error {
	accounts, where, done, err := openAccounts(ctx, c.environment)
	if err != nil {
		return err
	}
	defer done()
	var invalid *auth.Invalid
	switch err := do(accounts, where); {
	case errors.Is(err, auth.ErrNoSuchUser):
		return fmt.Errorf("nobody in %s has the username %q", where, name)
	case errors.Is(err, auth.ErrLastAdmin):
		return fmt.Errorf("%s is the last administrator in %s: make somebody else one first", name, where)
	case errors.As(err, &invalid) && invalid.Username == auth.NameTaken:
		return fmt.Errorf("somebody in %s has the username %q already, or had it lately", where, name)
	case errors.As(err, &invalid):
		return fmt.Errorf("%q cannot be a username: it takes 3 to 32 letters from a to z, digits and . _ -, and begins and ends with none of these three; a few are reserved", name)
	default:
		return err
	}
}

// listed is the number of accounts that are read at once.
const listed = 200

// listUsers prints a table of all accounts.
func (c commands) listUsers(ctx context.Context) error {
	return c.withAccounts(ctx, "", func(accounts *auth.Accounts, where string) error {
		table := tabwriter.NewWriter(c.out, 0, 8, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "USERNAME\tSTATE\tCREATED\tLAST SEEN\tNAME")
		n := 0
		for after := ""; ; {
			_, people, err := accounts.People(ctx, db.PeopleFilter{After: after}, listed)
			if err != nil {
				return err
			}
			for _, u := range people {
				seen := "never"
				if u.SeenAt != nil {
					seen = u.SeenAt.Format(time.DateOnly)
				}
				_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", u.Username, state(u), u.CreatedAt.Format(time.DateOnly), seen, u.DisplayName)
				after = u.Username
			}
			if n += len(people); len(people) < listed {
				break
			}
		}
		if err := table.Flush(); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.errOut, "%s in %s\n", counted(n, "account", "accounts"), where)
		return err
	})
}

// state returns what an account is besides one that can sign in.
func state(u db.User) string {
	switch {
	case u.DeleteAt != nil:
		return "to be deleted"
	case u.IsSuspended && u.IsAdmin:
		return "suspended administrator"
	case u.IsSuspended:
		return "suspended"
	case u.IsAdmin:
		return "administrator"
	}
	return "member"
}

func (c commands) addUser(ctx context.Context, name string, admin bool) error {
	return c.withAccounts(ctx, name, func(accounts *auth.Accounts, where string) error {
		token, u, err := accounts.AddUser(ctx, name)
		if err != nil {
			return err
		}
		if admin {
			if err := accounts.SetAdmin(ctx, 0, u.Username, true); err != nil {
				return err
			}
			u.IsAdmin = true
		}
		_, _ = fmt.Fprintf(c.out, "In %s, %s has an account (%s). To choose a password, they open this link within a day:\n", where, u.Username, state(u))
		return c.printLink(token)
	})
}

func (c commands) resetUser(ctx context.Context, name string) error {
	return c.withAccounts(ctx, name, func(accounts *auth.Accounts, where string) error {
		token, u, err := accounts.ResetToken(ctx, name)
		if errors.Is(err, auth.ErrSuspended) {
			return fmt.Errorf("%s is suspended in %s: end that first, with parley user restore %s", name, where, name)
		}
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(c.out, "In %s, whoever opens this link within a day chooses a new password for %s:\n", where, u.Username)
		return c.printLink(token)
	})
}

// printLink prints the address where somebody chooses a password.
func (c commands) printLink(token string) error {
	config, err := readConfig(c.environment)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s/reset/%s\n", address(config, config.Addr), token)
	return err
}

func (c commands) suspendUser(ctx context.Context, name string) error {
	return c.withAccounts(ctx, name, func(accounts *auth.Accounts, where string) error {
		ended, err := accounts.Suspend(ctx, 0, name)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "In %s, %s is suspended. Pages that are open close %s.\n", where, name, c.closePages(ctx, ended))
		return err
	})
}

// closePages notifies the servers, if there is a Redis, to close the pages of sessions that have ended, and says how
// soon they do. Without a signal they find out by themselves.
func (c commands) closePages(ctx context.Context, ended []uint64) (when string) {
	const bySelf = "within ten seconds"
	config, err := readConfig(c.environment)
	if err != nil || config.RedisURL == "" {
		return bySelf
	}
	var signals []bus.Signal
	for _, session := range ended {
		signals = append(signals, bus.Signal{Kind: bus.SessionEnded, Session: session})
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	if err := bus.Send(ctx, config.RedisURL, signals...); err != nil {
		_, _ = fmt.Fprintf(c.errOut, "Redis could not be notified: %v\n", err)
		return bySelf
	}
	return "within two seconds"
}

func (c commands) restoreUser(ctx context.Context, name string) error {
	return c.withAccounts(ctx, name, func(accounts *auth.Accounts, where string) error {
		if err := accounts.Restore(ctx, 0, name); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.out, "In %s, %s can sign in.\n", where, name)
		return err
	})
}

func (c commands) deleteUser(ctx context.Context, name string, messages bool) error {
	return c.withAccounts(ctx, name, func(accounts *auth.Accounts, where string) error {
		ended, err := accounts.DeleteAccount(ctx, 0, name, messages)
		if err != nil {
			return err
		}
		c.closePages(ctx, ended)
		what := "the account"
		if messages {
			what = "the account and everything it has posted"
		}
		_, err = fmt.Fprintf(c.out, "In %s, %s has been signed out for good. The server deletes %s within minutes, or when it starts.\n", where, name, what)
		return err
	})
}
