package web

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"parley/app/settings"
	"parley/e2e/rig"
)

// TestIdentityOfAnAccountThereIs checks that only the password, and a code, connects an account at a provider to one
// here.
func TestIdentityOfAnAccountThereIs(t *testing.T) {
	t.Parallel()
	o := rig.NewOIDC(t)
	o.Claims = map[string]any{"preferred_username": "ann", "email": "ann@example.org", "email_verified": true}
	onBoth(t, options{public: passkeyOrigin, limits: true, oidc: []*rig.OIDC{o}}, func(t *testing.T, s *site) {
		ann, bob := s.person("ann"), s.person("bob")
		b := s.visitor()
		b.signsInAt(o, "/oidc/p0", "x").mustGoTo("/sign-in/new")
		b.get("/sign-in/new").mustBe(200).mustHave(`value="ann2"`)
		b.post("/sign-in/new", form("username", "ann")).mustBe(422).mustHave(html.EscapeString(en.Account.NameTaken))
		b.post("/sign-in/connect", form("username", "ann", "password", "a wrong guess")).mustBe(422).mustHave(html.EscapeString(en.Account.WrongCredentials), `value="ann2"`)
		b.post("/sign-in/connect", form("username", "ann", "password", goodPassword)).mustGoTo("/rooms")
		b.get("/rooms").mustBe(200).mustHave(`id="notice"`)
		s.visitor().signsInAt(o, "/oidc/p0", "x").mustGoTo("/rooms")

		// It is connected once.
		bob.signsInAt(o, "/oidc/p0", "x").mustGoTo("/profile?sso=taken&provider=p0")
		bob.get("/profile?sso=taken&provider=p0").mustHave(corp(en.SSO.Taken))
		ann.signsInAt(o, "/oidc/p0", "x").mustGoTo("/profile?sso=already")

		// To somebody who is signed in, with only the password.
		bob.signsInAt(o, "/oidc/p0", "y").mustGoTo("/sign-in/new")
		bob.get("/sign-in/new").mustBe(200).mustHave(`action="/sign-in/connect"`, "bob")
		bob.post("/sign-in/connect", form("password", "a wrong guess")).mustBe(422).mustHave(html.EscapeString(en.Profile.WrongPassword))
		bob.post("/sign-in/connect", form("password", goodPassword)).mustGoTo("/profile?sso=connected")
		page := bob.get("/profile?sso=connected").mustHave(html.EscapeString(en.SSO.IsConnected))
		remove := regexp.MustCompile(`action="(/profile/identities/\d+/remove)"`).FindStringSubmatch(page.body)[1]
		ann.post(remove, nil).mustBe(404)
		bob.post(remove, nil).mustGoTo("/profile?sso=removed")
		s.visitor().signsInAt(o, "/oidc/p0", "y").mustGoTo("/sign-in/new")

		// Whoever begins signed in and comes back signed out, or as somebody else, is connected to nobody.
		address := bob.goesTo("/oidc/p0")
		bob.post("/sign-out", nil)
		bob.get("/oidc/p0/callback?" + o.Admit(address, "z").Encode()).mustGoTo("/sign-in?sso=late&provider=p0")

		// Guesses are counted as everywhere else.
		guesser := s.visitor()
		guesser.signsInAt(o, "/oidc/p0", "g").mustGoTo("/sign-in/new")
		for i := 0; guesser.post("/sign-in/connect", form("username", "bob", "password", "a wrong guess")).status != 429; i++ {
			if i > 20 {
				t.Fatal("guesses have no limit")
			}
		}
	})
}

