package web

import (
	"io"
	"strings"
	"testing"

	"parley/views"
)

// mustBePage checks for an error page in the site's own design.
func mustBePage(t *testing.T, a *reply, status int, signedIn bool) {
	t.Helper()
	a.shouldBe(status)
	if !strings.HasPrefix(strings.ToLower(a.body), "<!doctype html>") || !strings.Contains(a.body, `class="trouble"`) ||
		a.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%s: not a page of ours: %s", a.request, shortened(a.body))
	}
	link := `href="/">`
	if signedIn {
		link = `href="/rooms">`
	}
	if !strings.Contains(a.body, link) || strings.Contains(a.body, `class="bar"`) != signedIn {
		t.Errorf("%s: the way out is not %s", a.request, link)
	}
}

// mustBeFragment checks for an error fragment, which htmx gets in place of a page.
func mustBeFragment(t *testing.T, a *reply, status int) {
	t.Helper()
	a.shouldBe(status)
	if !strings.HasPrefix(a.body, `<p class="trouble" role="alert">`) || strings.Contains(a.body, "<html") {
		t.Errorf("%s: not a fragment: %s", a.request, shortened(a.body))
	}
}

// TestErrorPages checks every status that an error page can have, for browsers and for htmx.
func TestErrorPages(t *testing.T) {
	t.Parallel()
	s, ann, _, room := talked(t, options{}, 1)
	get := func(path string) func(b *browser, headers ...string) *reply {
		return func(b *browser, headers ...string) *reply { return b.get(path, headers...) }
	}
	for name, one := range map[string]struct {
		status int
		ask    func(b *browser, headers ...string) *reply
		knows  bool // the session is looked up
	}{
		"a room that does not exist":  {404, get("/rooms/987654"), true},
		"an unknown address":          {404, get("/nowhere/at/all?x=y"), true},
		"a very long address":         {404, get("/" + strings.Repeat("long/", 2500)), true},
		"an address that is too long": {431, get("/" + strings.Repeat("long/", 5000)), false},
		"another site": {403, func(b *browser, h ...string) *reply {
			return b.post("/friends", nil, append(h, "Origin: https://evil.example")...)
		}, false},
		"the wrong method": {405, func(b *browser, h ...string) *reply { return b.send("DELETE", "/rooms", nil, h...) }, true},
		"too large a body": {413, func(b *browser, h ...string) *reply {
			return b.post(views.RoomPath(room)+"/messages", form("body", strings.Repeat("x", 70_000)), h...)
		}, true},
		"a compressed body": {415, func(b *browser, h ...string) *reply {
			return b.post("/friends", nil, append(h, "Content-Encoding: br")...)
		}, false},
	} {
		a := one.ask(ann)
		mustBePage(t, a, one.status, one.knows)
		if strings.Contains(a.body, "long/long") || strings.Contains(a.body, "nowhere") {
			t.Errorf("%s: the address is repeated", name)
		}
		if one.status == 431 {
			continue // the headers were not read, so htmx is not recognized
		}
		mustBeFragment(t, one.ask(ann, "HX-Request: true"), one.status)
		mustBePage(t, one.ask(ann, "HX-Request: true", "HX-Request-Type: full"), one.status, one.knows)
	}
	if allow := ann.send("DELETE", "/rooms", nil).header.Get("Allow"); !strings.Contains(allow, "GET") ||
		!strings.Contains(allow, "HEAD") || strings.Contains(allow, "DELETE") {
		t.Errorf("Allow is %q", allow)
	}
	ann.send("GET", views.RoomPath(room)+"/messages", nil).shouldBe(405)
	ann.send("OPTIONS", "/rooms", nil).shouldBe(405)
	mustBePage(t, s.visitor().get("/nowhere"), 404, false) // and not the sign-in
	s.visitor().send("POST", "/nowhere", nil).shouldBe(404)
	ann.get("/rooms/").shouldBe(200)

	// An invalid form comes back complete, with what was typed.
	for _, headers := range [][]string{nil, {"HX-Request: true"}} {
		a := ann.post("/friends", form("username", `no<b>body`), headers...).shouldBe(422)
		if strings.Contains(a.body, "<html") != (headers == nil) || !strings.Contains(a.body, `role="alert"`) {
			t.Errorf("%v: %s", headers, shortened(a.body))
		}
	}
	ann.post(views.RoomPath(room)+"/messages", form("body", strings.Repeat("é", 4001), "key", "k")).shouldBe(422).
		mustHave(en.Refusals.Long, strings.Repeat("é", 4001), `value="k"`)
	ann.post(views.RoomPath(room)+"/messages", form("body", "x", "key", strings.Repeat("k", 65))).shouldBe(422).
		mustHave(en.Refusals.OldPage, `value="n.`)
}

// TestAHeadThatIsTooLongIsReadToItsEnd checks that whoever is still sending it is not cut off; many clients would
// report a broken connection instead of the response.
func TestAHeadThatIsTooLongIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	l := s.dial()
	l.write("GET /" + strings.Repeat("long/", 5000))
	if a := l.response(); a.status != 431 || !strings.Contains(a.body, en.Trouble.Why[431].Title) {
		t.Errorf("%d %s", a.status, shortened(a.body))
	}
	for range 20 {
		if _, err := io.WriteString(l.conn, strings.Repeat("long/", 5000)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSignedOutFragmentRedirectsToSignIn checks that htmx does not repeat the request forever.
func TestSignedOutFragmentRedirectsToSignIn(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	a := s.visitor().get("/friends", "HX-Request: true").mustBe(401)
	if a.header.Get("HX-Redirect") != "/sign-in?next=%2Ffriends" || a.header.Get("Location") != "" {
		t.Errorf("%v", a.header)
	}
	a = s.visitor().post("/friends", nil, "HX-Request: true").mustBe(401)
	if a.header.Get("HX-Redirect") != "/sign-in" {
		t.Errorf("%v", a.header)
	}
	s.visitor().get("/friends", "HX-Request: true", "HX-Request-Type: full").mustGoTo("/sign-in?next=%2Ffriends")
}

// TestMarkingAsReadRespondsToScriptsAndBrowsers checks that a script gets a 204 and a browser a page.
func TestMarkingAsReadRespondsToScriptsAndBrowsers(t *testing.T) {
	t.Parallel()
	_, ann, _, room := talked(t, options{}, 1)
	path := views.RoomPath(room) + "/read"
	ann.post(path, form("seq", "1"), "HX-Request: true").mustBe(204)
	for _, accept := range []string{"", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html, text/plain, */*;q=0.01"} {
		ann.post(path, form("seq", "1"), "Accept: "+accept).mustGoTo(views.RoomPath(room))
	}
	for _, seq := range []string{"-1", "x", "99999999999999999999", "1e3", " 1"} {
		ann.post(path, form("seq", seq)).mustGoTo(views.RoomPath(room))
	}
}
