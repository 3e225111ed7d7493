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

// noSentences are names that are the same in every language, and literals that only look like text.
var noSentences = strings.Split("Parley|Android|Windows|Mac OS|Linux|Firefox|Chrome|Safari|Lynx|Links|Edg|Edge|Opera|"+
	"^noopener nofollow$|Block|paper wide|paper viewer|panes at-room|panes at-list", "|")

// notForUsers are files whose texts nobody reads, or only the people who work on Parley.
var notForUsers = []string{"app/web/metrics.go", "app/web/metrics_request.go", "app/web/metrics_account.go", "app/web/metrics_database.go", "app/web/metrics_tls.go", "app/web/health.go", "app/web/notice.go", "views/design.go", "views/design_templ.go"}

// TestSentencesAreInWords checks that texts for people are in views/words, in every language, and nowhere
// else: neither in the markup of the views nor in the handlers.
func TestSentencesAreInWords(t *testing.T) {
	markup := 0
	for _, s := range sources(t) {
		if s.pkg != "views" && s.pkg != "app/web" || slices.Contains(notForUsers, s.path) {
			continue
		}
		fragments, others := literals(s.file)
		markup += len(fragments)
		for _, text := range append(visibleTexts(fragments), slices.DeleteFunc(others, func(text string) bool { return !sentence.MatchString(text) })...) {
			if !slices.Contains(noSentences, text) {
				t.Errorf("%s contains the text %q, which belongs to views/words, in every language", s.path, text)
			}
		}
	}
	if markup < 500 {
		t.Errorf("found only %d fragments of markup; has templ changed what it generates?", markup)
	}
}

// sentence matches two words in a row, or a single capitalised one.
var sentence = regexp.MustCompile(`^[^<=\r]*\pL{2,} \pL{2,}[^<=\r]*$|^\p{Lu}\p{Ll}+[.!?…]?$`)

// literals returns the string literals of a file: the fragments of markup that templ writes, and all
// others except those for headers, errors and the log.
func literals(file *ast.File) (markup, others []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec, *ast.Field:
			return false // paths and tags
		case *ast.CallExpr:
			switch name := calleeName(n); {
			case name == "templruntime.WriteString":
				markup = append(markup, literalText(n.Args[2]))
				return false
			case name == "c.Set", name == "templ.Error", name == "errors.New", name == "fmt.Errorf", strings.Contains(name, "Log."), strings.HasSuffix(name, ".recovering"):
				return false
			}
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				others = append(others, literalText(n))
			}
		}
		return true
	})
	return markup, others
}

// calleeName returns the name of a called function with its selectors, as in "s.options.Log.Info".
func calleeName(c *ast.CallExpr) string {
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

// literalText returns the value of a string literal, and "" for any other expression.
func literalText(e ast.Expr) string {
	literal, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	value, _ := strconv.Unquote(literal.Value)
	return value
}

var (
	tag       = regexp.MustCompile(`<[^>]*>`)
	comment   = regexp.MustCompile(`<!--.*?-->`)
	textAttrs = regexp.MustCompile(` (?:alt|title|placeholder|aria-label|label)="([^"]*\pL[^"]*)"`)
	letters   = regexp.MustCompile(`\pL{2,}`)
)

// visibleTexts returns the texts between the tags of some markup, and in the attributes that browsers
// show or read aloud.
func visibleTexts(fragments []string) (texts []string) {
	html := comment.ReplaceAllString(strings.Join(fragments, "\x00"), "")
	for _, found := range textAttrs.FindAllStringSubmatch(html, -1) {
		texts = append(texts, found[1])
	}
	for _, piece := range strings.FieldsFunc(tag.ReplaceAllString(html, "\x00"), func(r rune) bool { return r == 0 }) {
		if piece = strings.TrimSpace(piece); letters.MatchString(piece) {
			texts = append(texts, piece)
		}
	}
	return texts
}
