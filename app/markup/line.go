package markup

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// What a line has to begin with, to be more than a line. All of it stands at the very start.

// isQuote wants a space after the mark: ">:(" and ">>> " are no quotes.
func isQuote(line string) bool {
	return strings.HasPrefix(line, "> ") || line == ">" || line == ">\n"
}

func afterQuote(line []byte, at text.Segment) text.Segment {
	if len(line) > 1 && line[1] == ' ' {
		return at.WithStart(at.Start + 2)
	}
	return at.WithStart(at.Start + 1)
}

// isFence tells the line that begins a code block: three backticks and perhaps a language.
func isFence(line string) bool {
	language, is := strings.CutPrefix(strings.TrimRight(line, " \t\n"), "```")
	return is && len(language) <= 20 && strings.Trim(language, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+#-_") == ""
}

func isFenceEnd(line string) bool { return strings.TrimRight(line, " \t\n") == "```" }

// fenceEnds tells whether a code block that has begun comes to its end.
func fenceEnds(rest string) bool {
	for line := range strings.Lines(rest) {
		if isFenceEnd(line) {
			return true
		}
	}
	return false
}

// marker is what an item of a list begins with: "- ", "* " or a number, a dot and a space.
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

// begins tells whether a list can begin with it. "2026. What a year" is no item.
func (m marker) begins() bool { return m.kind != 0 && m.number <= 1 }

// follows tells whether an item is the next of a list.
func (m marker) follows(last marker) bool {
	return m.kind == last.kind && (m.kind != '.' || m.number == last.number+1)
}

// goesOn tells whether another item comes, below lines that are indented and at most one that is
// empty. One item alone is no list: "- Anna" below a letter, "1. April".
func (m marker) goesOn(rest string) bool {
	empty := 0
	for line := range strings.Lines(rest) {
		switch {
		case util.IsBlank([]byte(line)):
			if empty++; empty > 1 {
				return false
			}
		case !isIndented(line):
			return markerOf(line).follows(m)
		case empty > 0:
			return false
		}
	}
	return false
}

// isIndented tells a line that belongs to the item above it.
func isIndented(line string) bool {
	return strings.HasPrefix(line, "  ") && !util.IsBlank([]byte(line))
}

// takeLine takes the next line into a list, if it belongs there.
func (b *block) takeLine(line, rest string, at text.Segment) bool {
	switch m := markerOf(line); {
	case m.kind != 0 && m.follows(b.marker):
		b.marker = m
		b.addItem(at.WithStart(at.Start + m.width))
	case util.IsBlank([]byte(line)):
		return b.marker.goesOn(rest) && !strings.HasPrefix(rest, "\n") && !isIndented(rest)
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
