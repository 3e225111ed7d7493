package markup

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// block is a part of a text with lines of its own. Blocks do not stand within each other, but for
// the items of a list, so that no text makes a page deep.
type block struct {
	ast.BaseBlock
	tag    string // "" is a paragraph
	marker marker // of a list
}

var kindBlock = ast.NewNodeKind("Block")

func (b *block) Kind() ast.NodeKind { return kindBlock }

// IsRaw tells that there are no marks within.
func (b *block) IsRaw() bool { return b.tag == "pre" }

// Dump is for the eyes of a debugger.
func (b *block) Dump(source []byte, level int) { ast.DumpHelper(b, source, level, nil, nil) }

// blocks cuts a text into blocks, line by line.
type blocks struct{}

func (blocks) Trigger() []byte             { return nil } // every line is looked at
func (blocks) CanInterruptParagraph() bool { return true }
func (blocks) CanAcceptIndentedLine() bool { return true }

// tagOf is the block that begins with a line, "" for a paragraph. What comes after the line decides
// as well: a fence must be closed, and a single dash or number is no list.
func tagOf(line, rest string) string {
	switch m := markerOf(line); {
	case isQuote(line) && !util.IsBlank([]byte(line[1:])):
		return "blockquote"
	case m.begins() && m.goesOn(rest):
		return m.tag()
	case isFence(line) && fenceEnds(rest):
		return "pre"
	}
	return ""
}

func (blocks) Open(_ ast.Node, r text.Reader, _ parser.Context) (ast.Node, parser.State) {
	line, at := r.PeekLine()
	if util.IsBlank(line) {
		return nil, parser.NoChildren
	}
	b := &block{tag: tagOf(string(line), string(r.Source()[at.Stop:]))}
	switch b.tag {
	case "ul", "ol":
		b.marker = markerOf(string(line))
		b.addItem(at.WithStart(at.Start + b.marker.width))
	case "blockquote":
		b.Lines().Append(afterQuote(line, at))
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
		b.Lines().Append(afterQuote(line, at))
	case "ul", "ol":
		if !b.takeLine(string(line), rest, at) {
			return parser.Close
		}
	default:
		if util.IsBlank(line) || tagOf(string(line), rest) != "" {
			return parser.Close
		}
		b.Lines().Append(at)
	}
	r.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

// Close leaves the line break after a block to whoever renders it.
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
