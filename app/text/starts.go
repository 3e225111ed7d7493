package text

import (
	"strings"
	"unicode"
)

// unspaced are the scripts in which one writes words, and the parts of a name, without a space between them.
var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul}

// Starts returns what a name may be found by the beginning of: the folded name from each place on where a word
// begins. That is the first letter after anything that is none, as in Ann-Kathrin and O'Neil, and every
// character of scripts without spaces.
func Starts(name string) []string {
	var b strings.Builder
	var at []int // in the folded name
	inWord, begun := false, 0
	name = Normalize(name)
	for i, r := range name {
		isLetter := unicode.In(r, unicode.L, unicode.N)
		if isLetter && !inWord || isUnspaced(r) || unicode.Is(unicode.So, r) {
			b.WriteString(Fold(name[begun:i]))
			at = append(at, b.Len())
			begun = i
		}
		if !unicode.Is(unicode.M, r) && !IsIgnorable(r) {
			inWord = isLetter && !IsApostrophe(r)
		}
	}
	b.WriteString(Fold(name[begun:]))
	starts := make([]string, len(at))
	for i, n := range at {
		starts[i] = b.String()[n:]
	}
	return starts
}

// isUnspaced reports whether a character may begin a word anywhere. The marks of Japanese that change or repeat
// the one before them cannot.
func isUnspaced(r rune) bool {
	return unicode.In(r, unspaced...) && unicode.IsLetter(r) && !unicode.Is(unicode.Lm, r)
}
