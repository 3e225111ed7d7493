// Command tally runs test commands one after another, shows the part of their output that matters, and
// ends with what took longest and a total over all of them: "N passed, N failed".
//
//	tally -- go test -json ./... -- npx playwright test --reporter=list,json
//
// It reads the output of `go test -json`, and the JSON report of Playwright. Every command runs, even if
// an earlier one fails. A skipped test counts as failed: nothing shows that it would pass.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

type counts struct{ passed, failed int }

func main() {
	commands := split(os.Args[1:])
	if len(commands) == 0 {
		fmt.Fprintln(os.Stderr, "usage: tally -- COMMAND ARGS... [-- COMMAND ARGS...]")
		os.Exit(2)
	}
	var total counts
	var times []timed
	for _, args := range commands {
		c, took := run(args, os.Stdout)
		total.passed += c.passed
		total.failed += c.failed
		times = append(times, took...)
	}
	printSlowest(os.Stdout, times)
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
func run(args []string, out io.Writer) (c counts, times []timed) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stderr = os.Stderr
	var err error
	if args[0] == "go" {
		c, times, err = runGo(cmd, out)
	} else {
		c, times, err = runPlaywright(cmd, out)
	}
	if err != nil && c.failed == 0 {
		fmt.Fprintf(out, "FAIL %s: %v\n", args[0], err)
		c.failed = 1
	}
	if c == (counts{}) {
		fmt.Fprintf(out, "FAIL %s ran no test\n", args[0])
		c.failed = 1
	}
	return c, times
}

func runGo(cmd *exec.Cmd, out io.Writer) (counts, []timed, error) {
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return counts{}, nil, err
	}
	if err := cmd.Start(); err != nil {
		return counts{}, nil, err
	}
	c, times := readGo(pipe, out)
	return c, times, cmd.Wait()
}

func runPlaywright(cmd *exec.Cmd, out io.Writer) (counts, []timed, error) {
	dir, err := os.MkdirTemp("", "parley-tally-")
	if err != nil {
		return counts{}, nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	report := filepath.Join(dir, "report.json")
	cmd.Env = append(os.Environ(), "PLAYWRIGHT_JSON_OUTPUT_FILE="+report)
	cmd.Stdout = out
	runErr := cmd.Run()
	text, err := os.ReadFile(report)
	if err != nil {
		return counts{}, nil, fmt.Errorf("no report: %w", runErr)
	}
	c, times, err := readPlaywright(text, out)
	if err != nil {
		return c, nil, err
	}
	return c, times, runErr
}

// suite is a file of stories in a report of Playwright, or a group of them.
type suite struct {
	Suites []suite
	Specs  []struct {
		File, Title string
		Tests       []struct {
			ProjectName string
			Results     []struct{ Duration float64 } // milliseconds
		}
	}
}

func readPlaywright(report []byte, out io.Writer) (counts, []timed, error) {
	var r struct {
		Stats struct{ Expected, Unexpected, Flaky, Skipped int }
		suite
	}
	if err := json.Unmarshal(report, &r); err != nil {
		return counts{}, nil, err
	}
	s := r.Stats
	if s.Skipped > 0 {
		fmt.Fprintf(out, "FAIL %d browser tests did not run\n", s.Skipped)
	}
	return counts{passed: s.Expected, failed: s.Unexpected + s.Flaky + s.Skipped}, r.times(), nil
}

func (s suite) times() (list []timed) {
	for _, spec := range s.Specs {
		for _, t := range spec.Tests {
			for _, result := range t.Results {
				list = append(list, timed{fmt.Sprintf("%s [%s] %s", spec.File, t.ProjectName, spec.Title), time.Duration(result.Duration * float64(time.Millisecond))})
			}
		}
	}
	for _, below := range s.Suites {
		list = append(list, below.times()...)
	}
	return list
}
