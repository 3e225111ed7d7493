package docs

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/e2e/rig"
)

// binary is the program, which is built once.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "parley-docs-")
	if err == nil {
		binary = filepath.Join(dir, "parley")
		err = rig.Build(binary)
	}
	code := 1
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// elsewhere maps what this package does not run to the recipe that does.
var elsewhere = map[string]string{
	"archive": "packages", "serves": "packages", "deb": "packages", "systemd": "packages", "installed": "packages", "ports": "packages", "source": "packages",
	"nginx": "proxies", "caddy": "proxies", "caddy encode": "proxies", "apache": "proxies", "haproxy": "proxies",
	"prometheus": "alerts", "fail2ban": "alerts", "dex": "sso",
}

// here says how this package runs a block. The one after it is what it prints, if the page shows that.
var here = map[string]func(s *sandbox, b, next Block){
	"here":     func(s *sandbox, b, _ Block) { s.runs(b) },
	"stream":   func(s *sandbox, b, next Block) { s.streams(b, next) },
	"frame":    func(s *sandbox, b, _ Block) { s.frame(b) },
	"server":   func(s *sandbox, b, _ Block) { s.serves(b) },
	"settings": func(s *sandbox, b, _ Block) { s.takes(b) },
	"recipes":  func(s *sandbox, b, _ Block) { s.offers(b) },
	"nightly":  func(s *sandbox, b, _ Block) { s.nightly(b) },
	"new home": func(s *sandbox, b, _ Block) { s.newHome(b) },
	"copied":   func(s *sandbox, b, _ Block) { s.copied(b) },
	"dumped":   func(s *sandbox, b, _ Block) { s.dumped(b) },
	"restored": func(s *sandbox, b, _ Block) { s.restored(b) },
}

// pages returns the blocks of all pages.
func pages(t *testing.T) map[string][]Block {
	t.Helper()
	list, err := Pages()
	must(t, err)
	all := map[string][]Block{}
	for _, page := range list {
		blocks, err := Blocks(page)
		must(t, err)
		if len(blocks) > 0 {
			all[page] = blocks
		}
	}
	return all
}

// TestEveryBlockIsRun checks that no block of commands can be added that nobody runs, and that a recipe which is named is there
// and knows the block.
func TestEveryBlockIsRun(t *testing.T) {
	t.Parallel()
	recipes := readRecipes(t)
	seen := map[string]bool{}
	for page, blocks := range pages(t) {
		for i, b := range blocks {
			switch _, mine := here[b.Name]; {
			case b.Kind == "not a command", b.Kind == "not run" && b.Name != "", b.Kind == "run" && mine:
			case b.Kind == "shows" && i > 0 && blocks[i-1].Kind == "run":
			case (b.Kind == "run" || b.Kind == "sample") && elsewhere[b.Name] != "":
				seen[b.Name] = true
				if body, ok := recipes[elsewhere[b.Name]]; !ok || !mentions(t, foldersOf(body), `"`+b.Name+`"`) {
					t.Errorf("%s:%d is run by `just %s`, which does not know %q", page, b.Line, elsewhere[b.Name], b.Name)
				}
			default:
				t.Errorf("%s:%d: nobody runs this (its comment has %q, %q):\n%s", page, b.Line, b.Kind, b.Name, b.Text)
			}
		}
	}
	for name := range elsewhere {
		if !seen[name] {
			t.Errorf("no page has %q", name)
		}
	}
}

// mentions reports whether a text is in the code of some folders.
func mentions(t *testing.T, folders []string, text string) bool {
	t.Helper()
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(rig.Root(), folder, "*.go"))
		must(t, err)
		for _, file := range files {
			code, err := os.ReadFile(file)
			must(t, err)
			if strings.Contains(string(code), text) {
				return true
			}
		}
	}
	return false
}

// TestCommands runs the blocks of each page that can be run here, in their order, in a folder with a server of its own.
func TestCommands(t *testing.T) {
	t.Parallel()
	for page, blocks := range pages(t) {
		if !slices.ContainsFunc(blocks, func(b Block) bool { return b.Kind == "run" && here[b.Name] != nil }) {
			continue
		}
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			s := newSandbox(t)
			for i, b := range blocks {
				var next Block
				if i+1 < len(blocks) {
					next = blocks[i+1]
				}
				if run := here[b.Name]; b.Kind == "run" && run != nil {
					run(s, b, next)
				}
				if b.Kind == "shows" && !shows(s.last, b.Text) {
					t.Errorf("%s:%d: the page shows\n%s\nand this is\n%s", page, b.Line, b.Text, s.last)
				}
			}
		})
	}
}

// TestWhatIsNotRun checks that docs/README.md lists each reason for which a block is not run here, and no other.
func TestWhatIsNotRun(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(rig.Root(), "docs", "README.md"))
	must(t, err)
	_, section, _ := strings.Cut(string(text), "\n## What was not run\n")
	var listed []string
	for _, row := range regexp.MustCompile(`(?m)^\| ([^|]+) \|`).FindAllStringSubmatch(section, -1)[1:] {
		listed = append(listed, row[1])
	}
	slices.Sort(listed)
	reasons := map[string]bool{}
	for _, blocks := range pages(t) {
		for _, b := range blocks {
			if b.Kind == "not run" {
				reasons[b.Name] = true
				checkContainers(t, b)
			}
		}
	}
	if want := slices.Sorted(maps.Keys(reasons)); !slices.Equal(listed, want) {
		t.Errorf("docs/README.md lists %q, and the pages have %q", listed, want)
	}
}
