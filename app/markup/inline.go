package markup

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Passed to the inline parsers: where the addresses are, and the number of delimiters so far.
var (
	addressKey = parser.NewContextKey()
	countKey   = parser.NewContextKey()
)

// maxDelimiters is the most delimiters of a text that count. Nobody means more, and each may be compared with
// all others.
const maxDelimiters = 200

// isUnusable counts a delimiter and reports whether it is one too many, or part of an address.
func isUnusable(at int, pc parser.Context) bool {
	n, _ := pc.Get(countKey).(int)
	if n >= maxDelimiters {
		return true
	}
	pc.Set(countKey, n+1)
	addresses, _ := pc.Get(addressKey).([]Span)
	for _, a := range addresses {
		if at >= a.at && at < a.at+len(a.Text) {
			return true
		}
	}
	return false
}

// literal consumes n bytes as plain text.
func literal(r text.Reader, at text.Segment, n int) ast.Node {
	r.Advance(n)
	return ast.NewTextSegment(at.WithStop(at.Start + n))
}

func runLength[T string | []byte](line T) (n int) {
	for n < len(line) && line[n] == line[0] {
		n++
	}
	return n
}

// code is `code`. A backtick within a word is meant as an apostrophe.
type code struct{ parser.InlineParser }

func (c code) Parse(parent ast.Node, r text.Reader, pc parser.Context) ast.Node {
	line, at := r.PeekLine()
	if isUnusable(at.Start, pc) || isWordRune(r.PrecendingCharacter()) {
		return literal(r, at, runLength(line))
	}
	return c.InlineParser.Parse(parent, r, pc)
}

// emphasis is *italic*, _italic_ and **bold**, around words and never within one.
type emphasis struct{}

func (emphasis) Trigger() []byte                                 { return []byte("*_") }
func (emphasis) IsDelimiter(b byte) bool                         { return b == '*' || b == '_' }
func (emphasis) CanOpenCloser(open, shut *parser.Delimiter) bool { return open.Char == shut.Char }
func (emphasis) OnMatch(consumed int) ast.Node                   { return ast.NewEmphasis(consumed) }

func (e emphasis) Parse(_ ast.Node, r text.Reader, pc parser.Context) ast.Node {
	line, at := r.PeekLine()
	n := runLength(line)
	if !isMark(line[0], n) || isUnusable(at.Start, pc) {
		return literal(r, at, n)
	}
	opens, shuts := flanks(string(r.Source()[max(0, at.Start-utf8.UTFMax):at.Start]), string(line[:min(len(line), n+100)]), n)
	mark := parser.NewDelimiter(opens, shuts, n, line[0], e)
	mark.Segment = at.WithStop(at.Start + n)
	r.Advance(n)
	pc.PushDelimiter(mark)
	return mark
}

// isMark reports whether a run of stars or underscores can be a mark: "__init__" is a name, and "****" hides a
// word.
func isMark(char byte, n int) bool { return n <= 3 && (char != '_' || n == 1) }

