package web

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

var ceremonyOptions = regexp.MustCompile(`data-options="([^"]*)"`)

// options returns what a page tells its browser about a passkey.
func (a *reply) options() string {
	a.t.Helper()
	found := ceremonyOptions.FindStringSubmatch(a.body)
	if found == nil {
		a.t.Fatalf("%s: no options in %s", a.request, shortened(a.body))
	}
	return html.UnescapeString(found[1])
}

const passkeyOrigin = "https://chat.example.org"

// addsPasskey gives the browser's owner a passkey on a device.
func (b *browser) addsPasskey(device *rig.Passkey, name string) {
	t := b.site.t
	t.Helper()
	b.post(passkeysPath, form("name", name, "password", goodPassword)).mustGoTo(passkeysPath + "/new")
	options := b.get(passkeysPath+"/new").mustBe(200).mustHave(`data-passkey="create"`, html.EscapeString(name)).options()
	b.post(passkeysPath+"/new", form("credential", device.Make(t, options))).mustGoTo(passkeysPath + "?saved=added")
}

// TestSignInWithAPasskey is the whole way over HTTP.
func TestSignInWithAPasskey(t *testing.T) {
	t.Parallel()
	onBoth(t, options{public: passkeyOrigin, limits: true}, func(t *testing.T, s *site) {
		ann := s.person("ann")
		device := rig.NewPasskey(t, passkeyOrigin)
		ann.get(passkeysPath).mustBe(200).mustHave(en.Passkeys.None, `value="Firefox on Linux"`)
		ann.get(passkeysPath + "/new").mustGoTo(passkeysPath)
		ann.post(passkeysPath, form("name", "Phone", "password", "not the password")).mustBe(422).mustHave(en.Profile.WrongPassword, `value="Phone"`)
		ann.post(passkeysPath, form("name", " ", "password", goodPassword)).mustBe(422).mustHave(en.Profile.NoName)
		ann.post(passkeysPath+"/new", form("credential", "{}")).mustBe(422).mustHave(en.SecondFactor.SetupLate)
		ann.addsPasskey(device, "My <phone>")
		page := ann.get(passkeysPath).mustBe(200).mustHave("My &lt;phone&gt;")

		b := s.visitor()
		b.get("/sign-in?next=/friends").mustHave(`href="/sign-in/passkey?next=%2Ffriends"`)
		a := b.get("/sign-in/passkey?next=/friends").mustBe(200).mustHave(`data-passkey="get"`)
		if c := onlyCookie(t, a); c.Name != "__Host-parley-passkey" || !c.HttpOnly || !c.Secure || c.MaxAge != 300 {
			t.Errorf("cookie %q", c.Raw)
		}
		told := a.options()
		if b.get("/sign-in/passkey").options() != told {
			t.Error("the page once more has another challenge")
		}
		if thief := s.visitor(); thief.post("/sign-in/passkey", form("credential", device.Use(t, told))).mustBe(422).header != nil && thief.isSignedIn() {
			t.Error("an answer signs another browser in")
		}
		answer := device.Use(t, told)
		b.post("/sign-in/passkey", form("credential", answer, "next", "/friends")).mustGoTo("/friends")
		if !b.isSignedIn() || b.cookies["__Host-parley-passkey"] != "" {
			t.Errorf("after the passkey: %v", b.cookies)
		}
		again := s.visitor()
		again.get("/sign-in/passkey")
		again.post("/sign-in/passkey", form("credential", answer)).mustBe(422).mustHave(en.Passkeys.Refused, `data-passkey="get"`)
		again.post("/sign-in/passkey", form("credential", strings.Repeat("x", 60_000))).mustBe(422)
		if again.isSignedIn() || strings.Contains(s.log.String(), `rawId`) {
			t.Error("a replayed answer signs in, or the log has it")
		}
		ann.get(passkeysPath).mustHave("last used")

		id := regexp.MustCompile(`action="(/profile/passkeys/\d+)/rename"`).FindStringSubmatch(page.body)
		ann.post(id[1]+"/rename", form("name", strings.Repeat("x", 200))).mustBe(422).mustHave(en.Profile.NameLong)
		ann.post(id[1]+"/rename", form("name", "Old phone")).mustGoTo(passkeysPath + "?saved=1")
		ann.post(id[1]+"/remove", nil).mustGoTo(passkeysPath + "?saved=removed")
		told = again.get("/sign-in/passkey").options()
		again.post("/sign-in/passkey", form("credential", device.Use(t, told))).mustBe(422).mustHave(en.Passkeys.Refused)
	})
}

// TestAPasskeyIsTwoFactors checks that it lets in somebody who has an app without a code, and that adding one
// then takes a code.
func TestAPasskeyIsTwoFactors(t *testing.T) {
	t.Parallel()
	s := start(t, options{public: passkeyOrigin})
	ann := s.person("ann")
	device := rig.NewPasskey(t, passkeyOrigin)
	ann.addsPasskey(device, "Phone")
	ann.hasApp()
	ann.post(passkeysPath, form("name", "Key", "password", goodPassword)).mustBe(422).mustHave(en.SecondFactor.WrongCode)
	ann.post(passkeysPath, form("name", "Key", "password", goodPassword, "code", s.code(appSecret, 0))).mustGoTo(passkeysPath + "/new")
	b := s.halfAgain("ann")
	b.post("/sign-in/passkey", form("credential", device.Use(t, b.get("/sign-in/passkey").options()))).mustGoTo("/rooms")
	if !b.isSignedIn() {
		t.Error("not signed in")
	}
}

// TestNoPasskeysWithoutAName checks the pages at an address that has none, with a text browser as well.
func TestNoPasskeysWithoutAName(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann, b := s.person("ann"), s.visitor()
	if strings.Contains(b.get("/sign-in").body, "passkey") {
		t.Error("the sign-in offers what cannot be")
	}
	b.get("/sign-in/passkey").mustBe(200).mustHave(en.Passkeys.NeedsHTTPS)
	b.post("/sign-in/passkey", form("credential", "{}")).mustBe(422)
	ann.get(passkeysPath).mustBe(200).mustHave(en.Passkeys.NeedsHTTPS)
	ann.post(passkeysPath, form("name", "Phone", "password", goodPassword)).mustBe(422)
	lynx := s.visitor()
	lynx.agent = "Lynx/2.9.2"
	page := lynx.get("/sign-in/passkey", "Host: localhost").mustBe(200).mustHave(en.Passkeys.NeedsScripts)
	if strings.Contains(page.body, "<button") {
		t.Error("lynx gets a button that does nothing")
	}
	s.clock.pass(time.Hour)
	must(t, s.server.Tidy(t.Context()))
}
