package web

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"parley/e2e/rig"
)

// TestChangesOfAnAccountAreTold checks that whatever opens or closes a way into an account is reported to its owner, on
// the pages of all their browsers and by e-mail, and that passkeys are reviewed after a password was forgotten.
func TestChangesOfAnAccountAreTold(t *testing.T) {
	t.Parallel()
	box := rig.Mail(t, "")
	s := start(t, options{public: passkeyOrigin, mailbox: box})
	ann := s.person("ann")
	other := s.visitor()
	other.post("/sign-in", form("username", "ann", "password", goodPassword)).mustBe(303)
	letters := 0
	next := func() rig.Letter {
		t.Helper()
		letters++
		return letter(t, box, letters)
	}
	isTold := func(way, to string) {
		t.Helper()
		before, after, _ := strings.Cut(en.Recovery.Notices[way], "{what}")
		other.get("/friends").mustBe(200).mustHave(`id="notice"`, html.EscapeString(before), html.EscapeString(after))
		if to != "" {
			if l := next(); l.To != to || !strings.Contains(l.Body, before) || !strings.Contains(l.Body, after) || l.Subject != en.Mail.AccountSubject {
				t.Errorf("%s: the e-mail is %+v", way, l)
			}
		}
		other.post("/notice", nil).mustBe(303)
	}
	ann.post("/profile/address", form("address", "ann@example.org", "current", goodPassword)).mustBe(200)
	s.visitor().post(linkOn(t, next().Body, "/address/"), nil).mustBe(200)
	isTold("address", "")

	device := rig.NewPasskey(t, passkeyOrigin)
	ann.addsPasskey(device, "Somebody’s phone")
	isTold("keyadded", "ann@example.org")
	codes := ann.makesCodes()
	isTold("codesmade", "ann@example.org")
	forgetful := s.visitor()
	forgetful.post("/recover", form("username", "ann", "code", codes[0], "password", otherPassword)).mustGoTo(passkeysPath + "?saved=reset")
	next()
	page := forgetful.get(passkeysPath+"?saved=reset").mustBe(200).mustHave(en.Passkeys.Remain, "Somebody’s phone")
	other = forgetful
	forgetful.post(regexp.MustCompile(`action="(/profile/passkeys/\d+/remove)"`).FindStringSubmatch(page.body)[1], nil).mustBe(303)
	isTold("keyremoved", "ann@example.org")

	forgetful.post(secondFactorPath, form("password", otherPassword)).mustGoTo(secondFactorPath)
	secret := strings.ReplaceAll(appKey.FindStringSubmatch(forgetful.get(secondFactorPath).body)[1], " ", "")
	forgetful.post(secondFactorPath+"/confirm", form("code", s.code(secret, 0))).mustBe(303)
	isTold("appon", "ann@example.org")
	forgetful.post(secondFactorPath+"/off", form("password", otherPassword, "code", s.code(secret, 1))).mustBe(303)
	isTold("appoff", "ann@example.org")

	forgetful.post("/profile/address", form("remove", "yes", "current", otherPassword)).mustBe(303)
	isTold("noaddress", "ann@example.org")
}
