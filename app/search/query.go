package search

import (
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
	for i, part := range strings.Split(quotes.Replace(text.Normalize(typed)), `"`) {
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

// terms returns what a message must have in the index, and the beginning of a word that it must have
// beside that; "" for none.
func (list phrases) terms() (exact []string, prefix string) {
	for _, p := range list {
		tokens := p.tokens
		if p.open {
			prefix = indexed(tokens[len(tokens)-1].folded)
			tokens = tokens[:len(tokens)-1]
		}
		exact = append(exact, terms(tokens)...)
	}
	slices.Sort(exact)
	return slices.Compact(exact), prefix
}

// matches returns the tokens of a message that the phrases match; nothing if one of the phrases is
// not there.
func (list phrases) matches(message []token) []token {
	var found []token
	for _, p := range list {
		some := false
		for i := range message {
			if p.matchesAt(message, i) {
				found, some = append(found, message[i:i+len(p.tokens)]...), true
			}
		}
		if !some {
			return nil
		}
	}
	slices.SortFunc(found, func(a, b token) int { return a.from - b.from })
	return slices.Compact(found)
}

func (p phrase) matchesAt(message []token, at int) bool {
	n := len(p.tokens)
	if at+n > len(message) {
		return false
	}
	for i, want := range p.tokens {
		got := message[at+i]
		if got.folded != want.folded && !(p.open && i == n-1 && strings.HasPrefix(got.folded, want.folded)) {
			return false
		}
		if i+1 < n && touch(want, p.tokens[i+1]) && !touch(got, message[at+i+1]) {
			return false
		}
	}
	return true
}
