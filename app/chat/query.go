package chat

import (
	"slices"
	"strings"
	"unicode/utf8"

	"parley/app/text"
)

const (
	maxQuery   = 200 // characters
	maxPhrases = 10
	minPrefix  = 3 // characters of a last word that finds longer ones too
)

// query is what somebody looks for: messages with all of its phrases, wherever in the text.
type query []phrase

// phrase is words that stand side by side. Nothing that is typed is an operator but a pair of
// quotes; what a piece without spaces falls into, like e-mail or 3.14, is a phrase as well.
type phrase struct {
	words []word
	open  bool // the last word may go on
}

// quotes are one to a query, however they are typed.
var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`)

// parseQuery reads what was typed. The last word finds longer ones too, because walk should find
// walking; in quotes it is only itself.
func parseQuery(typed string) (query, error) {
	switch {
	case !utf8.ValidString(typed), strings.ContainsFunc(typed, text.IsControl):
		return nil, ErrBadText
	case utf8.RuneCountInString(typed) > maxQuery:
		return nil, ErrTooLong
	}
	var q query
	for i, part := range strings.Split(quotes.Replace(plainText(typed)), `"`) {
		pieces := []string{part}
		if i%2 == 0 {
			pieces = strings.Fields(part)
		}
		for _, piece := range pieces {
			if list := words(piece); len(list) > 0 {
				q = append(q, phrase{words: list, open: i%2 == 0})
			}
		}
	}
	if len(q) > maxPhrases {
		return nil, ErrTooLong
	}
	for i := range q {
		last := q[i].words[len(q[i].words)-1]
		q[i].open = q[i].open && i == len(q)-1 && !last.dense && utf8.RuneCountInString(last.folded) >= minPrefix
	}
	return q, nil
}

// terms is what a message must have in the index, and the beginning of a word that it must have
// beside that; "" for none.
func (q query) terms() (exact []string, prefix string) {
	for _, p := range q {
		list := p.words
		if p.open {
			prefix = cut(list[len(list)-1].folded)
			list = list[:len(list)-1]
		}
		exact = append(exact, terms(list)...)
	}
	slices.Sort(exact)
	return slices.Compact(exact), prefix
}

// hits tells where in a text the phrases stand, as words of it; nothing when one of them is not there.
func (q query) hits(text []word) []word {
	var found []word
	for _, p := range q {
		some := false
		for i := range text {
			if n := len(p.words); p.standsAt(text, i) {
				found, some = append(found, text[i:i+n]...), true
			}
		}
		if !some {
			return nil
		}
	}
	slices.SortFunc(found, func(a, b word) int { return a.from - b.from })
	return slices.Compact(found)
}

func (p phrase) standsAt(text []word, at int) bool {
	n := len(p.words)
	if at+n > len(text) {
		return false
	}
	for i, w := range p.words {
		here := text[at+i]
		if here.folded != w.folded && !(p.open && i == n-1 && strings.HasPrefix(here.folded, w.folded)) {
			return false
		}
		if i+1 < n && touch(w, p.words[i+1]) && !touch(here, text[at+i+1]) {
			return false
		}
	}
	return true
}

// Excerpt is a part of what a search shows of a message.
type Excerpt struct {
	Text string
	Hit  bool
}

const (
	excerptBefore = 60 // characters before the first hit
	excerptAll    = 240
)

// excerpt is the text around the first hits, with all hits in it marked. What touches is one mark.
func excerpt(text string, hits []word) (list []Excerpt) {
	from := 0
	if len(hits) > 0 {
		from = back(text, hits[0].from, excerptBefore)
	}
	to := from + forth(text[from:], excerptAll)
	at := from
	if from > 0 {
		list = append(list, Excerpt{Text: "…"})
	}
	for _, h := range hits {
		if h.to > to {
			break
		}
		if last := len(list) - 1; h.from == at && last >= 0 && list[last].Hit {
			list[last].Text += text[h.from:h.to]
		} else {
			if h.from > at {
				list = append(list, Excerpt{Text: text[at:h.from]})
			}
			list = append(list, Excerpt{Text: text[h.from:h.to], Hit: true})
		}
		at = h.to
	}
	if at < to {
		list = append(list, Excerpt{Text: text[at:to]})
	}
	if to < len(text) {
		list = append(list, Excerpt{Text: "…"})
	}
	return list
}

// back is the place so many characters before another, moved on to the beginning of a word.
func back(text string, at, characters int) int {
	from := at
	for range characters {
		_, size := utf8.DecodeLastRuneInString(text[:from])
		from -= size
	}
	if space := strings.IndexAny(text[from:at], " \n\t"); from > 0 && space >= 0 {
		return from + space + 1
	}
	return from
}

// forth is how many bytes so many characters take.
func forth(text string, characters int) int {
	for at := range text {
		if characters--; characters < 0 {
			return at
		}
	}
	return len(text)
}
