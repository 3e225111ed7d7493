package markup

import (
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

// blocks parses a text into blocks, line by line.
type blocks struct{}

func (blocks) Trigger() []byte             { return nil } // any line can start one
func (blocks) CanInterruptParagraph() bool { return true }
func (blocks) CanAcceptIndentedLine() bool { return true }

// blockTag returns the tag of the block that a line starts, "" for a paragraph. It depends on what
// follows as well: a fence must be closed, and a single dash or number is not a list.
func blockTag(line, rest string) string {
	switch m := markerOf(line); {
	case isQuote(line) && !util.IsBlank([]byte(line[1:])):
		return "blockquote"
	case m.startsList() && m.hasNext(rest):
		return m.tag()
	case isFence(line) && isClosed(rest):
		return "pre"
	}
	return ""
}

func (blocks) Open(_ ast.Node, r text.Reader, _ parser.Context) (ast.Node, parser.State) {
	line, at := r.PeekLine()
	if util.IsBlank(line) {
		return nil, parser.NoChildren
	}
	b := &block{tag: blockTag(string(line), string(r.Source()[at.Stop:]))}
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

func (blocks) Continue(node ast.Node, r text.Reader, _ parser.Context) parser.State {
	b := node.(*block)
	line, at := r.PeekLine()
	rest := string(r.Source()[at.Stop:])
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
		if !b.addLine(string(line), rest, at) {
			return parser.Close
		}
	default:
		if util.IsBlank(line) || blockTag(string(line), rest) != "" {
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
