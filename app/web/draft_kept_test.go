package web

import (
	"net/url"
	"testing"

	"parley/views"
)

const acceptsHTML = "Accept: text/html,application/xhtml+xml,*/*;q=0.8"

// TestPhotosThatAreTooLargeLeaveTheText checks that a form with too large a photo comes back with its text,
// on the page that it was sent from and in its reader's language.
func TestPhotosThatAreTooLargeLeaveTheText(t *testing.T) {
	t.Parallel()
	s, ann, _, room := talked(t, options{}, 1)
	ann.post("/profile", form("display_name", "Ann", "time_zone", "UTC", "language", "de")).mustBe(303)
	tooLarge := de.Trouble.Why[413].Title
	for _, size := range []int{24 << 20, 40 << 20} {
		ann.postMultipart(views.RoomPath(room)+"/messages", form("key", "k1", "body", "what I typed"), make([]byte, size)).mustBe(413).
			mustHave(tooLarge, ">what I typed</textarea>")
	}
	photo := make([]byte, 11<<20)
	for _, way := range []string{"/messages", "/composer"} {
		ann.postMultipart(views.RoomPath(room)+way, form("key", "k1", "body", "what I typed"), photo).mustBe(413).
			mustHave(tooLarge, ">what I typed</textarea>", `value="k1"`, `name="photo"`)
	}
	ann.sends(room, "what I typed", "k1", nil, [][]byte{photo}, "HX-Request: true").mustBe(413).
		mustHave(tooLarge, `data-key="k1"`, `data-refused="413"`)
	ann.upload("/profile", "me.png", photo, form("display_name", "Annabel")).mustBe(413).mustHave(tooLarge, `value="Annabel"`)
	if me := ann.user(); me.DisplayName != "Ann" {
		t.Errorf("%+v", me)
	}
	stranger := s.person("eve")
	for _, way := range []string{"/messages", "/composer", "/photo"} {
		stranger.postMultipart(views.RoomPath(room)+way, form("key", "k1", "body", "what I typed"), make([]byte, 12<<20)).mustBe(404)
	}
	ann.sends(room, "what I typed", "k1", nil, [][]byte{tinyPNG(t)}).mustBe(303)
}

// TestSignedOutPostKeepsTheText checks that no text is lost when a session ends while somebody is typing,
// in any form and whatever else it sends.
func TestSignedOutPostKeepsTheText(t *testing.T) {
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
	keeps(out.post(path, typed, acceptsHTML), path)
	keeps(out.post(path+"/2/edit", typed, acceptsHTML), path+"/2/edit")
	a := out.post(path, form("body", "what I <typed>", "key", "k1", "reply_to", "2"), acceptsHTML)
	keeps(a, path)
	a.mustHave(`name="reply_to" value="2"`)
	for _, size := range []int{1 << 10, 1 << 20, 10 << 20} {
		keeps(out.sends(room, "what I <typed>", "k1", nil, [][]byte{make([]byte, size)}, acceptsHTML), path)
	}
	out.sends(room, "what I <typed>", "k1", nil, [][]byte{make([]byte, 12<<20)}, acceptsHTML).mustBe(401)
	out.post(path, typed).mustGoTo("/sign-in")
	out.post(path, form("body", ""), acceptsHTML).mustGoTo("/sign-in")
	out.post(path, typed, acceptsHTML, "Origin: https://evil.example").mustBe(403).mustNotHave("typed")
	out.post(path, typed, acceptsHTML, "HX-Request: true").mustBe(401).mustNotHave("textarea")
}
