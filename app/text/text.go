// Package text decides what a text may be: which characters can be seen, which would do harm, how
// names and lines are cleaned and shortened, and when two spellings are one word. It is the only
// package that knows Unicode's normal forms and the tags of languages.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// IsVisible reports whether a character leaves a mark on the page: the same for messages, alt texts and names.
func IsVisible(r rune) bool {
	if unicode.IsSpace(r) || unicode.IsControl(r) || isBlank(r) {
		return false
	}
	return !unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Prepended_Concatenation_Mark, r) // those enclose numbers
}

// isBlank reports whether a character is a letter, mark or symbol by its class, and still blank.
func isBlank(r rune) bool {
	return r == '\u2800' || r == '\U0001D159' || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// IsControl reports whether a character would speak to a terminal instead of being read. Line feeds
// and tabs are text.
func IsControl(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0
}

// OneLine replaces every run of white space with one space, and trims both ends.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// First returns the first n characters of a text, or all of it if it has no more.
func First(s string, n int) string {
	for at := range s {
		if n--; n < 0 {
			return s[:at]
		}
	}
	return s
}

// Truncate returns a text of at most n characters. A longer one loses its end to an ellipsis.
func Truncate(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return First(s, n-1) + "…"
}
