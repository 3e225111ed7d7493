package text

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	languages := NewLanguages("en", "de", "es")
	for header, want := range map[string]string{
		"":                                 "en",
		"de":                               "de",
		"DE-at":                            "de",
		"es-419,es;q=0.9,en;q=0.8":         "es",
		"fr-CH, fr;q=0.9, de;q=0.7, *;q=0": "de",
		"en-GB,en;q=0.5,de;q=0.3":          "en",
		"de;q=0.3 , es ; q=0.8":            "es",
		"de;q=0, es;q=0.001":               "es",
		"de;Q=0.5":                         "de",
		"ja,ko;q=0.9":                      "en",
		"*":                                "en",

		// Languages whose speakers read one of ours, unless they ask for another of ours themselves.
		"gl":             "es",
		"lb":             "de",
		"gsw,en;q=0.5":   "en",
		"ca,de;q=0.5":    "de",
		"pt-BR,de;q=0.5": "de",

		// Nothing that a browser sends.
		"de;q=2, es;q=0.1":                 "es",
		"de;q=-1,es;q=0.1":                 "es",
		"de;q=NaN,es;q=0.1":                "es",
		"de;q=1e1,es;q=0.1":                "es",
		"de;level=1,es;q=0.1":              "es",
		"de;q=,es;q=0.1":                   "es",
		"\x00,\xff;q=1,es":                 "es",
		"de;q=0.99999,es;q=0.1":            "de",
		"<script>,de-\"onload":             "en",
		",,,;;;===":                        "en",
		"deutsch, d e, de_AT":              "de",
		strings.Repeat("-", 9000):          "en",
		strings.Repeat("fr,", 5000) + "de": "en", // more than a browser asks for
		strings.Repeat("x-", 4000) + "de;q=1," + "es;q=0.1": "es",
	} {
		if got := languages.Match(header); got != want {
			t.Errorf("%.60q is %s, want %s", header, got, want)
		}
	}
}
