package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
	"parley/views"
)

// soon is how long a stream may outlive its session: P5 in docs/delivery.md. It is less than a heartbeat takes.
var soon = rig.Limit(2 * time.Second)

// TestOnlyWellFormedTokensAreLookedUp is T16, and the ways in which browsers write cookies.
func TestOnlyWellFormedTokensAreLookedUp(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann := s.person("ann")
		token := ann.token()
		sum := sha256.Sum256([]byte(token))
		bytes := func(n int) string { return base64.RawURLEncoding.EncodeToString(make([]byte, n)) }
		ask := func(cookie string) int { return s.visitor().get("/rooms", "Cookie: "+cookie).status }
		for _, value := range []string{"", `""`, bytes(0), bytes(31), bytes(32), bytes(33), token + "=", token + "A", token[1:],
			token[:42], strings.ToUpper(token),
			hex.EncodeToString(sum[:]), "' OR 1=1 -- ", "%27%20OR%201%3D1", "1;--", "null", "0", strings.Repeat("A", 4000), "\u00e9",
			url.QueryEscape(token + "\x00"), token + "%00"} {
			for _, name := range []string{s.cookieName(), "parley"} {
				if status := ask(name + "=" + value); status != 303 {
					t.Errorf("a token %q: %d", value, status)
				}
			}
		}
		for cookie, want := range map[string]int{
			s.cookieName() + "=" + token: 200,
			"parley=" + token:            200, // from before the name had a port in it
			"parley-1=" + token:          200, // from when the server had another port
			"parley-1=x; parley-2=y; parley=z; parley-3=" + token: 200,
			"parley-x=" + token:                                          303,
			"parley-=" + token:                                           303,
			"parley=" + token + "; SameSite=Lax;":                        200, // lynx
			"SameSite=Lax; parley=" + token:                              200,
			`$Version="1"; parley=` + token + `; $Path="/"`:              200, // RFC 2965
			`parley="` + token + `"`:                                     200,
			"theme=dark;parley=" + token + ";;x":                         200,
			"__Host-parley=" + token:                                     303, // the name of the cookie with https
			"Parley=" + token:                                            303,
			"xparley=" + token:                                           303,
			"theme=parley=" + token:                                      303,
			"parley=; parley2=" + token + "; SameSite=Lax; HttpOnly; $1": 303,
		} {
			if status := ask(cookie); status != want {
				t.Errorf("Cookie: %s: %d instead of %d", cookie, status, want)
			}
		}
	})
}

// livePage is a person's open page with both streams and a socket.
type livePage struct {
	b     *browser
	room  *listener
	lists *listener
	talk  *talker
}

func (b *browser) open(room uint64) livePage {
	b.site.t.Helper()
	p := livePage{b: b, room: b.listen(views.RoomPath(room) + "/events"), lists: b.listen("/events"), talk: b.talk(room)}
	return p
}

// mustEnd checks that an open page learns at once that its session is over.
func (p livePage) mustEnd(t *testing.T) {
	t.Helper()
	p.room.awaitWithin(soon, "the end of the room's stream", named("signed-out"))
	p.lists.awaitWithin(soon, "the end of the lists' stream", named("signed-out"))
	p.room.awaitEnd()
	p.lists.awaitEnd()
	if code := p.talk.awaitClose(soon); code != 4401 {
		t.Errorf("the socket was closed with %d", code)
	}
	p.b.get("/rooms").mustBe(303)
	if l := p.b.listen("/events"); len(l.awaitEnd()) != 1 || l.all()[0].name != "signed-out" {
		t.Errorf("a new stream says %v", l.all())
	}
}

