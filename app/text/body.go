package text

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Why a text cannot be stored.
var (
	ErrNothing   = errors.New("text: nothing in it can be seen")
	ErrCharacter = errors.New("text: a character in it cannot be stored") // a *CharacterError says which
)

// CharacterError is a character that a text cannot have, and where it is.
type CharacterError struct {
	Name         string // such as "BEL (U+0007)"; of half a character "U+D83D", of a byte that is no UTF-8 "0xFF"
	Line, Column int    // from 1, the column in characters
}

// Is makes it an ErrCharacter.
func (e *CharacterError) Is(target error) bool { return target == ErrCharacter }

func (e *CharacterError) Error() string {
	return fmt.Sprintf("text: %s in line %d, column %d", e.Name, e.Line, e.Column)
}

// Body returns the stored form of a message. Its lines end with a line feed, whatever ended them, and empty
// lines at both ends are gone; spaces before the first word stay. The color codes of terminals are left
// out. Every other control character is a *CharacterError, and a text of which nothing can be seen
// ErrNothing.
func Body(s string) (string, error) {
	body, err := clean(s, '\n')
	if err != nil {
		return "", err
	}
	if !strings.ContainsFunc(body, IsVisible) {
		return "", ErrNothing
	}
	return trimLines(body), nil
}

// Line returns the stored form of a text on one line, such as an alt text; "" if nothing in it can be seen.
// Control characters are what they are to Body.
func Line(s string) (string, error) {
	line, err := clean(s, ' ')
	if err != nil || !strings.ContainsFunc(line, IsVisible) {
		return "", err
	}
	return OneLine(line), nil
}

// trimLines removes lines at both ends that nothing can be seen in, and what ends the last line.
func trimLines(s string) string {
	for {
		line, rest, more := strings.Cut(s, "\n")
		if !more || strings.ContainsFunc(line, IsVisible) {
			break
		}
		s = rest
	}
	for {
		i := strings.LastIndexByte(s, '\n')
		if i < 0 || strings.ContainsFunc(s[i:], IsVisible) {
			return s
		}
		s = s[:i]
	}
}

// clean replaces all that ends a line, and checks the other characters.
func clean(s string, lineEnd byte) (string, error) {
	var b strings.Builder
	b.Grow(len(s))
	line, column := 1, 1
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		escape := escapeSequence(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return "", &CharacterError{Name: brokenName(s[i:]), Line: line, Column: column}
		case isLineEnd(r):
			if strings.HasPrefix(s[i:], "\r\n") {
				size = 2
			}
			b.WriteByte(lineEnd)
			line, column = line+1, 0
		case escape > 0:
			size = escape
			column += utf8.RuneCountInString(s[i:i+size]) - 1
		case IsControl(r):
			return "", &CharacterError{Name: controlName(r), Line: line, Column: column}
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
		column++
	}
	return b.String(), nil
}

// isLineEnd reports whether a character ends a line for some program: beside line feeds and carriage returns
// the vertical tabs of slides, the form feeds of PDFs, and those of other systems and of Unicode.
func isLineEnd(r rune) bool {
	switch r {
	case '\n', '\v', '\f', '\r', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// escapeSequence returns the length of the escape sequence that a text begins with, 0 if it begins with none.
// They come with what is copied from terminals, and set colors, titles and links there (ECMA-48). Sequences
// that could be an escape character and a letter of the text are not among them.
func escapeSequence(s string) int {
	start, found := strings.CutPrefix(s, "\x1b")
	if rest, short := strings.CutPrefix(s, "\u009b"); short {
		start, found = "["+rest, true
	}
	if !found || start == "" {
		return 0
	}
	rest := start[1:]
	switch start[0] {
	case '[': // parameters, intermediates, and one final
		rest = strings.TrimLeftFunc(rest, func(r rune) bool { return '0' <= r && r <= '?' })
		rest = strings.TrimLeftFunc(rest, func(r rune) bool { return ' ' <= r && r <= '/' })
		if rest == "" || rest[0] < '@' || rest[0] > '~' {
			return 0
		}
		return len(s) - len(rest) + 1
	case ']', 'P', 'X', '^', '_': // a text up to its end
		end := strings.IndexFunc(rest, func(r rune) bool { return IsControl(r) || r == '\n' })
		for _, terminator := range []string{"\x1b\\", "\a", "\u009c"} {
			if end >= 0 && strings.HasPrefix(rest[end:], terminator) {
				return len(s) - len(rest) + end + len(terminator)
			}
		}
	case '(', ')', '*', '+': // a set of characters
		if rest != "" && strings.IndexByte("0AB", rest[0]) >= 0 {
			return len(s) - len(rest) + 1
		}
	case '7', '8', '=', '>', '\\':
		return len(s) - len(rest)
	}
	return 0
}

// brokenName names what is not UTF-8 at the beginning of a text: half of a pair of UTF-16, encoded as if it
// were a character, or a byte.
func brokenName(s string) string {
	if len(s) >= 3 && s[0] == 0xed && s[1] >= 0xa0 && s[1] <= 0xbf && s[2] >= 0x80 && s[2] <= 0xbf {
		return fmt.Sprintf("U+%04X", 0xd000|int(s[1]&0x3f)<<6|int(s[2]&0x3f))
	}
	return fmt.Sprintf("0x%02X", s[0])
}

// controlName names a control character as its standard does.
func controlName(r rune) string {
	names := [...]string{"NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI",
		"DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"}
	code := fmt.Sprintf("U+%04X", r)
	switch {
	case int(r) < len(names):
		return names[r] + " (" + code + ")"
	case r == 0x7f:
		return "DEL (" + code + ")"
	}
	return code
}
