package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Split cuts a text at its web addresses and at the mentions of people who are known. The texts of
// the spans together are exactly the text.
func Split(source string, known func(name string) bool) []Span {
	return splitRange(source, 0, len(source), addressesIn(source), known)
}

// splitRange is Split for a part of a text whose addresses are known.
func splitRange(source string, from, to int, addresses []Span, known func(name string) bool) (list []Span) {
	for _, a := range addresses {
		if a.at < from || a.at+len(a.Text) > to {
			continue // in another part, or cut by a delimiter
		}
		list = appendMentions(list, source, from, a.at, known)
		list = append(list, a)
		from = a.at + len(a.Text)
	}
	return appendMentions(list, source, from, to, known)
}

func appendMentions(list []Span, source string, from, to int, known func(name string) bool) []Span {
	for at := from; known != nil && at < to; {
		found := strings.IndexByte(source[at:to], '@')
		if found < 0 {
			break
		}
		at += found
		name := mentionAt(source[:at], source[at+1:to], known)
		if name == "" {
			at++
			continue
		}
		if at > from {
			list = append(list, Span{Text: source[from:at], at: from})
		}
		end := at + 1 + len(name)
		list = append(list, Span{Text: source[at:end], URL: "/people/" + strings.ToLower(name), Mention: true, at: at})
		from, at = end, end
	}
	if from < to {
		list = append(list, Span{Text: source[from:to], at: from})
	}
	return list
}

// maxName is the longest username.
const maxName = 32

// mentionAt returns the name after an @, or "" if it mentions nobody: "foo@bar" is an address, and so is
// "@ada@example.org". The dot that ends a sentence is not part of a name.
func mentionAt(before, after string, known func(name string) bool) string {
	last, _ := utf8.DecodeLastRuneInString(before)
	if before != "" && (isWordRune(last) || strings.ContainsRune("_.-+/@", last)) {
		return ""
	}
	end := strings.IndexFunc(after, func(r rune) bool {
		return r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_.-", r)
	})
	if end < 0 {
		end = len(after)
	}
	if strings.HasPrefix(after[end:], "@") {
		return ""
	}
	for name := after[:end]; len(name) > 0; name = name[:len(name)-1] {
		if len(name) <= maxName && known(strings.ToLower(name)) {
			return name
		}
		if !strings.Contains("_.-", name[len(name)-1:]) {
			break
		}
	}
	return ""
}
