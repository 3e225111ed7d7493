// Package docs finds the blocks of commands in the pages that people read, and its tests run them. Each block stands after a
// comment, which Markdown does not show, that says who runs it:
//
//	<!-- run: NAME -->        a test or a recipe, by the table in docs_test.go
//	<!-- shows -->            nobody: it is what the block before it prints, where … stands for anything
//	<!-- sample: NAME -->     a file that a recipe gives to the program which it is for
//	<!-- not run: REASON -->  nobody here; docs/README.md lists why
//	<!-- not a command -->    nobody
package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"parley/e2e/rig"
)

// Block is some lines that stand by themselves in a page, indented or between fences.
type Block struct {
	Page string // its path in the repository
	Line int    // of its beginning
	Kind string // what stands before the colon in the comment; empty without one
	Name string // what stands behind it
	Text string
}

var mark = regexp.MustCompile(`^<!-- ([a-z ]+)(?:: (.*))? -->$`)

// Pages returns the pages that people read, in docs and at the root.
func Pages() (pages []string, err error) {
	for _, folder := range []string{"", "docs/"} {
		found, err := filepath.Glob(filepath.Join(rig.Root(), filepath.FromSlash(folder), "*.md"))
		if err != nil {
			return nil, err
		}
		for _, path := range found {
			pages = append(pages, folder+filepath.Base(path))
		}
	}
	return pages, nil
}

// Blocks returns the blocks of a page, in their order.
func Blocks(page string) (list []Block, err error) {
	text, err := os.ReadFile(filepath.Join(rig.Root(), filepath.FromSlash(page)))
	if err != nil {
		return nil, err
	}
	var before, fence string
	begin := func(line int) {
		b := Block{Page: page, Line: line}
		if found := mark.FindStringSubmatch(before); found != nil {
			b.Kind, b.Name = found[1], found[2]
		}
		list = append(list, b)
	}
	inside := false // of an indented block
	for i, line := range strings.Split(string(text), "\n") {
		last := len(list) - 1
		command, indented := strings.CutPrefix(line, "    ")
		switch {
		case fence != "" && line == fence:
			fence = ""
		case fence != "":
			list[last].Text += line + "\n"
		case strings.HasPrefix(line, "```"):
			fence, inside = "```", false
			begin(i + 1)
		case indented && inside:
			list[last].Text += command + "\n"
		case indented && (before == "" || mark.MatchString(before)): // what belongs to a list stands after its text
			inside = true
			begin(i + 1)
			list[last+1].Text = command + "\n"
		default:
			inside = false
		}
		before = line
	}
	return list, nil
}

// Named returns the text of the block of a page with a name.
func Named(page, kind, name string) (text string, ok bool) {
	list, err := Blocks(page)
	if err != nil {
		return "", false
	}
	for _, b := range list {
		if b.Kind == kind && b.Name == name {
			return b.Text, true
		}
	}
	return "", false
}
