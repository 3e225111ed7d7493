package web

import (
	"strings"
	"testing"

	"parley/views"
)

// TestPanicsEndNothingElse is T36: in a handler, a socket, the writer of a room, the lists of a
// stream and the check of sessions. The clock is what breaks: every part asks for the time.
func TestPanicsEndNothingElse(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 1)
	steady := bob.open(room)
	stillThere := func(what string) {
		t.Helper()
		s.clock.repair()
		if r := steady.talk.say(strings.ReplaceAll(what, " ", "-"), "after "+what); r.seq == 0 {
			t.Errorf("%s: %+v", what, r)
		}
		steady.room.await("after "+what, shows("after "+what))
		ann.get("/rooms").mustBe(200)
		if !s.log.has("panic in ") || !s.log.has("the clock broke in "+what) {
			t.Errorf("%s: nothing in the log", what)
		}
	}

	f := s.clock.panicWithin("web.(*Server).showRooms", "the clock broke in a handler")
	mustBePage(t, ann.get("/rooms"), 500, true)
	mustBeFragment(t, ann.get("/rooms", "HX-Request: true"), 500)
	if a := ann.send("HEAD", "/rooms", nil); a.status != 500 {
		t.Errorf("HEAD: %d", a.status)
	}
	stillThere("a handler")

	s.clock.panicWithin("web.(*Server).identify", "the clock broke in the session")
	a := ann.post(views.RoomPath(room)+"/messages", form("key", "k5", "body", "kept <text>")).mustBe(500)
	a.mustHave("kept &lt;text&gt;", `value="k5"`, `action="`+views.RoomPath(room)+`/messages"`)
	stillThere("the session")

	k := ann.talk(room)
	s.clock.panicWithin("web.(*roomSocket).handle", "the clock broke in a socket")
	k.post("k1", "lost and told")
	if code := k.awaitClose(soon); code != 1011 {
		t.Errorf("the socket was closed with %d", code)
	}
	stillThere("a socket")

	k = ann.talk(room)
	s.clock.panicWithin("chat.(*batcher)", "the clock broke in a writer")
	if r := k.say("k2", "kept in the page"); r.refused != 500 || r.key != "k2" || r.problem == "" {
		t.Errorf("%+v", r)
	}
	a = ann.post(views.RoomPath(room)+"/messages", form("key", "k3", "body", "kept <text>")).mustBe(500)
	a.mustHave("kept &lt;text&gt;", `value="k3"`)
	s.clock.repair()
	if r := k.say("k2", "kept in the page"); r.seq == 0 {
		t.Errorf("the same again: %+v", r)
	}

	s.clock.panicWithin("web.(*userLists).render", "the clock broke in the lists")
	seen := len(steady.lists.all())
	s.says(ann, room, "unseen in the lists")
	eventually(t, "a panic in the lists", func() bool { return s.log.has("the clock broke in the lists") })
	stillThere("the lists")
	eventually(t, "the lists going on", func() bool { return len(steady.lists.all()) > seen })

	s.clock.panicWithin("conn.(*Registry).Check", "the clock broke in the check of sessions")
	s.server.conns.Check()
	stillThere("the check of sessions")
	if f.struck.Load() < 3 {
		t.Errorf("the clock broke %d times in a handler", f.struck.Load())
	}
}

// TestPanicsAreNotShown checks that a panic's details are in the log and on no page.
func TestPanicsAreNotShown(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann := s.person("ann")
	for _, within := range []string{"web.(*Server).identify", "web.(*Server).showProfile", "auth."} {
		s.clock.panicWithin(within, "an internal secret")
		for _, b := range []*browser{ann, s.visitor()} {
			for _, path := range []string{"/profile", "/sign-in", "/rooms"} {
				a := b.get(path)
				if strings.Contains(a.body, "secret") || strings.Contains(a.body, "goroutine") || strings.Contains(a.body, ".go") {
					t.Errorf("%s reveals: %s", path, shortened(a.body))
				}
			}
			a := b.post("/sign-in", form("username", "ann", "password", goodPassword))
			if a.status != 500 && within == "auth." || strings.Contains(a.body, "secret") {
				t.Errorf("sign-in: %d %s", a.status, shortened(a.body))
			}
		}
	}
	s.clock.repair()
	eventually(t, "everything as before", ann.isSignedIn)
}
