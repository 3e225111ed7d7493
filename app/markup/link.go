package markup

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a piece of a message's text. URL is empty for plain text; otherwise it is an http or
// https address, or that of a person who is mentioned, and Text is how it was written.
type Span struct {
	Text    string
	URL     string
	Mention bool

	at int // where it stands in the text
}

// maxMisses is how many times a text may look as if an address began in it. Each is read to its end.
const maxMisses = 50

// Links cuts a text at the web addresses in it. The texts of all spans together are exactly the text.
func Links(text string) []Span {
	var spans []Span
	plain := 0 // where the text that is no address yet begins
	for at, misses := 0, 0; at < len(text) && misses < maxMisses; {
		found := nextScheme(text[at:])
		if found < 0 {
			break
		}
		start := at + found
		end := start + addressLength(text[start:])
		if !beginsWord(text[:start]) || !isAddress(text[start:end]) {
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

// addressesIn are the spans of a text that are addresses.
func addressesIn(text string) []Span {
	return slices.DeleteFunc(Links(text), func(s Span) bool { return s.URL == "" })
}

// nextScheme finds the next http:// or https:// in any case.
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

// beginsWord tells whether a word can begin after this text: "xhttp://" is no address.
func beginsWord(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return before == "" || !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// addressLength is how far an address reaches: up to space, quotes or angle brackets, without the
// punctuation that ends the sentence around it and without a bracket that it did not open.
func addressLength(text string) int {
	end := strings.IndexFunc(text, endsAddress)
	if end < 0 {
		end = len(text)
	}
	for end > 0 {
		last, size := utf8.DecodeLastRuneInString(text[:end])
		switch {
		case strings.ContainsRune(".,;:!?'*_~…。，、！？；：", last):
		case last == ')' && unopened(text[:end], "(", ")"):
		case last == ']' && unopened(text[:end], "[", "]"):
		case last == '}' && unopened(text[:end], "{", "}"):
		default:
			return end
		}
		end -= size
	}
	return end
}

// endsAddress also stops at what cannot be seen, so that an address never hides a part of itself.
func endsAddress(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) ||
		r == utf8.RuneError || strings.ContainsRune("<>\"`\\^|「」『』（）【】“”«»", r)
}

func unopened(text, open, shut string) bool {
	return strings.Count(text, shut) > strings.Count(text, open)
}

// isAddress wants a host, and no name or password before it: those exist to deceive the eye.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}
