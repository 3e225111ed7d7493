package text

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Why a text cannot be a name.
var (
	ErrNameBroken    = errors.New("text: the name is not valid UTF-8, or far too long")
	ErrNameInvisible = errors.New("text: the name has a character that cannot be seen")
	ErrNameAccents   = errors.New("text: the name has too many accents on one letter")
	ErrNameEmpty     = errors.New("text: the name is empty")
	ErrNameLong      = errors.New("text: the name is too long")
)

// marksPerBase is how many accents may stand on one letter, after those that it composes with.
const marksPerBase = 2

// Name returns the stored form of the name of a person or a group, of at most so many characters:
// everything in it can be seen and stays in its place, so that no name looks like another's
// with something invisible in it, or disturbs the text around it.
func Name(s string, longest int) (string, error) {
	if !utf8.ValidString(s) || len(s) > 64*longest { // before any work is done on it
		return "", ErrNameBroken
	}
	name := squeeze(norm.NFC.String(s))
	visible, marks := false, marksPerBase // a mark needs a base before it
	for _, r := range name {
		switch {
		case isBlank(r) && !unicode.Is(unicode.Variation_Selector, r), r == unicode.ReplacementChar, !unicode.IsGraphic(r):
			return "", ErrNameInvisible
		case unicode.IsMark(r):
			if marks++; marks > marksPerBase {
				return "", ErrNameAccents
			}
			continue
		case r == ' ':
			marks = marksPerBase
			continue
		}
		visible, marks = true, 0
	}
	switch {
	case !visible:
		return "", ErrNameEmpty
	case utf8.RuneCountInString(name) > longest:
		return "", ErrNameLong
	}
	return name, nil
}

// squeeze trims a name and makes one plain space of every run of spaces. Line ends and tabs do not
// count as spaces here: nobody can type them into the field.
func squeeze(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.Is(unicode.Zs, r) }), " ")
}
