package web

import (
	"strings"
	"testing"
)

// foreignHeaders are the headers of requests that another site makes a browser send.
func foreignHeaders(s *site) map[string][]string {
	origin := s.origin()
	return map[string][]string{
		"another site":                 {"Origin: https://evil.example"},
		"a sandboxed frame":            {"Origin: null"},
		"an origin that begins like":   {"Origin: " + origin + ".evil.example"},
		"an origin that ends like":     {"Origin: http://evil-" + strings.TrimPrefix(origin, "http://")},
		"another port":                 {"Origin: http://127.0.0.1:1"},
		"another scheme":               {"Origin: https://" + strings.TrimPrefix(origin, "http://")},
		"the origin with a path":       {"Origin: " + origin + "/"},
		"two origins":                  {"Origin: " + origin + " https://evil.example"},
		"no origin, only a word":       {"Origin: same-origin"},
		"cross-site":                   {"Sec-Fetch-Site: cross-site"},
		"same-site":                    {"Sec-Fetch-Site: same-site"},
		"an unknown site":              {"Sec-Fetch-Site: neighbour"},
		"cross-site, own origin":       {"Sec-Fetch-Site: cross-site", "Origin: " + origin},
		"same-site, no origin":         {"Sec-Fetch-Site: same-site", "Origin: null"},
		"same-origin, another origin":  {"Sec-Fetch-Site: same-origin", "Origin: https://evil.example"},
		"same-origin, another port":    {"Sec-Fetch-Site: same-origin", "Origin: http://127.0.0.1:1"},
		"by hand, another origin":      {"Sec-Fetch-Site: none", "Origin: https://evil.example"},
		"spelled otherwise":            {"sec-fetch-site: CROSS-SITE"},
		"cross-site first, then same":  {"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-origin"},
		"for htmx, from another site":  {"HX-Request: true", "Origin: https://evil.example"},
		"with a method to put instead": {"Origin: https://evil.example", "X-HTTP-Method-Override: GET"},
	}
}

// ownHeaders are the headers that our own pages send, and clients that are not browsers.
func ownHeaders(s *site) map[string][]string {
	origin := s.origin()
	return map[string][]string{
		"no browser":                       nil,
		"same-origin":                      {"Sec-Fetch-Site: same-origin"},
		"same-origin with its origin":      {"Sec-Fetch-Site: same-origin", "Origin: " + origin},
		"same-origin, origin not told":     {"Sec-Fetch-Site: same-origin", "Origin: null"},
		"by hand":                          {"Sec-Fetch-Site: none"},
		"an older browser with its origin": {"Origin: " + origin},
		"same-origin, https at the proxy":  {"Sec-Fetch-Site: same-origin", "Origin: https://" + strings.TrimPrefix(origin, "http://")},
	}
}

// TestCrossSiteRequestsAreRefused is T1, on every route that changes something.
func TestCrossSiteRequestsAreRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		c := newFixture(s)
		s.clock.stop() // or a slow machine moves the time when a session was last used
		before := dump(t, s.data)
		for _, r := range routes {
			if r.method == "GET" {
				continue
			}
			path := c.path(r.path, "ann", true)
			for what, headers := range foreignHeaders(s) {
				a := c.people["ann"].post(path, everyField("words of the other site"), headers...)
				if a.status != 403 {
					t.Errorf("%s, %s: %d", path, what, a.status)
				}
				if strings.Contains(a.body, "words of the other site") || strings.Contains(a.body, "<form") && strings.Contains(a.body, "messages") {
					t.Errorf("%s, %s: the response repeats what the other site sent: %s", path, what, a.body)
				}
				if a.header.Get("Set-Cookie") != "" || a.header.Get("Clear-Site-Data") != "" {
					t.Errorf("%s, %s: the response changes the browser: %v", path, what, a.header)
				}
			}
		}
		if after := dump(t, s.data); after != before {
			t.Errorf("the database has changed from\n%s\nto\n%s", before, after)
		}
		if !c.people["ann"].isSignedIn() {
			t.Error("ann was signed out")
		}
	})
}

// TestOwnPagesPass checks that the check lets all others through. Otherwise a server that refuses
// everything would pass the test above.
func TestOwnPagesPass(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	c := newFixture(s)
	for what, headers := range ownHeaders(s) {
		for _, r := range routes {
			if r.method == "GET" || strings.HasSuffix(r.path, "/password") || r.path == "/sign-in" || r.path == "/sign-up" { // these hash
				continue
			}
			b := c.people["ann"].another()
			if a := b.post(c.path(r.path, "ann", true), everyField("hello"), headers...); a.status == 403 {
				t.Errorf("%s, %s: refused", r.path, what)
			}
		}
		s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword), headers...).mustGoTo("/rooms")
	}
}

// TestCSRFWithAPublicURL checks that the public URL counts where it is set, and not the Host.
func TestCSRFWithAPublicURL(t *testing.T) {
	t.Parallel()
	s := start(t, options{public: "https://Chat.Example.org:443"})
	ann := s.person("ann")
	ann.post("/friends", form("username", "bob"), "Origin: https://chat.example.org").mustBe(422)
	ann.post("/friends", form("username", "bob"), "Origin: https://chat.example.org", "Sec-Fetch-Site: same-origin").mustBe(422)
	for _, origin := range []string{"http://chat.example.org", "https://chat.example.org:8443", "https://chat.example.org.evil.example",
		"https://evil.example", "http://" + s.addr, "https://example.org", "https://CHAT.example.org", "null"} {
		ann.post("/friends", form("username", "bob"), "Origin: "+origin).shouldBe(403)
		k, a := ann.tryTalk("/rooms/1/socket", "Origin: "+origin)
		if k != nil || a.status != 403 {
			t.Errorf("a socket for %s: %d", origin, a.status)
		}
	}
	if _, a := ann.tryTalk("/rooms/1/socket", "Origin: https://chat.example.org"); a.status != 404 {
		t.Errorf("a socket for ourselves: %d", a.status)
	}
}

// everyField is a form with a value in every field that any route reads.
func everyField(text string) map[string][]string {
	return form("username", "dan", "password", goodPassword, "current", goodPassword, "next", "/profile", "body", text, "key", "k",
		"seq", "1", "display_name", text, "time_zone", "Asia/Tokyo", "code", text, "address", text, "reason", "spam", "words", text, "answer", "fine", "act", "delete",
		"credential", text)
}
