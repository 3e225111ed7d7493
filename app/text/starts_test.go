package text

import (
	"slices"
	"testing"
)

func TestStarts(t *testing.T) {
	for name, want := range map[string][]string{
		"":                     {},
		"...":                  {},
		"Ann-Kathrin Ñandú":    {"annkathrinnandu", "kathrinnandu", "nandu"},
		"ann-kathrin o'neil":   {"annkathrinoneil", "kathrinoneil", "oneil", "neil"},
		"Tim O'Neil":           {"timoneil", "oneil", "neil"},
		"Tim O’Neil":           {"timoneil", "oneil", "neil"},
		"Tim Oʼneil":           {"timoneil", "oneil", "neil"}, // with the apostrophe that is a letter
		"(Max)_J.Weber2":       {"maxjweber2", "jweber2", "weber2"},
		"山田太郎":                 {"山田太郎", "田太郎", "太郎", "郎"},
		"山田 たろう":               {"山田たろう", "田たろう", "たろう", "ろう", "う"},
		"김철수":                  {"김철수", "철수", "수"},
		"ﾊﾞｰﾊﾞﾗ":               {"バーバラ", "バラ", "ラ"},
		"Le\u0301a Noe\u0308l": {"leanoel", "noel"},
		"محـــمد علي":          {"محمدعلي", "علي"},
		"می\u200cخواهم":        {"میخواهم"},
		"क्षितिज":              {"क्षितिज"},
		"Jonas🌊Sea":            {"jonas🌊sea", "🌊sea", "sea"},
		"Straße":               {"strasse"},
	} {
		if got := Starts(name); !slices.Equal(got, want) {
			t.Errorf("%q: %q, not %q", name, got, want)
		}
	}
}
