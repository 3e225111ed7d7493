package main

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// papers says where each kind of number is defined, as the first cell of a row.
var papers = map[byte]string{'T': "docs/threats.md", 'P': "docs/delivery.md", 'I': "docs/delivery.md", 'F': "docs/delivery.md"}

var (
	// definition is a row of a table that has nothing but a number in its first cell.
	definition = regexp.MustCompile(`(?m)^\| ([TPIF][1-9]\d?) \|`)
	// citation is a number that stands by itself: not a part of a word, a color, a path or an escape.
	citation = regexp.MustCompile("(?m)(?:^|[\\s(\\[\"'`/|,*-])([TPIF][1-9]\\d?)(?:$|[\\s)\\]\"'`/|,.:;*-])")
	// named is a number in the name of a Go test.
	named = regexp.MustCompile(`^(?:Test|Fuzz|Benchmark)(?:[A-Za-z0-9]*_)?([TPIF][1-9]\d?)(?:$|[A-Z_])`)
	// drawing is a path of SVG, where T is a command.
	drawing = regexp.MustCompile(`\bd="[^"]*"`)
	// outside are papers that a reader of the repository does not have.
	outside = regexp.MustCompile(`\b(?:[A-Z]{3,}\.md)\b`)

	goTest = regexp.MustCompile("`(\\w+)\\.((?:Test|Fuzz|Benchmark)\\w*)`")
	quoted = regexp.MustCompile(`“([^”]+)”`)
	story  = regexp.MustCompile("(?m)\\btest\\(\\s*(?:'((?:[^'\\\\\n]|\\\\.)*)'|\"((?:[^\"\\\\\n]|\\\\.)*)\"|`((?:[^`\\\\]|\\\\.)*)`)")
	marks  = regexp.MustCompile(` @\w+`)
	hole   = regexp.MustCompile(`\\\$\\\{[^}]*\\\}`) // of a template, after QuoteMeta
)

// document is a file of the repository.
type document struct{ path, text string }

// documents are what people write: code, tests, views, scripts and papers.
func documents(t *testing.T) (list []document) {
	t.Helper()
	kinds := []string{".go", ".templ", ".js", ".mjs", ".ts", ".css", ".sh", ".md", ".yml", ".yaml", ".mod"}
	names := []string{"justfile", "Dockerfile", ".env.example", "run"}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(path, ".."+string(filepath.Separator)))
		if d.IsDir() {
			if slices.Contains([]string{"node_modules", ".git", ".out", "dist", "test-results"}, d.Name()) || rel == "bin" || rel == "data" {
				return fs.SkipDir
			}
			return nil
		}
		if !slices.Contains(kinds, filepath.Ext(path)) && !slices.Contains(names, d.Name()) ||
			strings.HasSuffix(path, "_templ.go") || rel == "app/reference_test.go" {
			return nil
		}
		text, err := os.ReadFile(path)
		list = append(list, document{rel, string(text)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 200 {
		t.Fatalf("found only %d files; is this test looking at the right folder?", len(list))
	}
	return list
}

func find(t *testing.T, list []document, path string) string {
	t.Helper()
	i := slices.IndexFunc(list, func(d document) bool { return d.path == path })
	if i < 0 {
		t.Fatalf("there is no %s", path)
	}
	return list[i].text
}

// remark is a text with the line where it begins: a comment or a string of Go, or a line of anything else.
type remark struct {
	text string
	line int
}

// remarks are the parts of a document in which something may be cited.
func remarks(d document) (list []remark) {
	if !strings.HasSuffix(d.path, ".go") {
		for i, line := range strings.Split(d.text, "\n") {
			list = append(list, remark{line, i + 1})
		}
		return list
	}
	set := token.NewFileSet()
	file := set.AddFile(d.path, -1, len(d.text))
	var s scanner.Scanner
	s.Init(file, []byte(d.text), nil, scanner.ScanComments)
	for {
		at, kind, text := s.Scan()
		switch kind {
		case token.EOF:
			return list
		case token.IDENT:
			if found := named.FindStringSubmatch(text); found != nil {
				list = append(list, remark{found[1], set.Position(at).Line})
			}
		case token.COMMENT, token.STRING:
			for i, line := range strings.Split(text, "\n") {
				list = append(list, remark{line, set.Position(at).Line + i})
			}
		}
	}
}

// cited are the numbers that a text cites.
func cited(text string) (numbers []string) {
	text = drawing.ReplaceAllString(text, "")
	for len(text) > 0 {
		at := citation.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		numbers = append(numbers, text[at[2]:at[3]])
		text = text[at[3]:] // what ends one number may begin the next
	}
	return numbers
}

// defined are the numbers of the papers.
func defined(t *testing.T, list []document) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, path := range []string{"docs/threats.md", "docs/delivery.md"} {
		last := map[byte]int{}
		for _, found := range definition.FindAllStringSubmatch(find(t, list, path), -1) {
			number := found[1]
			if papers[number[0]] != path {
				t.Errorf("%s defines %s, which belongs in %s", path, number, papers[number[0]])
			}
			n, _ := strconv.Atoi(number[1:])
			if n <= last[number[0]] { // in order; numbers that are not in use yet may be missing
				t.Errorf("%s has %s after %c%d", path, number, number[0], last[number[0]])
			}
			last[number[0]], all[number] = n, true
		}
	}
	for kind, path := range papers {
		if !all[string(kind)+"1"] {
			t.Errorf("%s defines no %c1", path, kind)
		}
	}
	return all
}

