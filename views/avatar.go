package views

import (
	"strconv"
	"strings"
	"unicode"

	"parley/db"
)

// tints is the number of avatar colors in the stylesheet: .tint-0 to .tint-7.
const tints = 8

// tint returns the class of a person's color. It depends on the ID, so that a change of name does not
// change it.
func tint(u db.User) string {
	return "tint-" + strconv.FormatUint(u.ID%tints, 10)
}

// initials returns the first letters of the first and the last word of a name, as far as they have any. A deleted
// account has none.
func initials(u db.User) string {
	if u.IsDeleted {
		return ""
	}
	var found []rune
	for _, word := range strings.Fields(u.DisplayName) {
		if r, ok := firstLetter(word); ok {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		if r, ok := firstLetter(u.Username); ok {
			return string(unicode.ToUpper(r))
		}
		return "?"
	}
	first, last := unicode.ToUpper(found[0]), unicode.ToUpper(found[len(found)-1])
	if len(found) == 1 {
		return string(first)
	}
	return string([]rune{first, last})
}

func firstLetter(word string) (rune, bool) {
	for _, r := range word {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r, true
		}
	}
	return 0, false
}
