package markup

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// costly are texts to repeat that make a careless parser look at each of them from each other one.
var costly = []string{
	"*", "_", "`", "[", "> ", ">", "- a\n", "1. a\n", "*a ", "a* ", "_a ", "*a_ ", "**a *b ", "` ``",
	"[a](", "[a](http://x", "[x](http://a", "[a](http://x)", "[a](http://b.c)", "```\n", "```a\n",
	"```x\n", "- a\n\n", "\n", "> *a\n", "> a\n", "http://a/*", "@a ", "@a/", "(", "http://x)", "*`[_",
	"\\", "- a\n  b\n", "  \n", "*_", "_*a ", "😀", "a\n\n", "https://", ">\n", "http://a/(", "*a*",
	"- a\n  b\n\n", "`a` ", "> - a\n", "**b** ", "_@a_ ", "https://a.b/c_ ", "a@", "http://a.b ",
	"`` ` http://a ", "http://a_ _b\n", "> _a\nhttp://b_\n", "` http://a/`` ", "1http://", "@a_", "http://a(/[", "@._",
}

// TestCostIsLinear holds T43: four times as much text takes at most eight times as long, whatever it is.
// Where the cost grows with the square it takes sixteen times as long. Each time is the best of several,
// so that a busy machine does not matter.
func TestCostIsLinear(t *testing.T) {
	const most = 4000 // characters of a message
	for _, piece := range costly {
		short := strings.Repeat(piece, most/4/utf8.RuneCountInString(piece))
		long := strings.Repeat(piece, most/utf8.RuneCountInString(piece))
		var ratio float64
		for tries := 0; tries < 5; tries++ {
			floor := 100 * time.Microsecond // below, the clock says nothing
			ratio = float64(max(cost(long), floor)) / float64(max(cost(short), floor))
			if ratio <= 8 {
				break
			}
		}
		if ratio > 8 {
			t.Errorf("%q: four times as much takes %.1f times as long", piece, ratio)
		}
		if out := rendered(long); len(out) > 20*len(long) {
			t.Errorf("%q grew from %d to %d bytes", piece, len(long), len(out))
		}
	}
}

// cost returns the shortest time that a text took to render.
func cost(text string) time.Duration {
	best := time.Hour
	for range 5 {
		start := time.Now()
		rendered(text)
		best = min(best, time.Since(start))
	}
	return best
}
