package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// splitRange cuts a part of a text at its web addresses, which are known, and at the places where somebody may
// be mentioned.
func splitRange(source string, from, to int, addresses []Span) (list []Span) {
	for _, a := range addresses {
		if a.at < from || a.at+len(a.Text) > to {
			continue // in another part, or cut by a delimiter
		}
		list = appendPlaces(list, source, from, a.at)
		list = append(list, a)
		from = a.at + len(a.Text)
	}
	return appendPlaces(list, source, from, to)
}

func appendPlaces(list []Span, source string, from, to int) []Span {
	for at := from; at < to; {
		found := strings.IndexByte(source[at:to], '@')
		if found < 0 {
			break
		}
		at += found
		p := placeAt(source[from:at], source[at+1:to])
		if p == "" {
			at++
			continue
		}
		if at > from {
			list = append(list, Span{Text: source[from:at], at: from})
		}
		end := at + 1 + len(p)
		list = append(list, Span{Text: source[at:end], isPlace: true, at: at})
		from, at = end, end
	}
	if from < to {
		list = append(list, Span{Text: source[from:to], at: from})
	}
	return list
}

// settle makes mentions of the places that mention somebody, and plain text of the others.
func settle(spans []Span, source string, known func(name string) bool) (list []Span) {
	plain := func(at, end int) {
		if n := len(list); n > 0 && list[n-1].URL == "" {
			list[n-1].Text = source[list[n-1].at:end]
		} else if at < end {
			list = append(list, Span{Text: source[at:end], at: at})
		}
	}
	for _, s := range spans {
		end := s.at + len(s.Text)
		switch {
		case s.isPlace:
			name, at := place(s.Text[1:]).name(known), s.at
			if name != "" {
				at += 1 + len(name)
				list = append(list, Span{Text: source[s.at:at], URL: profileOf(name), Mention: true, at: s.at})
			}
			plain(at, end)
		case s.URL != "":
			list = append(list, s)
		default:
			plain(s.at, end)
		}
	}
	return list
}

func profileOf(name string) string { return "/people/" + strings.ToLower(name) }

// maxName is the longest username.
const maxName = 32

// place is what follows an @ where somebody may be mentioned: a name, perhaps with punctuation behind it. Who
// that is, is decided here for posting, editing and showing a text.
type place string

// placeAt returns the place after an @, or "" if nobody can be mentioned there. before is the text since the
// last place or mark.
func placeAt(before, after string) place {
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
	return place(after[:end])
}

// name returns the first of the candidates that is known, as it was typed, or "".
func (p place) name(known func(name string) bool) string {
	if known == nil {
		return ""
	}
	for _, name := range p.candidates() {
		if known(name) {
			return string(p[:len(name)])
		}
	}
	return ""
}

// candidates returns the names that a place can mean, in lower case, the likeliest first. The punctuation that
// ends a sentence is no part of a name, if there is somebody without it: accounts from before names had to
// end in a letter or a digit must not draw away the mentions of others.
func (p place) candidates() []string {
	whole := strings.ToLower(string(p))
	base := strings.TrimRight(whole, ".-")
	var list []string
	for name := base; name != ""; name = name[:len(name)-1] { // an underscore may close italics
		last := name[len(name)-1]
		if last != '.' && last != '-' && len(name) <= maxName {
			list = append(list, name)
		}
		if !strings.ContainsRune("_.-", rune(last)) {
			break
		}
	}
	for name := whole[:min(len(whole), maxName)]; len(name) > len(base); name = name[:len(name)-1] {
		list = append(list, name)
	}
	return list
}

// placeMark opens a place in HTML that has been rendered for nobody yet. No text can bring one: links that
// people write have a scheme.
const placeMark = `<a href="/people/0" class="mention">`

// cutAtPlaces cuts sanitized HTML at the places in it. There is one more piece than places.
func cutAtPlaces(html string) (pieces []string, places []place) {
	for i, piece := range strings.Split(html, placeMark) {
		if i > 0 {
			var at string
			at, piece, _ = strings.Cut(piece, "</a>")
			places = append(places, place(at[1:]))
		}
		pieces = append(pieces, piece)
	}
	return pieces, places
}

// appendHTML writes a place for those to whom these names are known. There is nothing to escape: all of its
// characters may stand in a name.
func (p place) appendHTML(out *strings.Builder, known func(name string) bool) {
	name := p.name(known)
	if name != "" {
		out.WriteString(`<a href="` + profileOf(name) + `" class="mention">@` + name + `</a>`)
	} else {
		out.WriteByte('@')
	}
	out.WriteString(string(p[len(name):]))
}

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