// flanks reports whether the n stars or underscores that a line begins with can open emphasis, and whether
// they can close it.
func flanks(before, line string, n int) (opens, shuts bool) {
	if !isMark(line[0], n) {
		return false, false
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(line[n:])
	opens = !isWordRune(last) && !strings.ContainsRune(`/\=|&%@#$<.`, last) && canStartEmphasis(line[n:])
	shuts = !isWordRune(next) && !strings.ContainsRune(`/\=|&%@#$<`, next) && canEndEmphasis(last)
	return opens, shuts
}

// isWordRune reports whether a rune belongs to a word, in scripts that put spaces between words. Chinese
// and Japanese do not, and Korean attaches its particles to the emphasized word.
func isWordRune(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// canStartEmphasis reports whether emphasis can start before this text: not before "*.go" or "*_*".
func canStartEmphasis(after string) bool {
	rest := strings.TrimLeft(after[:min(len(after), 100)], "*_`\"'([")
	r, _ := utf8.DecodeRuneInString(rest)
	return rest != "" && !startsBlank(after) && (r >= utf8.RuneSelf && !unicode.IsSpace(r) || isWordRune(r) || r == '@' || r == '#' || r == '$')
}

func startsBlank(after string) bool {
	r, _ := utf8.DecodeRuneInString(after)
	return unicode.IsSpace(r)
}

func canEndEmphasis(before rune) bool {
	return unicode.IsLetter(before) || unicode.IsDigit(before) || before >= utf8.RuneSelf && !unicode.IsSpace(before) ||
		strings.ContainsRune("\"')].,!?:;%*_`+$#", before)
}

// link is a link with a label.
type link struct {
	ast.BaseInline
	label, address string
}

var kindLink = ast.NewNodeKind("OwnLink")

func (l *link) Kind() ast.NodeKind { return kindLink }

// Dump prints the node, for debugging.
func (l *link) Dump(source []byte, level int) { ast.DumpHelper(l, source, level, nil, nil) }

// links parses [label](https://example.org). The label is on one line and has no formatting.
type links struct{}

const (
	maxLabel    = 200 // bytes
	maxBrackets = 10  // open at once in an address; each unclosed one would be read to the end of the line
)

func (links) Trigger() []byte { return []byte("[") }

func (links) Parse(_ ast.Node, r text.Reader, pc parser.Context) ast.Node {
	line, at := r.PeekLine()
	if isUnusable(at.Start, pc) {
		return nil
	}
	end := strings.IndexAny(string(line[1:min(len(line), maxLabel)]), "[]\n`")
	if end <= 0 || line[1+end] != ']' {
		return nil
	}
	label, after := string(line[1:1+end]), string(line[2+end:min(len(line), 2+end+maxAddress+2)])
	address, whole := cutAddress(after)
	if whole == 0 || strings.TrimSpace(label) == "" || isDeceptive(label, address) {
		return nil
	}
	r.Advance(2 + end + whole)
	return &link{label: label, address: address}
}

// cutAddress returns the address in parentheses at the start of a text, and its length with them.
func cutAddress(after string) (address string, whole int) {
	inside, is := strings.CutPrefix(after, "(")
	if !is || nextScheme(inside[:min(len(inside), len("https://"))]) != 0 {
		return "", 0
	}
	depth, inHost := 0, true
	for i, r := range inside {
		inHost = inHost && (i < len("https://") || !strings.ContainsRune("/?#", r))
		switch {
		case r == '(' && depth == maxBrackets:
			return "", 0
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case r == ')':
			if address = inside[:i]; isAddress(address) {
				return address, i + 2
			}
			return "", 0
		case isNeverInAddress(r), inHost && isEndOfAddress(r):
			return "", 0
		}
	}
	return "", 0
}

// isDeceptive reports whether a label looks like an address other than the one it links to.
func isDeceptive(label, address string) bool {
	to, err := url.Parse(address)
	if err != nil {
		return true
	}
	for word := range strings.FieldsSeq(lookalikes.Replace(withoutInvisible(label))) {
		if strings.EqualFold(word, address) || !looksLikeAddress(word) {
			continue
		}
		_, host, found := strings.Cut(word, "://")
		if !found {
			host = word
		}
		if i := strings.IndexAny(host, "/?#:"); i >= 0 {
			host = host[:i]
		}
		if withoutWWW(host) != withoutWWW(to.Host) {
			return true
		}
	}
	return false
}

// lookalikes replaces characters that look like the punctuation of addresses.
var lookalikes = strings.NewReplacer("。", ".", "．", ".", "｡", ".", "․", ".", "‧", ".", "·", ".", "∕", "/", "⁄", "/", "：", ":")

// withoutInvisible returns a text without its invisible characters.
func withoutInvisible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
}

func withoutWWW(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }

// looksLikeAddress reports whether a word has a scheme, or a dot between two letters or digits.
func looksLikeAddress(word string) bool {
	for i, r := range word {
		if r != '.' {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(word[:i])
		after, _ := utf8.DecodeRuneInString(word[i+1:])
		if (unicode.IsLetter(before) || unicode.IsDigit(before)) && (unicode.IsLetter(after) || unicode.IsDigit(after)) {
			return true
		}
	}
	return strings.Contains(word, "://") || strings.Contains(word, "//")
}
