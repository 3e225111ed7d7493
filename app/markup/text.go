package markup

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// Text is what somebody wrote, parsed once for everything that is asked of it. It never changes, so whoever
// shows it can share it.
type Text struct {
	source    string
	addresses []Span
	plain     string   // without its formatting
	html      []string // sanitized, cut where somebody may be mentioned; nil without any formatting
	places    []place  // where somebody may be mentioned
	blocks    bool
	bytes     int // about the number that the HTML has
}

// Formatted is a formatted text as HTML.
type Formatted struct {
	HTML   string // sanitized; nothing else may be sent unescaped
	Blocks bool   // it has quotes, lists or code blocks, not only inline formatting
}

// Parse parses a text.
func Parse(source string) *Text {
	doc, addresses, ok := parse(source)
	t := &Text{source: source, addresses: addresses, plain: source}
	if !ok {
		for _, s := range splitRange(source, 0, len(source), addresses) {
			if s.isPlace {
				t.places = append(t.places, place(s.Text[1:]))
			}
		}
		return t
	}
	w := renderer{source: source, addresses: addresses}
	w.children(doc)
	html := allowed.Sanitize(w.out.String())
	t.html, t.places = cutAtPlaces(html)
	t.bytes = len(html)
	t.blocks = hasBlocks(doc)
	t.plain = plainOf(source, doc)
	return t
}

// Format returns the text as HTML, and whether there is anything to format. Names that are known are
// mentions, and link to the person.
func (t *Text) Format(known func(name string) bool) (f Formatted, ok bool) {
	if t.html == nil {
		return f, false
	}
	var out strings.Builder
	out.Grow(t.bytes)
	out.WriteString(t.html[0])
	for i, p := range t.places {
		p.appendHTML(&out, known)
		out.WriteString(t.html[i+1])
	}
	return Formatted{HTML: out.String(), Blocks: t.blocks}, true
}

// Split cuts the text as it was typed at its web addresses and at the mentions of people who are known. The
// texts of the spans together are exactly the text.
func (t *Text) Split(known func(name string) bool) []Span {
	return settle(splitRange(t.source, 0, len(t.source), t.addresses), t.source, known)
}

// Plain returns the text without its formatting.
func (t *Text) Plain() string { return t.plain }

// FirstLine returns the first line that has anything in it, without its formatting and cut to at most this many
// characters.
func (t *Text) FirstLine(most int) string {
	line, _, _ := strings.Cut(strings.TrimSpace(t.plain), "\n")
	line = strings.TrimSpace(line)
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return line
}

// Candidates returns the names that the text may mention, each once and in lower case: what each place
// means first, and then what it means if nobody is called that. Whoever has found out which of them exist
// asks Mentions.
func (t *Text) Candidates() []string {
	var first, others names
	for _, p := range t.places {
		for i, name := range p.candidates() {
			if i == 0 {
				first.add(name)
			} else {
				others.add(name)
			}
		}
	}
	for _, name := range others.list {
		first.add(name)
	}
	return first.list
}

// Mentions returns which of the known names the text mentions, each once and in lower case. "@rob." is rob,
// if both rob and rob. are known.
func (t *Text) Mentions(known func(name string) bool) []string {
	var found names
	for _, p := range t.places {
		if name := p.name(known); name != "" {
			found.add(strings.ToLower(name))
		}
	}
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

func plainOf(source string, doc ast.Node) string {
	w := renderer{source: source, plain: true}
	w.children(doc)
	if util.IsBlank([]byte(w.out.String())) {
		return source
	}
	return w.out.String()
}

// size estimates the bytes that a text takes in memory.
func (t *Text) size() int {
	const (
		span   = 72  // of a Span; of a place and a piece of HTML, more or less
		always = 312 // the Text; a cache counts its place itself
	)
	n := always + len(t.source) + span*(len(t.addresses)+len(t.places)) + t.bytes
	if t.html != nil {
		n += len(t.plain)
	}
	return n
}
