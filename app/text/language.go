package text

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// maxAccepted is the most entries of an Accept-Language header that are read. Browsers send four or five.
const maxAccepted = 20

// Languages are the languages that a program speaks. Preparing them takes fifty times as long as a
// match: do it once, and not at every request.
type Languages struct {
	supported []string
	matcher   language.Matcher
}

// NewLanguages prepares the supported languages; the first of them is the default.
func NewLanguages(supported ...string) Languages {
	tags := make([]language.Tag, len(supported))
	for i, s := range supported {
		tags[i] = language.Make(s)
	}
	return Languages{supported: supported, matcher: language.NewMatcher(tags)}
}

// Match returns the language that an Accept-Language header asks for most, or the default if none
// fits. A region makes no difference, a speaker of Galician gets Spanish, and malformed entries are
// skipped.
func (l Languages) Match(header string) string {
	_, i, _ := l.matcher.Match(accepted(header)...)
	return l.supported[i]
}

// accepted reads the beginning of a header, the most wanted language first. The library gives up on
// all of a header if one entry is malformed, so it gets them one by one.
func accepted(header string) []language.Tag {
	type wish struct {
		tag    language.Tag
		weight float32
	}
	var wishes []wish
	for range maxAccepted {
		entry, rest, more := strings.Cut(header, ",")
		tags, weights, err := language.ParseAcceptLanguage(strings.ToLower(entry))
		if err == nil && len(tags) == 1 && weights[0] <= 1 { // which NaN is not
			wishes = append(wishes, wish{tags[0], weights[0]})
		}
		if header = rest; !more {
			break
		}
	}
	slices.SortStableFunc(wishes, func(a, b wish) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return 0
	})
	tags := make([]language.Tag, len(wishes))
	for i, w := range wishes {
		tags[i] = w.tag
	}
	return tags
}
