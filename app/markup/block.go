package markup

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// block is a paragraph, quote, list, item or code block. Blocks do not nest, except for the items of a
// list, so no text can make a page deep.
type block struct {
	ast.BaseBlock
	tag    string // "" is a paragraph
	marker marker // of a list
}

var kindBlock = ast.NewNodeKind("Block")

func (b *block) Kind() ast.NodeKind { return kindBlock }

// IsRaw reports that a code block has no inline formatting.
func (b *block) IsRaw() bool { return b.tag == "pre" }

// Dump prints the node, for debugging.
func (b *block) Dump(source []byte, level int) { ast.DumpHelper(b, source, level, nil, nil) }

// source is the text that is parsed, and what is known of the lines further down. Each line asks about
// them, so that without it the cost of a text would grow with its square.
type source struct {
	text    string
	fence   int // where a line that closes a code block starts, the last that was found
	noFence int // none starts here or later
}

var sourceKey = parser.NewContextKey()

func sourceOf(pc parser.Context) *source { return pc.Get(sourceKey).(*source) }

// closesFence reports whether a line from at on closes a code block. It must be asked in the order of the
// lines.
func (s *source) closesFence(at int) bool {
	if at <= s.fence {
		return true
	}
	if at >= s.noFence {
		return false
	}
	start := at
	for line := range strings.Lines(s.text[at:]) {
		if isFenceEnd(line) {
			s.fence = start
			return true
		}
		start += len(line)
	}
	s.noFence = at
	return false
}

// blocks parses a text into blocks, line by line.
type blocks struct{}

func (blocks) Trigger() []byte             { return nil } // any line can start one
func (blocks) CanInterruptParagraph() bool { return true }
func (blocks) CanAcceptIndentedLine() bool { return true }

// blockTag returns the tag of the block that a line starts, "" for a paragraph. It depends on what
// follows as well, from end on: a fence must be closed, and a single dash or number is not a list.
func blockTag(src *source, line string, end int) string {
	switch m := markerOf(line); {
	case isQuote(line) && !util.IsBlank([]byte(line[1:])):
		return "blockquote"
	case m.startsList() && m.hasNext(src.text[end:]):
		return m.tag()
	case isFence(line) && src.closesFence(end):
		return "pre"
	}
	return ""
}

func (blocks) Open(_ ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, at := r.PeekLine()
	if util.IsBlank(line) {
		return nil, parser.NoChildren
	}
	b := &block{tag: blockTag(sourceOf(pc), string(line), at.Stop)}
	switch b.tag {
	case "ul", "ol":
		b.marker = markerOf(string(line))
		b.addItem(at.WithStart(at.Start + b.marker.width))
	case "blockquote":
		b.Lines().Append(trimQuote(line, at))
	case "":
		b.Lines().Append(at)
	}
	r.AdvanceToEOL()
	return b, parser.NoChildren
}

func (blocks) Continue(node ast.Node, r text.Reader, pc parser.Context) parser.State {
	b := node.(*block)
	line, at := r.PeekLine()
	src := sourceOf(pc)
	switch b.tag {
	case "pre":
		if isFenceEnd(string(line)) {
			r.AdvanceToEOL()
			return parser.Close
		}
		b.Lines().Append(at)
	case "blockquote":
		if !isQuote(string(line)) {
			return parser.Close
		}
		b.Lines().Append(trimQuote(line, at))
	case "ul", "ol":
		if !b.addLine(src, string(line), at) {
			return parser.Close
		}
	default:
		if util.IsBlank(line) || blockTag(src, string(line), at.Stop) != "" {
			return parser.Close
		}
		b.Lines().Append(at)
	}
	r.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

// Close drops the line break after a block: rendering adds it.
func (blocks) Close(node ast.Node, r text.Reader, _ parser.Context) {
	trim := func(n ast.Node) {
		last := n.Lines().Len() - 1
		if last < 0 {
			return
		}
		if at := n.Lines().At(last); at.Stop > at.Start && r.Source()[at.Stop-1] == '\n' {
			n.Lines().Set(last, at.WithStop(at.Stop-1))
		}
	}
	trim(node)
	for item := node.FirstChild(); item != nil; item = item.NextSibling() {
		trim(item)
	}
}
