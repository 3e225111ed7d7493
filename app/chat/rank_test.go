package chat

import (
	"strings"
	"testing"

	"parley/db"
)

// TestRankCost checks that a query costs no more work for having many words: a query is made at each key press.
func TestRankCost(t *testing.T) {
	n := RoomName{Friend: db.User{DisplayName: strings.Repeat("Ünder Ödé ", 4), Username: "und"}}
	few, many := foldedWords("é"), foldedWords(strings.Repeat("é ", 50))
	cost := func(words []string) float64 { return testing.AllocsPerRun(100, func() { n.rank(words) }) }
	if one, all := cost(few), cost(many); all > one+1 {
		t.Errorf("%v allocations for one word, %v for fifty", one, all)
	}
}
