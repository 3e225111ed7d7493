package text

import (
	"errors"
	"fmt"
	"slices"
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
	ErrNameLoose     = errors.New("text: the name has an accent without a letter")
	ErrNameEmpty     = errors.New("text: the name is empty")
	ErrNameLong      = errors.New("text: the name is too long")
)

// NameError is one of those errors, if it is about a single character.
type NameError struct {
	Reason error
	Char   rune // the letter with too many accents, or the character that cannot be there
	Place  int  // its position in the name, from 1
}

func (e *NameError) Error() string {
	return fmt.Sprintf("%v: %U at %d", e.Reason, e.Char, e.Place)
}

func (e *NameError) Unwrap() error { return e.Reason }

const (
	// accentsPerBase is the most accents of no particular script that one letter may have, after those
	// that it composes with. More are only ever used to cover the lines above and below.
	accentsPerBase = 2
	// signsPerBase is the same for the vowels, tones and stacked letters that a script puts above and
	// below its letters. Burmese and Tibetan need four; those that stand beside a letter cover nothing
	// and are not counted.
	signsPerBase = 5
	// tonesPerBase is the same in Thai and Lao, whose signs pile up ever higher. They need two or three.
	tonesPerBase = 3
)

// Name returns the stored form of the name of a person or a group, of at most longest characters:
// everything in it can be seen and stays in its place, so that no name looks like another's
// with something invisible in it, or disturbs the text around it.
func Name(s string, longest int) (string, error) {
	if !utf8.ValidString(s) || len(s) > 64*longest { // before any work is done on it
		return "", ErrNameBroken
	}
	name := withoutLateJoiners([]rune(squeeze(norm.NFC.String(s))))
	check := nameCheck{name: name}
	for i := range name {
		if err := check.next(i); err != nil {
			return "", err
		}
	}
	switch {
	case !check.visible:
		return "", ErrNameEmpty
	case len(name) > longest:
		return "", ErrNameLong
	}
	return string(name), nil
}

// nameCheck goes through a name, one character after the other.
type nameCheck struct {
	name    []rune
	visible bool // there is something to see
	base    int  // where the letter of the current character stands; valid if hasBase
	hasBase bool
	accents int
	signs   []rune
}

func (c *nameCheck) next(i int) error {
	switch r := c.name[i]; {
	case isJoiner(r):
		if !c.mayJoin(i) {
			return c.refuse(ErrNameInvisible, i)
		}
	case isTag(r):
		if !c.mayTag(i) {
			return c.refuse(ErrNameInvisible, i)
		}
	case isVariant(r):
		if !c.mayVary(i) {
			return c.refuse(ErrNameInvisible, i)
		}
	case isBlank(r), r == unicode.ReplacementChar, r == '\uFFFC', !unicode.IsGraphic(r):
		return c.refuse(ErrNameInvisible, i)
	case unicode.IsMark(r):
		return c.addMark(i)
	case r == ' ':
		c.hasBase = false
	default:
		c.visible, c.hasBase, c.base, c.accents, c.signs = true, true, i, 0, nil
	}
	return nil
}

func (c *nameCheck) refuse(reason error, i int) error {
	return &NameError{Reason: reason, Char: c.name[i], Place: i + 1}
}

// addMark counts a mark on the current letter. Those of the letter's own script are part of how it is
// written; all others are accents.
func (c *nameCheck) addMark(i int) error {
	if !c.hasBase {
		return c.refuse(ErrNameLoose, i)
	}
	mark, letter := c.name[i], c.name[c.base]
	if !sameScript(letter, mark) {
		if mark == shortAlef && c.isDoubled(i) {
			return nil
		}
		if c.accents++; c.accents > accentsPerBase {
			return c.refuse(ErrNameAccents, c.base)
		}
		return nil
	}
	if unicode.Is(unicode.Mc, mark) {
		return nil
	}
	most := signsPerBase
	if unicode.In(letter, unicode.Thai, unicode.Lao) {
		most = tonesPerBase
	}
	for _, before := range c.signs {
		if before == mark { // no script writes a sign twice
			return c.refuse(ErrNameAccents, c.base)
		}
	}
	if c.signs = append(c.signs, mark); len(c.signs) > most {
		return c.refuse(ErrNameAccents, c.base)
	}
	return nil
}

const (
	alef      = '\u0627'
	fatha     = '\u064E'
	shadda    = '\u0651'
	shortAlef = '\u0670'
)

// isDoubled reports whether a mark stands on an Arabic consonant that is doubled and has a vowel, as in the full
// spelling of اللَّٰه. No other letter has a third mark.
func (c *nameCheck) isDoubled(i int) bool {
	return i == c.base+3 && c.name[i-2] == fatha && c.name[i-1] == shadda && unicode.Is(unicode.Arabic, c.name[c.base]) && c.name[c.base] != alef
}

