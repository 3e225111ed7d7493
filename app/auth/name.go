package auth

import (
	"path"
	"strings"
	"time"

	"parley/app/text"
)

// Username returns the canonical form of a name that was typed, or *Invalid.
func Username(s string) (string, error) {
	name, problem := checkUsername(s)
	if problem != "" {
		return "", &Invalid{Username: problem}
	}
	return name, nil
}

// foldUsername turns A to Z only: Unicode's own folding makes a k of the Kelvin sign,
// and then two names that were typed differently would be one account.
func foldUsername(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, strings.TrimSpace(s))
}

func checkUsername(s string) (name string, problem Flaw) {
	name = foldUsername(s)
	if name == "" {
		return "", NameEmpty
	}
	for _, r := range name {
		if !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '_' || r == '.' || r == '-') {
			return "", NameChars
		}
	}
	if len(name) < 3 || len(name) > 32 {
		return "", NameLength
	}
	return name, ""
}

// newUsername is checkUsername for a new account. Existing accounts keep their names.
func newUsername(s string) (name string, problem Flaw) {
	name, problem = checkUsername(s)
	switch {
	case problem != "":
		return "", problem
	case isSeparator(name[0]) || isSeparator(name[len(name)-1]): // or "rob." would be mentioned in place of rob, at the end of a sentence
		return "", NameEnds
	case isReserved(name):
		return "", NameReserved
	}
	return name, ""
}

func isSeparator(c byte) bool { return c == '.' || c == '-' || c == '_' }

const displayRunes = 40

// DisplayName returns the stored form of a person's name for people to read, or *Invalid, which wraps the
// reason that text has.
func DisplayName(s string) (string, error) {
	name, err := text.Name(s, displayRunes)
	if err != nil {
		return "", &Invalid{Reason: DisplayUnfit, cause: err}
	}
	return name, nil
}

// TimeZone returns the name of a time zone that this program knows, or *Invalid.
func TimeZone(s string) (string, error) {
	unknown := &Invalid{Reason: UnknownZone}
	// "" and "Local" would be the server's own zone; the others exist on some machines only.
	// And one zone has one name, or everybody could make up endless others: the system's database opens "Europe//Berlin".
	if s == "" || path.Clean(s) != s || len(s) > 64 || s == "Local" || s == "localtime" || s == "posixrules" ||
		strings.HasPrefix(s, "posix/") || strings.HasPrefix(s, "right/") {
		return "", unknown
	}
	for _, r := range s {
		if !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_/+-", r)) {
			return "", unknown
		}
	}
	if _, err := time.LoadLocation(s); err != nil {
		return "", unknown
	}
	return s, nil
}
