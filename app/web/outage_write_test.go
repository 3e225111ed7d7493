package web

import (
	"bufio"
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/app/chat"
	"parley/db"
	"parley/e2e/rig"
	"parley/views"
)

// ownMySQL is a MariaDB for tests that change its settings; they are not parallel to each other.
var ownMySQL = sync.OnceValues(func() (*rig.Server, error) { return rig.NewMySQL() })

// onOwnMySQL returns the address of a new database there, for an account that read_only binds, unlike
// root, and a function that runs statements as root.
func onOwnMySQL(t *testing.T) (address string, run func(statements string)) {
	t.Helper()
	server, err := ownMySQL()
	must(t, err)
	run = func(statements string) {
		t.Helper()
		must(t, server.SQL(statements))
	}
	name := "own_" + time.Now().Format("150405_000000000")
	run("CREATE DATABASE " + name + " CHARACTER SET utf8mb4; CREATE USER " + name + "@'%'; GRANT ALL ON " + name + ".* TO " + name + "@'%'")
	return "mysql://" + name + "@" + server.Addr + "/" + name, run
}

// logged returns the log lines with a message.
func (l *logBuffer) logged(t *testing.T, message string) (lines []map[string]any) {
	t.Helper()
	for s := bufio.NewScanner(strings.NewReader(l.String())); s.Scan(); {
		var line map[string]any
		must(t, json.Unmarshal(s.Bytes(), &line))
		if line["msg"] == message {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestADatabaseThatCannotBeWritten tests what an administrator's read_only setting or a failover causes: rooms
// are read, posts are refused with their text kept, and the balancer sees it.
func TestADatabaseThatCannotBeWritten(t *testing.T) {
	address, run := onOwnMySQL(t)
	s, ann, bob, room := talked(t, options{database: address}, 2)
	talk := ann.talk(room)
	ann.get("/readyz").mustBe(200)
	s.clock.pass(10 * time.Minute) // so that each visit wants to note when the session was last used

	run("SET GLOBAL read_only = 1")
	t.Cleanup(func() { run("SET GLOBAL read_only = 0") })
	eventually(t, "not ready", func() bool { return ann.get("/readyz").status == 503 })
	ann.get("/readyz").mustBe(503).mustHave("the database cannot be written")
	for _, path := range []string{"/rooms", "/friends", "/profile", "/people/bob", "/search?q=message", views.RoomPath(room) + "/wait", views.RoomPath(room) + "/members", "/livez",
		"/", "/rooms/new", "/formatting", "/me.css", "/sign-in", views.RoomPath(room) + "?before=3", messagePath(room, 2), views.RoomPath(room) + "/composer", views.RoomPath(room) + "/hide.css",
		"/friends?list=friends", "/search?q=message&by=ann"} {
		if a := bob.get(path); a.status >= 500 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	bob.get(views.RoomPath(room)).mustBe(200).mustHave("message 2") // which it would mark as read
	bob.post(views.RoomPath(room)+"/read", nil).shouldBe(303)
	post := views.RoomPath(room) + "/messages"
	mustGiveBack(t, ann.post(post, form("key", "k1", "body", "keep this")).mustBe(503), room, "k1", "keep this")
	mustGiveBack(t, ann.postMultipart(post, form("key", "k2", "body", "and this"), tinyPNG(t)).mustBe(503), room, "k2", "and this")
	if r := talk.say("k3", "over the socket"); r.refused != 503 || r.problem == "" {
		t.Errorf("%+v", r)
	}
	for path, fields := range map[string]url.Values{
		"/friends": form("username", "cem"), "/profile": form("display-name", "Ann", "time-zone", "UTC"), "/rooms": form("name", "Walks"),
		messagePath(room, 2) + "/edit": form("body", "another text"), messagePath(room, 2) + "/delete": nil, messagePath(room, 2) + "/reactions": form("emoji", "👍"),
		messagePath(room, 2) + "/unread": nil, views.RoomPath(room) + "/mute": form("muted", "on"), "/profile/password": form("current", goodPassword, "password", goodPassword+"!"),
	} {
		if a := ann.post(path, fields); a.status == 500 {
			t.Errorf("POST %s: %d", path, a.status)
		}
	}
	ann.listen("/events")
	bob.listen(views.RoomPath(room) + "/events")
	s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword)).mustBe(503).mustHave(`value="ann"`)
	s.visitor().post("/sign-up", form("username", "cem", "password", goodPassword)).mustBe(503).mustHave(`value="cem"`)

	if lines := s.log.logged(t, "not ready"); len(lines) != 1 || !strings.Contains(lines[0]["error"].(string), "1290") {
		t.Errorf("logged: %v", lines)
	}
	for _, line := range s.log.logged(t, "request failed") {
		if text := line["error"].(string); !strings.Contains(text, "1290") {
			t.Errorf("%s %s failed with %s", line["method"], line["route"], text)
		}
	}
	if lines := s.log.logged(t, "a post over a socket failed"); len(lines) != 1 || !strings.Contains(lines[0]["error"].(string), "1290") {
		t.Errorf("logged of the socket: %v", lines)
	}

	run("SET GLOBAL read_only = 0")
	eventually(t, "ready again", func() bool { return ann.get("/readyz").status == 200 })
	ann.post(post, form("key", "k1", "body", "keep this")).mustBe(303)
	bob.get(views.RoomPath(room)).mustBe(200).mustHave("keep this")
	bob.get("/rooms").mustBe(200).mustNotHave("unread")
}

// TestPagesDoNotWaitForTheirMarks opens a room while somebody holds the rows that the page would write:
// the session's last use, and how far its reader has read.
func TestPagesDoNotWaitForTheirMarks(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		bob, room := list[1], s.befriend(list[0], list[1])
		s.says(list[0], room, "hello")
		s.clock.pass(10 * time.Minute)
		sessions, err := s.store.SessionsOf(t.Context(), bob.id)
		must(t, err)
		must(t, s.store.Tx(t.Context(), func(tx *db.DB) error {
			now := time.Now().UTC()
			must(t, tx.TouchSession(t.Context(), sessions[0].UserID, sessions[0].ID, now, now.Add(time.Hour)))
			must(t, tx.SetNotifyLevel(t.Context(), bob.id, room, db.NotifyNothing))
			begin := time.Now()
			bob.get(views.RoomPath(room)).mustBe(200).mustHave("hello")
			if took := time.Since(begin); took > rig.Limit(4*time.Second) {
				t.Errorf("the page took %v", took)
			}
			return nil
		}))
		bob.get(views.RoomPath(room)).mustBe(200)
		lines, _, err := s.server.chat.Rooms(t.Context(), bob.user(), chat.RoomsPage{Size: 1})
		must(t, err)
		if lines[0].Unread != 0 {
			t.Errorf("%d unread after the next visit", lines[0].Unread)
		}
	})
}