// TestCitedNumbersExist checks that T27, P5, I4 or F6 lead to a row of the papers, wherever they stand.
func TestCitedNumbersExist(t *testing.T) {
	list := documents(t)
	known, seen := defined(t, list), 0
	for _, d := range list {
		for _, r := range remarks(d) {
			for _, number := range cited(r.text) {
				seen++
				if !known[number] {
					t.Errorf("%s:%d cites %s, and %s has no such row: %s", d.path, r.line, number, papers[number[0]], strings.TrimSpace(r.text))
				}
			}
		}
	}
	if seen < 150 {
		t.Errorf("saw only %d citations; does this test still recognize them?", seen)
	}
}

// TestCitationsAreRecognized checks what counts as a citation, and what only looks like one.
func TestCitationsAreRecognized(t *testing.T) {
	for text, want := range map[string]string{
		"// TestX is T29: 100 MB": "T29", "T12 and T13, T14": "T12 T13 T14", "I1-I9": "I1 I9", "(F6)": "F6", "-run /F5 -seed 7": "F5",
		`"I4", "I5"`: "I4 I5", "| F1 kill -9 Redis |": "F1", "the 60 of T27.": "T27", "T99": "T99", "**P1**": "P1",
		"#F39 %F0%9F 0xF1 U+1F600 I18n T0 P95x T100 IPv4 SHA1 \\uF12 2026T10:00": "", `<path d="M0 8 T10 6 V10"/>`: "", "T": "", "P1D": "",
	} {
		if got := strings.Join(cited(text), " "); got != want {
			t.Errorf("%q cites %q instead of %q", text, got, want)
		}
	}
	source := document{"x.go", "package x\n// T1\nfunc TestT2Caps() { f[T3](\"T4\", `\nT5`, '6') }\n"}
	var got []string
	for _, r := range remarks(source) {
		for _, number := range cited(r.text) {
			got = append(got, strconv.Itoa(r.line)+number)
		}
	}
	if strings.Join(got, " ") != "2T1 3T2 3T4 4T5" {
		t.Errorf("in Go: %v", got)
	}
}

