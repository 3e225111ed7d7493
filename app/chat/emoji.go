package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What stands in an emoji beside its symbols.
const (
	joiner  = '\u200d' // makes one of the two around it
	colours = '\ufe0f' // asks for the picture and not for the letter form
	keycap  = '\u20e3' // the frame around a digit
)

// isEmoji tells whether a text is one emoji: a symbol, with what joins and tints it, a flag or a
// keycap. It is no list of emojis: there are new ones each year.
func isEmoji(text string) bool {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > 16 {
		return false
	}
	symbols, last := 0, rune(0)
	for _, r := range text {
		switch {
		case isFlagHalf(r) && isFlagHalf(last) && symbols == 1:
			last = 0 // a third half begins another flag
			continue
		case unicode.Is(unicode.So, r), isOddSymbol(r), r == keycap:
			if last != joiner {
				symbols++
			}
		case symbols > 0 && (unicode.Is(unicode.Sk, r) && r > 0xffff || r == joiner || r == colours || r >= 0xe0020 && r <= 0xe007f):
		case last == 0 && strings.ContainsRune("0123456789#*", r) && strings.HasSuffix(text, string(keycap)):
		case r == colours && strings.HasSuffix(text, string(keycap)):
		default:
			return false
		}
		last = r
	}
	return symbols == 1
}

// isFlagHalf tells the letters of which two make a flag.
func isFlagHalf(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// isOddSymbol tells the emojis that Unicode calls something else than symbols.
func isOddSymbol(r rune) bool {
	switch r {
	case 0x203c, 0x2049, 0x2139, 0x2194, 0x2195, 0x21a9, 0x21aa, 0x25b6, 0x25c0, 0x25fb, 0x25fc, 0x25fd, 0x25fe, 0x2934, 0x2935, 0x3030, 0x303d:
		return true
	}
	return false
}

// looksLike tells whether two emojis are the same to the eye: keyboards differ in whether they ask
// for colours.
func looksLike(a, b string) bool {
	return strings.ReplaceAll(a, string(colours), "") == strings.ReplaceAll(b, string(colours), "")
}
