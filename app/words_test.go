package main

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// noSentences are names that are the same in every language, and what only looks like a sentence.
var noSentences = strings.Split("Parley|Android|Windows|Mac OS|Linux|Firefox|Chrome|Safari|Lynx|Links|Edg|Edge|Opera|"+
	"^noopener nofollow$|Block|paper wide|panes at-room|panes at-list", "|")

// unread are files of which nobody reads what they say, or only those who work on Parley.
var unread = []string{"app/web/metrics.go", "app/web/health.go", "views/design.go", "views/design_templ.go"}

// TestSentencesStandInTheWords holds that what people read is in views/words, in every language, and
// nowhere else: not in the markup of the views, and not in what the handlers say.
func TestSentencesStandInTheWords(t *testing.T) {
	markup := 0
	for _, s := range sources(t) {
		if s.pkg != "views" && s.pkg != "app/web" || slices.Contains(unread, s.path) {
			continue
		}
		fragments, others := literals(s.file)
		markup += len(fragments)
		for _, text := range append(shown(fragments), slices.DeleteFunc(others, func(text string) bool { return !sentence.MatchString(text) })...) {
			if !slices.Contains(noSentences, text) {
				t.Errorf("%s says %q; the sentences of all languages stand in views/words", s.path, text)
			}
		}
	}
	if markup < 500 {
		t.Errorf("found only %d pieces of markup; has templ changed what it generates?", markup)
	}
}

// sentence is two words in a row, or a single one with a capital.
var sentence = regexp.MustCompile(`^[^<=\r]*\pL{2,} \pL{2,}[^<=\r]*$|^\p{Lu}\p{Ll}+[.!?…]?$`)

// literals are the texts in a file: the fragments of markup that templ writes, and all others but
// those for headers and the log.
func literals(file *ast.File) (markup, others []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec, *ast.Field:
			return false // paths and tags
		case *ast.CallExpr:
			switch name := called(n); {
			case name == "templruntime.WriteString":
				markup = append(markup, text(n.Args[2]))
				return false
			case name == "c.Set", name == "templ.Error", name == "errors.New", name == "fmt.Errorf", strings.Contains(name, ".Log."), strings.HasSuffix(name, ".safely"):
				return false
			}
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				others = append(others, text(n))
			}
		}
		return true
	})
	return markup, others
}

func called(c *ast.CallExpr) string {
	var name []string
	for f := c.Fun; f != nil; {
		switch x := f.(type) {
		case *ast.SelectorExpr:
			name, f = append(name, x.Sel.Name), x.X
		case *ast.Ident:
			name, f = append(name, x.Name), nil
		default:
			f = nil
		}
	}
	slices.Reverse(name)
	return strings.Join(name, ".")
}

func text(e ast.Expr) string {
	literal, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	value, _ := strconv.Unquote(literal.Value)
	return value
}

var (
	tag     = regexp.MustCompile(`<[^>]*>`)
	comment = regexp.MustCompile(`<!--.*?-->`)
	aloud   = regexp.MustCompile(` (?:alt|title|placeholder|aria-label|label)="([^"]*\pL[^"]*)"`)
	letters = regexp.MustCompile(`\pL{2,}`)
)

// shown are the words that stand between the tags of some markup, and in the attributes that are
// read aloud.
func shown(fragments []string) (texts []string) {
	html := comment.ReplaceAllString(strings.Join(fragments, "\x00"), "")
	for _, found := range aloud.FindAllStringSubmatch(html, -1) {
		texts = append(texts, found[1])
	}
	for _, piece := range strings.FieldsFunc(tag.ReplaceAllString(html, "\x00"), func(r rune) bool { return r == 0 }) {
		if piece = strings.TrimSpace(piece); letters.MatchString(piece) {
			texts = append(texts, piece)
		}
	}
	return texts
}
