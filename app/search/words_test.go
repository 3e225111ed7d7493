package search_test

import (
	"testing"
	"time"

	"parley/app/search"
)

// TestSearchFindsWhatStandsBehindAnApostrophe checks both ways to read one: don't is a word, and l'été two.
func TestSearchFindsWhatStandsBehindAnApostrophe(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ann := e.people[0]
		room := e.befriend(t, ann, e.people[1])
		for _, body := range []string{
			"lʼhiver suivant", "d´orient d′autres c`est", "Hawaiʻi oʻzbek", "ʿAlī Qurʾān", "מג׳נון צה״ל ארה\"ב", "نیم\u200cفاصله",
			"Dans l'été dernier", "qu’aujourd’hui", "la commedia dell'arte", "L'Hospitalet d'Empordà", "Ms. O'Brien’s bike", "we don't", "п’ять",
		} {
			e.advance(time.Second)
			e.post(t, ann, room, body)
		}
		for typed, want := range map[string][]string{
			"été":                  {"Dans l'[été] dernier"},
			"ete":                  {"Dans l'[été] dernier"},
			"l'été":                {"Dans [l'été] dernier"},
			"L’ETE":                {"Dans [l'été] dernier"},
			"lete":                 {"Dans [l'été] dernier"},
			`"l'été dernier"`:      {"Dans [l'été] [dernier]"},
			`"été dernier"`:        {"Dans l'[été] [dernier]"},
			`"dans l été"`:         {"[Dans] [l]'[été] dernier"},
			`"dans été"`:           nil,
			"aujourd'hui":          {"qu’[aujourd’hui]"},
			"aujourdhui":           {"qu’[aujourd’hui]"},
			"hui":                  {"qu’aujourd’[hui]"},
			"qu'aujourd'hui":       {"[qu’aujourd’hui]"},
			"aujourd":              {"qu’[aujourd]’hui"},
			"arte":                 {"la commedia dell'[arte]"},
			`"commedia dell'arte"`: {"la [commedia] [dell'arte]"},
			`"commedia dell arte"`: {"la [commedia] [dell]'[arte]"},
			"hospitalet":           {"L'[Hospitalet] d'Empordà"},
			"hospi":                {"L'[Hospitalet] d'Empordà"},
			"emporda hospitalet":   {"L'[Hospitalet] d'[Empordà]"},
			"brien":                {"Ms. O'[Brien]’s bike"},
			"obrien":               {"Ms. [O'Brien]’s bike"},
			"O'Brien":              {"Ms. [O'Brien]’s bike"},
			"O'Brien's":            {"Ms. [O'Brien’s] bike"},
			`"brien's bike"`:       {"Ms. O'[Brien’s] [bike]"},
			"dont":                 {"we [don't]"},
			"don't":                {"we [don't]"},
			"пять":                 {"[п’ять]"},
			"ять":                  {"п’[ять]"},
			"hiver":                {"lʼ[hiver] suivant"},
			"l'hiver":              {"[lʼhiver] suivant"},
			"orient":               {"d´[orient] d′autres c`est"},
			"d'orient d'autres":    {"[d´orient] [d′autres] c`est"},
			"c'est":                {"d´orient d′autres [c`est]"},
			"hawaii":               {"[Hawaiʻi] oʻzbek"},
			"o'zbek":               {"Hawaiʻi [oʻzbek]"},
			"ali":                  {"ʿ[Alī] Qurʾān"},
			"'Ali qur'an":          {"ʿ[Alī] [Qurʾān]"},
			"מג'נון":               {"[מג׳נון] צה״ל ארה\"ב"},
			"צהל":                  {"מג׳נון [צה״ל] ארה\"ב"},
			`צה"ל`:                 {"מג׳נון [צה״ל] ארה\"ב"},
			`"צה"ל ארה"ב"`:         {"מג׳נון [צה״ל] [ארה\"ב]"},
			"فاصله":                {"نیم\u200c[فاصله]"},
			"نیمفاصله":             {"[نیم\u200cفاصله]"},
			"l'arte":               nil,
			`"o bike"`:             nil,
			"dont don":             {"we [don't]"},
		} {
			equalLists(t, "search for "+typed, e.find(t, ann, search.Request{Text: typed}), want)
		}
	})
}

// TestSearchIgnoresWhatCannotBeSeen finds words with joiners, direction marks and stretched lines, whichever of
// the two has them: the text or the query.
func TestSearchIgnoresWhatCannotBeSeen(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ann := e.people[0]
		room := e.befriend(t, ann, e.people[1])
		for _, pair := range [][2]string{
			{"می\u200cخواهم", "میخواهم"}, // Persian
			{"مرحبـــا", "مرحبا"},        // Arabic, stretched
			{"क्\u200dष", "क्ष"},         // Devanagari
			{"শব্\u200cদ", "শব্দ"},       // Bengali
			{"ශ්\u200dරී", "ශ්රී"},       // Sinhala
			{"Schiff\u00adfahrt", "Schifffahrt"},
			{"ex\u2060am\ufeffple", "example"},
			{"שלום\u200fעליכם", "שלוםעליכם"},
			{"葛\U000E0100飾区", "葛飾区"},
			{"ភាសា\u200bខ្មែរ", "ភាសាខ្មែរ"}, // Khmer, with the space that says where a line may break
			{"ᠮᠣᠩ\u180bᠭᠣᠯ", "ᠮᠣᠩᠭᠣᠯ"},
		} {
			for i, said := range pair {
				typed := pair[1-i]
				e.advance(time.Second)
				e.post(t, ann, room, "... "+said+" !")
				for _, typed := range []string{typed, said} {
					got := e.find(t, ann, search.Request{Text: `"` + typed + `"`})
					if len(got) != i+1 {
						t.Errorf("%+q finds %+q, after %+q was said", typed, got, said)
					}
				}
			}
		}
	})
}
