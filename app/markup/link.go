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

	at int // its offset in the text
}

// maxFalseStarts bounds how many things in a text may look like an address without being one, because each
// is read to its end.
const maxFalseStarts = 50

// Links cuts a text at the web addresses in it. The texts of all spans together are exactly the text.
func Links(text string) []Span {
	var spans []Span
	plain := 0 // where the text since the last address starts
	for at, misses := 0, 0; at < len(text) && misses < maxFalseStarts; {
		found := nextScheme(text[at:])
		if found < 0 {
			break
		}
		start := at + found
		end := start + addressLength(text[start:])
		if !canStartLink(text[:start]) || !isAddress(text[start:end]) {
			at = start + len("http")
			misses++
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

// canStartLink reports whether an address can start after this text: "xhttp://" is not one.
func canStartLink(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return before == "" || !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// addressLength returns the length of an address: up to white space, quotes or angle brackets, without
// the punctuation that ends the sentence around it and without a bracket that it did not open.
func addressLength(text string) int {
	end := strings.IndexFunc(text, isEndOfAddress)
	if end < 0 {
		end = len(text)
	}
	for end > 0 {
		last, size := utf8.DecodeLastRuneInString(text[:end])
		switch {
		case strings.ContainsRune(".,;:!?'*_~…。，、！？；：", last):
		case last == ')' && hasUnopened(text[:end], "(", ")"):
		case last == ']' && hasUnopened(text[:end], "[", "]"):
		case last == '}' && hasUnopened(text[:end], "{", "}"):
		default:
			return end
		}
		end -= size
	}
	return end
}

// isEndOfAddress also stops at invisible characters, so that no part of an address is hidden.
func isEndOfAddress(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) ||
		r == utf8.RuneError || strings.ContainsRune("<>\"`\\^|「」『』（）【】“”«»", r)
}

func hasUnopened(text, open, shut string) bool {
	return strings.Count(text, shut) > strings.Count(text, open)
}

// isAddress requires a host, and no user or password before it, which are used to deceive.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}
