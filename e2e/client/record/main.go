// Command record saves what the real server sends to its pages in a folder: the pages themselves, and the
// HTML that comes over streams and sockets. The tests of the client scripts replay it with values of
// their own (markup.ts), so their server cannot drift away from the views.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"parley/e2e/rig"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./e2e/client/record FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "recording pages for the client tests:", err)
		os.Exit(1)
	}
}

// run starts the program, and saves into an empty folder what it sends.
func run(folder string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "parley-record-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temp) }()
	binary := filepath.Join(temp, "parley")
	if err := rig.Build(binary); err != nil {
		return err
	}
	p, err := rig.NewParley(binary, map[string]string{"DATABASE_URL": "sqlite:" + filepath.Join(temp, "parley.db")})
	if err != nil {
		return err
	}
	defer p.Close()
	if err := p.Start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	recordings, err := record(ctx, p)
	if err != nil {
		return err
	}
	for name, text := range recordings {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