// TestSignUpModesOfProviders checks who may have a new account.
func TestSignUpModesOfProviders(t *testing.T) {
	t.Parallel()
	o := rig.NewOIDC(t)
	s := start(t, options{public: passkeyOrigin, signUp: settings.SignUpInvited, oidc: []*rig.OIDC{o}})
	ann := s.person("ann")
	b := s.visitor()
	b.signsInAt(o, "/oidc/p0", "bob").mustGoTo("/sign-in/new")
	b.get("/sign-in/new").mustHave(html.EscapeString(en.Invite.Needed))
	b.post("/sign-in/new", form("username", "bob")).mustBe(403).mustHave(html.EscapeString(en.Invite.Needed))
	ann.post("/invitations", form("uses", "1", "days", "1")).mustBe(303)
	link := regexp.MustCompile(`/join/[\w-]{20,}`).FindString(ann.get("/invitations").body)
	b.get(link).mustHave(`href="/oidc/p0?next=` + url.QueryEscape(link) + `"`)
	b.signsInAt(o, "/oidc/p0?next="+url.QueryEscape(link), "bob").mustGoTo("/sign-in/new")
	b.post("/sign-in/new", form("username", "bob")).mustBe(303)
	if !b.isSignedIn() {
		t.Error("an invitation does not let a stranger in")
	}
	used := s.visitor()
	used.signsInAt(o, "/oidc/p0?next="+url.QueryEscape(link), "eve").mustGoTo("/sign-in/new")
	used.post("/sign-in/new", form("username", "eve")).mustBe(404)
	if _, err := s.store.UserByName(t.Context(), "eve"); err == nil {
		t.Error("an invitation that is used up lets a stranger in")
	}
}

// TestPasswordsOff checks that providers are the only way in, except for links from the command line.
func TestPasswordsOff(t *testing.T) {
	t.Parallel()
	o := rig.NewOIDC(t)
	s := start(t, options{public: passkeyOrigin, noPasswords: true, oidc: []*rig.OIDC{o}})
	ann := s.person("ann")
	b := s.visitor()
	page := b.get("/sign-in").mustBe(200).mustHave(corp(en.SSO.With), html.EscapeString(en.SSO.Alone))
	if strings.Contains(page.body, `name="password"`) || strings.Contains(page.body, "/forgot") || strings.Contains(page.body, "/sign-in/passkey") {
		t.Error("the sign-in page asks for a password")
	}
	b.post("/sign-in", form("username", "ann", "password", goodPassword)).mustBe(403).mustHave(html.EscapeString(en.SSO.PasswordsOff))
	b.post("/sign-up", form("username", "bob", "password", goodPassword)).mustBe(403)
	b.post("/recover", form("username", "ann", "code", "x", "password", otherPassword)).mustBe(403)
	b.post("/forgot", form("username", "ann")).mustBe(403)
	b.get("/forgot").mustGoTo("/sign-in")
	b.get("/recover").mustGoTo("/sign-in")
	b.get("/sign-in/passkey").mustGoTo("/sign-in")
	b.post("/sign-in/passkey", form("credential", "{}")).mustBe(403)
	must(t, s.server.accounts.SetAdmin(t.Context(), 0, "ann", true))
	ann.post("/admin/people/ann/reset", nil).mustBe(403)
	if b.isSignedIn() {
		t.Fatal("a password signs in")
	}
	b.signsInAt(o, "/oidc/p0", "x").mustGoTo("/sign-in/new")
	b.post("/sign-in/connect", form("username", "ann", "password", goodPassword)).mustGoTo("/rooms") // once, to move an account over
	remove := regexp.MustCompile(`action="(/profile/identities/\d+/remove)"`).FindStringSubmatch(b.get("/profile").body)[1]
	b.post(remove, nil).mustBe(422).mustHave(html.EscapeString(en.SSO.LastWay))
	stranger := s.visitor()
	stranger.signsInAt(o, "/oidc/p0", "y").mustGoTo("/sign-in/new")
	stranger.post("/sign-in/new", form("username", "bob")).mustBe(303)
	if u, err := s.store.UserByName(t.Context(), "bob"); err != nil || u.PasswordHash != "" {
		t.Errorf("%+v, %v", u, err)
	}
}
