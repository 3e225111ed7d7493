package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms lists the packages or files that may import a library: one library, one room. A library that is
// not listed may not be imported at all, so a new one is a decision and not an accident.
var rooms = map[string][]string{
	"github.com/gofiber/fiber/v2":         {"app/web"},
	"github.com/valyala/fasthttp":         {"app/web"},
	"github.com/gobwas/ws":                {"app/socket"},
	"gorm.io/gorm":                        {"db"},
	"gorm.io/driver/mysql":                {"db"},
	"github.com/libtnb/sqlite":            {"db"},
	"modernc.org/sqlite":                  {"db"},
	"github.com/go-sql-driver/mysql":      {"db"},
	"github.com/redis/go-redis/v9":        {"app/bus"},
	"github.com/alexedwards/argon2id":     {"app/auth"},
	"github.com/pquerna/otp":              {"app/auth"},
	"github.com/go-webauthn/webauthn":     {"app/passkey"},
	"github.com/coreos/go-oidc/v3":        {"app/sso"},
	"golang.org/x/oauth2":                 {"app/sso"},
	"golang.org/x/net":                    {"app/netaddr"},
	"golang.org/x/crypto":                 {"app/cert"},
	"golang.org/x/text":                   {"app/text"},
	"golang.org/x/time":                   {"app/chat"},
	"golang.org/x/image":                  {"app/photo"},
	"github.com/a-h/templ":                {"views", "app/web/render.go"},
	"github.com/yuin/goldmark":            {"app/markup"},
	"github.com/microcosm-cc/bluemonday":  {"app/markup"},
	"github.com/hashicorp/golang-lru/v2":  {"app/cache", "db/prepared.go", "db/statements.go"},
	"github.com/wneessen/go-mail":         {"app/mail"},
	"github.com/prometheus/client_golang": {"app/web/metrics.go", "app/web/metrics_request.go", "app/web/metrics_account.go"},
	"github.com/boombuler/barcode":        {"app/qr"},
	"github.com/urfave/cli/v3":            {"app"},
	"gonum.org/v1/plot":                   {"bench/plot"},
}

// arrows lists which of our packages a package may import, in one direction only. Every package is
// listed; TestRowsOnly in query_test.go also goes by this table.
var arrows = map[string][]string{
	"app": {"app/backup", "app/mail", "app/web", "app/auth", "app/settings", "app/cert", "app/conn", "app/bus", "app/netaddr", "app/sso", "app/text", "db", "assets"},
	"app/web": {"app/mail", "app/auth", "app/settings", "app/cache", "app/chat", "app/export", "app/invite", "app/qr", "app/search", "app/photo", "app/live", "app/socket", "app/conn", "app/bus", "app/markup", "app/text", "app/turn",
		"app/netaddr", "app/notice", "app/passkey", "app/sso", "views", "views/words", "assets", "db"},
	"app/auth":     {"db", "app/batch", "app/cache", "app/settings", "app/netaddr", "app/passkey", "app/sso", "app/text"},
	"app/passkey":  {},
	"app/sso":      {},
	"app/chat":     {"db", "app/batch", "app/cache", "app/settings", "app/bus", "app/markup", "app/search", "app/text", "app/turn"},
	"app/invite":   {"db", "app/auth", "app/chat", "app/settings"},
	"app/settings": {"db", "app/text"},
	"app/search":   {"db", "app/text", "app/turn"},
	"app/photo":    {"db"},
	"app/qr":       {},
	"app/export":   {"db"},
	"app/backup":   {"db"},
	"app/live":     {"app/conn", "app/bus"},
	"app/socket":   {"app/conn"},
	"app/cert":     {"app/netaddr"},
	"app/conn":     {"app/bus", "app/netaddr", "app/notice"},
	"app/bus":      {},
	"app/mail":     {"app/netaddr"},
	"app/markup":   {"app/cache"},
	"app/netaddr":  {},
	"app/notice":   {},
	"app/text":     {},
	"app/turn":     {},
	"app/batch":    {},
	"app/cache":    {},
	"views/words":  {},
	"views":        {"views/words", "app/markup", "app/settings", "db", "assets"},
	"db":           {},
	"assets":       {},
	"bench/plot":   {},
	"bench":        {"db", "e2e/rig", "bench/plot"}, // measures the program from outside; db is for the world that it writes before
}

// unchecked are folders with no code of the program itself.
var unchecked = []string{".git", "node_modules", "e2e"}

type source struct {
	pkg, path string // "app/web", "app/web/render.go"
	file      *ast.File
}

