package markup

import (
	"net/url"
	"strings"
	"testing"
)

func TestAddressesAreFound(t *testing.T) {
	for text, want := range map[string]string{
		"https://example.org":                      "https://example.org",
		"see http://example.org/a?b=1&c=2#d today": "http://example.org/a?b=1&c=2#d",
		"(https://example.org)":                    "https://example.org",
		"https://example.org/notes_(2025)":         "https://example.org/notes_(2025)",
		"(https://example.org/notes_(2025)).":      "https://example.org/notes_(2025)",
		"[https://example.org/[a]]":                "https://example.org/[a]",
		"really https://example.org/a?!":           "https://example.org/a",
		"https://example.org/a, https://b.org.":    "https://example.org/a https://b.org",
		"HTTPS://Example.org/A":                    "HTTPS://Example.org/A",

		// After letters of scripts without spaces between words, and before the punctuation of any script.
		"见https://a.example/x":                  "https://a.example/x",
		"ดูhttps://a.example/x":                 "https://a.example/x",
		"смотриhttps://a.example/x":             "https://a.example/x",
		"https://a.example/x，后":                 "https://a.example/x",
		"https://a.example/x；后 https://b.org。好": "https://a.example/x https://b.org",
		"https://a.example/x، ثم":               "https://a.example/x",
		"https://a.example/x।":                  "https://a.example/x",
		"‘https://a.example/x’":                 "https://a.example/x",
		"‚https://a.example/x‘ ›https://b.org‹": "https://a.example/x https://b.org",
		"〈https://a.example/x〉":                 "https://a.example/x",
		"https://ca.example/wiki/col·lecció":    "https://ca.example/wiki/col·lecció",

		"カラーhttps://a.example/x":            "https://a.example/x",
		"第3https://a.example/x":             "https://a.example/x",
		"ကြည့်https://a.example/x":          "https://a.example/x",
		"देखोhttps://a.example/x":           "https://a.example/x",
		"ใช้ๆhttps://a.example/x":           "https://a.example/x",
		"v1https://a.example/x":             "",
		"https://a.example/x。」と":            "https://a.example/x",
		"https://a.example/x። ሌላ":           "https://a.example/x",
		"https://a.example/x။":              "https://a.example/x",
		"https://a.example/x—then":          "https://a.example/x",
		"https://a.example/x–":              "https://a.example/x",
		"https://a.example/Bose–Einstein":   "https://a.example/Bose–Einstein",
		"https://a.example/x〜と":             "https://a.example/x",
		"https://a.example/x・":              "https://a.example/x",
		"https://a.example/x→https://b.org": "https://a.example/x https://b.org",
		"│https://a.example/x│":             "https://a.example/x",
		"´https://a.example/x´":             "https://a.example/x",
		"https://a.example/l’été":           "https://a.example/l",
		"(https://a.example/x)后":            "https://a.example/x",
		"[https://a.example/x],b":           "https://a.example/x",
		"https://a.example/x(":              "https://a.example/x",

		// A host ends where no host goes on.
		"https://a.example's page":      "https://a.example",
		"https://a.example,https://b.c": "https://a.example https://b.c",
		"https://a.example;b":           "https://a.example",
		"https://a.example*":            "https://a.example",
		"https://a.example:8080、b":      "https://a.example:8080",

		// What browsers leave as it is when an address is copied.
		"https://a.example/x?q=a|b":      "https://a.example/x?q=a|b",
		"https://a.example/x?q=a^b`c\\d": "https://a.example/x?q=a^b`c\\d",
		"https://a.example/{id}/[1]":     "https://a.example/{id}/[1]",
		"||https://a.example/x||":        "https://a.example/x",
		"`https://a.example/x`":          "https://a.example/x",

		// A last mark belongs to the address if it was not opened before.
		"https://a.example/user_":                        "https://a.example/user_",
		"https://a.example/*":                            "https://a.example/*",
		"_https://a.example/user_":                       "https://a.example/user",
		"_see https://a.example/x_ and":                  "https://a.example/x",
		"**https://a.example/x**":                        "https://a.example/x",
		"_a_ https://a.example/x_":                       "https://a.example/x_",
		"snake_case https://a.example/x_":                "https://a.example/x_",
		"_a\n\nhttps://a.example/x_":                     "https://a.example/x_",
		"*_* https://a.example/x_":                       "https://a.example/x_",
		":* https://a.example/x*":                        "https://a.example/x*",
		"it`s _https://a.example/x_":                     "https://a.example/x",
		"`_a` https://a.example/x_":                      "https://a.example/x_",
		"``_a`b`` https://a.example/x_":                  "https://a.example/x_",
		"`a https://a.example/x` https://b.org/y`z":      "https://a.example/x https://b.org/y`z",
		"```\n_a\n```\nhttps://a.example/x_":             "https://a.example/x_",
		"> _a\nhttps://a.example/x_":                     "https://a.example/x_",
		"> _a\n> https://a.example/x_":                   "https://a.example/x",
		"- _a\n- https://a.example/x_":                   "https://a.example/x_",
		"- a\n- b _c\nhttps://a.example/x_":              "https://a.example/x_",
		"**_https://a.example/x_**":                      "https://a.example/x",
		"__init__ https://a.example/x_":                  "https://a.example/x_",
		"https://a.example/" + strings.Repeat("x", 3000): "",
		`"https://example.org/a"`:                        "https://example.org/a",
		"<https://example.org/a>":                        "https://example.org/a",
		"https://example.org/日本語。":                       "https://example.org/日本語",
		"見て「https://example.org/a」":                      "https://example.org/a",
		"http://localhost:3000/rooms/5":                  "http://localhost:3000/rooms/5",
		"http://[::1]:80/":                               "http://[::1]:80/",
		"https://https://example.org/x":                  "https://https://example.org/x",
		"javascript:alert(1)":                            "",
		"javascript://example.org/%0aalert(1)":           "",
		"data:text/html,x ftp://a.b file:///etc":         "",
		"xhttp://example.org":                            "",
		"http:// https://":                               "",
		"http://user:secret@example.org":                 "",
		"https://good.example@evil.example":              "",
		"https://exa\u202empl.org/x":                     "https://exa",
		"https://example.org/\x00x":                      "https://example.org/",
		"https://example.org/\"onmouseover=alert(1)":     "https://example.org/",
		"http://example.org/%zz":                         "",
		strings.Repeat("http:", 5000) + "//example.org":  "http://example.org",
	} {
		var found []string
		for _, s := range Links(text) {
			if s.URL != "" {
				found = append(found, s.URL)
			}
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("%.60q: found %q, want %q", text, got, want)
		}
	}
}

// What a reader clicks is what they see, and nothing that was written is lost or added.
func FuzzLinks(f *testing.F) {
	for _, text := range []string{
		"", "hello", "https://example.org", "a https://b.c/(d)) e", "HTTP://x", "http://http://http://", "https://a@b", "\r\n\x00\xff",
		"javascript:alert('https://x')", "https://x/\u200e\u202e", "((((https://x))))", "https://[::1", "https://x/%", "://", "s://https://y.z",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var whole strings.Builder
		for _, s := range Links(text) {
			whole.WriteString(s.Text)
			if s.Text == "" {
				t.Errorf("an empty piece in %q", text)
			}
			if s.URL == "" {
				continue
			}
			u, err := url.Parse(s.URL)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
				t.Errorf("%q is linked in %q", s.URL, text)
			}
			if s.URL != s.Text || strings.ContainsAny(s.URL, "\"<> \t\r\n\x00") {
				t.Errorf("%q leads to %q", s.Text, s.URL)
			}
		}
		if whole.String() != text {
			t.Errorf("%q became %q", text, whole.String())
		}
	})
}
