package search

import (
	"slices"
	"strconv"

	"parley/app/text"
)

// A term is what the index has of a text: a word, or two neighbors in a script without spaces, because
// single characters are in too many messages. Whoever changes what terms a text has raises db.IndexVersion.
const (
	maxTerm = 24 // characters of a word that the index keeps; longer ones are compared in full once their message has been found

	// maxTextTerms is the most terms that the index keeps of one text: as many as a message may have characters.
	// In a novel in Chinese, 4,000 characters have 3,050 terms, and 3,450 at most. Whatever a text is,
	// all its words fit, and all its single characters. If the pairs do not, those that are missing are
	// made up for by a mark; see morePairs.
	maxTextTerms = 4000

	// morePairs is the term of texts some of whose pairs the index lacks. A search for a pair looks at these
	// too. No text has it: it is not a letter.
	morePairs = "+"
)

// authorTerm is the term that all messages of one author have. No text has it either.
func authorTerm(user uint64) string { return "@" + strconv.FormatUint(user, 10) }

// indexTerms returns the terms of a text, in order and no more than the index keeps, and those of its
// author.
func indexTerms(body string, author uint64) []string {
	words, pairs := terms(readings(tokenize(text.Normalize(body))))
	list := append(words, authorTerm(author))
	if room := max(0, maxTextTerms-len(words)); len(pairs) > room {
		pairs, list = pairs[:room], append(list, morePairs)
	}
	list = append(list, pairs...)
	slices.Sort(list)
	return list
}

// terms returns the words of tokens and, in dense scripts, every two neighbors.
func terms(list []token) (words, pairs []string) {
	words = make([]string, 0, len(list)+1) // with the author's
	for i, t := range list {
		words = append(words, indexed(t.folded))
		if pair, ok := pairAt(list, i); ok {
			pairs = append(pairs, pair)
		}
	}
	slices.Sort(words)
	slices.Sort(pairs)
	return slices.Compact(words), slices.Compact(pairs)
}

// pairAt joins a token of a dense script with the one that touches it on its right.
func pairAt(list []token, i int) (string, bool) {
	if i+1 >= len(list) || !touch(list[i], list[i+1]) {
		return "", false
	}
	return indexed(list[i].folded + list[i+1].folded), true
}

// indexed is as much of a word as the index keeps.
func indexed(word string) string { return text.First(word, maxTerm) }
