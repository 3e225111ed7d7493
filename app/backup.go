package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"parley/app/backup"
	"parley/db"
)

// backupCommand is `parley backup FILE`.
func (c commands) backupCommand() *cli.Command {
	return &cli.Command{Name: "backup", ArgsUsage: "FILE", Usage: "write everything into a new file (- for standard output), also while the server runs",
		Action: c.named(c.backup)}
}

func (c commands) backup(ctx context.Context, path string) error {
	config, err := readConfig(c.environment)
	if err != nil {
		return err
	}
	store, err := db.OpenBackup(config.DatabaseURL)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	var m backup.Manifest
	if path == "-" {
		m, err = backup.Write(ctx, store, version(), c.out)
	} else {
		err = writeNew(path, func(to io.Writer) (err error) {
			m, err = backup.Write(ctx, store, version(), to)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("no backup was made: %w", err)
	}
	if path == "-" {
		path = "standard output"
	}
	_, err = fmt.Fprintf(c.errOut, "%s is in %s: %s.\n", capital(db.Describe(config.DatabaseURL)), path, contents(m))
	return err
}

// contents describes what is in a backup.
func contents(m backup.Manifest) string {
	return fmt.Sprintf("%s, %s, %s and %s", counted(m.Rows("users"), "account", "accounts"), counted(m.Rows("rooms"), "room", "rooms"),
		counted(m.Rows("messages"), "entry", "entries"), counted(m.Rows("photos"), "photo", "photos"))
}

// writeNew creates a file that did not exist, readable to nobody else. It gets its name once it is complete and on
// disk.
func writeNew(path string, write func(to io.Writer) error) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there already", path)
	}
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part") // with mode 0600
	if err != nil {
		return err
	}
	err = write(part)
	if err == nil {
		err = part.Sync()
	}
	err = errors.Join(err, part.Close())
	if err == nil {
		err = os.Link(part.Name(), path) // unlike Rename, it replaces nothing
		if err != nil && !errors.Is(err, os.ErrExist) {
			if err = os.Rename(part.Name(), path); err == nil { // a file system without links
				return nil
			}
		}
	}
	return errors.Join(err, os.Remove(part.Name()))
}

// restoreCommand is `parley restore FILE`.
func (c commands) restoreCommand() *cli.Command {
	cmd := &cli.Command{Name: "restore", ArgsUsage: "FILE", Usage: "put a backup (- for standard input) in the place of the database; the server must be stopped",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "replace", Usage: "even if that has accounts, which are lost"},
			&cli.BoolFlag{Name: "check", Usage: "only check that the backup is whole, and change nothing"},
		}}
	cmd.Action = func(ctx context.Context, cmd *cli.Command) error {
		return c.named(func(ctx context.Context, path string) error {
			return c.restore(ctx, path, cmd.Root().Reader, cmd.Bool("replace"), cmd.Bool("check"))
		})(ctx, cmd)
	}
	return cmd
}

// openBackup opens a backup, which may come through a pipe.
func openBackup(ctx context.Context, path string, from io.Reader) (a *backup.Archive, done func(), err error) {
	if path != "-" {
		a, err = backup.Open(path)
		return a, func() { _ = a.Close() }, err
	}
	file, err := os.CreateTemp("", "parley-restore-*.zip") // with mode 0600
	if err != nil {
		return nil, nil, err
	}
	named := os.Remove(file.Name()) != nil // on Windows; elsewhere nothing is left even of a process that is killed
	done = func() {
		_ = file.Close()
		if named {
			_ = os.Remove(file.Name())
		}
	}
	if err = spool(ctx, file, from); err == nil {
		a, err = backup.OpenFile(file)
	}
	if err != nil {
		done()
	}
	return a, done, err
}

// spool copies a pipe into a file, because a backup is read from its end.
func spool(ctx context.Context, file *os.File, from io.Reader) error {
	copied := make(chan error, 1)
	go func() {
		_, err := io.Copy(file, from)
		copied <- err
	}()
	select {
	case err := <-copied:
		return err
	case <-ctx.Done(): // what waits for the pipe ends with the process
		return ctx.Err()
	}
}

func (c commands) restore(ctx context.Context, path string, from io.Reader, replace, onlyCheck bool) error {
	config, err := readConfig(c.environment)
	if err != nil {
		return err
	}
	name := path
	if path == "-" {
		name = "what came through standard input"
	}
	archive, done, err := openBackup(ctx, path, from)
	if err != nil {
		return fmt.Errorf("%s cannot be restored, and nothing was changed: %w", name, err)
	}
	defer done()
	of := fmt.Sprintf("a backup of %s by Parley %s, with %s", archive.MadeAt.Format("2006-01-02 15:04:05 UTC"), archive.Version, contents(archive.Manifest))
	if onlyCheck {
		_, err = fmt.Fprintf(c.out, "%s is whole: %s.\n", capital(name), of)
		return err
	}
	where := db.Describe(config.DatabaseURL)
	switch err := archive.Restore(ctx, config.DatabaseURL, replace); {
	case errors.Is(err, db.ErrServed):
		return fmt.Errorf("a server is running on %s: stop it first (on MySQL, one that was killed counts for 20 seconds)", where)
	case errors.Is(err, db.ErrRestoring):
		return fmt.Errorf("a backup is being restored into %s already", where)
	case errors.Is(err, db.ErrNotEmpty):
		return fmt.Errorf("%s has accounts: with --replace, they and all that they have posted are lost", where)
	case errors.Is(err, db.ErrForeign):
		return fmt.Errorf("nothing was restored into %s: %w", where, err)
	case err != nil:
		return fmt.Errorf("the restoration of %s has failed: %w", where, err)
	}
	_, err = fmt.Fprintf(c.out, "%s is %s. Start the server; pages that are open will reload.\n", capital(where), of)
	return err
}
