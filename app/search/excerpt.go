package search

import (
	"strings"
	"unicode/utf8"

	"parley/app/text"
)

// Piece is a part of an excerpt.
type Piece struct {
	Text  string
	Match bool // of the query
}

const (
	excerptBefore = 60  // characters before the first match
	excerptSize   = 240 // characters in all
)

// excerpt returns the text around the first matches, with all matches in it marked. Matches that
// touch are one piece.
func excerpt(body string, matches []token) (list []Piece) {
	from := 0
	if len(matches) > 0 {
		from = excerptStart(body, matches[0].from)
	}
	to := from + len(text.First(body[from:], excerptSize))
	at := from
	if from > 0 {
		list = append(list, Piece{Text: "…"})
	}
	for _, m := range matches {
		if m.to > to {
			break
		}
		if last := len(list) - 1; m.from == at && last >= 0 && list[last].Match {
			list[last].Text += body[m.from:m.to]
		} else {
			if m.from > at {
				list = append(list, Piece{Text: body[at:m.from]})
			}
			list = append(list, Piece{Text: body[m.from:m.to], Match: true})
		}
		at = m.to
	}
	if at < to {
		list = append(list, Piece{Text: body[at:to]})
	}
	if to < len(body) {
		list = append(list, Piece{Text: "…"})
	}
	return list
}

// excerptStart is some characters before the first match, moved on to the beginning of a word.
func excerptStart(body string, match int) int {
	from := match
	for range excerptBefore {
		_, size := utf8.DecodeLastRuneInString(body[:from])
		from -= size
	}
	if space := strings.IndexAny(body[from:match], " \n\t"); from > 0 && space >= 0 {
		return from + space + 1
	}
	return from
}
