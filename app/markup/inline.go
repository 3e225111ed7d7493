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

// What a parser of marks within lines is told: where the addresses are, and how many marks there
// have been.
var (
	addressKey = parser.NewContextKey()
	countKey   = parser.NewContextKey()
)

// maxMarks is how many marks of a text count. Nobody means more, and each may look at all others.
const maxMarks = 200

// spent counts a mark, and tells whether it is one too many, or stands in an address.
func spent(at int, pc parser.Context) bool {
	n, _ := pc.Get(countKey).(int)
	if n >= maxMarks {
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

// asTyped takes so many bytes for what they are.
func asTyped(r text.Reader, at text.Segment, n int) ast.Node {
	r.Advance(n)
	return ast.NewTextSegment(at.WithStop(at.Start + n))
}

func runLength(line []byte) (n int) {
	for n < len(line) && line[n] == line[0] {
		n++
	}
	return n
}

// code is `code`; a backtick within a word is an apostrophe to whoever types it.
type code struct{ parser.InlineParser }

func (c code) Parse(parent ast.Node, r text.Reader, pc parser.Context) ast.Node {
	line, at := r.PeekLine()
	if spent(at.Start, pc) || isWordRune(r.PrecendingCharacter()) {
		return asTyped(r, at, runLength(line))
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
	// "__init__" is a name, and "****" hides a word.
	if n > 3 || line[0] == '_' && n > 1 || spent(at.Start, pc) {
		return asTyped(r, at, n)
	}
	before, _ := utf8.DecodeLastRune(r.Source()[:at.Start])
	after, _ := utf8.DecodeRune(line[n:])
	opens := !isWordRune(before) && !strings.ContainsRune(`/\=|&%@#$<.`, before) && beginsMarked(line[n:])
	shuts := !isWordRune(after) && !strings.ContainsRune(`/\=|&%@#$<`, after) && endsMarked(before)
	mark := parser.NewDelimiter(opens, shuts, n, line[0], e)
	mark.Segment = at.WithStop(at.Start + n)
	r.Advance(n)
	pc.PushDelimiter(mark)
	return mark
}

// isWordRune tells the characters of words with spaces between them. Chinese and Japanese have no
// spaces, and Korean glues its particles to whatever it marks.
func isWordRune(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// beginsMarked tells whether a text can be the beginning of what is emphasised: "*.go" and "*_*"
// are not.
func beginsMarked(after []byte) bool {
	rest := strings.TrimLeft(string(after), "*_`\"'([")
	r, _ := utf8.DecodeRuneInString(rest)
	return rest != "" && !startsBlank(after) && (r >= utf8.RuneSelf && !unicode.IsSpace(r) || isWordRune(r) || r == '@' || r == '#' || r == '$')
}

func startsBlank(after []byte) bool {
	r, _ := utf8.DecodeRune(after)
	return unicode.IsSpace(r)
}

func endsMarked(before rune) bool {
	return unicode.IsLetter(before) || unicode.IsDigit(before) || before >= utf8.RuneSelf && !unicode.IsSpace(before) ||
		strings.ContainsRune("\"')].,!?:;%*_`+$#", before)
}

// link is a text that leads to an address.
type link struct {
	ast.BaseInline
	label, address string
}

var kindLink = ast.NewNodeKind("OwnLink")

func (l *link) Kind() ast.NodeKind { return kindLink }

// Dump is for the eyes of a debugger.
func (l *link) Dump(source []byte, level int) { ast.DumpHelper(l, source, level, nil, nil) }

// links is [text](https://example.org). The text is on one line and has no marks.
type links struct{}

const maxLabel = 200 // bytes

func (links) Trigger() []byte { return []byte("[") }

func (links) Parse(_ ast.Node, r text.Reader, pc parser.Context) ast.Node {
	line, at := r.PeekLine()
	if spent(at.Start, pc) {
		return nil
	}
	end := strings.IndexAny(string(line[1:min(len(line), maxLabel)]), "[]\n`")
	if end <= 0 || line[1+end] != ']' {
		return nil
	}
	label, after := string(line[1:1+end]), string(line[2+end:])
	address, whole := cutAddress(after)
	if whole == 0 || strings.TrimSpace(label) == "" || deceives(label, address) {
		return nil
	}
	r.Advance(2 + end + whole)
	return &link{label: label, address: address}
}

// cutAddress takes an address in brackets from the beginning of a text, and its length with them.
func cutAddress(after string) (address string, whole int) {
	inside, is := strings.CutPrefix(after, "(")
	if !is || nextScheme(inside[:min(len(inside), len("https://"))]) != 0 {
		return "", 0
	}
	depth := 0
	for i, r := range inside {
		switch {
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case r == ')':
			if address = inside[:i]; isAddress(address) {
				return address, i + 2
			}
			return "", 0
		case endsAddress(r):
			return "", 0
		}
	}
	return "", 0
}

// deceives tells whether the text of a link looks like an address that is another one.
func deceives(label, address string) bool {
	to, err := url.Parse(address)
	if err != nil {
		return true
	}
	for word := range strings.FieldsSeq(dots.Replace(visible(label))) {
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
		if bare(host) != bare(to.Host) {
			return true
		}
	}
	return false
}

// dots are what looks like the dot of an address.
var dots = strings.NewReplacer("。", ".", "．", ".", "｡", ".", "․", ".", "‧", ".", "·", ".", "∕", "/", "⁄", "/", "：", ":")

// visible is a text without what cannot be seen in it.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
}

func bare(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }

// looksLikeAddress finds a scheme, or a dot between two letters or digits.
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
