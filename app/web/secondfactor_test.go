package web

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/hotp"

	"parley/app/settings"
	"parley/db"
	"parley/e2e/rig"
	"parley/views"
)

// appSecret is what the apps of the tests know.
const appSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

// code returns what an app shows, off steps away from now.
func (s *site) code(secret string, off int) string {
	s.t.Helper()
	code, err := hotp.GenerateCode(secret, uint64(s.clock.now().Unix()/30+int64(off)))
	must(s.t, err)
	return code
}

// hasApp gives somebody an app with appSecret.
func (b *browser) hasApp() {
	b.site.t.Helper()
	must(b.site.t, b.site.store.CreateSecondFactor(b.site.t.Context(), &db.SecondFactor{UserID: b.id, Secret: appSecret, CreatedAt: time.Now().UTC()}))
}

// halfway returns a browser of somebody new who has an app, and has given the password only.
func (s *site) halfway(name string) *browser {
	s.t.Helper()
	s.person(name).hasApp()
	return s.halfAgain(name)
}

// halfAgain is halfway for somebody who has one already.
func (s *site) halfAgain(name string) *browser {
	s.t.Helper()
	b := s.visitor()
	b.name = name
	b.post("/sign-in", form("username", name, "password", goodPassword)).mustGoTo("/sign-in/code")
	return b
}

var (
	appKey     = regexp.MustCompile(`<code id="app-key">([A-Z2-7 ]+)</code>`)
	appAddress = regexp.MustCompile(`href="(otpauth://[^"]+)"`)
)

// TestSignInInTwoSteps is the whole way over HTTP: setting up, signing in, and turning it off.
func TestSignInInTwoSteps(t *testing.T) {
	t.Parallel()
	onBoth(t, options{limits: true}, func(t *testing.T, s *site) {
		ann := s.person("ann")
		other := ann.another()
		stream := other.listen("/events")
		page := ann.get(secondFactorPath).mustBe(200).mustHave(`action="/profile/second-factor"`)
		if appKey.MatchString(page.body) {
			t.Error("there is a key before anybody has asked for one")
		}
		ann.post(secondFactorPath, form("password", "not the password")).mustBe(422).mustHave(en.Profile.WrongPassword)
		ann.post(secondFactorPath+"/confirm", form("code", "123456")).mustBe(422).mustHave(en.SecondFactor.SetupLate)
		ann.post(secondFactorPath, form("password", goodPassword)).mustGoTo(secondFactorPath)
		page = ann.get(secondFactorPath).mustBe(200).mustHave(`src="data:image/png;base64,`)
		key, address := appKey.FindStringSubmatch(page.body), appAddress.FindStringSubmatch(page.body)
		if key == nil || address == nil {
			t.Fatalf("no key: %s", shortened(page.body))
		}
		secret := strings.ReplaceAll(key[1], " ", "")
		if u := html.UnescapeString(address[1]); !strings.HasPrefix(u, "otpauth://totp/Parley:ann?") || !strings.HasSuffix(u, "&secret="+secret) {
			t.Errorf("the app gets %s", u)
		}
		if strings.Contains(other.get(secondFactorPath).body, key[1]) {
			t.Error("another browser sees the key")
		}
		ann.post(secondFactorPath+"/confirm", form("code", "000000")).mustBe(422).mustHave(en.SecondFactor.WrongCode, key[1])
		ann.post(secondFactorPath+"/confirm", form("code", s.code(secret, 0))).mustGoTo(secondFactorPath + "?saved=on")
		stream.awaitEnd()
		if other.isSignedIn() || !ann.isSignedIn() {
			t.Errorf("signed in: %v and %v", other.isSignedIn(), ann.isSignedIn())
		}
		if strings.Contains(ann.get(secondFactorPath+"?saved=on").mustBe(200).mustHave(en.SecondFactor.TurnedOn).body, key[1]) {
			t.Error("the key is still shown")
		}

		next := views.RoomPath(7)
		b := s.visitor()
		b.get("/sign-in/code").mustGoTo("/sign-in")
		b.post("/sign-in/code", form("code", s.code(secret, 1))).mustBe(422).mustHave(en.SecondFactor.Late)
		a := b.post("/sign-in", form("username", "ann", "password", goodPassword, "next", next)).mustGoTo("/sign-in/code?next=%2Frooms%2F7")
		if c := onlyCookie(t, a); c.Name != s.cookieName()+"-code" || !c.HttpOnly || c.MaxAge != 300 || c.Path != "/" {
			t.Errorf("cookie %q", c.Raw)
		}
		b.get("/sign-in/code?next="+next).mustBe(200).mustHave(`name="next" value="`+next+`"`, `autocomplete="one-time-code"`)
		b.post("/sign-in/code", form("code", "1", "next", next)).mustBe(422).mustHave(en.SecondFactor.WrongCode, `name="next" value="`+next+`"`)
		if b.isSignedIn() {
			t.Fatal("half a session shows rooms")
		}
		half := b.copy()
		half.cookies[s.cookieName()] = half.cookies[s.cookieName()+"-code"]
		half.cookies["parley"] = half.cookies[s.cookieName()+"-code"]
		if half.isSignedIn() {
			t.Fatal("the token of half a session is one of a session")
		}
		b.post("/sign-in/code", form("code", s.code(secret, 1), "next", next)).mustGoTo(next)
		if !b.isSignedIn() || b.cookies[s.cookieName()+"-code"] != "" {
			t.Errorf("after the code: %v", b.cookies)
		}
		b.post("/sign-in/code", form("code", s.code(secret, 1))).mustBe(422)
		b.get("/sign-in/code").mustGoTo("/rooms")

		s.clock.pass(2 * time.Minute)
		ann.post(secondFactorPath+"/off", form("password", "not the password", "code", s.code(secret, 0))).mustBe(422).mustHave(en.Profile.WrongPassword)
		ann.post(secondFactorPath+"/off", form("password", goodPassword, "code", "12345")).mustBe(422).mustHave(en.SecondFactor.WrongCode)
		ann.post(secondFactorPath+"/off", form("password", goodPassword, "code", s.code(secret, 0))).mustGoTo(secondFactorPath + "?saved=off")
		s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword)).mustGoTo("/rooms")
	})
}

