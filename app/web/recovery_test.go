package web

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/e2e/rig"
	"parley/views"
	"parley/views/words"
)

const otherPassword = "seven blue kettles"

// startsDevice makes a link for another device, and returns its number.
func (b *browser) startsDevice() uint64 {
	b.site.t.Helper()
	_, id, _ := strings.Cut(b.post("/profile/device", nil).mustBe(303).header.Get("Location"), "/device/")
	return parseSeq(id)
}

// linkOn returns the path of the link on a page that contains this.
func linkOn(t *testing.T, page, part string) string {
	t.Helper()
	found := regexp.MustCompile(`(?:href="http://[^"/]*|https?://[^"/\s]*)(` + part + `[\w-]{43})`).FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("no link with %s in %s", part, shortened(page))
	}
	return found[1]
}

func (b *browser) makesCodes() []string {
	b.site.t.Helper()
	a := b.post("/profile/codes", form("current", goodPassword)).mustBe(200)
	codes := regexp.MustCompile(`[0-9a-z]{4}(-[0-9a-z]{4}){3}`).FindAllString(a.body, -1)
	if slices.Sort(codes); len(slices.Compact(codes)) != 10 {
		b.site.t.Fatalf("codes: %q", codes)
	}
	return codes
}

func TestRecoveryCodesOnPages(t *testing.T) {
	t.Parallel()
	onBoth(t, options{limits: true}, func(t *testing.T, s *site) {
		ann := s.person("ann")
		phone := ann.another()
		stream := phone.listen("/events")
		ann.post("/profile/codes", form("current", "a wrong guess")).mustBe(422).mustHave(en.Profile.WrongPassword, `id="recovery" open`)
		codes := ann.makesCodes()
		ann.get("/profile").mustBe(200).mustHave(en.Recovery.CodesLeft(10))
		lost := s.visitor()
		lost.get("/sign-in").mustHave(`href="/forgot"`)
		lost.get("/forgot").mustBe(200).mustHave(`href="/recover"`, en.Recovery.NoMail)
		lost.post("/forgot", form("username", "ann")).mustBe(200).mustHave(en.Recovery.NoMail)
		wrong := lost.post("/recover", form("username", "ann", "code", "0000", "password", otherPassword)).mustBe(422)
		none := lost.post("/recover", form("username", "nobody", "code", "0000", "password", otherPassword)).mustBe(422)
		wrong.mustHave(en.Recovery.WrongCode, `value="ann"`, `value="0000"`)
		if strings.ReplaceAll(none.body, "nobody", "ann") != wrong.body {
			t.Error("the page says who exists")
		}
		lost.post("/recover", form("username", "ann", "code", codes[0], "password", "short")).mustBe(422).mustHave(en.Account.PasswordShort, codes[0])
		lost.post("/recover", form("username", "ann", "code", codes[0], "password", otherPassword)).mustGoTo("/rooms")
		notice, _, _ := strings.Cut(en.Recovery.Notices["code"], "{what}")
		for _, path := range []string{"/rooms", "/friends", "/profile"} {
			lost.get(path).mustBe(200).mustHave(`id="notice"`, html.EscapeString(notice))
		}
		stream.await("its end", func(e event) bool { return e.name == "signed-out" })
		for _, b := range []*browser{ann, phone} {
			if b.isSignedIn() {
				t.Error("another session has not ended")
			}
		}
		lost.post("/notice", nil).mustGoTo("/rooms")
		if strings.Contains(lost.get("/rooms").body, `id="notice"`) {
			t.Error("the notice is there although it was dismissed")
		}
		s.visitor().post("/sign-in", form("username", "ann", "password", otherPassword)).mustGoTo("/rooms")
		for range 5 {
			s.visitor().post("/recover", form("username", "ann", "code", "0000", "password", otherPassword))
		}
		s.visitor().post("/recover", form("username", "ann", "code", codes[1], "password", goodPassword)).mustBe(429).mustHave(en.Recovery.TooMany)
	})
}

