package search

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"parley/app/text"
)

// maxTerm is how much of a word the index keeps, in characters. Longer ones are compared in full
// once their message has been found.
const maxTerm = 24

// token is a piece of a text that can be searched for: what stands between spaces and punctuation,
// or one character of a script that has no spaces between words.
type token struct {
	folded   string
	from, to int  // in the text, in bytes
	dense    bool // of such a script
}

// tokenize cuts a normalized text into tokens. Letters, digits and the marks on them make a word,
// also around an apostrophe; a symbol or an emoji is one by itself.
func tokenize(s string) (list []token) {
	start := -1
	end := func(at int) {
		if start >= 0 {
			list, start = append(list, token{folded: text.Fold(s[start:at]), from: start, to: at}), -1
		}
	}
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		switch {
		case isDense(r):
			end(at)
			for size < len(s)-at {
				mark, more := utf8.DecodeRuneInString(s[at+size:])
				if !isCombining(mark) {
					break
				}
				size += more
			}
			list = append(list, token{folded: text.Fold(s[at : at+size]), from: at, to: at + size, dense: true})
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r) && start >= 0:
			if start < 0 {
				start = at
			}
		case start >= 0 && isJoiner(r) && letterAt(s, at+size):
		case unicode.Is(unicode.So, r):
			end(at)
			list = append(list, token{folded: text.Fold(string(r)), from: at, to: at + size})
		default:
			end(at)
		}
		at += size
	}
	end(len(s))
	return slices.DeleteFunc(list, func(t token) bool { return t.folded == "" })
}

// dense are the scripts without spaces between words, and Hangul, whose words grow endings.
var dense = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

func isDense(r rune) bool {
	return r >= 0x0e00 && (unicode.In(r, dense...) || r == 'ー' || r == 'ｰ') && unicode.IsLetter(r)
}

// isCombining reports whether a character belongs to the one before it, as the two marks of
// half-width kana do.
func isCombining(r rune) bool { return unicode.IsMark(r) || r == 'ﾞ' || r == 'ﾟ' }

func isJoiner(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '\u00ad' }

func letterAt(s string, at int) bool {
	r, _ := utf8.DecodeRuneInString(s[at:])
	return unicode.IsLetter(r) && !isDense(r)
}

// termsOf returns what the index has for a text.
func termsOf(body string) []string { return terms(tokenize(text.Normalize(body))) }

// terms returns what the index has for tokens: each of them, and in dense scripts every two
// neighbors.
func terms(list []token) (all []string) {
	for i, t := range list {
		all = append(all, indexed(t.folded))
		if pair, ok := pairAt(list, i); ok {
			all = append(all, pair)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// pairAt joins a token of a dense script with the one that touches it on its right.
func pairAt(list []token, i int) (string, bool) {
	if i+1 >= len(list) || !touch(list[i], list[i+1]) {
		return "", false
	}
	return indexed(list[i].folded + list[i+1].folded), true
}

func touch(a, b token) bool { return a.dense && b.dense && a.to == b.from }

// indexed is as much of a word as the index keeps.
func indexed(word string) string { return text.First(word, maxTerm) }
