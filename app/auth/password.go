package auth

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/app/text"
)

const (
	minPasswordRunes = 10
	maxPasswordRunes = 256
	// maxTypedBytes bounds a password as it is typed. Taken apart, a letter may have four times the bytes
	// that it has in the form that is hashed.
	maxTypedBytes = 4 * 4 * maxPasswordRunes
)

// newPassword returns the form of a new password that is hashed, or what is wrong with it. There are no
// rules about the characters in it; only what attackers try first is refused.
func newPassword(typed, username string) (password string, problem Flaw) {
	if len(typed) > maxTypedBytes {
		return "", PasswordLong
	}
	password, err := text.Password(typed)
	n := utf8.RuneCountInString(password)
	switch {
	case err != nil:
		return "", PasswordChars
	case n < minPasswordRunes:
		return "", PasswordShort
	case n > maxPasswordRunes:
		return "", PasswordLong
	case isName(password, username):
		return "", PasswordIsName
	case isCommon(password):
		return "", PasswordIsCommon
	}
	return password, ""
}

// spellings returns the forms of a typed password that a stored hash may be of, each to be tried in turn.
// Hashes are of the form of newPassword. Older ones are of the bytes that were typed at sign-up, so those
// are tried as well where they differ.
func spellings(typed string) []string {
	password, err := text.Password(typed)
	switch {
	case err != nil: // so it is no new password, but it may be an older one
		return []string{typed}
	case password == typed:
		return []string{password}
	}
	return []string{password, typed}
}

// isName reports whether a password is little more than the username, forwards or backwards.
func isName(password, username string) bool {
	p, name := lettersAndDigits(strings.ToLower(password)), lettersAndDigits(username)
	if len(name) < 3 {
		return false
	}
	for _, way := range []string{name, reverse(name)} {
		if rest := strings.ReplaceAll(p, way, ""); rest != p && isTrivial(rest) {
			return true
		}
	}
	return false
}

// isCommon reports whether a password is little more than a common word, is a run such as 1234567890
// or qwertyuiop, or repeats a short piece.
func isCommon(password string) bool {
	lower := strings.ToLower(password)
	core := strings.TrimFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) && r != '@' && r != '$' })
	for _, p := range []string{lettersAndDigits(lower), lettersAndDigits(undisguise(lower)), lettersAndDigits(undisguise(core))} {
		for range 2 { // two common words are no better than one
			rest := cutCommonWord(p)
			if rest != p && isTrivial(rest) {
				return true
			}
			p = rest
		}
	}
	return isRepeated([]rune(lower)) || isRun([]rune(lower))
}

// cutCommonWord removes all occurrences of the longest common word in p.
func cutCommonWord(p string) string {
	longest := ""
	for word := range strings.FieldsSeq(commonWords) {
		if len(word) > len(longest) && strings.Contains(p, word) {
			longest = word
		}
	}
	if longest == "" {
		return p
	}
	return strings.ReplaceAll(p, longest, "")
}

// isTrivial reports whether rest is what people append to a word: a number, or up to three characters.
func isTrivial(rest string) bool {
	return strings.Trim(rest, "0123456789") == "" || utf8.RuneCountInString(rest) <= 3
}

// isRepeated reports whether a password repeats a piece of at most four characters.
func isRepeated(p []rune) bool {
	for size := 1; size <= 4; size++ {
		if len(p) > size && slices.Equal(p[size:], p[:len(p)-size]) {
			return true
		}
	}
	return false
}

// isRun reports whether a password follows a row of keys or the alphabet, forwards or backwards, with
// at most three jumps.
func isRun(p []rune) bool {
	breaks := 0
	for i := 1; i < len(p); i++ {
		a, b := string(p[i-1])+string(p[i]), string(p[i])+string(p[i-1])
		if p[i] != p[i-1] && !strings.Contains(keyRows, a) && !strings.Contains(keyRows, b) {
			breaks++
		}
	}
	return breaks <= 3
}

const keyRows = "01234567890 abcdefghijklmnopqrstuvwxyz qwertyuiop[] asdfghjkl;' zxcvbnm,./ " +
	"qwertzuiopü yxcvbnm azertyuiop qsdfghjklm wxcvbn !@#$%^&*()_+"

// lettersAndDigits removes all other characters.
func lettersAndDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// undisguise reverses the usual substitutions of letters.
func undisguise(s string) string {
	return strings.NewReplacer("@", "a", "4", "a", "0", "o", "3", "e", "$", "s", "5", "s", "1", "i", "!", "i", "7", "t").Replace(s)
}

func reverse(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}

// commonWords are the words in the most common passwords. The list is our own.
const commonWords = `
	password passwort passw0rd passwd passcode pass motdepasse contrasena senha geheim parola
	qwerty qwertz azerty asdfgh zxcvbn qazwsx 1q2w3e4r 1q2w3e 1qaz2wsx zaq12wsx q1w2e3r4 qweasd asdf qwer
	letmein welcome willkommen bienvenue iloveyou loveyou ichliebedich teamo jetaime lovely
	admin administrator root user guest login default changeme secret private access master server
	test testing tester demo sample example temp temporary
	hello hallo bonjour hola trustno football fussball soccer baseball basketball hockey
	liverpool arsenal chelsea barcelona realmadrid juventus bayern yankees dallas
	dragon monkey tiger butterfly eagle falcon phoenix panther dolphin chicken kitty
	princess prinzessin sunshine flower rainbow summer winter spring autumn sommer chocolate cookie
	superman batman spiderman pokemon starwars startrek naruto minecraft fortnite
	michael jennifer jessica ashley daniel thomas charlie jordan michelle nicole matthew andrew joshua
	shadow ninja killer hunter ranger thunder mustang ferrari porsche mercedes harley corvette
	computer internet samsung google facebook apple microsoft windows android iphone
	freedom whatever forever family lovelove jesus christ blessed angel heaven
	january february march april june july august september october november december
	monday tuesday wednesday thursday friday saturday sunday
	chat parley
	abc abcd abcde abcdef a1b2c3`
