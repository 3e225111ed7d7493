// Command tally runs test commands one after another, shows the part of their output that matters, and
// ends with a total over all of them: "N passed, N failed".
//
//	tally -- go test -json ./... -- npx playwright test --reporter=list,json
//
// It reads the output of `go test -json`, and the JSON report of Playwright. Every command runs, even if
// an earlier one fails. A skipped test counts as failed: nothing shows that it would pass.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

type counts struct{ passed, failed int }

func main() {
	commands := split(os.Args[1:])
	if len(commands) == 0 {
		fmt.Fprintln(os.Stderr, "usage: tally -- COMMAND ARGS... [-- COMMAND ARGS...]")
		os.Exit(2)
	}
	var total counts
	for _, args := range commands {
		c := run(args, os.Stdout)
		total.passed += c.passed
		total.failed += c.failed
	}
	fmt.Printf("\n%d passed, %d failed\n", total.passed, total.failed)
	if total.failed > 0 || total.passed == 0 {
		os.Exit(1)
	}
}

func split(args []string) [][]string {
	var commands [][]string
	for _, a := range args {
		if a == "--" {
			commands = append(commands, nil)
		} else if len(commands) > 0 {
			commands[len(commands)-1] = append(commands[len(commands)-1], a)
		}
	}
	return slices.DeleteFunc(commands, func(c []string) bool { return len(c) == 0 })
}

// run runs one command and counts its tests. A command that fails without a failing test, because it
// does not compile for instance, counts as one failure; so does one that runs no test at all.
func run(args []string, out io.Writer) counts {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stderr = os.Stderr
	var c counts
	var err error
	if args[0] == "go" {
		c, err = runGo(cmd, out)
	} else {
		c, err = runPlaywright(cmd, out)
	}
	if err != nil && c.failed == 0 {
		fmt.Fprintf(out, "FAIL %s: %v\n", args[0], err)
		c.failed = 1
	}
	if c == (counts{}) {
		fmt.Fprintf(out, "FAIL %s ran no test\n", args[0])
		c.failed = 1
	}
	return c
}

func runGo(cmd *exec.Cmd, out io.Writer) (counts, error) {
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return counts{}, err
	}
	if err := cmd.Start(); err != nil {
		return counts{}, err
	}
	c := readGo(pipe, out)
	return c, cmd.Wait()
}

func runPlaywright(cmd *exec.Cmd, out io.Writer) (counts, error) {
	dir, err := os.MkdirTemp("", "parley-tally-")
	if err != nil {
		return counts{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	report := filepath.Join(dir, "report.json")
	cmd.Env = append(os.Environ(), "PLAYWRIGHT_JSON_OUTPUT_FILE="+report)
	cmd.Stdout = out
	runErr := cmd.Run()
	text, err := os.ReadFile(report)
	if err != nil {
		return counts{}, fmt.Errorf("no report: %w", runErr)
	}
	c, err := readPlaywright(bytes.NewReader(text), out)
	if err != nil {
		return c, err
	}
	return c, runErr
}

func readPlaywright(report io.Reader, out io.Writer) (counts, error) {
	var r struct {
		Stats struct{ Expected, Unexpected, Flaky, Skipped int }
	}
	if err := json.NewDecoder(report).Decode(&r); err != nil {
		return counts{}, err
	}
	s := r.Stats
	if s.Skipped > 0 {
		fmt.Fprintf(out, "FAIL %d browser tests did not run\n", s.Skipped)
	}
	return counts{passed: s.Expected, failed: s.Unexpected + s.Flaky + s.Skipped}, nil
}
