package auth

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Username answers the canonical form of a name that was typed, or *Invalid.
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

const (
	displayRunes = 40
	marksPerBase = 2
)

// DisplayName answers the stored form of a person's name for people to read, or *Invalid.
func DisplayName(s string) (string, error) { return VisibleName(s, displayRunes) }

// VisibleName is the same for the name of anything, with as many characters at most.
func VisibleName(s string, longest int) (string, error) {
	if !utf8.ValidString(s) || len(s) > 64*longest { // before any work is done on it
		return "", &Invalid{Reason: DisplayBroken}
	}
	name := fold(norm.NFC.String(s))
	visible, marks := false, marksPerBase // a mark needs a base before it
	for _, r := range name {
		switch {
		case !allowed(r):
			return "", &Invalid{Reason: DisplayInvisible}
		case unicode.IsMark(r):
			if marks++; marks > marksPerBase {
				return "", &Invalid{Reason: DisplayAccents}
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
		return "", &Invalid{Reason: DisplayEmpty}
	case utf8.RuneCountInString(name) > longest:
		return "", &Invalid{Reason: DisplayLong}
	}
	return name, nil
}

// fold trims a name and makes one plain space of every run of spaces. Line ends and tabs are
// no spaces here: nobody can type them into the field.
func fold(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.Is(unicode.Zs, r) }), " ")
}

// allowed refuses what has no look of its own, or changes the look of what stands around it.
func allowed(r rune) bool {
	switch r {
	case '\u034F', '\u115F', '\u1160', '\u17B4', '\u17B5', '\u2800', '\u3164', '\uFFA0', unicode.ReplacementChar:
		return false // letters, marks and symbols by their class, but blank
	}
	return unicode.IsGraphic(r)
}

// TimeZone answers the name of a time zone that this program knows, or *Invalid.
func TimeZone(s string) (string, error) {
	unknown := &Invalid{Reason: UnknownZone}
	// "" and "Local" would be the server's own zone; the others exist on some machines only.
	if s == "" || len(s) > 64 || s == "Local" || s == "localtime" || s == "posixrules" ||
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
