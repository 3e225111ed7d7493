package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normalize returns a text in normal form C, in which a letter and its accents are one character
// wherever Unicode has one.
func Normalize(s string) string { return norm.NFC.String(s) }

// accented are the scripts whose marks people leave out when they type in a hurry. In others a mark
// makes another letter.
var accented = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew}

// respelled replaces letters that Unicode does not take apart though people do, and drops what joins
// the parts of a word.
var respelled = strings.NewReplacer("ß", "ss", "ς", "σ", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ħ", "h", "ı", "i", "æ", "ae", "œ", "oe",
	"'", "", "’", "", "ʼ", "", "\u00ad", "")

// Fold returns one spelling for all ways to write a word: Ｃａｆé, CAFÉ and cafe are the same. It keeps
// letters, digits, symbols and the marks on them, and no punctuation.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	drop := false
	for _, r := range norm.NFKD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			if drop {
				continue
			}
		} else {
			drop = unicode.In(r, accented...)
		}
		if unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.So) { // a ligature may have a space in it
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return norm.NFC.String(respelled.Replace(b.String()))
}

// isFolded recognizes words that are lower-case ASCII, which most are.
func isFolded(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' || c == '\'' {
			return false
		}
	}
	return true
}
