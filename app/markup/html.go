package markup

import (
	"html"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// renderer turns a parsed text into HTML, or into the text without its formatting. The style sheet keeps
// white space, so nothing may be written that was not in the text.
type renderer struct {
	source    string
	addresses []Span
	plain     bool // without HTML
	out       strings.Builder
}

func (w *renderer) children(parent ast.Node) {
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
			w.element(tag, n)
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

func (w *renderer) element(tag string, n ast.Node) {
	w.tag(tag)
	w.children(n)
	w.tag("/" + tag)
}

func (w *renderer) block(b *block) {
	before, _ := b.PreviousSibling().(*block)
	switch {
	case b.tag == "" && before != nil && before.tag == "": // empty lines between paragraphs
		w.lines(w.source[before.end():b.Lines().At(0).Start])
	case w.plain && before != nil:
		w.lines("\n")
	}
	switch b.tag {
	case "":
		w.children(b)
	case "pre":
		w.openCode()
		for i := range b.Lines().Len() {
			at := b.Lines().At(i)
			w.write(w.source[at.Start:at.Stop])
		}
		w.tag("/code")
		w.tag("/pre")
	default:
		w.element(b.tag, b)
	}
}

// openCode begins a block of code. Its lines are as long as they are, so it scrolls, also by the keyboard; the
// name is what screen readers say then.
func (w *renderer) openCode() {
	if !w.plain {
		w.out.WriteString(`<pre tabindex="0" role="group" aria-label="Code"><code>`)
	}
}

func (b *block) end() int { return b.Lines().At(b.Lines().Len() - 1).Stop }

// text writes a text node together with those that directly follow it: unused delimiters have split them,
// and an address must be seen whole.
func (w *renderer) text(n *ast.Text) {
	if before, is := n.PreviousSibling().(*ast.Text); is && joins(before, n) {
		return
	}
	from, to, last := n.Segment.Start, n.Segment.Stop, n
	for next, is := last.NextSibling().(*ast.Text); is && joins(last, next); next, is = last.NextSibling().(*ast.Text) {
		last, to = next, next.Segment.Stop
	}
	for _, piece := range splitRange(w.source, from, to, w.addresses) {
		switch {
		case w.plain:
			w.lines(piece.Text)
		case piece.isPlace:
			w.out.WriteString(placeMark + piece.Text + "</a>")
		case piece.URL == "":
			w.lines(piece.Text)
		default:
			w.anchor(piece, ` rel="noopener nofollow"`)
		}
	}
	if last.SoftLineBreak() || last.HardLineBreak() { // the parser drops trailing white space
		rest := w.source[to:]
		w.lines(rest[:strings.IndexByte(rest, '\n')+1])
	}
}

func joins(a, b *ast.Text) bool {
	return a.Segment.Stop == b.Segment.Start && !a.SoftLineBreak() && !a.HardLineBreak()
}

// link shows the host as well, because a label can claim anything.
func (w *renderer) link(l *link) {
	if w.plain {
		w.write(l.label)
		return
	}
	w.anchor(Span{Text: l.label, URL: l.address}, ` rel="noopener nofollow"`)
	to, err := url.Parse(l.address)
	if err == nil && !strings.Contains(strings.ToLower(l.label), strings.ToLower(to.Host)) {
		w.out.WriteString(` <span class="host">(` + html.EscapeString(to.Host) + `)</span>`)
	}
}

func (w *renderer) anchor(s Span, attributes string) {
	w.out.WriteString(`<a href="` + html.EscapeString(s.URL) + `"` + attributes + `>`)
	w.write(s.Text)
	w.tag("/a")
}

// lines writes a <br> at each line break, like the component lineBreaks in views.
func (w *renderer) lines(text string) {
	for i, line := range strings.SplitAfter(text, "\n") {
		if i > 0 {
			w.tag("br")
		}
		w.write(line)
	}
}

func (w *renderer) tag(name string) {
	if !w.plain {
		w.out.WriteString("<" + name + ">")
	}
}

func (w *renderer) write(text string) {
	if !w.plain {
		text = html.EscapeString(text)
	}
	w.out.WriteString(text)
}
