package views

import (
	"cmp"
	"strconv"
	"strings"
	"unicode"

	"parley/db"
	"parley/views/words"
)

// tints is how many avatar colours the stylesheet has: .tint-0 to .tint-7.
const tints = 8

// tint chooses a colour that stays with the person whatever they call themselves.
func tint(u db.User) string {
	return "tint-" + strconv.FormatUint(u.ID%tints, 10)
}

// initials are the first letters of the first and the last word of a name that have any.
func initials(u db.User) string {
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

// nameOf is what people read; an account that is gone has none.
func nameOf(w *words.Catalog, u db.User) string {
	return cmp.Or(u.DisplayName, u.Username, w.Someone)
}

func namesOf(w *words.Catalog, list []db.User) string {
	all := make([]string, len(list))
	for i, u := range list {
		all[i] = nameOf(w, u)
	}
	return strings.Join(all, ", ")
}
