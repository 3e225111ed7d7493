package web

import (
	"net/url"
	"testing"

	"parley/views"
)

const goesThere = "Accept: text/html,application/xhtml+xml,*/*;q=0.8"

// TestPhotosThatAreTooLargeLeaveTheText holds that a form which cannot be taken is answered where it
// was sent, in the language of whoever sent it, with what was typed.
func TestPhotosThatAreTooLargeLeaveTheText(t *testing.T) {
	t.Parallel()
	s, ann, _, room := talked(t, options{}, 1)
	ann.post("/profile", form("display_name", "Ann", "time_zone", "UTC", "language", "de")).mustBe(303)
	tooLarge := de.Trouble.Why[413].Title
	for _, size := range []int{11 << 20, 24 << 20, 40 << 20} {
		photo := make([]byte, size)
		for _, way := range []string{"/messages", "/composer"} {
			ann.sendsForm(views.RoomPath(room)+way, form("key", "k1", "body", "what I typed"), photo).mustBe(413).
				mustHave(tooLarge, ">what I typed</textarea>", `value="k1"`, `name="photo"`)
		}
		ann.sends(room, "what I typed", "k1", nil, [][]byte{photo}, "HX-Request: true").mustBe(413).
			mustHave(tooLarge, `data-key="k1"`, `data-refused="413"`)
		ann.uploads("/profile", "me.png", photo, form("display_name", "Annabel")).mustBe(413).mustHave(tooLarge, `value="Annabel"`)
	}
	if me := ann.user(); me.DisplayName != "Ann" {
		t.Errorf("%+v", me)
	}
	stranger := s.person("eve")
	for _, way := range []string{"/messages", "/composer", "/photo"} {
		stranger.sendsForm(views.RoomPath(room)+way, form("key", "k1", "body", "what I typed"), make([]byte, 12<<20)).mustBe(404)
	}
	ann.sends(room, "what I typed", "k1", nil, [][]byte{tinyPNG(t)}).mustBe(303)
}

// TestWhoeverIsSignedOutKeepsTheText holds that a session which ends under someone who writes costs
// them no word, whichever form it is and whatever else it brings.
func TestWhoeverIsSignedOutKeepsTheText(t *testing.T) {
	t.Parallel()
	s, _, _, room := talked(t, options{}, 1)
	out := s.visitor()
	path := views.RoomPath(room) + "/messages"
	keeps := func(a *reply, action string) {
		t.Helper()
		a.mustBe(401).mustHave(en.Refusals.SignedOut, ">what I &lt;typed&gt;</textarea>", `action="`+action+`"`,
			`value="k1"`, `href="/sign-in?next=`+url.QueryEscape(views.RoomPath(room))+`"`)
	}
	typed := form("body", "what I <typed>", "key", "k1")
	keeps(out.post(path, typed, goesThere), path)
	keeps(out.post(path+"/2/edit", typed, goesThere), path+"/2/edit")
	a := out.post(path, form("body", "what I <typed>", "key", "k1", "reply_to", "2"), goesThere)
	keeps(a, path)
	a.mustHave(`name="reply_to" value="2"`)
	for _, size := range []int{1 << 10, 1 << 20, 10 << 20} {
		keeps(out.sends(room, "what I <typed>", "k1", nil, [][]byte{make([]byte, size)}, goesThere), path)
	}
	out.sends(room, "what I <typed>", "k1", nil, [][]byte{make([]byte, 12<<20)}, goesThere).mustBe(401)
	out.post(path, typed).mustGoTo("/sign-in")
	out.post(path, form("body", ""), goesThere).mustGoTo("/sign-in")
	out.post(path, typed, goesThere, "Origin: https://evil.example").mustBe(403).mustNotHave("typed")
	out.post(path, typed, goesThere, "HX-Request: true").mustBe(401).mustNotHave("textarea")
}
