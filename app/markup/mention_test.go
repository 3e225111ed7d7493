package markup

import (
	"regexp"
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
		"_@under__":            "under_",
		"_@rob._ @rob_ @rob.-": "rob",
		"@rob.,":               "rob",
		"@lone..":              "lone.",
		"@_ @. @...":           "",

		// Beside other scripts.
		"@ada和@bob":   "ada bob",
		"@ada、@bobさん": "ada bob",
		"ดู@bob":      "bob",
		"привет@bob":  "",
		"@ada…@bob—":  "ada bob",
		"ok.@bob":     "",
		"and/or/@bob": "",
		"_**@bob**_ ": "bob",
		"_x @bob, y_": "bob",
		"`x`@bob":     "bob",
		"[@bob](x)":   "bob",
	} {
		known := func(name string) bool { return slices.Contains(members, name) }
		parsed := Parse(text)
		if got := strings.Join(parsed.Mentions(known), " "); got != want {
			t.Errorf("%q mentions %q, want %q", text, got, want)
		}
		if got := strings.Join(linked(parsed, known), " "); got != want {
			t.Errorf("%q shows links to %q, want %q", text, got, want)
		}
		for _, name := range parsed.Mentions(known) {
			if candidates := parsed.Candidates(); !slices.Contains(candidates, name) {
				t.Errorf("%q: %s is not among the candidates %v", text, name, candidates)
			}
		}
	}
}

// linked returns whose profiles a text links to when it is shown, each once.
func linked(parsed *Text, known func(name string) bool) []string {
	var found names
	if f, ok := parsed.Format(known); ok {
		for _, link := range profileLinks.FindAllStringSubmatch(f.HTML, -1) {
			found.add(link[1])
		}
		return found.list
	}
	for _, s := range parsed.Split(known) {
		if s.Mention {
			found.add(strings.TrimPrefix(s.URL, "/people/"))
		}
	}
	return found.list
}

var profileLinks = regexp.MustCompile(`<a href="/people/([^"]*)" class="mention">`)

// TestCandidatesBeginWithTheLikeliest checks that whoever looks up only some of them finds those that count.
func TestCandidatesBeginWithTheLikeliest(t *testing.T) {
	got := strings.Join(Parse("@ann. @bob_! @ann @eve-.").Candidates(), " ")
	if want := "ann bob_ eve ann. bob eve-. eve-"; got != want {
		t.Errorf("the candidates are %q, want %q", got, want)
	}
}
