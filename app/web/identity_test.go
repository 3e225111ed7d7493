package web

import (
	"html"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/e2e/rig"
)

// TestLogoutAtTheProvider checks what ends sessions and their open pages, and what does not.
func TestLogoutAtTheProvider(t *testing.T) {
	t.Parallel()
	o, other := rig.NewOIDC(t), rig.NewOIDC(t)
	var claims sync.Mutex // both databases have the same provider
	onBoth(t, options{public: passkeyOrigin, oidc: []*rig.OIDC{o, other}}, func(t *testing.T, s *site) {
		session := func(sid any) *browser {
			t.Helper()
			claims.Lock()
			defer claims.Unlock()
			o.Set(func() { o.Claims = map[string]any{"sid": sid} })
			b := s.visitor()
			if b.signsInAt(o, "/oidc/p0", "ann").header.Get("Location") == "/sign-in/new" {
				b.post("/sign-in/new", form("username", "ann")).mustBe(303)
			}
			return b
		}
		logout := func(claims map[string]any) *reply {
			return s.visitor().post("/oidc/p0/logout", form("logout_token", o.Logout(claims)))
		}
		one, two, none := session(t.Name()+"1"), session(t.Name()+"2"), session(nil)
		stream := one.listen("/events")
		for name, claims := range map[string]map[string]any{
			"no event": {"sub": "ann", "events": nil}, "a nonce": {"sub": "ann", "nonce": "x"}, "another client": {"sub": "ann", "aud": "x"},
			"another issuer": {"sub": "ann", "iss": other.URL}, "nobody": {}, "no id": {"sub": "ann", "jti": nil}, "old": {"sub": "ann", "exp": s.clock.now().Add(-2 * time.Minute).Unix()},
			"long ago": {"sub": "ann", "iat": s.clock.now().Add(-time.Hour).Unix()}, "the future": {"sub": "ann", "iat": s.clock.now().Add(time.Hour).Unix()},
		} {
			t.Log(name)
			logout(claims).shouldBe(400)
		}
		s.visitor().post("/oidc/p0/logout", form("logout_token", other.Logout(map[string]any{"sub": "ann", "iss": o.URL}))).mustBe(400)
		s.visitor().post("/oidc/p0/logout", nil).mustBe(400)
		s.visitor().post("/oidc/p1/logout", form("logout_token", other.Logout(map[string]any{"sub": "ann"}))).mustBe(200) // its own ann
		if !one.isSignedIn() || !two.isSignedIn() || !none.isSignedIn() {
			t.Fatal("what is not valid signs somebody out")
		}
		token := o.Logout(map[string]any{"sub": "ann", "sid": t.Name() + "1"})
		s.visitor().post("/oidc/p0/logout", form("logout_token", token)).mustBe(200)
		if one.isSignedIn() || !two.isSignedIn() || none.isSignedIn() {
			t.Error("a logout of one session ends others, or not that one")
		}
		stream.mustEndWith("signed-out")
		s.visitor().post("/oidc/p0/logout", form("logout_token", token)).mustBe(400)
		three := session(t.Name() + "3")
		logout(map[string]any{"sub": "ann"}).mustBe(200)
		if two.isSignedIn() || three.isSignedIn() {
			t.Error("a logout of a person leaves sessions")
		}
	})
}

// TestAuditOfIdentities checks what the log says about accounts at a provider.
func TestAuditOfIdentities(t *testing.T) {
	t.Parallel()
	o := rig.NewOIDC(t)
	onBoth(t, options{public: passkeyOrigin, oidc: []*rig.OIDC{o}}, func(t *testing.T, s *site) {
		root, ann := s.administrator("root"), s.person("ann")
		ann.signsInAt(o, "/oidc/p0", "ann").mustGoTo("/sign-in/new")
		ann.post("/sign-in/connect", form("password", "wrong")).mustBe(422)
		ann.post("/sign-in/connect", form("password", goodPassword)).mustGoTo("/profile?sso=connected")
		page := ann.get("/profile")
		remove := regexp.MustCompile(`action="(/profile/identities/\d+/remove)"`).FindStringSubmatch(page.body)[1]
		root.post(remove, nil).mustBe(404)
		ann.post(remove, nil).mustGoTo("/profile?sso=removed")
		ann.get("/profile?sso=removed").mustHave(`role="status" tabindex="-1" autofocus>` + en.SSO.IsRemoved + `</p>`)
		bob := s.visitor()
		bob.signsInAt(o, "/oidc/p0", "bob")
		bob.post("/sign-in/new", form("username", "bob")).mustBe(303)
		for range 2 { // the second ends nothing
			s.visitor().post("/oidc/p0/logout", form("logout_token", o.Logout(map[string]any{"sub": "bob"}))).mustBe(200)
		}
		log := root.get("/admin/log").mustBe(200)
		for _, want := range []string{"@ann connected an account at Corp 0.", "@ann disconnected an account at Corp 0.", "@bob created an account with Corp 0.", "Corp 0 signed @bob out."} {
			if n := strings.Count(log.body, want); n != 1 {
				t.Errorf("%q stands there %d times", want, n)
			}
		}
		entries, err := s.store.Audit(t.Context(), 0, 10)
		must(t, err)
		if e := entries[0]; e.ActorID != 0 || e.Detail != o.URL {
			t.Errorf("signed out by %d of %q", e.ActorID, e.Detail)
		}
	})
}

