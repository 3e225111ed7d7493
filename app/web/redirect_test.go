package web

import (
	"net/url"
	"strings"
	"testing"

	"parley/views"
)

// TestRedirectsStayOnThisSite is T18: every kind of next, through every form and page that reads it.
func TestRedirectsStayOnThisSite(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	s.person("ann")
	for _, next := range []string{
		"", "/", "//evil.example", "///evil.example", "////evil.example", "https://evil.example", "http:evil.example", "http:/evil.example",
		"//evil.example/%2f..", `/\evil.example`, `\/evil.example`, `\\evil.example`, `/\/evil.example`, "/\t/evil.example", "/\n/evil.example",
		"/\r\nLocation: https://evil.example", "\t//evil.example", " //evil.example", "/ /evil.example", "javascript:alert(1)",
		"data:text/html,x",
		"evil.example", "@evil.example", ".evil.example", "?next=//evil.example", "#//evil.example", "/\x00/evil.example", "/\u0085/evil.example",
		"/\u2028/evil.example", "/\u00a0/evil.example", "/\xff\xfe", "//evil.example@chat.example", "//[::1]", "/\u3002evil.example",
		"\uff0f\uff0fevil.example",
		"/rooms\x7f", "/rooms/5 ", "/" + strings.Repeat("a", 2000), "ftp://evil.example", "HTTPS://evil.example", "/\\",
		"/\v/evil.example", "rooms",
		"/a/../b", "/%2f/evil.example", "/%5cevil.example", "/.//evil.example", "/" + strings.Repeat("a", 1999), "/nothing-here", "/%zz",
		// Addresses of ours that are not pages.
		"/rooms/5/events", "/rooms/5/events?after=1-2", "/rooms/5/events/", "/rooms/5/event%73", "/rooms/5%2fevents", "/rooms/./5/events",
		"/rooms/../events",
		"/rooms/5/live", "/rooms/live", "/rooms/5/wait/frame", "/rooms/5/composer", "/rooms/5/socket", "/rooms/5/hide.css", "/events",
		"/me.css", "/photos/5/large",
		"/sign-out", "/sign-in", "/sign-up?next=/rooms", "/rooms/5/messages", "/rooms/5/read", "/assets/parley.js", "/livez", "/readyz",
		"/manifest.webmanifest", "/join/", "/join", "/join/a/b", "/join/../rooms/5/events",
	} {
		mustLandOn(t, s, next, "/rooms")
	}
	for _, next := range []string{"/rooms", "/rooms/5", "/rooms/5?before=17", "/friends", "/profile?saved=1", "/people/ann",
		"/rooms/5?x=https://evil.example",
		"/rooms?next=//evil.example", "/rooms#m-5", "/rooms/5#m-7", "/rooms/", "/rooms/new", "/rooms/5/messages/7", "/rooms/5/members",
		"/rooms/5/wait?after=1-2",
		"/rooms/5/messages/7/photos/1", "/search?q=caf%C3%A9", "/formatting", "/join/AAECAwQFBgcICQoLDA0ODw"} {
		mustLandOn(t, s, next, next)
	}
}

// mustLandOn checks where a next leads, from each form and from each page that redirects people who are
// signed in already.
func mustLandOn(t *testing.T, s *site, next, want string) {
	t.Helper()
	query := "?next=" + url.QueryEscape(next)
	for _, path := range []string{"/sign-in", "/sign-up"} {
		a := s.visitor().get(path + query).mustBe(200)
		a.mustHave(`name="next" value="` + strings.ReplaceAll(want, "&", "&amp;") + `"`)
		if want == "/rooms" && next != "" && strings.Contains(a.body, "evil.example") {
			t.Errorf("%s with %q repeats it", path, next)
		}
	}
	ann := s.visitor()
	user, err := s.store.UserByName(t.Context(), "ann")
	must(t, err)
	ann.id = user.ID
	ann.signInAgain()
	ann.get("/sign-in" + query).mustGoTo(want)

	// A form that fails keeps it, and one that succeeds goes there. Both read it the same way, and hashing is
	// slow, so this uses a form that fails before it looks at the password.
	a := s.visitor().post("/sign-up", form("username", "x", "password", "y", "next", next)).mustBe(422)
	a.mustHave(`name="next" value="` + want + `"`)
	if got := s.server.safeNext(next); got != want {
		t.Errorf("%q leads to %q", next, got)
	}
}

// TestNextIsFollowed signs in all the way, with one next of each kind.
func TestNextIsFollowed(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	s.person("ann")
	for next, want := range map[string]string{"/profile": "/profile", "//evil.example": "/rooms", `/\evil.example`: "/rooms",
		"/x\r\nSet-Cookie: a=b": "/rooms"} {
		s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword, "next", next)).mustGoTo(want)
		s.visitor().post("/sign-in?next="+url.QueryEscape(next), form("username", "ann", "password", goodPassword)).
			mustGoTo("/rooms") // the form has no such field
	}
	s.visitor().post("/sign-up", form("username", "bob", "password", goodPassword, "next", "//evil.example")).mustGoTo("/rooms")
	s.visitor().post("/sign-up", form("username", "cem", "password", goodPassword, "next", "/friends")).mustGoTo("/friends")
	for path, want := range map[string]string{"/rooms/7?around=3": "/sign-in?next=%2Frooms%2F7%3Faround%3D3",
		"/friends": "/sign-in?next=%2Ffriends", "/rooms": "/sign-in",
		"/people/ann?x=1&y=2": "/sign-in?next=%2Fpeople%2Fann%3Fx%3D1%26y%3D2"} {
		s.visitor().get(path).mustGoTo(want)
		s.visitor().get(path, "HX-Request: true").mustBe(401)
	}
}

// TestPhotosForNobody requests a photo and a style sheet while signed out. As a part of a page they are
// refused; a visit to their address is redirected to the sign-in, and from there to a page.
func TestPhotosForNobody(t *testing.T) {
	s := start(t, options{})
	for _, path := range []string{"/photos/1/large", "/photos/999/small", "/me.css"} {
		for _, part := range []string{"Accept: image/avif,image/webp,*/*;q=0.8", "Accept: text/css,*/*;q=0.1", "Sec-Fetch-Dest: image",
			"Sec-Fetch-Dest: style", "Accept: */*"} {
			s.visitor().get(path, part).mustBe(401)
		}
		for _, person := range [][]string{{"Sec-Fetch-Dest: document"}, {"Accept: text/html,application/xhtml+xml,*/*;q=0.8"},
			{"Sec-Fetch-Dest: document", "Accept: */*"}} {
			s.visitor().get(path, person...).mustGoTo("/sign-in")
		}
		s.visitor().get(path, "Sec-Fetch-Dest: image", "Accept: text/html").mustBe(401)
	}
}

// TestLynxGetsAbsoluteRedirects checks that users of Lynx do not wait for its complaint after each form.
func TestLynxGetsAbsoluteRedirects(t *testing.T) {
	t.Parallel()
	s, ann, _, room := talked(t, options{}, 0)
	path := views.RoomPath(room)
	for agent, want := range map[string]string{"Lynx/2.9.0dev.12 libwww-FM/2.14": "http://" + s.addr + path, "Mozilla/5.0 like Lynx/2": path} {
		ann.agent = agent
		a := ann.post(path+"/messages", form("body", agent, "key", "k"+agent[:4])).mustBe(303)
		if to, _, _ := strings.Cut(a.header.Get("Location"), "?at="); to != want {
			t.Errorf("%s is sent to %s instead of %s", agent, to, want)
		}
	}
}
