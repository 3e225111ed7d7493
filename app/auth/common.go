package auth

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	minPasswordRunes = 10
	maxPasswordRunes = 256
	maxPasswordBytes = 4 * maxPasswordRunes
)

// checkPassword answers what is wrong with a new password, or nothing. There are no rules
// on what it is composed of; only what is guessed first is refused. It is kept byte for
// byte as it was typed.
func checkPassword(password, username string) Flaw {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return PasswordChars
	case n < minPasswordRunes:
		return PasswordShort
	case n > maxPasswordRunes:
		return PasswordLong
	case isName(password, username):
		return PasswordIsName
	case isCommon(password):
		return PasswordIsCommon
	}
	return ""
}

// isName tells whether a password is the user's name with little else.
func isName(password, username string) bool {
	p, name := letters(strings.ToLower(password)), letters(username)
	if len(name) < 3 {
		return false
	}
	for _, way := range []string{name, reversed(name)} {
		if rest := strings.ReplaceAll(p, way, ""); rest != p && trivial(rest) {
			return true
		}
	}
	return false
}

// isCommon tells whether a password is a well-known word with little else, a run such as
// 1234567890 or qwertyuiop, or a short piece said again and again.
func isCommon(password string) bool {
	lower := strings.ToLower(password)
	core := strings.TrimFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) && r != '@' && r != '$' })
	for _, p := range []string{letters(lower), letters(plain(lower)), letters(plain(core))} {
		for range 2 { // two such words in a row are not better than one
			rest := cutWord(p)
			if rest != p && trivial(rest) {
				return true
			}
			p = rest
		}
	}
	return isRepeated([]rune(lower)) || isRun([]rune(lower))
}

// cutWord removes the longest well-known word, as often as it stands there.
func cutWord(p string) string {
	longest := ""
	for word := range strings.FieldsSeq(wellKnown) {
		if len(word) > len(longest) && strings.Contains(p, word) {
			longest = word
		}
	}
	if longest == "" {
		return p
	}
	return strings.ReplaceAll(p, longest, "")
}

// trivial is what people add to a word: a number, or a letter or two.
func trivial(rest string) bool {
	return strings.Trim(rest, "0123456789") == "" || utf8.RuneCountInString(rest) <= 3
}

// isRepeated tells whether a piece of four characters or less makes the whole password.
func isRepeated(p []rune) bool {
	for size := 1; size <= 4; size++ {
		if len(p) > size && slices.Equal(p[size:], p[:len(p)-size]) {
			return true
		}
	}
	return false
}

// isRun tells whether a password walks along a row of keys or of the alphabet, forwards or
// backwards, with at most three steps elsewhere.
func isRun(p []rune) bool {
	breaks := 0
	for i := 1; i < len(p); i++ {
		a, b := string(p[i-1])+string(p[i]), string(p[i])+string(p[i-1])
		if p[i] != p[i-1] && !strings.Contains(rows, a) && !strings.Contains(rows, b) {
			breaks++
		}
	}
	return breaks <= 3
}

const rows = "01234567890 abcdefghijklmnopqrstuvwxyz qwertyuiop[] asdfghjkl;' zxcvbnm,./ " +
	"qwertzuiopü yxcvbnm azertyuiop qsdfghjklm wxcvbn !@#$%^&*()_+"

// letters keeps letters and digits.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// plain undoes the usual disguises of letters.
func plain(s string) string {
	return strings.NewReplacer("@", "a", "4", "a", "0", "o", "3", "e", "$", "s", "5", "s", "1", "i", "!", "i", "7", "t").Replace(s)
}

func reversed(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}

// wellKnown are the words that the passwords people choose most are made of, our own list.
const wellKnown = `
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
