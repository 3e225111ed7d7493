package web

import (
	"html"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
	"parley/views/words"
)

// goesTo leads a browser to a provider, and returns its address there.
func (b *browser) goesTo(path string) (address string) {
	b.site.t.Helper()
	a := b.get(path).mustBe(303)
	return a.header.Get("Location")
}

// signsInAt is somebody who signs in at the first provider, and comes back.
func (b *browser) signsInAt(o *rig.OIDC, path, subject string) *reply {
	b.site.t.Helper()
	return b.get("/oidc/p0/callback?" + o.Admit(b.goesTo(path), subject).Encode())
}

// corp names the first provider in a sentence.
func corp(sentence string) string {
	return html.EscapeString(words.Fill(sentence, "{what}", "Corp 0"))
}

// TestSignInWithAProvider is the whole way of somebody who is new, and comes back another time.
func TestSignInWithAProvider(t *testing.T) {
	t.Parallel()
	o := rig.NewOIDC(t)
	o.Claims = map[string]any{"preferred_username": "Ann.Example@example.org", "name": "Ann <Example>", "sid": "s1"}
	onBoth(t, options{public: passkeyOrigin, limits: true, oidc: []*rig.OIDC{o}}, func(t *testing.T, s *site) {
		b := s.visitor()
		b.get("/sign-in?next=/friends").mustBe(200).mustHave(`href="/oidc/p0?next=%2Ffriends"`, corp(en.SSO.With))
		b.get("/sign-up").mustBe(200).mustHave(`href="/oidc/p0`)
		address := b.goesTo("/oidc/p0?next=/friends")
		u, err := url.Parse(address)
		must(t, err)
		if got := u.Query(); got.Get("redirect_uri") != passkeyOrigin+"/oidc/p0/callback" || got.Get("scope") != "openid profile" {
			t.Errorf("asked with %v", got)
		}
		answer := "/oidc/p0/callback?" + o.Admit(address, "ann").Encode()
		a := b.get(answer).mustGoTo("/sign-in/new")
		if !strings.Contains(strings.Join(a.header.Values("Set-Cookie"), "\n"), "HttpOnly; secure; SameSite=Lax") {
			t.Errorf("cookies %q", a.header.Values("Set-Cookie"))
		}
		b.get("/sign-in/new").mustBe(200).mustHave(`value="ann.example"`, `value="Ann &lt;Example&gt;"`, `action="/sign-in/connect"`)
		b.post("/sign-in/new", form("username", "support", "display_name", "Ann")).mustBe(422).mustHave(`value="support"`)
		b.post("/sign-in/new", form("username", "ann.example", "display_name", "Ann")).mustGoTo("/friends")
		if !b.isSignedIn() || b.cookies["__Host-parley-stranger"]+b.cookies["__Host-parley-visit"] != "" {
			t.Fatalf("after signing up: %v", b.cookies)
		}
		ann, err := s.store.UserByName(t.Context(), "ann.example")
		must(t, err)
		if ann.PasswordHash != "" || ann.DisplayName != "Ann" {
			t.Errorf("the account is %+v", ann)
		}
		b.get("/sign-in/new").mustBe(303)
		b.post("/sign-in/new", form("username", "second")).mustBe(303)

		again := s.visitor()
		again.signsInAt(o, "/oidc/p0?next=/friends", "ann").mustGoTo("/friends")
		if !again.isSignedIn() {
			t.Error("a known identity does not sign in")
		}
		s.visitor().post("/sign-in", form("username", "ann.example", "password", "")).mustBe(422)
		again.get("/profile").mustHave("Corp 0, as Ann.Example@example.org")
		if log := s.log.String(); strings.Contains(log, u.Query().Get("state")) || strings.Contains(log, "eyJ") {
			t.Error("the log has a state or a token")
		}
		_, err = s.server.accounts.Suspend(t.Context(), 0, "ann.example")
		if err == nil {
			t.Fatal("the first account is suspended")
		}
		s.person("other")
		must(t, s.server.accounts.SetAdmin(t.Context(), 0, "other", true))
		_, err = s.server.accounts.Suspend(t.Context(), 0, "ann.example")
		must(t, err)
		late := s.visitor()
		late.signsInAt(o, "/oidc/p0", "ann").mustBe(403).mustHave(html.EscapeString(en.Account.Suspended))
		if late.isSignedIn() {
			t.Error("somebody who is suspended signs in")
		}
	})
}