// TestProbesAreBounded asks whether the server is ready, a hundred at once, while the database hangs and
// while it works.
func TestProbesAreBounded(t *testing.T) {
	t.Parallel()
	address, w := throughProxy(t, rig.MySQL(t))
	s := start(t, options{database: address})
	checks := func() int {
		r := &s.server.readiness
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.checks
	}
	ask := func() (status int) {
		var all sync.WaitGroup
		statuses := make([]int, 100)
		for i := range statuses {
			all.Go(func() { statuses[i] = s.visitor().get("/readyz").status })
		}
		all.Wait()
		for _, one := range statuses {
			if one != statuses[0] {
				t.Errorf("some get %d and others %d", statuses[0], one)
			}
		}
		return statuses[0]
	}
	begin := time.Now()
	if status := ask(); status != 200 {
		t.Errorf("%d", status)
	}
	w.hang()
	time.Sleep(checkInterval)
	if status := ask(); status != 503 {
		t.Errorf("while the database hangs: %d", status)
	}
	if n, most := checks(), 2+int(time.Since(begin)/checkInterval); n > most {
		t.Errorf("%d checks for 200 probes in %v", n, time.Since(begin))
	}
}

// TestEveryFailureIsLoggedOnce cuts off the database and counts the log lines for each kind of request.
func TestEveryFailureIsLoggedOnce(t *testing.T) {
	t.Parallel()
	address, w := throughProxy(t, rig.MySQL(t))
	s, ann, _, room := talked(t, options{database: address}, 1)
	in := views.RoomPath(room)
	talk := ann.talk(room)
	w.cut()
	for what, ask := range map[string]func() *reply{
		"a page":                 func() *reply { return ann.get("/rooms") },
		"a fragment":             func() *reply { return ann.get("/rooms", "HX-Request: true") },
		"a post":                 func() *reply { return ann.post(in+"/messages", form("key", "a", "body", "x")) },
		"a post of htmx":         func() *reply { return ann.post(in+"/messages", form("key", "a", "body", "x"), "HX-Request: true") },
		"a post with a photo":    func() *reply { return ann.postMultipart(in+"/messages", form("key", "a", "body", "x"), tinyPNG(t)) },
		"an edit":                func() *reply { return ann.post(in+"/messages/3/edit", form("body", "x")) },
		"the composer's iframe":  func() *reply { return ann.post(in+"/composer", form("key", "a", "body", "x")) },
		"an iframe":              func() *reply { return ann.get(in + "/live/frame") },
		"a stream":               func() *reply { return ann.get(in + "/events") },
		"a photo":                func() *reply { return ann.get("/photos/1/small") },
		"signing in":             func() *reply { return s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword)) },
		"signing up":             func() *reply { return s.visitor().post("/sign-up", form("username", "cem", "password", goodPassword)) },
		"signing out":            func() *reply { return ann.post("/sign-out", nil) },
		"a search":               func() *reply { return ann.get("/search?q=x") },
		"a profile":              func() *reply { return ann.post("/profile", url.Values{"display_name": {"Ann"}}) },
		"a password":             func() *reply { return ann.post("/profile/password", form("current", "x", "password", "y")) },
		"a page that is unknown": func() *reply { return ann.get("/nowhere") },
	} {
		a := ask()
		id, n := a.header.Get("X-Request-Id"), 0
		eventually(t, "the request is logged: "+what, func() bool { return s.log.has(id) })
		for _, line := range s.log.logged(t, "request failed") {
			if line["id"] == id {
				n++
				if text, _ := line["error"].(string); text == "" || text == errUnknownCause.Error() {
					t.Errorf("%s: without a cause: %v", what, line)
				}
			}
		}
		if want := min(1, a.status/500); n != want {
			t.Errorf("%s: %d, and %d lines in the log", what, a.status, n)
		}
	}
	if r := talk.say("k", "x"); r.refused != 503 {
		t.Errorf("%+v", r)
	}
	if n := len(s.log.logged(t, "a post over a socket failed")); n != 1 {
		t.Errorf("a socket: %d lines in the log", n)
	}
}