// TestHalfSessionsEnd checks that the second step is over after five minutes, after a new password, and after too
// many guesses, each with a sentence and on every language's page.
func TestHalfSessionsEnd(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	b := s.halfway("ann")
	for i := range 11 {
		a := b.post("/sign-in/code", form("code", "12 34"), "Accept-Language: de")
		if i < 10 {
			a.mustBe(422).mustHave(de.SecondFactor.WrongCode)
			continue
		}
		a.mustBe(429).mustHave(de.SecondFactor.TooManyCodes)
		if after := parseSeq(a.header.Get("Retry-After")); after == 0 || after > 15*60 {
			t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
		}
	}
	b.post("/sign-in/code", form("code", s.code(appSecret, 0))).mustBe(429)
	s.clock.pass(16 * time.Minute)
	b.get("/sign-in/code").mustGoTo("/sign-in")
	b.post("/sign-in/code", form("code", s.code(appSecret, 0)), "Accept-Language: es").mustBe(422).mustHave(es.SecondFactor.Late, `action="/sign-in"`)
	b = s.halfAgain("ann")
	b.post("/sign-in/code", form("code", s.code(appSecret, 0))).mustGoTo("/rooms")
	if text := s.log.String(); strings.Contains(text, s.code(appSecret, 0)) || strings.Contains(text, appSecret) {
		t.Error("the log has a code or the secret")
	}
}

