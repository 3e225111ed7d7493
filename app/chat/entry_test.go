package chat

import (
	"strings"
	"testing"
)

func TestFirstLineIsWhatAQuoteShows(t *testing.T) {
	long := strings.Repeat("é", maxQuote+1)
	for text, want := range map[string]string{
		"one":                    "one",
		"\n\n  one  \ntwo":       "one",
		"```\nls -la\n```":       "ls -la",
		"```sh\n\n  ls -la\n```": "ls -la",
		"```":                    "```",
		"` `` `":                 "` `` `",
		"```\n":                  "```",
		"said\n```\nls -la\n```": "said",
		long:                     strings.Repeat("é", maxQuote-1) + "…",
		"```\n" + long + "\n```": strings.Repeat("é", maxQuote-1) + "…",
	} {
		if got := firstLine(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
