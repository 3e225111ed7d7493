package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runModule runs the real go test on a module with these files.
func runModule(t *testing.T, files map[string]string) (counts, string) {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module outcome\n\ngo 1.26\n"
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	var out bytes.Buffer
	c, _ := run([]string{"go", "test", "-json", "./..."}, &out)
	return c, out.String()
}

const head = "import (\"os\"; \"testing\")\nvar _ = os.Exit\n"

func TestParentsOfSubtestsAreNotCounted(t *testing.T) {
	c, out := runModule(t, map[string]string{
		"a/a_test.go": "package a\n" + head + `
			func TestOne(t *testing.T) { t.Log("quiet") }
			func TestTwo(t *testing.T) { t.Run("x", func(t *testing.T) {}); t.Run("y", func(t *testing.T) { t.Error("loud") }) }
			func TestThree(t *testing.T) { t.Run("x", func(t *testing.T) {}); t.Error("after its subtests") }`,
		"b/b_test.go": "package b\n" + head + `func TestFour(t *testing.T) { t.Skip("no luck") }`,
	})
	if want := (counts{passed: 3, failed: 3}); c != want {
		t.Errorf("got %+v, want %+v", c, want)
	}
	for _, s := range []string{"loud", "after its subtests", "no luck", "FAIL\toutcome/a", "ok  \toutcome/b"} {
		if !strings.Contains(out, s) {
			t.Errorf("%q is missing from:\n%s", s, out)
		}
	}
	if strings.Contains(out, "quiet") {
		t.Errorf("the output of a passing test is shown:\n%s", out)
	}
}

func TestPackageWithoutResultsCountsAsFailed(t *testing.T) {
	for name, text := range map[string]string{
		"does not compile": "package a\n" + head + `func TestOne(t *testing.T) { undefined() }`,
		"exits":            "package a\n" + head + `func TestOne(t *testing.T) { os.Exit(3) }`,
		"panics":           "package a\n" + head + `func TestOne(t *testing.T) { panic("aargh") }`,
		"has no tests":     "package a\n" + head,
	} {
		t.Run(name, func(t *testing.T) {
			c, out := runModule(t, map[string]string{"a/a_test.go": text})
			if c.failed != 1 || c.passed != 0 {
				t.Errorf("got %+v:\n%s", c, out)
			}
		})
	}
}

func TestPlaywrightReports(t *testing.T) {
	for script, want := range map[string]counts{
		`echo '{"stats":{"expected":5,"unexpected":0,"flaky":0,"skipped":0}}' >"$PLAYWRIGHT_JSON_OUTPUT_FILE"`:         {5, 0},
		`echo '{"stats":{"expected":5,"unexpected":1,"flaky":1,"skipped":1}}' >"$PLAYWRIGHT_JSON_OUTPUT_FILE"; exit 1`: {5, 3},
		`echo '{"stats":{"expected":5,"unexpected":0,"flaky":0,"skipped":0}}' >"$PLAYWRIGHT_JSON_OUTPUT_FILE"; exit 1`: {5, 1},
		`exit 1`: {0, 1},
		`true`:   {0, 1},
	} {
		var out bytes.Buffer
		if c, _ := run([]string{"sh", "-c", script}, &out); c != want {
			t.Errorf("%s: got %+v, want %+v: %s", script, c, want, out.String())
		}
	}
}

// TestSlowestAreShown checks that the slowest come first, of both kinds of reports.
func TestSlowestAreShown(t *testing.T) {
	_, times := readGo(strings.NewReader(`{"Action":"pass","Package":"a","Test":"TestOne","Elapsed":1.5}
{"Action":"run","Package":"a","Test":"TestTwo/part"}
{"Action":"pass","Package":"a","Test":"TestTwo/part","Elapsed":1.9}
{"Action":"pass","Package":"a","Test":"TestTwo","Elapsed":1.9}
{"Action":"pass","Package":"a","Elapsed":2}`), io.Discard)
	_, more, err := readPlaywright([]byte(`{"suites":[{"suites":[{"specs":[{"file":"x.spec.ts","title":"a story","tests":[{"projectName":"scripts","results":[{"duration":1750}]}]}]}]}]}`), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	printSlowest(&out, append(times, more...))
	if want := "\nWhat took longest:\n    2.0 s  a (all)\n    1.9 s  a TestTwo/part\n    1.8 s  x.spec.ts [scripts] a story\n    1.5 s  a TestOne\n"; out.String() != want {
		t.Errorf("%q", out.String())
	}
}

func TestSplit(t *testing.T) {
	got := split([]string{"--", "go", "test", "--", "--", "npx", "playwright"})
	if len(got) != 2 || strings.Join(got[0], " ") != "go test" || strings.Join(got[1], " ") != "npx playwright" {
		t.Fatalf("got %q", got)
	}
}

func TestTotalAndExitCode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tally")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	report := `{"stats":{"expected":2,"unexpected":0}}`
	out, err := exec.Command(path, "--", "sh", "-c", `echo '`+report+`' >"$PLAYWRIGHT_JSON_OUTPUT_FILE"`,
		"--", "sh", "-c", `echo '`+report+`' >"$PLAYWRIGHT_JSON_OUTPUT_FILE"`).Output()
	if err != nil || !strings.HasSuffix(string(out), "\n4 passed, 0 failed\n") {
		t.Fatalf("%v: %q", err, out)
	}
	out, err = exec.Command(path, "--", "false").Output()
	if err == nil || !strings.HasSuffix(string(out), "\n0 passed, 1 failed\n") {
		t.Fatalf("%v: %q", err, out)
	}
}