// mayJoin reports whether a joiner has work to do: between two letters of a script that needs joiners,
// where it decides how they are drawn, or between two pictures of an emoji. Elsewhere it would only
// make two names differ that look the same.
func (c *nameCheck) mayJoin(i int) bool {
	if i == 0 || !c.hasBase {
		return false
	}
	r, before, letter := c.name[i], c.name[i-1], c.name[c.base]
	if r == vowelSeparator && !unicode.Is(unicode.Mongolian, letter) {
		return false
	}
	if unicode.In(letter, joined...) && (unicode.IsLetter(before) || unicode.IsMark(before)) && !isVariant(before) {
		if i+1 < len(c.name) {
			after := c.name[i+1]
			if (unicode.IsLetter(after) || unicode.IsMark(after)) && sameScript(letter, after) {
				return true
			}
		}
		return r == joiner && isVirama(before) // half a letter, as at the end of മോഹന്‍
	}
	return r == joiner && isPicture(letter) && i+1 < len(c.name) && isPicture(c.name[i+1])
}

// mayVary reports whether a variation selector stands where it chooses between two forms: of a picture,
// of a Chinese character, or of a letter of a few other scripts.
func (c *nameCheck) mayVary(i int) bool {
	if i == 0 || !c.hasBase || c.base != i-1 {
		return false
	}
	switch r, letter := c.name[i], c.name[i-1]; {
	case r == '\uFE0E' || r == '\uFE0F':
		isKey := '0' <= letter && letter <= '9' || letter == '#' || letter == '*'
		return isPicture(letter) || isKey && i+1 < len(c.name) && c.name[i+1] == '\u20E3'
	case r >= '\uFE00': // those for all scripts
		return unicode.In(letter, unicode.Han, unicode.Myanmar) && unicode.IsLetter(letter)
	default:
		return unicode.Is(unicode.Mongolian, letter) && unicode.IsLetter(letter)
	}
}

// flags are those of England, Scotland and Wales, the only ones that are spelled with tags.
var flags = []string{"gbeng", "gbsct", "gbwls"}

const (
	flagBase = '\U0001F3F4'
	firstTag = '\U000E0000' // and the letters after it, like those after the zero character of ASCII
	lastTag  = '\U000E007F'
)

func isTag(r rune) bool { return firstTag <= r && r <= lastTag }

// mayTag reports whether a tag is one of a flag.
func (c *nameCheck) mayTag(i int) bool {
	if !c.hasBase || c.name[c.base] != flagBase {
		return false
	}
	for _, flag := range flags {
		tags := append([]rune(strings.Map(func(r rune) rune { return firstTag + r }, flag)), lastTag)
		if i <= c.base+len(tags) && slices.Equal(tags, c.name[c.base+1:min(len(c.name), c.base+1+len(tags))]) {
			return true
		}
	}
	return false
}

// withoutLateJoiners drops non-joiners at the end of a word that ends with a virama. Keyboards of Kannada and
// Bengali write them there, and they change nothing.
func withoutLateJoiners(name []rune) []rune {
	kept := name[:0]
	for i, r := range name {
		isLast := i+1 == len(name) || !unicode.IsLetter(name[i+1]) && !unicode.IsMark(name[i+1]) && !isJoiner(name[i+1])
		if r == nonJoiner && isLast && i > 0 && isVirama(name[i-1]) {
			continue
		}
		kept = append(kept, r)
	}
	return kept
}

const (
	nonJoiner = '\u200C'
	joiner    = '\u200D'

	vowelSeparator = '\u180E' // a joiner of Mongolian
)

func isJoiner(r rune) bool { return r == nonJoiner || r == joiner || r == vowelSeparator }

func isVariant(r rune) bool {
	return '\uFE00' <= r && r <= '\uFE0F' || '\U000E0100' <= r && r <= '\U000E01EF' || '\u180B' <= r && r <= '\u180D' || r == '\u180F'
}

// joined are the scripts in use whose letters join, or combine, in more than one way.
var joined = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mandaic, unicode.Nko, unicode.Mongolian, unicode.Adlam, unicode.Hanifi_Rohingya,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu,
	unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Tibetan, unicode.Myanmar, unicode.Khmer, unicode.Balinese,
	unicode.Javanese, unicode.Sundanese, unicode.Meetei_Mayek, unicode.Chakma, unicode.Newa, unicode.Limbu, unicode.Syloti_Nagri,
}

// isVirama reports whether a sign takes the vowel from the letter before it.
func isVirama(r rune) bool { return norm.NFC.PropertiesString(string(r)).CCC() == 9 }

// isPicture reports whether a character can be part of an emoji.
func isPicture(r rune) bool {
	switch {
	case r == '\u203C', r == '\u2049', r == '\u2139', r == '\u3030':
		return true
	case '\U0001F3FB' <= r && r <= '\U0001F3FF': // the colors of skin
		return true
	}
	return unicode.Is(unicode.So, r) || unicode.Is(unicode.Sm, r) && r >= '\u2190'
}

// sameScript reports whether a character belongs to the script of a letter.
func sameScript(letter, r rune) bool {
	for _, script := range unicode.Scripts {
		if script != unicode.Common && script != unicode.Inherited && unicode.Is(script, letter) {
			return unicode.Is(script, r)
		}
	}
	return false
}

// squeeze trims a name and makes one plain space of every run of spaces. Line ends and tabs do not
// count as spaces here: nobody can type them into the field.
func squeeze(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.Is(unicode.Zs, r) }), " ")
}