func sources(t *testing.T) (list []source) {
	t.Helper()
	root := ".."
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		if d.IsDir() {
			if slices.Contains(unchecked, rel) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ParseComments)
		if err != nil {
			return err
		}
		list = append(list, source{pkg: filepath.ToSlash(filepath.Dir(rel)), path: rel, file: file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 50 {
		t.Fatalf("found only %d files; is this test looking at the right folder?", len(list))
	}
	return list
}

func imports(s source) (paths []string) {
	for _, i := range s.file.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		paths = append(paths, path)
	}
	return paths
}

// TestOneLibraryOneRoom checks the table of libraries.
func TestOneLibraryOneRoom(t *testing.T) {
	for _, s := range sources(t) {
		for _, path := range imports(s) {
			if !strings.Contains(strings.Split(path, "/")[0], ".") {
				continue // the standard library, or ours
			}
			allowed := false
			for library, where := range rooms {
				if path == library || strings.HasPrefix(path, library+"/") {
					allowed = slices.Contains(where, s.pkg) || slices.Contains(where, s.path)
				}
			}
			if !allowed {
				t.Errorf("%s imports %s, which may not be imported there", s.path, path)
			}
		}
	}
}

// TestArrowsPointOneWay checks the table of packages.
func TestArrowsPointOneWay(t *testing.T) {
	for _, s := range sources(t) {
		may, known := arrows[s.pkg]
		if !known {
			t.Errorf("%s is in a package that is not in the table of packages", s.path)
		}
		for _, path := range imports(s) {
			ours, is := strings.CutPrefix(path, "parley/")
			if is && !slices.Contains(may, ours) {
				t.Errorf("%s imports %s: %s may import only %v", s.path, ours, s.pkg, may)
			}
		}
	}
}

// TestEveryFolderIsChecked checks that nothing can escape the tables: no Go file is outside the folders
// that they list, and no entry is left over from a folder that was renamed.
func TestEveryFolderIsChecked(t *testing.T) {
	imported := map[string][]string{}
	packages := map[string]bool{}
	for _, s := range sources(t) {
		packages[s.pkg] = true
		for _, path := range imports(s) {
			imported[path] = append(imported[path], s.pkg, s.path)
		}
	}
	for pkg := range arrows {
		if !packages[pkg] {
			t.Errorf("the table of packages lists %s, which has no Go files", pkg)
		}
	}
	for library, where := range rooms {
		var users []string
		for path, by := range imported {
			if path == library || strings.HasPrefix(path, library+"/") {
				users = append(users, by...)
			}
		}
		for _, place := range where {
			if !slices.Contains(users, place) {
				t.Errorf("%s may import %s, and does not", place, library)
			}
		}
	}
	for _, pkg := range mayQuery {
		if !packages[pkg] {
			t.Errorf("%s may query the database, and has no Go files", pkg)
		}
	}
	// go.mod, go.work and vendor decide what is compiled; a second module would not be in any table.
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "node_modules"}, d.Name()):
			return fs.SkipDir
		case d.Name() == "go.mod" && path != filepath.Join("..", "go.mod"), d.Name() == "go.work", path == filepath.Join("..", "vendor"):
			t.Errorf("%s escapes the tables of this file", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestNothingExitsButMain checks that the rest of the program returns its errors.
func TestNothingExitsButMain(t *testing.T) {
	for _, s := range sources(t) {
		if s.path == "app/main.go" || s.pkg == "bench" {
			continue
		}
		for _, used := range uses(s) {
			if used == "panic" || used == "os.Exit" || used == "runtime.Goexit" || used == "syscall.Exit" || strings.HasPrefix(used, "log.Fatal") || strings.HasPrefix(used, "log.Panic") {
				t.Errorf("%s uses %s", s.path, used)
			}
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s does work in init", s.path)
			}
		}
	}
}

// TestOnlyConfigReadsTheEnvironment checks that settings are read in one file.
func TestOnlyConfigReadsTheEnvironment(t *testing.T) {
	for _, s := range sources(t) {
		for _, used := range uses(s) {
			name, is := strings.CutPrefix(used, "os.")
			if _, sys := strings.CutPrefix(used, "syscall."); (is || sys) && s.path != "app/main.go" &&
				(strings.HasSuffix(used, "env") || strings.HasSuffix(name, "Env") || strings.HasSuffix(used, "Environ")) {
				t.Errorf("%s uses %s", s.path, used)
			}
		}
	}
}

// uses returns what a file uses of other packages, as "os.Exit" whatever the file calls the package, and
// the calls of panic.
func uses(s source) (list []string) {
	packages := map[string]string{}
	for _, i := range s.file.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		name := path[strings.LastIndex(path, "/")+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		packages[name] = path
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "panic" {
				list = append(list, "panic")
			}
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && packages[x.Name] != "" {
				list = append(list, packages[x.Name]+"."+n.Sel.Name)
			}
		}
		return true
	})
	return list
}

// TestFloorsAreDrawn checks that docs/architecture.md has each package once, above all those that it imports.
func TestFloorsAreDrawn(t *testing.T) {
	_, drawing, _ := strings.Cut(textOf(t, "../docs/architecture.md"), "\n```\n")
	drawing, _, _ = strings.Cut(drawing, "\n```\n")
	floor := map[string]int{}
	for i, line := range strings.Split(drawing, "\n") {
		for _, word := range strings.Fields(line) {
			if _, ok := arrows[word]; !ok {
				continue
			}
			if floor[word] > 0 {
				t.Errorf("%s is drawn twice", word)
			}
			floor[word] = i + 1
		}
	}
	for pkg, others := range arrows {
		if pkg == "bench" || strings.HasPrefix(pkg, "bench/") {
			continue
		}
		if floor[pkg] == 0 {
			t.Errorf("%s is not drawn", pkg)
		}
		for _, other := range others {
			if floor[other] <= floor[pkg] {
				t.Errorf("%s imports %s, and is not drawn above it", pkg, other)
			}
		}
	}
}
