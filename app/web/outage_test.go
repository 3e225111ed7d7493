package web

import (
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
	"parley/views"
)

// TestTheDatabaseGoesAway is P7: posts are refused visibly, typed text is kept and streams stay open.
// Afterwards, sending the same key again settles what was unknown.
func TestTheDatabaseGoesAway(t *testing.T) {
	t.Parallel()
	address, w := throughProxy(t, rig.MySQL(t))
	s := start(t, options{database: address})
	list := s.people("ann", "bob")
	ann, bob := list[0], list[1]
	room := s.befriend(ann, bob)
	page := bob.open(room)
	talk := ann.talk(room)
	post := views.RoomPath(room) + "/messages"
	ann.get("/readyz").mustBe(200)
	for _, stream := range []*listener{page.room, page.lists} { // a stream that is still starting would end
		stream.await("the first lists", func(e event) bool { return e.name == "" })
	}

	w.cut()
	begin := time.Now()
	const text = "\"quotes\" & <tags>\nand a second line 🦜"
	a := ann.post(post, form("key", "k1", "body", text)).mustBe(503)
	mustGiveBack(t, a, room, "k1", text)
	if took := time.Since(begin); took > rig.Limit(5*time.Second) {
		t.Errorf("it took %v", took)
	}
	if a := ann.post(post, form("key", "k1", "body", text), "HX-Request: true"); a.status != 503 || strings.Contains(a.body, "<form") {
		t.Errorf("for htmx: %d %s", a.status, shortened(a.body))
	}
	if r := talk.say("k2", "over the socket"); r.refused != 503 || r.key != "k2" || r.problem == "" {
		t.Errorf("%+v", r)
	}
	mustBePage(t, ann.get(views.RoomPath(room)), 503, false)
	for _, path := range []string{"/", "/rooms", "/profile", "/sign-in", "/me.css", "/events", "/photos/1/small"} {
		if a := ann.get(path).shouldBe(503); a.header.Get("Retry-After") == "" {
			t.Errorf("%s: 503 without Retry-After", path)
		}
	}
	if a := ann.post("/sign-out", nil).shouldBe(503); a.header.Get("Set-Cookie") != "" {
		t.Error("the cookie is deleted but the session is not")
	}
	s.visitor().get("/sign-in").mustBe(200)
	a = s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword)).mustBe(503)
	a.mustHave(`value="ann"`, `role="alert"`)
	s.visitor().post("/sign-up", form("username", "cem", "password", goodPassword)).mustBe(503).mustHave(`value="cem"`)
	for range 3 {
		begin := time.Now()
		ann.get("/livez").mustBe(200)
		if took := time.Since(begin); took > rig.Limit(time.Second) {
			t.Errorf("livez took %v", took)
		}
	}
	ann.get("/readyz").mustBe(503).mustHave("the database does not answer")

	w.restore()
	eventually(t, "ready again", func() bool { return ann.get("/readyz").status == 200 })
	ann.post(post, form("key", "k1", "body", text)).mustGoTo(views.RoomPath(room))
	ann.post(post, form("key", "k1", "body", text)).mustGoTo(views.RoomPath(room))
	if r := talk.say("k2", "over the socket"); r.seq == 0 {
		t.Errorf("%+v", r)
	}
	page.room.await("the message from afterwards", shows("over the socket"))
	if got := strings.Join(s.said(room), "|"); got != text+"|over the socket" {
		t.Errorf("said %q", got)
	}
	for _, e := range append(page.room.all(), page.lists.all()...) {
		if e.name == "signed-out" || e.name == "closed" || e.name == "reset" {
			t.Errorf("a stream got %s", e.name)
		}
	}
	if !ann.isSignedIn() {
		t.Error("ann was signed out")
	}
}

// mustGiveBack checks that a page has a message that was not posted in a form that sends it again.
func mustGiveBack(t *testing.T, a *reply, room uint64, key, text string) {
	t.Helper()
	a.mustHave(`action="`+views.RoomPath(room)+`/messages"`, `name="key" value="`+key+`"`, `role="alert"`)
	if got := textarea(a.body); got != text {
		t.Errorf("%s gives back %q instead of %q", a.request, got, text)
	}
	if a.header.Get("Retry-After") == "" {
		t.Errorf("%s: no Retry-After", a.request)
	}
}

// TestHangingDatabaseTimesOut is F6 for one request of each kind.
func TestHangingDatabaseTimesOut(t *testing.T) {
	t.Parallel()
	address, w := throughProxy(t, rig.MySQL(t))
	s := start(t, options{database: address})
	list := s.people("ann", "bob")
	ann := list[0]
	room := s.befriend(ann, list[1])
	w.hang()
	ask := func(what string, limit time.Duration, fn func() int, want int) {
		t.Helper()
		begin := time.Now()
		if status := fn(); status != want {
			t.Errorf("%s: %d instead of %d", what, status, want)
		}
		if took := time.Since(begin); took > rig.Limit(limit) {
			t.Errorf("%s took %v", what, took)
		}
	}
	ask("livez", time.Second, func() int { return ann.get("/livez").status }, 200)
	ask("readyz", 4*time.Second, func() int { return ann.get("/readyz").status }, 503)
	ask("a page", 6*time.Second, func() int { return ann.get("/rooms").status }, 503)
	ask("a post", 6*time.Second, func() int {
		a := ann.post(views.RoomPath(room)+"/messages", form("key", "k", "body", "hello"))
		mustGiveBack(t, a, room, "k", "hello")
		return a.status
	}, 503)
	w.restore()
	eventually(t, "ready again", func() bool { return ann.get("/readyz").status == 200 })
	ann.post(views.RoomPath(room)+"/messages", form("key", "k", "body", "hello")).mustBe(303)
}
