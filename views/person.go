package views

import (
	"strconv"
	"strings"
	"unicode"

	"parley/db"
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

// photo is where a photo's bytes are; made of a number only, so it is safe in src.
func photo(id uint64, size string) string {
	return "/photos/" + strconv.FormatUint(id, 10) + "/" + size
}

func room(id uint64) string {
	return "/rooms/" + strconv.FormatUint(id, 10)
}