// TestAnswersOfProviders tries answers that must not be trusted: none signs anybody in, and each is explained.
func TestAnswersOfProviders(t *testing.T) {
	t.Parallel()
	o, evil := rig.NewOIDC(t), rig.NewOIDC(t)
	s := start(t, options{public: passkeyOrigin, oidc: []*rig.OIDC{o, evil}})
	refused := func(b *browser, a *reply, word string) {
		t.Helper()
		a.mustGoTo("/sign-in?sso=" + word + "&provider=p0")
		if b.isSignedIn() || b.get("/sign-in/new").status == 200 {
			t.Errorf("%s: an answer that is not valid counts", word)
		}
	}
	b := s.visitor()
	refused(b, b.get("/oidc/p0/callback?code=1&state=2"), "late")
	b.get("/sign-in?sso=late&provider=p0").mustHave(corp(en.SSO.Late))
	b.get("/sign-in?sso=%3Cb%3E&provider=p0").mustBe(200)

	// A visit of somebody else: the victim of a forged sign-in has no visit, or another one.
	attacker, victim := s.visitor(), s.visitor()
	answer := o.Admit(attacker.goesTo("/oidc/p0"), "attacker").Encode()
	refused(victim, victim.get("/oidc/p0/callback?"+answer), "late")
	mine := o.Admit(victim.goesTo("/oidc/p0"), "victim")
	refused(victim, victim.get("/oidc/p0/callback?"+answer), "late")
	// It has not ended the visit of the victim, whose own answer is good once.
	victim.get("/oidc/p0/callback?" + mine.Encode()).mustGoTo("/sign-in/new")
	replay := s.visitor()
	refused(replay, replay.get("/oidc/p0/callback?"+mine.Encode()), "late")

	// Another provider's answer, with the state of the first (mix-up).
	mixed := s.visitor()
	state := o.Admit(mixed.goesTo("/oidc/p0"), "x").Get("state")
	mixed.get("/oidc/p1/callback?state=" + state + "&code=x").mustGoTo("/sign-in?sso=late&provider=p1")
	refused(mixed, mixed.get("/oidc/p0/callback?state="+state+"&code=x&iss="+url.QueryEscape(evil.URL)), "wrong")

	for word, query := range map[string]string{"denied": "error=access_denied", "away": "error=temporarily_unavailable", "wrong": "error=%3Cscript%3E"} {
		b := s.visitor()
		refused(b, b.get("/oidc/p0/callback?state="+o.Admit(b.goesTo("/oidc/p0"), "x").Get("state")+"&"+query), word)
	}
	now := s.clock.now()
	for name, claims := range map[string]map[string]any{
		"another issuer": {"iss": evil.URL}, "another client": {"aud": "other"}, "several without azp": {"aud": []string{"parley", "other"}},
		"another azp": {"azp": "other"}, "an old one": {"exp": now.Add(-2 * time.Minute).Unix()}, "the future": {"iat": now.Add(2 * time.Minute).Unix()},
		"another nonce": {"nonce": "other"}, "no nonce": {"nonce": nil}, "no subject": {"sub": ""}, "a long subject": {"sub": strings.Repeat("x", 256)},
		"no issuer": {"iss": nil}, "no audience": {"aud": nil}, "no end": {"exp": nil},
	} {
		t.Log(name)
		o.Set(func() { o.Claims = claims })
		b := s.visitor()
		refused(b, b.signsInAt(o, "/oidc/p0", "ann"), "wrong")
	}
	o.Set(func() {
		o.Claims = map[string]any{"exp": now.Add(-30 * time.Second).Unix(), "iat": now.Add(30 * time.Second).Unix()}
	}) // within a minute
	s.visitor().signsInAt(o, "/oidc/p0", "ann").mustGoTo("/sign-in/new")

	s.visitor().get("/oidc/p7").mustBe(404)
	s.visitor().get("/oidc/p7/callback?state=x").mustBe(404)
	for _, next := range []string{"//evil.example", "https://evil.example", "/oidc/p0", "/assets/x"} {
		b := s.visitor()
		b.signsInAt(o, "/oidc/p0?next="+url.QueryEscape(next), "bob")
		b.post("/sign-in/new", form("username", "bob")).mustGoTo("/rooms")
		must(t, s.removeAccount("bob"))
	}
}

