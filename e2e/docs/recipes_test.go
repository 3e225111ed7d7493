package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/e2e/rig"
)

var (
	recipeHead = regexp.MustCompile(`^([a-z][a-z0-9-]*)((?: [A-Z*]+(?:="[^"]*")?)*):`)
	justCall   = regexp.MustCompile(`(?m)^\s*(?:npx --yes rust-)?just ([a-z][a-z0-9-]*)(.*)$`)
	flagOf     = regexp.MustCompile(`\bflag\w*\.\w+\((?:&[\w.]+, )?"([a-z-]+)"`)
	goFolder   = regexp.MustCompile(`\./((?:e2e/[a-z0-9-]+|bench|app(?:/\w+)?|db))\b`)
)

// ofGoTest are flags that `go test` itself has.
var ofGoTest = []string{"run", "v", "count", "bench", "benchmem", "benchtime", "short", "timeout"}

// readRecipes returns the recipes of the justfile with their lines.
func readRecipes(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(rig.Root(), "justfile"))
	must(t, err)
	recipes, name := map[string]string{}, ""
	for _, line := range strings.Split(string(text), "\n") {
		if found := recipeHead.FindStringSubmatch(line); found != nil {
			name = found[1]
			recipes[name] = found[2] + "\n"
		} else if strings.HasPrefix(line, "    ") && name != "" {
			recipes[name] += line + "\n"
		}
	}
	if len(recipes) < 20 {
		t.Fatalf("found only %d recipes", len(recipes))
	}
	return recipes
}

// foldersOf returns the folders of Go code that a recipe runs.
func foldersOf(recipe string) (list []string) {
	for _, found := range goFolder.FindAllStringSubmatch(recipe, -1) {
		list = append(list, found[1])
	}
	return list
}

// checkRecipe checks that a call of just names a recipe that is there, and flags that this or `go test` has.
func checkRecipe(t *testing.T, recipes map[string]string, where, name, rest string) {
	t.Helper()
	recipe, ok := recipes[name]
	if !ok {
		t.Errorf("%s: there is no recipe %s", where, name)
		return
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, ">")
	words := strings.Fields(rest)
	if len(words) > 0 && !strings.Contains(strings.SplitN(recipe, "\n", 2)[0], " ") {
		t.Errorf("%s: the recipe %s takes no words", where, name)
	}
	var known []string
	for _, folder := range foldersOf(recipe) {
		files, err := filepath.Glob(filepath.Join(rig.Root(), folder, "*.go"))
		must(t, err)
		for _, file := range files {
			code, err := os.ReadFile(file)
			must(t, err)
			for _, found := range flagOf.FindAllStringSubmatch(string(code), -1) {
				known = append(known, found[1])
			}
		}
	}
	if strings.Contains(recipe, "go test") {
		known = append(known, ofGoTest...)
	}
	for _, word := range words {
		flag, one := strings.CutPrefix(word, "-")
		if one && !strings.HasPrefix(flag, "-") && !slices.Contains(known, strings.SplitN(flag, "=", 2)[0]) {
			t.Errorf("%s: just %s has no flag -%s", where, name, flag)
		}
	}
}

// offers checks a block of recipes, which take minutes, and of `go test` with a folder.
func (s *sandbox) offers(b Block) {
	s.t.Helper()
	recipes := readRecipes(s.t)
	for line := range strings.Lines(b.Text) {
		line = strings.TrimSpace(line)
		if found := justCall.FindStringSubmatch(line); found != nil {
			checkRecipe(s.t, recipes, b.Page, found[1], found[2])
			continue
		}
		words := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "go test ./"):
			if _, err := os.Stat(filepath.Join(rig.Root(), words[2])); err != nil {
				s.t.Errorf("%s:%d: %v", b.Page, b.Line, err)
			}
		case strings.HasPrefix(line, "go run golang.org/x/perf/cmd/benchstat@"): // a tool of others, which is fetched
		default:
			s.t.Errorf("%s:%d: %q is no recipe", b.Page, b.Line, line)
		}
	}
}

// inlineCall matches the commands of just and of Parley that a text mentions in passing.
var inlineCall = regexp.MustCompile("`(just|parley) ([a-z][a-z0-9-]*)([^`]*)`")

// TestInlineCommands checks that the commands of Parley and of just that a text mentions in passing exist.
func TestInlineCommands(t *testing.T) {
	t.Parallel()
	recipes := readRecipes(t)
	list, err := Pages()
	must(t, err)
	seen := 0
	for _, page := range list {
		text, err := os.ReadFile(filepath.Join(rig.Root(), filepath.FromSlash(page)))
		must(t, err)
		for _, found := range inlineCall.FindAllStringSubmatch(string(text), -1) {
			seen++
			if found[1] == "just" {
				checkRecipe(t, recipes, page, found[2], found[3])
			} else {
				checkParley(t, page, found[2]+found[3])
			}
		}
	}
	if seen < 60 {
		t.Errorf("found only %d commands", seen)
	}
}

// checkParley checks that a command of Parley's is there, and the options that are given to it. Of several, as in add|reset,
// each is looked for.
func checkParley(t *testing.T, where, call string) {
	t.Helper()
	words := strings.Fields(call)
	names := []string{words[0]}
	if words[0] == "user" {
		if len(words) == 1 {
			return
		}
		names = nil
		for name := range strings.SplitSeq(words[1], "|") {
			names = append(names, "user "+name)
		}
	}
	for _, name := range names {
		if name == "help" || name == "version" {
			continue
		}
		help, err := exec.Command(binary, append(strings.Fields(name), "--help")...).CombinedOutput()
		if err != nil || !strings.Contains(string(help), "\n   parley "+name+" - ") {
			t.Errorf("%s: there is no command parley %s (%v)", where, name, err)
		}
		for _, word := range words {
			if strings.HasPrefix(word, "--") && !strings.Contains(string(help), "\n   "+word+" ") {
				t.Errorf("%s: parley %s has no %s", where, name, word)
			}
		}
	}
}