// TestNamedTestsExist checks that the tests which the papers name are there, and that each fault has its
// scenario.
func TestNamedTestsExist(t *testing.T) {
	list := documents(t)
	tests, titles := goTests(t, list), stories(list)
	for _, path := range []string{"docs/threats.md", "docs/delivery.md", "docs/claims.md"} {
		seen := 0
		for i, line := range strings.Split(find(t, list, path), "\n") {
			for _, found := range goTest.FindAllStringSubmatch(line, -1) {
				seen++
				if name := found[1] + "." + found[2]; !slices.Contains(tests, name) {
					t.Errorf("%s:%d names %s, which is gone. Was it renamed to %s?", path, i+1, name, nearest(name, tests))
				}
			}
			for _, found := range quoted.FindAllStringSubmatch(line, -1) {
				seen++
				if !slices.ContainsFunc(titles, func(s title) bool { return s.pattern.MatchString(found[1]) }) {
					var texts []string
					for _, s := range titles {
						texts = append(texts, s.text)
					}
					t.Errorf("%s:%d names the story “%s”, which is gone. Was it renamed to “%s”?", path, i+1, found[1], nearest(found[1], texts))
				}
			}
		}
		if seen < 20 {
			t.Errorf("saw only %d names of tests in %s; does this test still recognize them?", seen, path)
		}
	}
	scenarios := find(t, list, "e2e/faults/scenarios_test.go")
	for number := range defined(t, list) {
		if number[0] == 'F' && !strings.Contains(scenarios, `"`+number+`"`) {
			t.Errorf("docs/delivery.md has %s, and e2e/faults/scenarios_test.go does not", number)
		}
	}
}

// goTests are the tests of all packages, each with the folder that it is in.
func goTests(t *testing.T, list []document) (names []string) {
	t.Helper()
	for _, d := range list {
		if !strings.HasSuffix(d.path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), d.path, d.text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && goTest.MatchString("`x."+f.Name.Name+"`") {
				names = append(names, filepath.Base(filepath.Dir(d.path))+"."+f.Name.Name)
			}
		}
	}
	return names
}

// title is what a story is called. One that runs for several values has a hole for them.
type title struct {
	text    string
	pattern *regexp.Regexp
}

func stories(list []document) (titles []title) {
	for _, d := range list {
		if !strings.HasSuffix(d.path, ".spec.ts") {
			continue
		}
		for _, found := range story.FindAllStringSubmatch(d.text, -1) {
			text := marks.ReplaceAllString(strings.ReplaceAll(cmp.Or(found[1], found[2], found[3]), `\`, ""), "")
			titles = append(titles, title{text, regexp.MustCompile("^" + hole.ReplaceAllString(regexp.QuoteMeta(text), ".+") + "$")})
		}
	}
	return titles
}

var word = regexp.MustCompile(`[A-Z]?[a-z0-9]+|[A-Z]+`)

// nearest is the candidate that shares the most words with a name, for who looks for a renamed one.
func nearest(name string, candidates []string) (best string) {
	words := func(s string) (list []string) {
		for _, w := range word.FindAllString(s, -1) {
			list = append(list, strings.ToLower(w))
		}
		return list
	}
	most, wanted := -1<<30, words(name)
	for _, candidate := range candidates {
		have := words(candidate)
		score := -len(have)
		if _, moved, ok := strings.Cut(candidate, "."); ok && strings.HasSuffix(name, "."+moved) {
			score += 100 // to another folder
		}
		for _, w := range wanted {
			if slices.Contains(have, w) {
				score += 3
			}
		}
		if score > most {
			most, best = score, candidate
		}
	}
	return best
}

// TestNoPaperIsOutside checks that nobody is sent to a paper that is not in the repository, or to
// SECURITY.md for what docs/threats.md says.
func TestNoPaperIsOutside(t *testing.T) {
	list := documents(t)
	for _, d := range list {
		for i, line := range strings.Split(d.text, "\n") {
			for _, name := range outside.FindAllString(line, -1) {
				_, err := os.Stat(filepath.Join("..", name))
				switch {
				case err != nil:
					t.Errorf("%s:%d cites %s, which is not here; promises, invariants and faults are in docs/delivery.md, threats in docs/threats.md", d.path, i+1, name)
				case name == "SECURITY.md" && !strings.HasSuffix(d.path, ".md"):
					t.Errorf("%s:%d cites SECURITY.md, which says how to report a weakness; threats are in docs/threats.md", d.path, i+1)
				}
			}
		}
	}
}