// removeAccount removes somebody's identities and name, for whoever comes next.
func (s *site) removeAccount(name string) error {
	u, err := s.store.UserByName(s.t.Context(), name)
	if err != nil {
		return err
	}
	if err := s.store.SealUser(s.t.Context(), u.ID); err != nil {
		return err
	}
	return s.store.EraseUser(s.t.Context(), u.ID, "gone-"+itoa(u.ID))
}

// TestProvidersThatAreAway starts without the provider, which is asked again later; and what is known stays while it is away.
func TestProvidersThatAreAway(t *testing.T) {
	t.Parallel()
	o := rig.NewOIDC(t)
	o.Down = true
	s := start(t, options{public: passkeyOrigin, oidc: []*rig.OIDC{o}})
	s.clock.stop()
	b := s.visitor()
	b.get("/oidc/p0").mustGoTo("/sign-in?sso=away&provider=p0")
	b.get("/sign-in?sso=away&provider=p0").mustBe(200).mustHave(corp(en.SSO.Unavailable))
	o.Set(func() { o.Down = false })
	asked := o.Count("/.well-known/openid-configuration")
	b.get("/oidc/p0").mustGoTo("/sign-in?sso=away&provider=p0")
	if n := o.Count("/.well-known/openid-configuration"); n != asked {
		t.Errorf("a provider that is away was asked %d times", n)
	}
	s.clock.stopped.Add(int64(6 * time.Second))
	address := b.goesTo("/oidc/p0")
	o.Set(func() { o.Down = true })
	s.clock.stopped.Add(int64(2 * time.Hour))
	if again := s.visitor().goesTo("/oidc/p0"); !strings.HasPrefix(again, strings.SplitN(address, "?", 2)[0]) {
		t.Errorf("what was known is forgotten: %q", again)
	}

	for name, document := range map[string]map[string]any{
		"another issuer": {"issuer": "https://evil.example"}, "plain http": {"token_endpoint": "http://192.0.2.1/token"}, "no keys": {"jwks_uri": nil},
		"far too long": {"padding": strings.Repeat("x", 2<<20)},
	} {
		other := rig.NewOIDC(t)
		other.Document = document
		s := start(t, options{public: passkeyOrigin, oidc: []*rig.OIDC{other}})
		if got := s.visitor().get("/oidc/p0").header.Get("Location"); got != "/sign-in?sso=away&provider=p0" {
			t.Errorf("%s: to %q", name, got)
		}
	}
}

// TestProviderAndSecondFactor checks that whoever has an app for codes is asked for one, also to connect an account.
func TestProviderAndSecondFactor(t *testing.T) {
	t.Parallel()
	o := rig.NewOIDC(t)
	o.Claims = map[string]any{"sid": "s1"}
	s := start(t, options{public: passkeyOrigin, oidc: []*rig.OIDC{o}})
	ann := s.person("ann")
	ann.post(secondFactorPath, form("password", goodPassword)).mustGoTo(secondFactorPath)
	secret := strings.ReplaceAll(appKey.FindStringSubmatch(ann.get(secondFactorPath).body)[1], " ", "")
	ann.post(secondFactorPath+"/confirm", form("code", s.code(secret, -1))).mustBe(303)
	b := s.visitor()
	b.signsInAt(o, "/oidc/p0", "x").mustGoTo("/sign-in/new")
	b.post("/sign-in/connect", form("username", "ann", "password", goodPassword)).mustBe(422).mustHave(`name="code"`)
	b.post("/sign-in/connect", form("username", "ann", "password", goodPassword, "code", s.code(secret, 0))).mustGoTo("/rooms")
	again := s.visitor()
	again.signsInAt(o, "/oidc/p0?next=/friends", "x").mustGoTo("/sign-in/code?next=%2Ffriends")
	if again.isSignedIn() {
		t.Fatal("a provider is enough for somebody with a second factor")
	}
	again.post("/sign-in/code", form("code", s.code(secret, 1), "next", "/friends")).mustGoTo("/friends")

	// The session still belongs to the provider, and one that lacks its code ends as well.
	half := s.visitor()
	half.signsInAt(o, "/oidc/p0", "x").mustGoTo("/sign-in/code")
	s.visitor().post("/oidc/p0/logout", form("logout_token", o.Logout(map[string]any{"sub": "x", "sid": "s1"}))).mustBe(200)
	if again.isSignedIn() || b.isSignedIn() || !ann.isSignedIn() {
		t.Error("a logout ends other sessions than those of the provider")
	}
	half.get("/sign-in/code").mustGoTo("/sign-in")
}