// TestAStolenSessionEnds is T5: signing out, revoking, and changing the password end all that is open.
func TestAStolenSessionEnds(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		room := s.befriend(ann, bob)
		bystander := bob.open(room)

		signedOut := ann.another().open(room)
		signedOut.b.copy().post("/sign-out", nil).mustGoTo("/sign-in")
		signedOut.mustEnd(t)

		revoked := ann.another().open(room)
		ann.post("/sessions/"+itoa(revoked.b.session)+"/revoke", nil).mustGoTo("/profile")
		revoked.mustEnd(t)

		before := ann.copy().open(room)
		others := []livePage{ann.another().open(room), ann.another().open(room)}
		ann.post("/profile/password", form("current", "something else", "password", "a new password 7")).mustBe(422).
			mustHave(en.Profile.WrongPassword)
		if !others[0].b.isSignedIn() {
			t.Error("a wrong password signed out the others")
		}
		ann.post("/profile/password", form("current", goodPassword, "password", "a new password 7")).mustGoTo("/profile?saved=1")
		for _, other := range append(others, before) { // and with the old token of this browser
			other.mustEnd(t)
		}
		if !ann.isSignedIn() {
			t.Error("the browser that changed the password is signed out")
		}
		s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword)).mustBe(422)
		s.visitor().post("/sign-in", form("username", "ann", "password", "a new password 7")).mustBe(303)

		if r := bystander.talk.say("k", "still here"); r.seq == 0 {
			t.Errorf("somebody else's socket: %+v", r)
		}
		bystander.room.await("his own post", shows("still here"))
	})
}

// TestTheOldestSessionMakesRoom checks that nobody has unlimited sessions, and that the one that
// makes room ends with its streams and its socket.
func TestTheOldestSessionMakesRoom(t *testing.T) {
	t.Parallel()
	onBoth(t, options{limits: true}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		room := s.befriend(list[0], list[1])
		oldest := list[0].open(room)
		s.clock.pass(time.Second)
		for range 60 {
			list[0].another()
		}
		s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword)).mustBe(303)
		oldest.mustEnd(t)
		sessions, err := s.store.SessionsOf(t.Context(), list[0].id)
		must(t, err)
		if n := len(sessions); n < 12 || n > 60 {
			t.Errorf("%d sessions are left", n)
		}
		if !list[1].isSignedIn() {
			t.Error("somebody else is signed out")
		}
	})
}

// TestSessionsEndWithTheirTime checks the expiry after 14 days without use.
func TestSessionsEndWithTheirTime(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann := s.person("ann")
	s.clock.pass(13 * 24 * time.Hour)
	if !ann.isSignedIn() {
		t.Error("signed out after 13 days")
	}
	s.clock.pass(13 * 24 * time.Hour)
	if !ann.isSignedIn() {
		t.Error("signed out after 13 days without use")
	}
	s.clock.pass(15 * 24 * time.Hour)
	if ann.isSignedIn() {
		t.Error("still signed in after 15 days without use")
	}
}

// TestAPostAfterTheSessionEnded checks that a socket checks its session at each post, even if no signal came.
func TestAPostAfterTheSessionEnded(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	room := s.befriend(list[0], list[1])
	k := list[0].talk(room)
	if r := k.say("1", "before"); r.seq == 0 {
		t.Fatalf("%+v", r)
	}
	must(t, s.store.DeleteSession(t.Context(), list[0].id, list[0].session))
	k.post("2", "after")
	if code := k.awaitClose(soon); code != 4401 {
		t.Errorf("closed with %d", code)
	}
	if said := s.said(room); len(said) != 1 {
		t.Errorf("said %q", said)
	}
	k = list[1].talk(room)
	list[0].signInAgain()
	list[0].post("/friends/bob/remove", nil).mustBe(303)
	k.post("3", "after the end")
	if code := k.awaitClose(soon); code != 4404 {
		t.Errorf("closed with %d", code)
	}
	if said := s.said(room); len(said) != 1 {
		t.Errorf("said %q", said)
	}
}

// TestBrowserNames checks that names which are part of others do not take their place.
func TestBrowserNames(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"ELinks/0.13.2 (textmode; Linux 6.1 x86_64; 80x25-2)":                                     "ELinks",
		"Links (2.28; Linux 6.1 x86_64; GNU C 12; text)":                                          "Links",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0": "Edge",
	} {
		if got := browserName(en.Profile, agent); !strings.Contains(got, want) || want == "Links" && strings.Contains(got, "ELinks") {
			t.Errorf("%s is called %s", agent, got)
		}
	}
}