// noise returns a photo that hardly gets smaller when it is encoded.
func noise(t *testing.T, width, height int) []byte {
	t.Helper()
	random, m := rand.New(rand.NewPCG(1, 2)), image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = uint8(random.IntN(256))
	}
	m.Set(0, 0, color.NRGBA{}) // transparent, so that it stays a PNG
	var b bytes.Buffer
	must(t, png.Encode(&b, m))
	return b.Bytes()
}

// TestAPhotoLargerThanTheDatabaseTakes checks that it is refused for its size, permanently.
func TestAPhotoLargerThanTheDatabaseTakes(t *testing.T) {
	address, run := onOwnMySQL(t)
	run("SET GLOBAL max_allowed_packet = 524288")
	t.Cleanup(func() { run("SET GLOBAL max_allowed_packet = 16777216") })
	s, ann, _, room := talked(t, options{database: address}, 0)
	post := views.RoomPath(room) + "/messages"
	a := ann.postMultipart(post, form("key", "k1", "body", "look"), noise(t, 800, 800)).mustBe(413)
	a.mustHave("This server stores photos of up to 512\u00a0KB.", `role="alert"`)
	if got := textarea(a.body); got != "look" {
		t.Errorf("gives back %q", got)
	}
	ann.upload("/profile", "x.png", noise(t, 600, 600), nil).shouldBe(413).mustHave("up to 512\u00a0KB")
	ann.postMultipart(post, form("key", "k2", "body", "look"), tinyPNG(t)).mustBe(303)
	if lines := s.log.logged(t, "request refused"); len(lines) < 2 || !strings.Contains(lines[0]["error"].(string), "max_allowed_packet is 524288") {
		t.Errorf("logged: %v", lines)
	}
	if lines := s.log.logged(t, "request failed"); len(lines) > 0 {
		t.Errorf("logged: %v", lines)
	}
}
