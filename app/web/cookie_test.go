package web

import (
	"encoding/base64"
	"maps"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestCookies is T4: every Set-Cookie there is, parsed.
func TestCookies(t *testing.T) {
	t.Parallel()
	for public, name := range map[string]string{"": "", "http://chat.example.org": "parley", "http://chat.example.org:8080": "parley-8080",
		"https://chat.example.org": "__Host-parley", "https://chat.example.org:8443": "__Host-parley-8443"} {
		t.Run(name+" "+public, func(t *testing.T) {
			s := start(t, options{public: public})
			if public == "" {
				_, port, _ := net.SplitHostPort(s.addr)
				name = "parley-" + port
			}
			ann := s.visitor()
			for _, a := range []*reply{
				ann.post("/sign-up", form("username", "ann", "password", goodPassword)).mustBe(303),
				ann.post("/sign-in", form("username", "ann", "password", goodPassword)).mustBe(303),
				ann.post("/profile/password", form("current", goodPassword, "password", goodPassword+"!")).mustBe(303),
			} {
				c := onlyCookie(t, a)
				secret, err := base64.RawURLEncoding.DecodeString(c.Value)
				if err != nil || len(secret) != 32 {
					t.Errorf("%s: the token is %q", a.request, c.Value)
				}
				if c.MaxAge != 90*24*3600 {
					t.Errorf("%s: %q", a.request, c.Raw)
				}
				mustBeSafeCookie(t, c, name)
			}
			a := ann.post("/sign-out", nil).mustGoTo("/sign-in")
			c := onlyCookie(t, a)
			mustBeSafeCookie(t, c, name)
			if c.Value != "" || c.MaxAge >= 0 || a.header.Get("Clear-Site-Data") != `"cache", "storage"` {
				t.Errorf("sign-out: %q %v", c.Raw, a.header)
			}
			for _, path := range []string{"/", "/sign-in", "/sign-up", "/rooms", "/nowhere", "/livez"} {
				if got := ann.get(path).header.Get("Set-Cookie"); got != "" {
					t.Errorf("%s sets %q", path, got)
				}
			}
		})
	}
}

// TestTwoServersOnOneHost checks that two servers on two ports of one host, whose browsers send the cookies of
// both to both, do not sign each other's people out.
func TestTwoServersOnOneHost(t *testing.T) {
	t.Parallel()
	for name, public := range map[string][2]string{"http": {}, "https": {"https://chat.example.org", "https://chat.example.org:8443"}} {
		t.Run(name, func(t *testing.T) {
			one, two := start(t, options{public: public[0]}), start(t, options{public: public[1]})
			ann, bob := one.person("ann"), two.person("bob")
			share := func() { maps.Copy(ann.cookies, bob.cookies); bob.cookies = ann.cookies }
			share()
			bob.post("/sign-in", form("username", "bob", "password", goodPassword)).mustBe(303)
			for range 2 {
				if !ann.isSignedIn() || !bob.isSignedIn() {
					t.Fatalf("signed in: %v and %v, with %v", ann.isSignedIn(), bob.isSignedIn(), ann.cookies)
				}
				ann.post("/sign-in", form("username", "ann", "password", goodPassword)).mustBe(303)
			}
			ann.post("/sign-out", nil).mustBe(303)
			if ann.isSignedIn() || !bob.isSignedIn() {
				t.Errorf("after signing out of one: %v and %v", ann.isSignedIn(), bob.isSignedIn())
			}
		})
	}
}

// TestOldCookiesStayGood checks that the name without a port, which all cookies had before, still counts, and goes
// away once there is another.
func TestOldCookiesStayGood(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann := s.person("ann")
	old := ann.another()
	old.cookies = map[string]string{"parley": old.token()}
	if !old.isSignedIn() {
		t.Fatal("the old name does not count")
	}
	out := old.copy()
	old.post("/profile/password", form("current", goodPassword, "password", goodPassword+"!")).mustBe(303)
	if len(old.cookies) != 1 || old.token() == "" || !old.isSignedIn() {
		t.Errorf("after a new password: %v", old.cookies)
	}
	if out.isSignedIn() {
		t.Error("the old token is still good")
	}
	old.cookies = map[string]string{"parley": old.token()}
	old.post("/sign-out", nil).mustBe(303)
	if len(old.cookies) != 0 || old.isSignedIn() {
		t.Errorf("after signing out: %v", old.cookies)
	}
}

func onlyCookie(t *testing.T, a *reply) *http.Cookie {
	t.Helper()
	lines := a.header.Values("Set-Cookie")
	if len(lines) != 1 {
		t.Fatalf("%s: cookies %q", a.request, lines)
	}
	c, err := http.ParseSetCookie(lines[0])
	must(t, err)
	return c
}

func mustBeSafeCookie(t *testing.T, c *http.Cookie, name string) {
	t.Helper()
	if c.Name != name || c.Path != "/" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Domain != "" ||
		c.Secure != strings.HasPrefix(name, "__Host-parley") || c.Partitioned || len(c.Unparsed) > 0 {
		t.Errorf("cookie %q", c.Raw)
	}
}

// TestAPlantedSessionCookieIsRefused is T3.
func TestAPlantedSessionCookieIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	mal, ann, name := s.person("mal"), s.person("ann"), s.cookieName()
	planted := base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	for _, token := range []string{planted, mal.token()} {
		b := s.visitor()
		b.cookies[name] = token
		b.post("/sign-in", form("username", "ann", "password", goodPassword)).mustGoTo("/rooms")
		if b.cookies[name] == token {
			t.Error("the session has the planted token")
		}
		b.get("/profile").mustBe(200).mustHave("<b>ann</b>")
		thief := s.visitor()
		thief.cookies[name] = token
		if thief.isSignedIn() {
			t.Error("the planted token works")
		}
	}
	// Signing in again creates a new token, and ends the old one.
	old := ann.cookies[name]
	ann.post("/sign-in", form("username", "ann", "password", goodPassword)).mustBe(303)
	ann.cookies[name], old = old, ann.cookies[name]
	if ann.isSignedIn() {
		t.Error("the old token still works")
	}
	ann.cookies[name] = old
	if !ann.isSignedIn() {
		t.Error("the new token does not work")
	}
}