// TestWithoutPassword checks that whoever has none proves their identity through the provider, and keeps a way in.
func TestWithoutPassword(t *testing.T) {
	t.Parallel()
	o := rig.NewOIDC(t)
	s := start(t, options{public: passkeyOrigin, oidc: []*rig.OIDC{o}})
	s.person("other")
	b := s.visitor()
	b.signsInAt(o, "/oidc/p0", "ann").mustGoTo("/sign-in/new")
	b.post("/sign-in/new", form("username", "ann")).mustBe(303)
	s.clock.stop()
	s.clock.stopped.Add(int64(11 * time.Minute))
	page := b.get("/profile").mustBe(200).mustHave(`href="/profile/confirm?next=%2Fprofile"`)
	if strings.Contains(page.body, `name="current"`) {
		t.Error("somebody without a password is asked for it")
	}
	b.post("/profile/delete", form("messages", "keep")).mustBe(422).mustHave(html.EscapeString(en.SSO.ConfirmFirst))
	b.post("/profile/codes", nil).mustBe(422)
	b.post("/profile/password", form("password", otherPassword)).mustBe(422)
	remove := regexp.MustCompile(`action="(/profile/identities/\d+/remove)"`).FindStringSubmatch(page.body)[1]
	b.post(remove, nil).mustBe(422).mustHave(html.EscapeString(en.SSO.LastWay))

	address := b.goesTo("/profile/confirm?next=/profile/delete")
	if !strings.Contains(address, "prompt=login") || !strings.Contains(address, "max_age=0") {
		t.Errorf("the provider is not asked to make sure: %s", address)
	}
	o.Set(func() { o.Claims = map[string]any{"auth_time": s.clock.now().Add(-time.Hour).Unix()} })
	b.get("/oidc/p0/callback?" + o.Admit(address, "ann").Encode()).mustGoTo("/profile?sso=wrong&provider=p0")
	o.Set(func() { o.Claims = nil })
	b.signsInAt(o, "/profile/confirm?next=/profile/delete", "eve").mustGoTo("/profile?sso=other&provider=p0")
	b.post("/profile/codes", nil).mustBe(422)
	b.signsInAt(o, "/profile/confirm?next=/profile/delete", "ann").mustGoTo("/profile/delete")
	b.post("/profile/codes", nil).mustBe(200)
	b.post("/profile/password", form("password", otherPassword)).mustGoTo("/profile?saved=1")
	s.visitor().post("/sign-in", form("username", "ann", "password", otherPassword)).mustBe(303)
	b.post("/profile/codes", form("current", "")).mustBe(422)
	b.post(remove, nil).mustGoTo("/profile?sso=removed")
}

// TestDeletionOfAnIdentity checks that it goes with the account.
func TestDeletionOfAnIdentity(t *testing.T) {
	t.Parallel()
	o := rig.NewOIDC(t)
	s := start(t, options{public: passkeyOrigin, oidc: []*rig.OIDC{o}})
	s.person("other")
	b := s.visitor()
	b.signsInAt(o, "/oidc/p0", "ann")
	b.post("/sign-in/new", form("username", "ann")).mustBe(303)
	b.post("/profile/delete", form("messages", "keep")).mustGoTo("/sign-in") // a new session is vouched for
	back := s.visitor()
	back.signsInAt(o, "/oidc/p0", "ann").mustGoTo("/profile?kept=1")
	back.post("/profile/delete", form("messages", "keep")).mustGoTo("/sign-in")
	s.clock.stop()
	s.clock.stopped.Add(int64(25 * time.Hour))
	late := s.visitor()
	late.signsInAt(o, "/oidc/p0", "ann").mustGoTo("/sign-in/new")
	must(t, s.server.DeleteDue(t.Context()))
	late.post("/sign-in/new", form("username", "ann")).mustBe(422) // a name is held for a while
	late.post("/sign-in/new", form("username", "ann.again")).mustBe(303)
}
