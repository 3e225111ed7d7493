package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/app/settings"
	"parley/db"
	"parley/views"
)

// opensRoom makes an open room, and returns it.
func (b *browser) opensRoom(name, about string) uint64 {
	b.site.t.Helper()
	a := b.post("/rooms", form("kind", "open", "name", name, "about", about)).mustBe(303)
	room := parseSeq(strings.TrimPrefix(a.header.Get("Location"), "/rooms/"))
	if room == 0 {
		b.site.t.Fatalf("opened a room, and was sent to %q", a.header.Get("Location"))
	}
	return room
}

// TestOpenRoomPages tests everything from finding a room to leaving it.
func TestOpenRoomPages(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob", "cem")
		ann, bob, cem := list[0], list[1], list[2]
		s.runs("ann")
		ann.get("/rooms").mustHave(`href="/rooms/open"`)
		bob.get("/rooms/open").mustBe(200).mustNotHave(`name="kind"`)
		bob.post("/rooms", form("kind", "open", "name", "Mine")).mustBe(422).mustHave("Only administrators")
		ann.get("/rooms/open").mustBe(200).mustHave(`name="kind" value="open"`, `name="about"`)
		ann.post("/rooms", form("kind", "open", "name", "  ", "about", "Typed before")).mustBe(422).mustHave("Typed before", `id="name-problem"`, "Enter a name.")
		ann.post("/rooms", form("kind", "open", "name", "Square", "about", strings.Repeat("x", 201))).mustBe(422).mustHave("Square", `id="about-problem"`)

		room := ann.opensRoom("The <b>square</b>", "Whatever there is")
		path := views.RoomPath(room)
		s.says(ann, room, "an early message")
		found := bob.get("/rooms/open?q=SQUARE").mustBe(200).mustHave("The &lt;b&gt;square", "Whatever there is", "1 member", `action="`+path+`/join"`, "last message")
		found.mustNotHave("an early message")
		bob.get("/rooms/open?q=nothing").mustBe(200).mustNotHave(path)
		bob.get(path).mustBe(404)
		live := ann.listen(eventsPath(room))
		bob.post(path+"/join", nil).mustBe(303)
		bob.get(path).mustBe(200).mustHave("an early message", `id="room-about"`, "2 members")
		bob.get("/rooms/open").mustHave(`href="` + path + `"`).mustNotHave(`action="` + path + `/join"`)
		live.await("that bob joined", shows("joined."))
		s.says(bob, room, "hello everybody")
		live.await("what bob says", shows("hello everybody"))
		bob.get("/people/ann").mustBe(200)
		cem.get("/people/ann").mustBe(404)

		for _, who := range []*browser{bob, cem} { // only the owner changes what the room is
			who.get(path + "/kind").mustBe(404)
			who.post(path+"/kind", form("kind", "group")).mustBe(404)
			who.post(path+"/default", form("default", "yes")).mustBe(404)
			who.post(path+"/name", form("name", "Mine", "about", "mine")).mustBe(404)
		}
		ann.post(path+"/name", form("name", "Square", "about", "Other things")).mustBe(303)
		live.await("what it is about", says(`hx-target="#room-about"`))
		ann.get(path + "/members?q=bob").mustBe(200).mustHave(`<li data-username="bob"`).mustNotHave(`<li data-username="ann"`)

		ann.post(path+"/default", form("default", "yes")).mustBe(303)
		s.clock.ahead.Add(int64(time.Second))
		newcomer := s.visitor()
		newcomer.post("/sign-up", form("username", "dan", "password", goodPassword)).mustBe(303)
		newcomer.get(path).mustBe(200).mustHave("an early message")
		newcomer.post("/sign-out", nil)

		bob.post(path+"/leave", nil).mustBe(303)
		bob.get(path).mustBe(404)
		bob.post(path+"/messages", form("body", "from outside")).mustBe(404)

		ann.get(path + "/kind").mustBe(200).mustHave(`name="kind" value="group"`)
		ann.post(path+"/kind", form("kind", "nonsense")).mustBe(404)
		ann.post(path+"/kind", form("kind", "group")).mustBe(303)
		live.await("the reload", func(e event) bool { return e.name == "reset" })
		bob.post(path+"/join", nil).mustBe(404)
		cem.get("/rooms/open").mustNotHave("Square")

		must(t, s.server.settings.Change(t.Context(), ann.id, map[string]string{settings.OpenRoomsBy: "members"}, s.clock.now()))
		bob.opensRoom("Bob's", "")
	})
}

// TestJoinsAreTheSameBytes checks I6 for lines of people who joined: an open page ends up like a page
// that is loaded now, a replay sends what was sent live, and a page without scripts is sent few lines.
func TestJoinsAreTheSameBytes(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann := s.person("ann")
	s.runs("ann")
	room := ann.opensRoom("Square", "")
	live := ann.listen(eventsPath(room))
	streamed := ann.watchPage(views.LivePath(room))
	const n = 20
	var last *browser
	for i := range n {
		last = s.person(fmt.Sprint("newcomer", i))
		last.post(views.RoomPath(room)+"/join", nil).mustBe(303)
	}
	last.post(views.RoomPath(room)+"/leave", nil).mustBe(303)
	last.post(views.RoomPath(room)+"/join", nil).mustBe(303)
	s.says(ann, room, "welcome all")
	live.await("the message", shows("welcome all"))
	replay := last.listen(s.sinceBegin(room)) // their time began with the last entry, so their page has to reload
	replay.await("the reload", func(e event) bool { return e.name == "reset" })
	again := ann.listen(s.sinceBegin(room))
	again.await("the message", shows("welcome all"))
	first := map[string]string{}
	for _, e := range live.entries() {
		first[e.id] = e.data
	}
	for _, e := range again.entries() {
		if sent, was := first[e.id]; was && sent != e.data {
			t.Errorf("%s was %s, and is replayed as %s", e.id, sent, e.data)
		}
	}
	page := ann.get(views.RoomPath(room)).mustHave("newcomer0", "newcomer1", "and 18 others joined.", "21 members")
	if lines := strings.Count(page.body, "joined."); lines != 1 {
		t.Errorf("%d lines of people who joined", lines)
	}
	line := wholeEntry.FindString(page.body[strings.Index(page.body, `<li id="m-2"`):])
	var shown string
	for _, e := range live.entries() {
		if at := strings.Index(e.data, `<li id="m-2"`); at >= 0 {
			shown = wholeEntry.FindString(e.data[at:])
		}
	}
	if shown != line {
		t.Errorf("the open page has %s, and a new one %s", shown, line)
	}
	streamed.await("welcome all")
	html, _ := streamed.all()
	if lines := strings.Count(html, "joined."); lines != 5 { // of 1, 2, 4, 8 and 16
		t.Errorf("a page without scripts was sent %d lines of people who joined", lines)
	}
	var told int
	for _, m := range s.messages(room) {
		if m.Kind == db.KindJoinedToo {
			told++
		}
	}
	if told != n-1 {
		t.Errorf("%d entries beside the line", told)
	}
}
