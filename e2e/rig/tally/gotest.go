package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// event is one line of `go test -json`; see `go doc test2json`.
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64 // seconds
}

type test struct{ pkg, name string }

// readGo prints each package's result and the output of failed tests, and counts and times the tests. A test
// with subtests is not counted itself.
func readGo(lines io.Reader, out io.Writer) (c counts, times []timed) {
	printed := map[test][]string{} // output of running tests
	parents := map[test]bool{}
	results := map[test]string{}
	scan := bufio.NewScanner(lines)
	scan.Buffer(nil, 16<<20)
	for scan.Scan() {
		var e event
		if err := json.Unmarshal(scan.Bytes(), &e); err != nil {
			fmt.Fprintln(out, scan.Text()) // a message from the go command
			continue
		}
		t := test{e.Package, e.Test}
		switch {
		case e.Action == "build-output" || e.Action == "output" && e.Test == "":
			if isRelevant(e.Output) {
				fmt.Fprint(out, e.Output)
			}
		case e.Test == "":
			if e.Action == "pass" || e.Action == "fail" {
				times = append(times, timed{e.Package + " (all)", seconds(e.Elapsed)})
			}
		case e.Action == "run":
			if i := strings.LastIndexByte(e.Test, '/'); i > 0 {
				parents[test{e.Package, e.Test[:i]}] = true
			}
		case e.Action == "output":
			printed[t] = append(printed[t], e.Output)
		case e.Action == "pass" || e.Action == "fail" || e.Action == "skip":
			results[t] = e.Action
			if !parents[t] {
				times = append(times, timed{e.Package + " " + e.Test, seconds(e.Elapsed)})
			}
			if e.Action != "pass" {
				fmt.Fprint(out, strings.Join(printed[t], ""))
			}
			delete(printed, t)
		}
	}
	// Output of tests that never finished explains why the test program crashed.
	for t, output := range printed {
		fmt.Fprint(out, strings.Join(output, ""))
		if results[t] == "" {
			results[t] = "fail"
		}
	}
	return count(results, parents), times
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

func count(results map[test]string, parents map[test]bool) counts {
	var c counts
	for t, action := range results {
		switch {
		case action == "pass" && !parents[t]:
			c.passed++
		case action != "pass" && (!parents[t] || !failedBelow(t, results)):
			c.failed++
		}
	}
	return c
}

func failedBelow(parent test, results map[test]string) bool {
	for t, action := range results {
		if action != "pass" && t.pkg == parent.pkg && strings.HasPrefix(t.name, parent.name+"/") {
			return true
		}
	}
	return false
}

func isRelevant(line string) bool {
	return line != "PASS\n" && !strings.HasPrefix(line, "testing: warning: no tests to run")
}
