package markup

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a part of a text. URL is empty for plain text; otherwise it is an http or https address, or the
// profile of a mentioned person, and Text is how it was written.
type Span struct {
	Text    string
	URL     string
	Mention bool

	at      int  // its offset in the text
	isPlace bool // somebody may be mentioned here
}

const (
	// maxRereads bounds how often a text may be read for what looks like an address without being one,
	// because each is read to its end: "https://https://https://" would cost the square of its length.
	maxRereads = 4

	// maxAddress is the longest address that becomes a link, in bytes. Browsers and servers agree on 2,000.
	maxAddress = 2048
)

// Links cuts a text at the web addresses in it. The texts of all spans together are exactly the text.
func Links(text string) []Span {
	var spans []Span
	var marks openMarks
	plain := 0 // where the text since the last address starts
	for at, read := 0, 0; at < len(text) && read <= maxRereads*len(text); {
		found := nextScheme(text[at:])
		if found < 0 {
			break
		}
		start := at + found
		marks.read(text, plain, start)
		end := start + addressLength(text[start:], marks)
		if !canStartLink(text[:start]) || !isAddress(text[start:end]) {
			at = start + len("http")
			read += end - start
			continue
		}
		if start > plain {
			spans = append(spans, Span{Text: text[plain:start], at: plain})
		}
		spans = append(spans, Span{Text: text[start:end], URL: text[start:end], at: start})
		plain, at = end, end
	}
	if plain < len(text) {
		spans = append(spans, Span{Text: text[plain:], at: plain})
	}
	return spans
}

// addressesIn returns the addresses in a text.
func addressesIn(text string) []Span {
	return slices.DeleteFunc(Links(text), func(s Span) bool { return s.URL == "" })
}

// openMarks are the formatting marks that are open at a place in a text: one that follows an address then
// closes them, and belongs to it otherwise.
type openMarks struct {
	star, underscore, backtick bool
	upTo                       int // read so far
}

// read updates the marks with the text between from, where the last address ended, and to.
func (m *openMarks) read(text string, from, to int) {
	for i := max(m.upTo, from); i < to; {
		n := runLength(text[i:to])
		switch text[i] {
		case '*':
			m.star = isOpen(m.star, text[:i], text[i+n:])
		case '_':
			m.underscore = isOpen(m.underscore, text[:i], text[i+n:])
		case '`':
			m.backtick = !m.backtick
		case '\n':
			if n > 1 { // formatting does not cross paragraphs
				m.star, m.underscore, m.backtick = false, false, false
			}
		}
		i += n
	}
	m.upTo = max(m.upTo, to)
}

// isOpen reports whether a run of stars or underscores leaves its kind open: it opens before a word, and
// closes after one.
func isOpen(open bool, before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(after)
	switch {
	case open && before != "" && !unicode.IsSpace(last) && !isWordRune(next):
		return false
	case !open && (before == "" || !isWordRune(last)) && after != "" && !unicode.IsSpace(next):
		return true
	}
	return open
}

// nextScheme returns the offset of the next http:// or https://, in upper or lower case, or -1.
func nextScheme(text string) int {
	for from := 0; ; {
		colon := strings.Index(text[from:], "://")
		if colon < 0 {
			return -1
		}
		before := text[:from+colon]
		for _, scheme := range []string{"https", "http"} {
			cut := len(before) - len(scheme)
			if cut >= 0 && strings.EqualFold(before[cut:], scheme) {
				return cut
			}
		}
		from += colon + len("://")
	}
}

// canStartLink reports whether an address can start after this text. "xhttp://" is not one; a letter of a
// script without spaces between words, or of any script that cannot spell "http", may stand before it.
func canStartLink(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return before == "" || !unicode.IsDigit(r) && !(unicode.IsLetter(r) && unicode.In(r, unicode.Latin, unicode.Common))
}

// addressLength returns the length of an address: up to white space, quotes, brackets or the punctuation
// of other scripts, without the punctuation that ends the sentence around it, without a bracket that it
// did not open, and without the marks of the formatting around it.
func addressLength(text string, open openMarks) int {
	text = text[:min(len(text), maxAddress+1)]
	end := strings.IndexFunc(text, func(r rune) bool { return isEndOfAddress(r) || r == '`' && open.backtick })
	if end < 0 {
		end = len(text)
	}
	if end > maxAddress {
		return end // too long to be one
	}
	unopened := newBrackets(text[:end])
	for end > 0 {
		last, size := utf8.DecodeLastRuneInString(text[:end])
		switch {
		case strings.ContainsRune(".,;:!?'…|^\\`", last):
		case last == '*' && open.star, last == '_' && open.underscore:
		case unopened.close(last):
		default:
			return end
		}
		end -= size
	}
	return end
}

// brackets counts how many more brackets of each kind are closed in an address than opened.
type brackets [3]int

func newBrackets(address string) (b brackets) {
	for i := range len(address) {
		if kind := strings.IndexByte("([{", address[i]); kind >= 0 {
			b[kind]--
		} else if kind := strings.IndexByte(")]}", address[i]); kind >= 0 {
			b[kind]++
		}
	}
	return b
}

// close reports whether the last character is a bracket too many, and takes it away.
func (b *brackets) close(last rune) bool {
	kind := strings.IndexRune(")]}", last)
	if kind < 0 || b[kind] <= 0 {
		return false
	}
	b[kind]--
	return true
}

// isEndOfAddress reports whether a character cannot be part of an address in a text. It also stops at
// invisible characters, so that no part of an address is hidden, and at the punctuation of other scripts,
// which nobody types into an address. Browsers leave | ^ \ and ` as they are when an address is copied.
func isEndOfAddress(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r <= ' ' || r == 0x7f || r == '<' || r == '>' || r == '"'
	case r == '·', r == '・': // part of words, in Catalan and Japanese
		return false
	}
	return r == utf8.RuneError || unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) ||
		unicode.In(r, unicode.Po, unicode.Ps, unicode.Pe, unicode.Pi, unicode.Pf) || strings.ContainsRune("｜＜＞～", r)
}

// isAddress requires a bearable length, a host, and no user or password before it, which are used to deceive.
func isAddress(text string) bool {
	if len(text) > maxAddress {
		return false
	}
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}
