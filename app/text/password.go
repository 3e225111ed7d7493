package text

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ErrPassword means that a text cannot be a password.
var ErrPassword = errors.New("text: the password is not valid UTF-8, or has a control character")

// Password returns the one form of all spellings of a password, in which it is hashed: keyboards differ
// in how they compose a letter, and in which space they type. These are the rules of OpaqueString in
// RFC 8265, but for its lists of characters: refusing those it does not know yet, such as new emoji,
// would make no password better.
func Password(s string) (string, error) {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return "", ErrPassword
	}
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, s)), nil
}
