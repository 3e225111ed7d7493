package markup

import (
	"html"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// writer turns a parsed text into HTML, or into the text without its marks. White space is kept by
// the stylesheet, so nothing is written that was not in the text.
type writer struct {
	source    string
	addresses []Span
	known     func(name string) bool
	bare      bool // without HTML
	out       strings.Builder
}

func (w *writer) children(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *block:
			w.block(n)
		case *ast.Text:
			w.text(n)
		case *ast.Emphasis:
			tag := "em"
			if n.Level == 2 {
				tag = "strong"
			}
			w.around(tag, n)
		case *ast.CodeSpan:
			w.tag("code")
			for part := n.FirstChild(); part != nil; part = part.NextSibling() {
				at := part.(*ast.Text).Segment
				w.lines(w.source[at.Start:at.Stop])
			}
			w.tag("/code")
		case *link:
			w.link(n)
		}
	}
}

func (w *writer) around(tag string, n ast.Node) {
	w.tag(tag)
	w.children(n)
	w.tag("/" + tag)
}

func (w *writer) block(b *block) {
	before, _ := b.PreviousSibling().(*block)
	switch {
	case b.tag == "" && before != nil && before.tag == "": // the empty lines between them
		w.lines(w.source[before.end():b.Lines().At(0).Start])
	case w.bare && before != nil:
		w.lines("\n")
	}
	switch b.tag {
	case "":
		w.children(b)
	case "pre":
		w.tag("pre")
		w.tag("code")
		for i := range b.Lines().Len() {
			at := b.Lines().At(i)
			w.write(w.source[at.Start:at.Stop])
		}
		w.tag("/code")
		w.tag("/pre")
	default:
		w.around(b.tag, b)
	}
}

func (b *block) end() int { return b.Lines().At(b.Lines().Len() - 1).Stop }

// text writes a piece of text with all that follows it without a mark between: marks that came to
// nothing have cut it, and an address must be seen whole.
func (w *writer) text(n *ast.Text) {
	if before, is := n.PreviousSibling().(*ast.Text); is && joins(before, n) {
		return
	}
	from, to, last := n.Segment.Start, n.Segment.Stop, n
	for next, is := last.NextSibling().(*ast.Text); is && joins(last, next); next, is = last.NextSibling().(*ast.Text) {
		last, to = next, next.Segment.Stop
	}
	for _, piece := range splitPart(w.source, from, to, w.addresses, w.known) {
		switch {
		case piece.URL == "" || w.bare:
			w.lines(piece.Text)
		case piece.Mention:
			w.anchor(piece, ` class="mention"`)
		default:
			w.anchor(piece, ` rel="noopener nofollow"`)
		}
	}
	if last.SoftLineBreak() || last.HardLineBreak() { // the parser drops what it takes for nothing
		rest := w.source[to:]
		w.lines(rest[:strings.IndexByte(rest, '\n')+1])
	}
}

func joins(a, b *ast.Text) bool {
	return a.Segment.Stop == b.Segment.Start && !a.SoftLineBreak() && !a.HardLineBreak()
}

// link says where it leads: a text can promise anything.
func (w *writer) link(l *link) {
	if w.bare {
		w.write(l.label)
		return
	}
	w.anchor(Span{Text: l.label, URL: l.address}, ` rel="noopener nofollow"`)
	to, err := url.Parse(l.address)
	if err == nil && !strings.Contains(strings.ToLower(l.label), strings.ToLower(to.Host)) {
		w.out.WriteString(` <span class="host">(` + html.EscapeString(to.Host) + `)</span>`)
	}
}

func (w *writer) anchor(s Span, attributes string) {
	w.out.WriteString(`<a href="` + html.EscapeString(s.URL) + `"` + attributes + `>`)
	w.write(s.Text)
	w.tag("/a")
}

// lines breaks its lines as broken does.
func (w *writer) lines(text string) {
	for i, line := range strings.SplitAfter(text, "\n") {
		if i > 0 {
			w.tag("br")
		}
		w.write(line)
	}
}

func (w *writer) tag(name string) {
	if !w.bare {
		w.out.WriteString("<" + name + ">")
	}
}

func (w *writer) write(text string) {
	if !w.bare {
		text = html.EscapeString(text)
	}
	w.out.WriteString(text)
}
