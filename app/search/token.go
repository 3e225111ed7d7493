package search

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"parley/app/text"
)

// token is a piece of a text that can be searched for: what stands between spaces and punctuation,
// or one character of a script that has no spaces between words.
type token struct {
	folded   string
	from, to int     // in the text, in bytes
	dense    bool    // of such a script
	parts    []token // what stands between the apostrophes in it, if there are any
	// The smallest pieces of a text are numbered, and a token with parts covers several of them.
	first, next int
}

// tokenize cuts a normalized text into tokens. Letters, digits and the marks on them make a word,
// also around an apostrophe; a symbol or an emoji is one by itself.
func tokenize(s string) []token {
	t := tokenizer{text: s, list: make([]token, 0, min(len(s)/4+1, 100)), start: -1, part: -1}
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		switch {
		case t.start >= 0 && dividesWord(s[:at], r, s[at+size:]):
			t.endPart()
		case text.IsApostrophe(r):
			t.endWord()
		case text.IsIgnorable(r): // neither begins a word nor ends it
		case isDense(r):
			t.endWord()
			for size < len(s)-at {
				mark, more := utf8.DecodeRuneInString(s[at+size:])
				if !isCombining(mark) {
					break
				}
				size += more
			}
			t.add(token{from: at, to: at + size, dense: true})
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r) && t.start >= 0:
			t.extendWord(at, at+size)
		case unicode.Is(unicode.So, r):
			t.endWord()
			t.add(token{from: at, to: at + size})
		default:
			t.endWord()
		}
		at += size
	}
	t.endWord()
	return t.list
}

// tokenizer is a text of which some has been cut into tokens.
type tokenizer struct {
	text        string
	list        []token
	pieces      int // in the list
	start, part int // of the current word and its current part; -1 if there is none
	end         int // of both, so far
	parts       []token
}

func (t *tokenizer) extendWord(from, to int) {
	if t.start < 0 {
		t.start = from
	}
	if t.part < 0 {
		t.part = from
	}
	t.end = to
}

func (t *tokenizer) endPart() {
	if t.part >= 0 {
		t.parts = append(t.parts, token{from: t.part, to: t.end})
	}
	t.part = -1
}

func (t *tokenizer) endWord() {
	if t.start < 0 {
		return
	}
	word := token{from: t.start, to: t.end}
	if len(t.parts) > 0 { // most words have one, which is the word
		if t.endPart(); len(t.parts) > 1 {
			word.parts = t.parts
		}
	}
	t.add(word)
	t.start, t.part, t.parts = -1, -1, nil
}

// add appends a token and its parts, unless nothing is left of them once they are folded.
func (t *tokenizer) add(word token) {
	if word.folded = text.Fold(t.text[word.from:word.to]); word.folded == "" {
		return
	}
	word.first = t.pieces
	t.pieces++
	if len(word.parts) > 0 {
		for i := range word.parts {
			word.parts[i].folded = text.Fold(t.text[word.parts[i].from:word.parts[i].to])
		}
		word.parts = slices.DeleteFunc(word.parts, func(p token) bool { return p.folded == "" })
		for i := range word.parts {
			word.parts[i].first, word.parts[i].next = word.first+i, word.first+i+1
		}
		t.pieces = word.first + len(word.parts)
	}
	word.next = t.pieces
	t.list = append(t.list, word)
}

// dense are the scripts without spaces between words, and Hangul, whose words grow endings.
var dense = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

func isDense(r rune) bool {
	return r >= 0x0e00 && (unicode.In(r, dense...) || r == 'ー' || r == 'ｰ') && unicode.IsLetter(r)
}

// isCombining reports whether a character belongs to the one of a dense script before it, as the two marks
// of half-width kana do. So does the zero-width space: it says where a line may break, and nobody types it.
func isCombining(r rune) bool {
	return unicode.IsMark(r) || r == 'ﾞ' || r == 'ﾟ' || r == '\u200b' || text.IsIgnorable(r)
}

// dividesWord reports whether a character within a word stands between two parts of it: an apostrophe; in
// Hebrew also quotes, which abbreviations have before their last letter; and in Persian, Urdu and so on the
// sign that keeps the endings of a word apart from it.
func dividesWord(before string, r rune, after string) bool {
	switch {
	case text.IsApostrophe(r):
		return beginsWord(after)
	case r != '"' && r != '\u200C':
		return false
	}
	script := unicode.Hebrew
	if r == '\u200C' {
		script = unicode.Arabic
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(after)
	return unicode.Is(script, last) && unicode.Is(script, next)
}

// beginsWord reports whether a text begins with a letter.
func beginsWord(s string) bool {
	for _, r := range s {
		if !text.IsIgnorable(r) {
			return unicode.IsLetter(r) && !isDense(r)
		}
	}
	return false
}

// readings returns the tokens of a text with all ways to read those that have apostrophes in them, in the
// order of where they begin: don't is one word, l'été is two, and aujourd'hui is one within qu'aujourd'hui.
func readings(list []token) []token {
	if !slices.ContainsFunc(list, func(t token) bool { return len(t.parts) > 0 }) {
		return list
	}
	all := make([]token, 0, len(list)+8)
	for _, word := range list {
		n := len(word.parts)
		for i, part := range word.parts {
			all = append(all, part)
			if i+1 < n && n > 2 {
				other := word.parts[i+1]
				all = append(all, token{folded: part.folded + other.folded, from: part.from, to: other.to, first: part.first, next: other.next})
			}
			if i == 0 && n > 1 {
				all = append(all, word)
			}
		}
		if n < 2 {
			all = append(all, word)
		}
	}
	return all
}

// touch reports whether nothing stands between two tokens of a dense script.
func touch(a, b token) bool { return a.dense && b.dense && a.to == b.from }
