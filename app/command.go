package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"
)

// newCommand returns the command line. Every command reads its settings from the environment, names the database that
// it touches, and creates none: only the server does that.
func newCommand(environment []string, out, errOut io.Writer) *cli.Command {
	c := commands{environment: environment, out: out, errOut: errOut}
	root := &cli.Command{
		Name:                  "parley",
		Usage:                 "a self-hosted chat server",
		Description:           "Without a command, parley serves. Settings come from the environment.\n\n" + settingsHelp(),
		Version:               version(),
		Writer:                out,
		ErrWriter:             errOut,
		ExitErrHandler:        func(context.Context, *cli.Command, error) {}, // main prints the error
		Suggest:               true,
		Action:                c.without(c.serve),
		EnableShellCompletion: true,
		Commands: []*cli.Command{
			{Name: "version", Usage: "print which version this is", Action: c.without(func(context.Context) error { return c.printVersion() })},
			{Name: "check", Usage: "say what is wrong with the settings, the services and this machine", Action: c.without(c.check)},
			c.userCommand(),
			c.backupCommand(),
			c.restoreCommand(),
			{Name: "restore-finish", Usage: "finish putting back a database that was copied by other means than `parley backup`",
				Action: c.without(func(ctx context.Context) error { return finishRestore(ctx, environment, out) })},
			{Name: "admin", Hidden: true, ArgsUsage: "NAME [off]", Usage: "make somebody an administrator", Action: c.oldAdmin},
			{Name: "one-step", ArgsUsage: "NAME", Usage: "turn two-step sign-in off for somebody who has lost both phone and recovery codes",
				Action: c.named(func(ctx context.Context, name string) error { return disableSecondFactor(ctx, environment, name, out) })},
			{Name: "help", Aliases: []string{"h"}, ArgsUsage: "[COMMAND]", Usage: "show this, or how a command is used", Action: showHelp},
		},
	}
	_ = root.Walk(func(cmd *cli.Command) error { cmd.OnUsageError = usageError; return nil })
	return root
}

// commands is what the commands share.
type commands struct {
	environment []string
	out, errOut io.Writer
}

// serve runs the server.
func (c commands) serve(ctx context.Context) error {
	if err := run(ctx, c.environment, c.out, c.errOut); err != nil {
		return serveError{err}
	}
	return nil
}

// usageError explains what cannot be understood in one line. The whole help would hide it.
func usageError(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	return fmt.Errorf("%w; see parley help", errors.New(strings.ToLower(err.Error()[:1])+err.Error()[1:]+" ("+cmd.FullName()+")"))
}

// showHelp is `parley help`, also for a command of a command, as in `parley help user add`. The library's own looks at one
// word only.
func showHelp(ctx context.Context, cmd *cli.Command) error {
	words, of := cmd.Args().Slice(), cmd.Root()
	if len(words) == 0 {
		return cli.ShowRootCommandHelp(of)
	}
	for len(words) > 1 && of.Command(words[0]) != nil {
		words, of = words[1:], of.Command(words[0])
	}
	return cli.ShowCommandHelp(ctx, of, words[0])
}

// without is a command that takes no arguments.
func (c commands) without(do func(ctx context.Context) error) cli.ActionFunc {
	return func(ctx context.Context, cmd *cli.Command) error {
		if word := cmd.Args().First(); word != "" {
			return fmt.Errorf("%q is not a command of %s; see parley help", word, cmd.FullName())
		}
		return do(ctx)
	}
}

// named is a command that takes one argument.
func (c commands) named(do func(ctx context.Context, name string) error) cli.ActionFunc {
	return func(ctx context.Context, cmd *cli.Command) error {
		if cmd.Args().Len() != 1 {
			return fmt.Errorf("usage: %s %s", cmd.FullName(), cmd.ArgsUsage)
		}
		return do(ctx, cmd.Args().First())
	}
}

// oldAdmin is `parley admin NAME [off]`, from before there was `parley user admin`.
func (c commands) oldAdmin(ctx context.Context, cmd *cli.Command) error {
	words := cmd.Args().Slice()
	if len(words) == 0 || len(words) > 2 || len(words) == 2 && words[1] != "off" {
		return errors.New("usage: parley admin NAME [off]")
	}
	return makeAdmin(ctx, c.environment, words[0], len(words) == 1, c.out)
}

// settingsHelp lists the settings with their meanings and defaults.
func settingsHelp() string {
	var b strings.Builder
	for _, v := range variables {
		fallback := ""
		if v.fallback != "" {
			fallback = " (default: " + v.fallback + ")"
		}
		fmt.Fprintf(&b, "%s%s\n    %s\n", v.name, fallback, v.meaning)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// capital begins a sentence.
func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// counted returns a number with what it counts.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
