package markup

import (
	"os"
	"os/exec"
	"runtime"
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

// TestCostIsLinear checks T43: four times as much text takes at most eight times as long, whatever it is.
// Where the cost grows with the square it takes sixteen times as long. Times are those of the thread, so that a
// busy machine does not matter, and of a program without the race detector: its shadow of the memory does not fit into
// the processor's cache where the texts do, and then costs more the longer they are.
func TestCostIsLinear(t *testing.T) {
	if raceDetector {
		without := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-run", "^TestCostIsLinear$", ".")
		without.Env = append(os.Environ(), "GOFLAGS=") // which may ask for the race detector
		out, err := without.CombinedOutput()
		if err != nil {
			t.Errorf("%v:\n%s", err, out)
		}
		return
	}
	const most = 4000 // characters of a message
	for _, piece := range costly {
		short := strings.Repeat(piece, most/4/utf8.RuneCountInString(piece))
		long := strings.Repeat(piece, most/utf8.RuneCountInString(piece))
		var ratio float64
		for tries := 0; tries < 5; tries++ {
			floor := 100 * time.Microsecond // below, nobody waits
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

// cost returns how long a text takes to render, on average. The time of a thread may only go on every 4 ms.
func cost(text string) time.Duration {
	const enough = 24 * time.Millisecond
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for n, start := 1, threadTime(); ; n++ {
		rendered(text)
		if took := threadTime() - start; took >= enough {
			return took / time.Duration(n)
		}
	}
}