func TestResetLinksOnPages(t *testing.T) {
	t.Parallel()
	onBoth(t, options{limits: true}, func(t *testing.T, s *site) {
		list := s.people("ann", "root.one")
		ann, root := list[0], list[1]
		s.runs("root.one")
		root.get("/admin/people/ann").mustBe(200).mustHave(`action="/admin/people/ann/reset"`)
		root.post("/admin/people/nobody/reset", nil).mustBe(404)
		shown := root.post("/admin/people/ann/reset", nil).mustBe(303).header.Get("Location")
		root.send("HEAD", shown, nil).mustBe(200)
		root.another().get(shown).mustBe(200).mustHave(html.EscapeString(en.Recovery.LinkGone))
		token := strings.TrimPrefix(linkOn(t, root.get(shown).mustBe(200).body, "/reset/"), "/reset/")
		root.get(shown).mustBe(200).mustHave(html.EscapeString(en.Recovery.LinkGone)).mustNotHave(token)
		root.get("/admin/log").mustHave("@root.one created a password link for @ann.")
		lost := s.visitor()
		a := lost.get("/reset/"+token).mustBe(200).mustHave("<b>ann</b>", `method="post"`)
		if got := a.header.Get("Referrer-Policy"); got != "strict-origin" {
			t.Errorf("Referrer-Policy is %q", got)
		}
		if strings.Contains(a.body, token) {
			t.Error("the page has the token in it, from where it could go elsewhere")
		}
		lost.post("/reset/"+token, form("password", "ann")).mustBe(422).mustHave("<b>ann</b>", `role="alert"`)
		lost.post("/reset/"+token, form("password", otherPassword)).mustGoTo("/rooms")
		lost.get("/rooms").mustBe(200)
		if ann.isSignedIn() {
			t.Error("another session has not ended")
		}
		used := lost.get("/reset/" + token).mustBe(404).mustHave(en.Recovery.Dead)
		never := lost.get("/reset/" + strings.Repeat("A", 43)).mustBe(404)
		other := lost.get("/reset/x").mustBe(404)
		if used.body != never.body || used.body != other.body || lost.post("/reset/"+token, form("password", goodPassword)).mustBe(404).body != used.body {
			t.Error("the pages of dead links differ")
		}
		for name, text := range map[string]string{"log": s.log.String(), "metrics": metricsText(s)} {
			if strings.Contains(text, token) {
				t.Errorf("the %s has the token", name)
			}
		}
		for i := 0; lost.get("/reset/x").status != 429; i++ {
			if i > 30 {
				t.Fatal("links can be guessed without end")
			}
		}
		lost.post("/reset/"+token, form("password", goodPassword)).mustBe(429)
	})
}

func TestAnotherDeviceOnPages(t *testing.T) {
	t.Parallel()
	onBoth(t, options{limits: true}, func(t *testing.T, s *site) {
		ann := s.person("ann")
		invite := views.DevicePath(ann.startsDevice())
		page := ann.get(invite).mustBe(200).mustHave(`src="data:image/png;base64,`, `http-equiv="refresh"`)
		link := linkOn(t, page.body, "/device/")
		ann.get(invite, "HX-Request: true").mustBe(204)
		phone := s.visitor()
		phone.agent = "Mozilla/5.0 (Android 14; Mobile) Firefox/140.0"
		phone.get("/device").mustBe(404)
		phone.get(link).mustBe(200).mustHave("ann")
		ann.get(invite).mustBe(200).mustHave(link) // looking uses nothing up
		phone.post(link, nil).mustGoTo("/device")
		s.visitor().post(link, nil).mustBe(404)
		phone.get("/device", "HX-Request: true").mustBe(204)
		waiting := phone.get("/device").mustBe(200).mustHave(`http-equiv="refresh"`)
		number := regexp.MustCompile(`<b>(\d{4})</b>`).FindStringSubmatch(waiting.body)[1]
		ann.get(invite, "HX-Request: true").mustBe(200).mustHave("Firefox on Android", number, invite+"/confirm")
		ann.another().post(invite+"/confirm", nil).mustBe(404)
		ann.post(invite+"/confirm", nil).mustGoTo(invite)
		ann.get(invite).mustBe(200).mustHave(en.Device.In)
		if a := phone.get("/device", "HX-Request: true"); a.header.Get("HX-Redirect") != "/device" {
			t.Errorf("%d %v", a.status, a.header)
		}
		phone.send("HEAD", "/device", nil).mustBe(200)
		stolen := phone.copy()
		phone.get("/device").mustGoTo("/rooms")
		phone.get("/rooms").mustBe(200)
		stolen.get("/device").mustBe(404)
		ann.get(invite).mustBe(200).mustHave(en.Device.Over)
		for _, secret := range []string{strings.TrimPrefix(link, "/device/"), stolen.cookies[deviceCookie]} {
			if s.log.has(secret) {
				t.Error("the log has a token")
			}
		}
		if !ann.isSignedIn() {
			t.Error("the first device is signed out")
		}

		invite = views.DevicePath(ann.startsDevice())
		link = linkOn(t, ann.get(invite).body, "/device/")
		phone = s.visitor()
		phone.post(link, nil).mustGoTo("/device")
		ann.post(invite+"/refuse", nil).mustGoTo(invite)
		phone.get("/device").mustBe(404).mustHave(en.Device.NotIn)
		ann.post(invite+"/confirm", nil).mustGoTo(invite)
		phone.get("/device").mustBe(404)
	})
}

