package web

import (
	"strings"
	"testing"

	"parley/views"
)

// TestAGroupIsLeftFromTheList checks the form in the list, on the first page and on a later one, with the
// words that fit, and that nothing of the room is opened or read.
func TestAGroupIsLeftFromTheList(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		direct := s.befriend(ann, bob)
		theirs, mine, alone := bob.makesGroup("Theirs", ann), ann.makesGroup("Mine", bob), ann.makesGroup("Alone")
		form1 := func(room uint64) string { return `<form method="post" action="` + views.RoomPath(room) + `/leave">` }
		page := ann.get("/rooms").mustBe(200)
		page.mustHave(form1(theirs), form1(mine), form1(alone), en.Group.MemberLeaves, en.Group.OwnerLeaves, en.Group.LastLeaves).
			mustNotHave(form1(direct))
		for _, path := range []string{views.RoomPath(theirs), views.RoomsLivePath(theirs)} {
			d := ann.watchPage(path)
			d.await("Theirs")
			if text, _ := d.all(); strings.Contains(text, "/leave") {
				t.Errorf("%s can be left beside an open room", path)
			}
			d.hangUp()
		}
		frame := ann.watchPage(views.RoomsLivePath(0))
		frame.await(form1(theirs))
		lists := ann.listen("/events")
		lists.await("the form in the stream", says(form1(theirs)))
		bob.say(theirs, "unread")
		ann.post(views.RoomPath(theirs)+"/leave", nil).mustGoTo("/rooms")
		ann.get("/rooms").mustBe(200).mustNotHave(form1(theirs), "Theirs").mustHave(form1(mine))
		lists.await("the list without it", func(e event) bool {
			return strings.Contains(e.data, form1(mine)) && !strings.Contains(e.data, form1(theirs))
		})
		bob.get(views.RoomPath(theirs)).mustHave(sentence(en.Message.MemberLeft, "{who}", "ann"))

		s.bringIn(70, bob, ann)
		second := nextPage.FindStringSubmatch(ann.get("/rooms").body)[1]
		after := strings.TrimPrefix(second, "/rooms?after=")
		page = ann.get(second).mustBe(200).mustHave(`<input type="hidden" name="after" value="`+after+`">`, `href="/rooms"`, en.Rooms.Newest)
		room := roomLink.FindStringSubmatch(page.body)[1]
		ann.post("/rooms/"+room+"/leave", form("after", after)).mustGoTo(second)
		ann.get(second).mustBe(200).mustNotHave(`href="/rooms/` + room + `"`)
		for _, odd := range []string{"x", "1-", "-1", "1-2-3", "0-0", "9999999999999999-1", "1-99999999999999999999", "//evil.example"} {
			ann.get("/rooms?after=" + odd).mustBe(200).mustHave(form1(mine))
		}
		ann.post("/rooms/"+roomLink.FindStringSubmatch(ann.get(second).body)[1]+"/leave", form("after", "//evil.example")).mustGoTo("/rooms")
		ann.get("/rooms?after=1-1").mustGoTo("/rooms") // a page on which nothing is left
	})
}

// TestABlockHidesGroups checks that nothing more arrives from a blocked person's groups, even through pages that are
// already open, and that it comes back when the block ends.
func TestABlockHidesGroups(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "eve", "bob")
		ann, eve, bob := list[0], list[1], list[2]
		s.befriend(ann, eve)
		s.befriend(eve, bob)
		quiet := s.befriend(ann, bob)
		room := eve.makesGroup("Trap", ann, bob)
		path := views.RoomPath(room)
		mine := ann.makesGroup("Mine", eve)
		lists, stream, page := ann.listen("/events"), ann.listen(eventsPath(room)), ann.watchPage(views.LivePath(room))
		lists.await("the group", says("Trap"))
		stream.await("its start", func(event) bool { return true })
		page.await(`class="beat"`)
		ann.post("/friends/eve/block", nil).mustBe(303)
		lists.await("the list without it", func(e event) bool { return strings.Contains(e.data, "Mine") && !strings.Contains(e.data, "Trap") })
		stream.mustEndWith("reset")
		page.awaitEnd()
		eve.say(room, "can you hear me")
		bob.say(quiet, "something else")
		lists.await("what others say", says("something else"))
		for _, e := range lists.all() {
			if strings.Contains(e.data, "can you hear me") {
				t.Errorf("the stream says %s", e.data)
			}
		}
		for _, hidden := range []string{path, path + "/members", path + "/live", path + "/wait", path + "/messages/1"} {
			if a := ann.get(hidden); a.status != 404 {
				t.Errorf("%s: %d", hidden, a.status)
			}
		}
		for _, shown := range []string{"/rooms", "/search?q=hear", views.RoomPath(mine)} {
			ann.get(shown).mustBe(200).mustNotHave("Trap", "can you hear me")
		}
		for _, who := range []*browser{eve, bob} {
			who.get(path + "/members").mustBe(200).mustHave(`data-username="ann"`)
		}
		ann.post("/friends/eve/unblock", nil).mustBe(303)
		ann.get("/rooms").mustBe(200).mustHave("Trap")
		ann.get(path).mustBe(200).mustHave("can you hear me")
	})
}
