package markup

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Lines that start a block. Their marks are at the very start of the line.

// isQuote requires a space after the mark: ">:(" and ">>> " are not quotes.
func isQuote(line string) bool {
	return strings.HasPrefix(line, "> ") || line == ">" || line == ">\n"
}

func trimQuote(line []byte, at text.Segment) text.Segment {
	if len(line) > 1 && line[1] == ' ' {
		return at.WithStart(at.Start + 2)
	}
	return at.WithStart(at.Start + 1)
}

// isFence reports whether a line opens a code block: three backticks and perhaps a language.
func isFence(line string) bool {
	language, is := strings.CutPrefix(strings.TrimRight(line, " \t\n"), "```")
	return is && len(language) <= 20 && strings.Trim(language, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+#-_") == ""
}

func isFenceEnd(line string) bool { return strings.TrimRight(line, " \t\n") == "```" }

// marker starts an item of a list: "- ", "* " or a number, a dot and a space.
type marker struct {
	kind   byte // '-', '*' or '.'; 0 is none
	number int
	width  int
}

func markerOf(line string) (m marker) {
	switch {
	case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "* "):
		m = marker{kind: line[0], width: 2}
	default:
		digits, _, found := strings.Cut(line[:min(len(line), 5)], ". ")
		n, err := strconv.ParseUint(digits, 10, 16)
		if !found || err != nil || digits[0] == '0' {
			return marker{}
		}
		m = marker{kind: '.', number: int(n), width: len(digits) + 2}
	}
	if util.IsBlank([]byte(line[m.width:])) {
		return marker{}
	}
	return m
}

func (m marker) tag() string {
	if m.kind == '.' {
		return "ol"
	}
	return "ul"
}

// startsList reports whether a list can start with it. "2026. What a year" is not an item.
func (m marker) startsList() bool { return m.kind != 0 && m.number <= 1 }

// continues reports whether it is the next marker of a list.
func (m marker) continues(last marker) bool {
	return m.kind == last.kind && (m.kind != '.' || m.number == last.number+1)
}

// hasNext reports whether another item follows, after indented lines and at most one empty one. A single
// item is not a list: "- Anna" below a letter, "1. April".
func (m marker) hasNext(rest string) bool {
	empty := 0
	for line := range strings.Lines(rest) {
		switch {
		case util.IsBlank([]byte(line)):
			if empty++; empty > 1 {
				return false
			}
		case !isIndented(line):
			return markerOf(line).continues(m)
		case empty > 0:
			return false
		}
	}
	return false
}

// isIndented reports whether a line belongs to the item above it.
func isIndented(line string) bool {
	return strings.HasPrefix(line, "  ") && !util.IsBlank([]byte(line))
}

// addLine adds the next line to a list, and reports whether it belongs there.
func (b *block) addLine(src *source, line string, at text.Segment) bool {
	rest := src.text[at.Stop:]
	switch m := markerOf(line); {
	case m.kind != 0 && m.continues(b.marker):
		b.marker = m
		b.addItem(at.WithStart(at.Start + m.width))
	case util.IsBlank([]byte(line)):
		return b.marker.hasNext(rest) && !strings.HasPrefix(rest, "\n") && !isIndented(rest)
	case isIndented(line):
		b.LastChild().Lines().Append(at.WithStart(at.Start + min(b.marker.width, indent(line))))
	default:
		return false
	}
	return true
}

func (b *block) addItem(at text.Segment) {
	item := &block{tag: "li"}
	item.Lines().Append(at)
	b.AppendChild(b, item)
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