// letter waits for the nth e-mail, from 1.
func letter(t *testing.T, box *rig.Mailbox, n int) rig.Letter {
	t.Helper()
	eventually(t, "an e-mail arrives", func() bool { return len(box.Letters()) >= n })
	return box.Letters()[n-1]
}

func TestLinksByMail(t *testing.T) {
	t.Parallel()
	box := rig.Mail(t, "")
	s := start(t, options{limits: true, public: "http://chat.example.org", mailbox: box})
	ann := s.person("ann")
	ann.post("/profile/address", form("address", "ann@", "current", goodPassword)).mustBe(422).mustHave(en.Recovery.BadAddress, `value="ann@"`)
	ann.post("/profile/address", form("address", "ann@example.org", "current", "a wrong guess")).mustBe(422).
		mustHave(en.Profile.WrongPassword, `value="ann@example.org"`)
	ann.post("/profile/address", form("address", "ann@example.org", "current", goodPassword)).mustBe(200).
		mustHave(words.Fill(en.Recovery.AddressSent, "{what}", "ann@example.org"))
	first := letter(t, box, 1)
	confirm := linkOn(t, first.Body, "/address/")
	if first.To != "ann@example.org" || !strings.Contains(first.Body, "http://chat.example.org"+confirm) {
		t.Errorf("it is %+v", first)
	}
	lost := s.visitor()
	ask := func(name string, headers ...string) *reply {
		t.Helper()
		return lost.post("/forgot", form("username", name), headers...).mustBe(200).mustHave(en.Recovery.Sent)
	}
	s.person("bob")
	ask("bob") // who has no address; ann would have one by the time that the server looks
	lost.get(confirm).mustBe(200).mustHave("ann@example.org")
	lost.get(confirm).mustBe(200) // looking uses nothing up
	lost.post(confirm, nil).mustBe(200).mustHave(en.Recovery.Confirmed)
	lost.post(confirm, nil).mustBe(404)
	ann.get("/profile").mustHave(words.Fill(en.Recovery.AddressIs, "{what}", "ann@example.org"), `id="notice"`)
	if ask("ann").body != strings.ReplaceAll(ask("nobody").body, "nobody", "ann") {
		t.Error("the page says who has an account")
	}
	second := letter(t, box, 2)
	reset := linkOn(t, second.Body, "/reset/")
	if len(box.Letters()) != 2 || second.Subject != en.Mail.ResetSubject {
		t.Errorf("there are %d, the last %+v", len(box.Letters()), second)
	}
	ann.post("/profile", form("language", "de")).mustBe(303)
	lost.post(reset, form("password", otherPassword)).mustGoTo("/rooms")
	third := letter(t, box, 3)
	if before, _, _ := strings.Cut(de.Recovery.Notices["mail"], "{what}"); third.Subject != de.Mail.ChangedSubject || !strings.Contains(third.Body, before) {
		t.Errorf("it is %+v", third)
	}
	lost.get("/rooms").mustBe(200).mustHave(`id="notice"`)
	if ann.isSignedIn() {
		t.Error("another session has not ended")
	}
	// The link is the owner's, whatever a request says about where it went.
	lost.post("/forgot", form("username", "ann"), "X-Forwarded-Host: evil.example").mustBe(200)
	if fourth := letter(t, box, 4); strings.Contains(fourth.Body, "evil") {
		t.Errorf("it is %+v", fourth)
	}
	session := lost
	lost = s.visitor()
	ask("ann")
	ask("nobody")
	ask("nobody")
	for _, name := range []string{"ann", "nobody"} { // for the fourth time each
		lost.post("/forgot", form("username", name)).mustBe(429).mustHave(en.Recovery.TooMany, `value="`+name+`"`)
	}
	session.post("/profile/address", form("remove", "yes", "current", "a wrong guess")).mustBe(422)
	session.post("/profile/address", form("remove", "yes", "current", otherPassword)).mustBe(303)
	if strings.Contains(session.get("/profile").body, "ann@example.org") {
		t.Error("the address is still there")
	}
	for _, secret := range []string{"ann@example.org", reset[len("/reset/"):], confirm[len("/address/"):]} {
		if s.log.has(secret) {
			t.Errorf("the log has %s", secret)
		}
	}
}