// TestAdministratorsNeedASecondFactor checks that the setting keeps an administrator out of /admin until they have one,
// whatever the session was begun with, and that a passkey is enough for the session begun with it.
func TestAdministratorsNeedASecondFactor(t *testing.T) {
	t.Parallel()
	onBoth(t, options{public: passkeyOrigin}, func(t *testing.T, s *site) {
		s.person("first")
		ann, bob := s.person("ann"), s.person("bob")
		must(t, s.server.accounts.SetAdmin(t.Context(), 0, "ann", true))
		ann.get("/admin/people").mustBe(200)
		must(t, s.server.settings.Change(t.Context(), ann.id, map[string]string{settings.AdminsNeedSecondFactor: "yes"}, time.Now().UTC()))
		for _, r := range routes {
			if r.access != admin {
				continue
			}
			path := strings.ReplaceAll(r.path, ":username", "bob")
			ann.send(r.method, path, nil).mustGoTo(secondFactorPath)
			bob.send(r.method, path, nil).mustBe(404)
		}
		ann.get(secondFactorPath).mustBe(200).mustHave(en.SecondFactor.Required)
		if strings.Contains(bob.get(secondFactorPath).body, en.SecondFactor.Required) {
			t.Error("it is asked of everybody")
		}
		device := rig.NewPasskey(t, passkeyOrigin)
		ann.addsPasskey(device, "Phone")
		ann.get("/admin/people").mustGoTo(secondFactorPath)
		other := s.visitor()
		other.post("/sign-in/passkey", form("credential", device.Use(t, other.get("/sign-in/passkey").options()))).mustGoTo("/rooms")
		other.get("/admin/people").mustBe(200)
		ann.hasApp()
		ann.get("/admin/people").mustBe(200)
	})
}

// TestTheSuspendedGetNoFurther checks that neither a code nor a passkey lets in somebody who was suspended
// after the first step, and that a page says why.
func TestTheSuspendedGetNoFurther(t *testing.T) {
	t.Parallel()
	s := start(t, options{public: passkeyOrigin})
	s.person("first")
	ann, device := s.person("ann"), rig.NewPasskey(t, passkeyOrigin)
	ann.addsPasskey(device, "Phone")
	ann.hasApp()
	half, key := s.halfAgain("ann"), s.visitor()
	answer := device.Use(t, key.get("/sign-in/passkey").options())
	_, err := s.server.accounts.Suspend(t.Context(), 0, "ann")
	must(t, err)
	half.post("/sign-in/code", form("code", s.code(appSecret, 0))).mustBe(403).mustHave(en.Account.Suspended)
	key.post("/sign-in/passkey", form("credential", answer)).mustBe(403).mustHave(en.Account.Suspended)
	if half.isSignedIn() || key.isSignedIn() {
		t.Error("signed in")
	}
}

// TestEveryWayInTakesBothSteps checks that a link of an administrator and another device lead to the code as well, and
// that a recovery code counts as one: at the second step, to turn it off, and with a new password.
func TestEveryWayInTakesBothSteps(t *testing.T) {
	t.Parallel()
	onBoth(t, options{limits: true}, func(t *testing.T, s *site) {
		root, ann := s.person("root.one"), s.person("ann")
		must(t, s.server.accounts.SetAdmin(t.Context(), 0, "root.one", true))
		ann.hasApp()
		codes := ann.makesCodes()

		b := s.halfAgain("ann")
		b.post("/sign-in/code", form("code", strings.ToUpper(codes[0]))).mustGoTo("/rooms")
		s.halfAgain("ann").post("/sign-in/code", form("code", codes[0])).mustBe(422).mustHave(en.SecondFactor.WrongCode)

		device := views.DevicePath(ann.startsDevice())
		phone := s.visitor()
		phone.post(linkOn(t, ann.get(device).body, "/device/"), nil).mustGoTo("/device")
		ann.post(device+"/confirm", nil).mustGoTo(device)
		phone.get("/device").mustGoTo("/sign-in/code")
		phone.post("/sign-in/code", form("code", s.code(appSecret, 0))).mustGoTo("/rooms")

		given := root.post("/admin/people/ann/reset", nil).mustBe(303).header.Get("Location")
		lost := s.visitor()
		lost.post(linkOn(t, root.get(given).body, "/reset/"), form("password", otherPassword)).mustGoTo("/sign-in/code")
		if lost.isSignedIn() {
			t.Fatal("a link of an administrator opens the door alone")
		}
		lost.post("/sign-in/code", form("code", codes[1])).mustGoTo("/rooms")

		back := s.visitor()
		back.post("/recover", form("username", "ann", "code", codes[2], "password", goodPassword)).mustGoTo("/rooms")
		back.post(secondFactorPath+"/off", form("password", goodPassword, "code", codes[3])).mustGoTo(secondFactorPath + "?saved=off")
		s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword)).mustGoTo("/rooms")
	})
}
