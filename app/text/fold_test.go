package text

import (
	"testing"
	"unicode"
)

func TestFoldDropsWhatMakesNoDifference(t *testing.T) {
	for typed, want := range map[string]string{
		"می\u200cخواهم":                  "میخواهم", // Persian keeps the parts of a word apart
		"محـــمد مُحَـمَّد":              "محمدمحمد",
		"क्\u200dष":                      "क्ष",
		"ක්\u200dෂ":                      "ක්ෂ",
		"മലയാള\u200dം":                   "മലയാളം",
		"ann-kathrin o'neil (x_1)":       "annkathrinoneilx1", // as Ann-Kathrin
		"Donau\u00addampf\u2060schiff":   "donaudampfschiff",
		"Re\u0301\u034fsume\u200d\u0301": "resume",
		"葛\U000E0100飾":                   "葛飾",
		"שלום\u200f":                     "שלום",
		"ߒ\u07faߞ":                       "ߒߞ",
		"ᠮ\u180aᠣ\u180bᠩ":                "ᠮᠣᠩ",
		"\u2067abc\u2069\ufeff":          "abc",
		"\u0640\u200c":                   "",
		"ʼn п’ять":                       "nпять",
		"l´été d′un c`est":               "leteduncest",
		"Hawaiʻi ʿAlī Qurʾān":            "hawaiialiquran",
		"צה״ל מג׳נון":                    "צהלמגנון",
		"\ua7f2\ufe7aۓ":                  "cے", // a vowel sign whose own form has a space in it
	} {
		if got := Fold(typed); got != want {
			t.Errorf("%+q becomes %+q, want %+q", typed, got, want)
		}
	}
}

func TestIsIgnorable(t *testing.T) {
	for _, r := range "\u00ad\u034f\u0640\u07fa\u180a\u180e\u200c\u200d\u200e\u200f\u202a\u2060\u2066\ufe0f\ufeff\U000E0100\U000E0020" {
		if !IsIgnorable(r) {
			t.Errorf("%U makes a difference", r)
		}
	}
	for _, r := range "a '’-\u200b\u0301\u0600\u06dd\u30fcー़" {
		if IsIgnorable(r) {
			t.Errorf("%U makes no difference", r)
		}
	}
	for r := range unicode.MaxRune {
		if IsIgnorable(r) && unicode.In(r, unicode.N, unicode.S, unicode.Z) {
			t.Errorf("%U can be seen or keeps words apart", r)
		}
	}
}

// TestFoldedIsItsOwnFold checks that a fold folds to itself: the index and a search may each fold once more.
func TestFoldedIsItsOwnFold(t *testing.T) {
	for r := range rune(0x20000) {
		if !unicode.IsGraphic(r) || unicode.In(r, unicode.Han, unicode.Hangul) {
			continue
		}
		for _, base := range []string{"a", "م"} {
			typed := base + string(r) + "\u0650"
			if folded := Fold(typed); Fold(folded) != folded {
				t.Errorf("%+q becomes %+q, and that %+q", typed, folded, Fold(folded))
			}
		}
	}
}

// TestApostrophesFoldToNothing checks that no apostrophe, nor what is one in another case, is left in a word.
func TestApostrophesFoldToNothing(t *testing.T) {
	for r := range unicode.MaxRune {
		if (IsApostrophe(r) || IsApostrophe(unicode.ToLower(r)) || IsApostrophe(unicode.ToUpper(r))) && (Fold(string(r)) != "" || !IsApostrophe(r)) {
			t.Errorf("%U becomes %q", r, Fold(string(r)))
		}
	}
}
