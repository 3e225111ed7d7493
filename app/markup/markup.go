// Package markup parses what people write: a small part of Markdown, links, and mentions of people.
//
// Goldmark's machinery runs with parsers of our own, because Markdown's own surprise people who do
// not know that they are writing it: "2*3*4" loses its stars there, "1) no" becomes a list, and what follows a
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

// parse parses a text; ok is false if it has no formatting, only addresses.
func parse(typed string) (doc ast.Node, addresses []Span, ok bool) {
	addresses = addressesIn(typed)
	if !mayHaveMarkup(typed) {
		return nil, addresses, false
	}
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
	p.AllowAttrs("tabindex", "role", "aria-label").Matching(regexp.MustCompile(`^(0|group|Code)$`)).OnElements("pre")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^host$`)).OnElements("span")
	return p
}()
