package web

import (
	"testing"

	"parley/views"
)

// TestPagesOfAnotherAccount checks that a page which is still open in one tab, after somebody else has signed in in
// another tab of the browser, neither says anything in their name nor hears of their rooms: T51 in docs/threats.md.
func TestPagesOfAnotherAccount(t *testing.T) {
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		room := s.befriend(ann, bob)
		path, composer := views.RoomPath(room), views.RoomPath(room)+"/composer"
		page := ann.get(path).mustBe(200)
		me := itoa(ann.id)
		page.mustHave(`name="me" value="`+me+`"`, socketPath(room)+"?me="+me)
		ann.get(composer).mustBe(200).mustHave(`name="me" value="` + me + `"`)

		said := form("me", me, "key", "k1", "body", "what ann has typed")
		bob.listen(page.streamOf()).mustEndWith("reset")
		bob.listen(ann.get("/rooms").streamOf()).mustEndWith("reset")
		bob.listen("/events?page=hidden&me=" + me).mustEndWith("signed-out")
		if _, a := bob.tryTalk(socketPath(room)+"?me="+me, "Origin: "+s.origin()); a == nil || a.status != 401 {
			t.Errorf("a socket: %+v", a)
		}
		bob.post(path+"/messages", said, acceptsHTML).mustBe(401).mustHave("what ann has typed")
		bob.post(path+"/messages", said, "HX-Request: true").mustBe(401)
		bob.post(composer, said).mustBe(401).mustHave("what ann has typed")
		bob.get(path).mustBe(200).mustNotHave("what ann has typed")

		ann.listen(page.streamOf()).await("the page", func(event) bool { return true })
		ann.post(path+"/messages", said).mustBe(303)
		bob.get(path + "?me=" + me).mustBe(200).mustHave("what ann has typed")
	})
}
