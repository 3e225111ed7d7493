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
		name := mentionAt(source[from:at], source[at+1:to], known)
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

// mentionAt returns the name after an @, or "" if it mentions nobody. before is the text since the last
// mention or mark.
func mentionAt(before, after string, known func(name string) bool) string {
	if !canStartMention(before[max(0, len(before)-200):]) {
		return ""
	}
	end := strings.IndexFunc(after, func(r rune) bool { return !isNameRune(r) })
	if end < 0 {
		end = len(after)
	}
	if strings.HasPrefix(after[end:], "@") && strings.TrimRight(after[:end], "_.-") == after[:end] {
		return "" // "@ada@example.org" is an address elsewhere
	}
	// The punctuation that ends a sentence is no part of a name, if there is somebody without it: accounts
	// from before names had to end in a letter or a digit must not draw away the mentions of others.
	whole := after[:end]
	base := strings.TrimRight(whole, ".-")
	for _, name := range []string{base, strings.TrimRight(base, "_.-")} {
		if isName(name) && known(strings.ToLower(name)) {
			return name
		}
	}
	for name := whole[:min(len(whole), maxName)]; len(name) > len(base); name = name[:len(name)-1] {
		if isName(name) && known(strings.ToLower(name)) {
			return name
		}
	}
	return ""
}

func isName(name string) bool { return name != "" && len(name) <= maxName }

// canStartMention reports whether an @ after this text can mention somebody: not in "foo@bar" and
// "foo.@bar", which are addresses, but in "(@ada" and after another mention, as in "@ada/@bob".
func canStartMention(before string) bool {
	word := strings.TrimRight(before, "_.-+/")
	last, _ := utf8.DecodeLastRuneInString(word)
	if strings.HasSuffix(before, "@") || !isWordRune(last) {
		return !strings.HasSuffix(before, "@")
	}
	mention := strings.TrimRightFunc(word, isNameRune)
	return len(word) < len(before) && strings.HasSuffix(mention, "@") && canStartMention(mention[:len(mention)-1])
}

func isNameRune(r rune) bool {
	return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_.-", r))
}
