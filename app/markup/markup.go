// Package markup is what people write: a small part of Markdown, links, and mentions of people.
//
// Goldmark's machinery runs with parsers of our own, because Markdown's surprise people who do not
// know that they write it: "2*3*4" loses its stars there, "1) no" becomes a list, and what follows a
// quote belongs to it. What is not clearly meant as formatting stays as it was typed.
package markup

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Formatted is a formatted text as HTML.
type Formatted struct {
	HTML   string // sanitized; nothing else may be sent unescaped
	Blocks bool   // it has quotes, lists or code blocks, not only inline formatting
}

// Format returns a text as HTML, and whether there was anything to format. Names that are known are
// mentions, and link to the person.
func Format(source string, known func(name string) bool) (f Formatted, ok bool) {
	doc, addresses, ok := parse(source)
	if !ok {
		return f, false
	}
	w := renderer{source: source, addresses: addresses, known: known}
	w.children(doc)
	return Formatted{HTML: allowed.Sanitize(w.out.String()), Blocks: hasBlocks(doc)}, true
}

// Plain returns a text without its formatting.
func Plain(source string) string {
	doc, addresses, ok := parse(source)
	if !ok {
		return source
	}
	w := renderer{source: source, addresses: addresses, plain: true}
	w.children(doc)
	if util.IsBlank([]byte(w.out.String())) {
		return source
	}
	return w.out.String()
}

// FirstLine returns the first line of a text that has anything in it, without its formatting and cut to so
// many characters.
func FirstLine(source string, most int) string {
	line, _, _ := strings.Cut(strings.TrimSpace(Plain(source)), "\n")
	line = strings.TrimSpace(line)
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return line
}

// MentionCandidates returns the names that a text may mention, each once and in lower case. Whoever has
// found out which of them exist asks Mentions.
func MentionCandidates(source string) []string {
	asked := names{}
	mentions(source, func(name string) bool {
		asked.add(name)
		return false
	})
	return asked.list
}

// Mentions returns which of the known names a text mentions, each once and in lower case. "@rob." is rob,
// if both rob and rob. are known.
func Mentions(source string, known func(name string) bool) []string {
	found := names{}
	mentions(source, func(name string) bool {
		is := known(name)
		if is {
			found.add(name)
		}
		return is
	})
	return found.list
}

// names is a list without repetitions.
type names struct {
	list []string
	seen map[string]bool
}

func (n *names) add(name string) {
	if n.seen == nil {
		n.seen = map[string]bool{}
	}
	if !n.seen[name] {
		n.seen[name] = true
		n.list = append(n.list, name)
	}
}

// mentions asks for every name that a text may mention, until one is known.
func mentions(source string, known func(name string) bool) {
	if !strings.Contains(source, "@") {
		return
	}
	if doc, addresses, ok := parse(source); ok {
		w := renderer{source: source, addresses: addresses, known: known}
		w.children(doc)
	} else {
		Split(source, known)
	}
}

// parse parses a text; ok is false if there is no formatting in it.
func parse(typed string) (doc ast.Node, addresses []Span, ok bool) {
	if !mayHaveMarkup(typed) {
		return nil, nil, false
	}
	addresses = addressesIn(typed)
	pc := parser.NewContext()
	pc.Set(addressKey, addresses)
	pc.Set(sourceKey, &source{text: typed, fence: -1, noFence: len(typed)})
	doc = markdown.Parse(text.NewReader([]byte(typed)), parser.WithContext(pc))
	return doc, addresses, hasMarkup(doc)
}

// mayHaveMarkup is a cheap test that most texts fail. Texts that no message can have, with other line
// breaks or invalid UTF-8, are left alone.
func mayHaveMarkup(source string) bool {
	if !strings.ContainsAny(source, "*_`[>-.") || strings.ContainsAny(source, "\r\x00") || !utf8.ValidString(source) {
		return false
	}
	if strings.ContainsAny(source, "*_`[") {
		return true
	}
	for line := range strings.Lines(source) {
		if isQuote(line) || markerOf(line).width > 0 {
			return true
		}
	}
	return false
}

func hasMarkup(doc ast.Node) (found bool) {
	_ = ast.Walk(doc, func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Document, *ast.Text:
			return ast.WalkContinue, nil
		case *block:
			if n.tag == "" {
				return ast.WalkContinue, nil
			}
		}
		found = true
		return ast.WalkStop, nil
	})
	return found
}

func hasBlocks(doc ast.Node) bool {
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if b, is := n.(*block); is && b.tag != "" {
			return true
		}
	}
	return false
}

// markdown has only these parsers: no headings, tables, images, references or HTML.
var markdown = parser.NewParser(
	parser.WithBlockParsers(util.Prioritized(blocks{}, 1)),
	parser.WithInlineParsers(util.Prioritized(code{parser.NewCodeSpanParser()}, 1), util.Prioritized(links{}, 2), util.Prioritized(emphasis{}, 3)),
)

// allowed is what may come out, whatever mistakes the parsers make.
var allowed = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "br")
	p.AllowURLSchemes("http", "https")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.AllowAttrs("href").Matching(regexp.MustCompile(`^(?i:https?://|/people/[a-z0-9_.-]+$)`)).OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^noopener nofollow$`)).OnElements("a")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^mention$`)).OnElements("a")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^host$`)).OnElements("span")
	return p
}()
