package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/app/text"
	"parley/db"
)

const (
	maxQuery   = 200 // characters
	maxPhrases = 10
	minPrefix  = 3 // characters of a last word that finds longer ones too
)

// Request is what somebody typed. Either Text or Author must say something.
type Request struct {
	Text   string
	Room   uint64      // 0 is all of my rooms
	Author string      // a username; "" is anyone
	Below  db.Position // the Next of the page before; zero for the first page
}

// Query is a request that can be looked for.
type Query struct {
	phrases phrases
	room    uint64
	author  string
	below   db.Position
}

// Parse reads a request: ErrBadText, ErrTooLong, or ErrEmpty if there is nothing to look for in it.
func Parse(r Request) (Query, error) {
	list, err := parsePhrases(r.Text)
	if err != nil {
		return Query{}, err
	}
	author := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(r.Author), "@"))
	if len(list) == 0 && (author == "" || strings.TrimSpace(r.Text) != "") {
		return Query{}, ErrEmpty
	}
	return Query{phrases: list, room: r.Room, author: author, below: r.Below}, nil
}

// phrases are what a message must have, all of them, wherever in its text.
type phrases []phrase

// phrase is tokens that stand side by side. Nothing that is typed is an operator but a pair of
// quotes; what a piece without spaces falls into, like e-mail or 3.14, is a phrase as well.
type phrase struct {
	tokens []token
	open   bool // the last token may go on
}

// quotes makes one kind of quotes of all that people type.
var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`)

// keepGershayim makes quotes within words of Hebrew what they mean there, so that they quote nothing.
func keepGershayim(s string) string {
	for at := 0; ; at++ {
		next := strings.IndexByte(s[at:], '"')
		if next < 0 {
			return s
		}
		if at += next; dividesWord(s[:at], '"', s[at+1:]) {
			s = s[:at] + "״" + s[at+1:]
		}
	}
}

// parsePhrases reads what was typed. The last word finds longer ones too, because walk should find
// walking; in quotes it is only itself.
func parsePhrases(typed string) (phrases, error) {
	switch {
	case !utf8.ValidString(typed), strings.ContainsFunc(typed, text.IsControl):
		return nil, ErrBadText
	case utf8.RuneCountInString(typed) > maxQuery:
		return nil, ErrTooLong
	}
	var list phrases
	for i, part := range strings.Split(keepGershayim(quotes.Replace(text.Normalize(typed))), `"`) {
		pieces := []string{part}
		if i%2 == 0 {
			pieces = strings.Fields(part)
		}
		for _, piece := range pieces {
			if tokens := tokenize(piece); len(tokens) > 0 {
				list = append(list, phrase{tokens: tokens, open: i%2 == 0})
			}
		}
	}
	if len(list) > maxPhrases {
		return nil, ErrTooLong
	}
	for i := range list {
		last := list[i].tokens[len(list[i].tokens)-1]
		list[i].open = list[i].open && i == len(list)-1 && !last.dense && utf8.RuneCountInString(last.folded) >= minPrefix
	}
	return list, nil
}

// wanted is what the index must have of a message: one of these terms.
type wanted []string

// pairOr is wanted for a pair of characters, which the index may lack.
func pairOr(pair string) wanted { return wanted{pair, morePairs} }

// terms returns what a message must have in the index, and the beginning of a word that it must have
// beside that; "" for none.
func (list phrases) terms() (exact []wanted, prefix string) {
	var allWords, allPairs []string
	for _, p := range list {
		tokens := p.tokens
		if p.open {
			prefix = indexed(tokens[len(tokens)-1].folded)
			tokens = tokens[:len(tokens)-1]
		}
		words, pairs := terms(tokens)
		allWords, allPairs = append(allWords, words...), append(allPairs, pairs...)
	}
	slices.Sort(allWords)
	slices.Sort(allPairs)
	for _, word := range slices.Compact(allWords) {
		exact = append(exact, wanted{word})
	}
	for _, pair := range slices.Compact(allPairs) {
		exact = append(exact, pairOr(pair))
	}
	return exact, prefix
}

// matches returns the parts of a message that the phrases match, in order; nothing if one of the phrases is
// not there.
func (list phrases) matches(message []token) []token {
	words := readings(message)
	var found []token
	for _, p := range list {
		before, last := len(found), -1
		for i := range words {
			if words[i].first == last { // a longer reading of what matches already
				continue
			}
			n := len(found)
			if found = p.appendMatch(found, words, i); len(found) > n {
				last = words[i].first
			}
		}
		if len(found) == before {
			return nil
		}
	}
	slices.SortFunc(found, func(a, b token) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	return merged(found)
}

// merged makes one token of those that overlap.
func merged(list []token) (merged []token) {
	for _, t := range list {
		if last := len(merged) - 1; last >= 0 && t.from < merged[last].to {
			merged[last].to = max(merged[last].to, t.to)
		} else {
			merged = append(merged, t)
		}
	}
	return merged
}

// appendMatch appends the tokens that a phrase matches from one of the words of a message on, if it does.
func (p phrase) appendMatch(found, words []token, i int) []token {
	if !p.has(0, words[i]) {
		return found
	}
	all := append(found, words[i])
	for n := 1; n < len(p.tokens); n++ {
		last := words[i]
		for i++; i < len(words) && words[i].first < last.next; i++ { // other readings of what last covers
		}
		for ; i < len(words) && words[i].first == last.next && !p.has(n, words[i]); i++ {
		}
		if i == len(words) || words[i].first != last.next || touch(p.tokens[n-1], p.tokens[n]) && !touch(last, words[i]) {
			return found
		}
		all = append(all, words[i])
	}
	return all
}

// has reports whether a word of a message can be the n-th of a phrase. Several readings of it can only if the
// phrase goes on where it is open, and then any will do.
func (p phrase) has(n int, word token) bool {
	return word.folded == p.tokens[n].folded || p.open && n == len(p.tokens)-1 && strings.HasPrefix(word.folded, p.tokens[n].folded)
}
