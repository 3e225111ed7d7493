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

// apostrophes are what people type for one, the letters that look like one in Polynesian, Uzbek and Ukrainian
// words, and in transcriptions of Arabic, and those of Hebrew, Armenian and N'Ko.
const apostrophes = "'’‘‛＇`´′ʹʻʼʽʾʿꞋꞌ׳״՚ߴߵ"

// IsApostrophe reports whether a character is one of those that people type for an apostrophe, or take for one.
func IsApostrophe(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '\'' || r == '`'
	}
	return strings.ContainsRune(apostrophes, r)
}

// respelled replaces letters that Unicode does not take apart though people do.
var respelled = strings.NewReplacer("ß", "ss", "ς", "σ", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ħ", "h", "ı", "i", "æ", "ae", "œ", "oe")

// IsIgnorable reports whether a character makes no difference to the word that it is in: what joins
// letters or keeps them apart, says where a word may break or which way it runs, selects a variant, or
// stretches a line. The zero-width space is none of them, because it stands between words.
func IsIgnorable(r rune) bool {
	switch {
	case r < 0x80, r == '\u200B', '\uFFF9' <= r && r <= '\uFFFB', '\U00013430' <= r && r <= '\U0001345F':
		return false
	case r == '\u0640', r == '\u07FA', r == '\u180A', r == '\u1806': // the lines of Arabic, N'Ko and Mongolian, and Mongolian's soft hyphen
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// withoutIgnorable returns a text without its ignorable characters.
func withoutIgnorable(s string) string {
	if !strings.ContainsFunc(s, IsIgnorable) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if IsIgnorable(r) {
			return -1
		}
		return r
	}, s)
}

// withoutApostrophes returns a text without them, before some become a space with an accent.
func withoutApostrophes(s string) string {
	if !strings.ContainsFunc(s, IsApostrophe) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if IsApostrophe(r) {
			return -1
		}
		return r
	}, s)
}

// Fold returns one spelling for all ways to write a word: Ｃａｆé, CAFÉ and cafe are the same. It keeps
// letters, digits, symbols and the marks on them, and nothing that cannot be seen, and no punctuation.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	drop := false
	for _, r := range norm.NFKD.String(withoutIgnorable(withoutApostrophes(s))) {
		switch {
		case IsApostrophe(r): // that of ŉ
			continue
		case drop && unicode.Is(unicode.Mn, r), IsIgnorable(r): // a ligature may have a stretched line in it
			continue
		case !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.So): // a ligature may have a space in it
			continue
		case !unicode.Is(unicode.Mn, r):
			drop = unicode.In(r, accented...)
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return norm.NFC.String(respelled.Replace(b.String()))
}

// isFolded recognizes words in lower-case ASCII, which most are, and single ideographs.
func isFolded(s string) bool {
	if r, size := utf8.DecodeRuneInString(s); 0x4e00 <= r && r < 0xa000 && size == len(s) {
		return true
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
