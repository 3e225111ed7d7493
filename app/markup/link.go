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
	maxRereads = 2

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

// openMarks are the formatting marks that are open at a place in a text, by the rules of the parsers: one that
// follows an address then closes them, and belongs to it otherwise.
type openMarks struct {
	star, underscore, backtick bool

	upTo    int // read so far
	codeEnd int // of the newest code
	count   int // of marks; like the parsers, it stops at maxDelimiters
}

// read updates the marks with the text between from, where the last address ended, and to.
func (m *openMarks) read(text string, from, to int) {
	i := max(m.upTo, from)
	for i < to && m.count <= maxDelimiters {
		n := runLength(text[i:to])
		switch text[i] {
		case '*':
			m.count++
			m.star = isOpen(m.star, text[:i], text[i:], n)
		case '_':
			m.count++
			m.underscore = isOpen(m.underscore, text[:i], text[i:], n)
		case '`':
			m.count++
			if before, _ := utf8.DecodeLastRuneInString(text[:i]); isWordRune(before) {
				break // an apostrophe
			}
			if length := codeLength(text[i:]); length > 0 {
				n, m.codeEnd = length, i+length
			}
		case '\n':
			if n > 1 || endsBlock(text[:i], text[i+1:]) { // formatting does not cross blocks
				m.star, m.underscore = false, false
			}
		}
		i += n
	}
	if m.count > maxDelimiters {
		m.star, m.underscore = false, false
	}
	m.upTo, m.backtick = max(m.upTo, i), to < m.codeEnd
}

// isOpen reports whether a run of stars or underscores leaves its kind open.
func isOpen(open bool, before, line string, n int) bool {
	opens, shuts := flanks(before, line, n)
	return opens && (!open || !shuts) || open && !shuts
}

// codeLength returns the length of the code that a text begins with, 0 if nothing closes it.
func codeLength(text string) int {
	n := runLength(text)
	end := strings.Index(text, "\n\n")
	if end < 0 {
		end = len(text)
	}
	for at := n; at < end; {
		next := strings.IndexByte(text[at:end], '`')
		if next < 0 {
			return 0
		}
		at += next
		run := runLength(text[at:end])
		if at += run; run == n {
			return at
		}
	}
	return 0
}

// endsBlock reports whether two lines, of the texts before and after a line break, are of two blocks.
func endsBlock(before, after string) bool {
	line := before[strings.LastIndexByte(before, '\n')+1:]
	next, _, _ := strings.Cut(after, "\n")
	return isQuote(line) != isQuote(next) || markerOf(next).kind != 0 || markerOf(line).kind != 0 && !isIndented(next)
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

// canStartLink reports whether an address can start after this text. "xhttp://" and "x1http://" are not ones,
// but schemes of their own; a letter that cannot be part of a scheme may stand before it.
func canStartLink(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(before, unicode.IsDigit))
	return !unicode.IsLetter(r) || !unicode.In(r, unicode.Latin, unicode.Common) || r >= '\u3000' // the long vowels of Japanese are common
}

// addressLength returns the length of an address: up to white space, quotes, or the punctuation of other
// scripts, without the punctuation that ends the sentence around it, up to a bracket that it did not open,
// and without the marks of the formatting around it.
func addressLength(text string, open openMarks) int {
	text = text[:min(len(text), maxAddress+1)]
	depth, inHost := brackets{}, true
	host := strings.Index(text, "://") + len("://")
	end := strings.IndexFunc(text[host:], func(r rune) bool {
		if inHost = inHost && !strings.ContainsRune("/?#", r); inHost && strings.ContainsRune("!$&'()*+,;=|^\\{}`", r) {
			return true // no host has these
		}
		return isEndOfAddress(r) || r == '`' && open.backtick || !depth.add(r)
	})
	if end += host; end < host {
		end = len(text)
	}
	if end > maxAddress {
		return end // too long to be one
	}
	for end > 0 {
		last, size := utf8.DecodeLastRuneInString(text[:end])
		switch {
		case strings.ContainsRune(".,;:!?'|^\\`([{", last):
		case last >= utf8.RuneSelf && unicode.In(last, unicode.Pd, unicode.Po):
		case last == '*' && open.star, last == '_' && open.underscore:
		default:
			return end
		}
		end -= size
	}
	return end
}

// brackets counts how many brackets of each kind are open.
type brackets [3]int

// add counts a character, and reports whether it does not close more than was opened.
func (b *brackets) add(r rune) bool {
	if kind := strings.IndexRune("([{", r); kind >= 0 {
		b[kind]++
	} else if kind := strings.IndexRune(")]}", r); kind >= 0 {
		b[kind]--
		return b[kind] >= 0
	}
	return true
}

// isEndOfAddress reports whether a character cannot be part of an address in a text. It also stops at
// invisible characters, so that no part of an address is hidden, and at the punctuation of other scripts,
// dashes, arrows and lines, which nobody types into an address. Browsers leave | ^ \ and ` as they are when
// an address is copied.
func isEndOfAddress(r rune) bool {
	switch {
	case isNeverInAddress(r):
		return true
	case r < utf8.RuneSelf, r == '·', r == '・': // the last two are part of words, in Catalan and Japanese
		return false
	case unicode.Is(unicode.Pd, r): // all but hyphens and the en dash, which stand between words and numbers
		return strings.ContainsRune("—―⸺⸻〜〰", r)
	case '←' <= r && r <= '⇿', '─' <= r && r <= '╿':
		return true
	}
	return unicode.In(r, unicode.Po, unicode.Ps, unicode.Pe, unicode.Pi, unicode.Pf) || strings.ContainsRune("｜＜＞～´", r)
}

// isNeverInAddress reports whether a character cannot be part of an address even where something else says
// where that ends.
func isNeverInAddress(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' ' || r == 0x7f || r == '<' || r == '>' || r == '"'
	}
	return r == utf8.RuneError || unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// isAddress requires a bearable length, a host, and no user or password before it, which are used to deceive.
func isAddress(text string) bool {
	if len(text) > maxAddress {
		return false
	}
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}
