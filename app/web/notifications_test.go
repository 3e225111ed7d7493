package web

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"parley/db"
	"parley/views"
)

// isNotified waits until a hidden page has received this: how much is unread, how many requests wait, and the rooms
// to notify of.
func (l *listener) isNotified(what string, unread, requests int, rooms ...uint64) notifications {
	l.t.Helper()
	var n notifications
	l.await(what, func(e event) bool {
		if e.name != "" || e.data == "" {
			return false
		}
		n = notifications{}
		must(l.t, json.Unmarshal([]byte(e.data), &n))
		var ids []uint64
		for _, r := range n.Rooms {
			ids = append(ids, r.Room)
		}
		return n.Unread == unread && n.Requests == requests && slices.Equal(ids, rooms)
	})
	return n
}

// TestHiddenPagesAreNotified checks what hidden pages are sent: messages and requests, and not of what is muted,
// their own, or read elsewhere.
func TestHiddenPagesAreNotified(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 0)
	cem := s.person("cem")
	group := bob.makesGroup("Choir", ann)
	quiet := bob.makesGroup("Machines", ann)
	ann.post(views.RoomPath(quiet)+"/mute", form("muted", "yes")).mustBe(303)
	hidden := ann.listen("/events?page=hidden")
	hidden.isNotified("nothing", 0, 0)

	s.says(bob, room, "hello <b>")
	c := hidden.isNotified("a message", 1, 0, room)
	if r := c.Rooms[0]; r.Title != "bob" || r.Text != "hello <b>" || r.At == 0 {
		t.Errorf("%+v", r)
	}
	s.says(bob, quiet, "beep")
	s.says(bob, group, "is @ann here?")
	c = hidden.isNotified("a mention", 2, 0, group, room)
	if r := c.Rooms[0]; r.Title != "Choir · "+en.Rooms.Mentioned || r.Text != "bob: is @ann here?" {
		t.Errorf("%+v", r)
	}
	cem.post("/friends", form("username", "ann")).mustBe(303)
	hidden.isNotified("a request", 2, 1, group, room)
	ann.post(views.RoomPath(room)+"/read", nil).mustBe(303)
	hidden.isNotified("what is read elsewhere is gone", 1, 1, group)
	bob.post(views.RoomPath(group)+"/members/ann/remove", nil).mustBe(303)
	hidden.isNotified("a group that is not mine any more", 0, 1)
	s.says(bob, group, "without her")
	s.says(bob, room, "the last one")
	hidden.isNotified("the last one", 1, 1, room)
	for _, e := range hidden.events {
		if strings.Contains(e.data, "beep") || strings.Contains(e.data, "without her") {
			t.Errorf("a hidden page hears %s", e.data)
		}
	}
}

// TestNotificationsAreOffUntilAskedFor checks what is stored about how a person wants to be notified.
func TestNotificationsAreOffUntilAskedFor(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann := s.person("ann")
	ann.get("/profile").mustHave(`action="/profile/calls"`).mustNotHave("data-notify", "data-sound", `name="sound" value="yes" checked`)
	ann.post("/profile/calls", form("sound", "yes")).mustGoTo("/profile?saved=1")
	ann.another().get("/profile").mustHave("data-sound", `name="sound" value="yes" checked`).mustNotHave("data-notify")
	ann.post("/profile/calls", form("notify", "yes")).mustGoTo("/profile?saved=1")
	ann.get("/rooms").mustHave(`data-notify="` + en.Lists.Request + `"`).mustNotHave("data-sound")
}

// TestRoomsAreFound checks the filter of the room list, as a page and as what a script asks for.
func TestRoomsAreFound(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 0)
	cem := s.person("cem")
	s.befriend(bob, cem)
	choir, theirs := ann.makesGroup("Chöir of <i>"), bob.makesGroup("Choir of Bob", cem)
	for _, headers := range [][]string{nil, {"HX-Request: true"}} {
		link := func(id uint64) string { return `href="` + views.RoomPath(id) + `"` }
		ann.get("/rooms?q=CHOIR", headers...).mustBe(200).mustHave(link(choir)).mustNotHave(link(room), link(theirs), "<i>")
		ann.get("/rooms?q=bo", headers...).mustBe(200).mustHave(link(room)).mustNotHave(link(choir), link(theirs))
		ann.get("/rooms?q=nothing+like+it", headers...).mustBe(200).mustHave(en.Lists.NoneFound)
	}
	if a := ann.get("/rooms?q=ch", "HX-Request: true"); strings.Contains(a.body, "<html") {
		t.Errorf("a script gets a page: %s", shortened(a.body))
	}
	ann.get("/rooms?q=ch").mustHave(`value="ch"`, `<a class="button" href="/rooms">`)
}

// TestARoomIsMutedFromItsHead checks that the button above the messages leads back to them.
func TestARoomIsMutedFromItsHead(t *testing.T) {
	t.Parallel()
	_, ann, _, room := talked(t, options{}, 0)
	path := views.RoomPath(room)
	ann.get(path).mustHave(en.Rooms.Mute, `name="muted" value="yes"`)
	ann.post(path+"/mute", form("muted", "yes", "from", "room")).mustGoTo(path)
	ann.get(path).mustHave(en.Rooms.Unmute, `name="muted" value="no"`)
}

func TestFirstNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Jonas Weber": "Jonas", "Jonas": "Jonas", "Dr. Ada Lovelace": "Dr. Ada Lovelace", "佐藤 由紀": "佐藤"} {
		u := db.User{DisplayName: name, Username: "someone"}
		if got := firstName(u, en); got != want {
			t.Errorf("%q is called %q", name, got)
		}
		if u.SharesName = true; firstName(u, en) != name+" (@someone)" {
			t.Errorf("%q, who shares the name, is called %q", name, firstName(u, en))
		}
	}
}
