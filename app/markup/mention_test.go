package markup

import (
	"slices"
	"strings"
	"testing"
)

func TestMentions(t *testing.T) {
	members := []string{"ada", "bob", "rob", "rob.", "lone.", "under_", "a.b"}
	for text, want := range map[string]string{
		"@ada":                   "ada",
		"hi @Ada, @bob!":         "ada bob",
		"(@ada) \"@bob\" ‘@a.b’": "ada bob a.b",
		"@ada@example.org":       "",
		"foo@ada foo.@bob":       "",
		"mail/@ada":              "",
		"@nobody":                "",
		"`@ada`":                 "",
		"https://x.org/@ada":     "",

		// Inside formatting.
		"_@bob_":                       "bob",
		"*@bob*":                       "bob",
		"**@ada** and ***@bob***":      "ada bob",
		"> @ada":                       "ada",
		"- @ada\n- _@bob_":             "ada bob",
		"_hi @ada_ [x](http://a/@bob)": "ada",

		// Beside punctuation.
		"@ada/@bob":   "ada bob",
		"@ada-@bob":   "ada bob",
		"@ada.@bob":   "ada bob",
		".@bob -@ada": "bob ada",
		"/@bob":       "bob",
		"@@ada":       "",

		// The punctuation of a sentence takes a mention from nobody.
		"Thanks @rob.":         "rob",
		"Thanks @rob...":       "rob",
		"@rob. @lone.":         "rob lone.",
		"@under_ and _@under_": "under_",
	} {
		known := func(name string) bool { return slices.Contains(members, name) }
		if got := strings.Join(Mentions(text, known), " "); got != want {
			t.Errorf("%q mentions %q, want %q", text, got, want)
		}
		for _, name := range Mentions(text, known) {
			if !slices.Contains(MentionCandidates(text), name) {
				t.Errorf("%q: %s is not among the candidates %v", text, name, MentionCandidates(text))
			}
		}
	}
}
