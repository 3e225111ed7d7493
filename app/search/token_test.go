package search

import (
	"math/rand"
	"slices"
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"

	"parley/app/text"
)

// termsOf returns the terms of a text, without those that say something else about it.
func termsOf(body string) []string {
	return slices.DeleteFunc(indexTerms(body, 7), func(term string) bool { return term == authorTerm(7) || term == morePairs })
}

func TestTermsOfATextAreFolded(t *testing.T) {
	for typed, want := range map[string]string{
		"":                           "",
		" \n\t%_'\"*+-()~<>@":        "",
		"The quick, BROWN fox.":      "brown fox quick the",
		"Café CAFÉ cafe\u0301 Ｃａｆé":  "cafe",
		"Straße STRASSE":             "strasse",
		"Łódź Øre Ærø İstanbul ısı":  "aero isi istanbul lodz ore",
		"ΟΔΟΣ οδός":                  "οδοσ",
		"Ёлка елка":                  "елка",
		"don't don’t":                "don dont t",
		"l'été L’ÉTÉ":                "ete l lete",
		"qu'aujourd'hui":             "aujourd aujourdhui hui qu quaujourd quaujourdhui",
		"O'Brien's D’Angelo":         "angelo brien briens d dangelo o obrien obriens s",
		"a''b 'c d'":                 "a b c d",
		"می\u200cخواهم میخواهم":      "خواهم می میخواهم",
		"محـــمد":                    "محمد",
		"Donau\u00addampf\u2060er":   "donaudampfer",
		"葛\U000E0100\u200b飾":         "葛 葛飾 飾",
		"ពាក្យ\u200bខ្មែរ":           "ក្ ក្យ ខ្ ខ្មែ ពា ពាក្ មែ មែរ យ យខ្ រ",
		"'quoted' rock 'n' roll":     "n quoted rock roll",
		"snake_case 100% 3.14":       "100 14 3 case snake",
		"https://example.org/a?b=c":  "a b c example https org",
		"東京タワー":                      "タ タワ ワ ワー ー 京 京タ 東 東京",
		"猫":                          "猫",
		"猫 犬":                        "犬 猫",
		"가나다 라":                      "가 가나 나 나다 다 라",
		"\u1100\u1161":               "가", // the same, spelled by its parts
		"が か\u3099 ｶﾞ":               "が ガ",
		"สวัสดี":                     "ดี วั วัส ส สดี สวั",
		"हिन्दी":                     "हिन्दी",
		"مُحَمَّد محمد":              "محمد",
		"שָׁלוֹם שלום":               "שלום",
		"party 🎉🎉 at 8pm":            "8pm at party 🎉",
		"iPhone買う":                   "iphone う 買 買う",
		strings.Repeat("é", 30):      strings.Repeat("e", maxTerm),
		"ﬁne № ½ ①":                  "1 12 fine no",
		"zero\u200bwidth so\u00adft": "soft width zero",
	} {
		if got := strings.Join(termsOf(typed), " "); got != want {
			t.Errorf("terms of %q:\n got %q\nwant %q", typed, got, want)
		}
	}
}

// TestTokensOfAnyText checks what the index and the excerpts rely on, whatever the text is.
func TestTokensOfAnyText(t *testing.T) {
	holds := func(s string) bool {
		s = text.Normalize(strings.ToValidUTF8(s, "?"))
		at := 0
		for _, w := range tokenize(s) {
			if w.from < at || w.to <= w.from || w.to > len(s) || !utf8.ValidString(s[w.from:w.to]) || w.folded == "" {
				return false
			}
			if text.Fold(w.folded) != w.folded && !w.dense {
				t.Logf("%q folds to %q and that to %q", s[w.from:w.to], w.folded, text.Fold(w.folded))
				return false
			}
			at = w.to
		}
		for _, term := range termsOf(s) {
			if utf8.RuneCountInString(term) > maxTerm || strings.ContainsAny(term, " @%'\"") {
				return false
			}
		}
		return true
	}
	if err := quick.Check(holds, &quick.Config{MaxCount: 5000, Rand: rand.New(rand.NewSource(1))}); err != nil {
		t.Error(err)
	}
}
