package web

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/db"
	"parley/views"
)

// matrix lists what each person gets from the routes with an id. All ids are ann's, or those of a room with
// her: bob is her friend, cem was her friend and is removed, dan is a stranger, eve was a friend and is
// blocked, out is signed out. In ann's group bob is a member, mod a moderator, cem was a member, ban was one and is
// banned, and fay and hal are there to be acted upon; mod and ban know no other room of ann's. The lines that change
// relationships come last.
const matrix = `
route                                         ann bob cem dan eve out mod ban
GET  /rooms/:room                             200 200 404 404 404 303 200 404
POST /rooms/:room/messages                    303 303 404 404 404 303 303 404
GET  /rooms/:room/messages/:seq               200 200 404 404 404 303 200 404
POST /rooms/:room/messages/:seq/react         303 303 404 404 404 303 303 404
GET  /rooms/:room/messages/:seq/photos/:place 200 200 404 404 404 303 200 404
POST /rooms/:room/messages/:seq/photos/:place 303 404 404 404 404 303 404 404
POST /rooms/:room/messages/:seq/unread        303 303 404 404 404 303 303 404
POST /rooms/:room/mute                        303 303 404 404 404 303 303 404
POST /rooms/:room/messages/:seq/edit          303 404 404 404 404 303 404 404
POST /rooms/:room/messages/:seq/pin           303 404 404 404 404 303 303 404
GET  /rooms/:room/pins                        200 200 404 404 404 303 200 404
POST /rooms/:room/messages/:seq/delete        303 404 404 404 404 303 303 404
POST /rooms/:room/read                        303 303 404 404 404 303 303 404
GET  /rooms/:room/events                      200 200 404 404 404 200 200 404
GET  /rooms/:room/live                        200 200 404 404 404 401 200 404
GET  /rooms/:room/wait                        200 200 404 404 404 303 200 404
GET  /rooms/:room/wait/frame                  200 200 404 404 404 401 200 404
GET  /rooms/:room/hide.css                    200 200 404 404 404 401 200 404
GET  /rooms/:room/composer                    200 200 404 404 404 401 200 404
POST /rooms/:room/composer                    303 303 404 404 404 401 303 404
GET  /rooms/:room/socket                      101 101 404 404 404 401 101 404
GET  /rooms/:room/members                     200 200 404 404 404 303 200 404
GET  /rooms/:room/people                      200 200 404 404 404 303 200 404
POST /rooms/:room/members                     303 422 404 404 404 303 422 404
POST /rooms/:room/name                        303 404 404 404 404 303 404 404
POST /rooms/:room/join                        404 404 404 404 404 303 404 404
GET  /rooms/:room/kind                        200 404 404 404 404 303 404 404
POST /rooms/:room/kind                        404 404 404 404 404 303 404 404
POST /rooms/:room/retention                   303 404 404 404 404 303 404 404
POST /rooms/:room/photo                       422 404 404 404 404 303 404 404
POST /rooms/:room/photo/remove                303 404 404 404 404 303 404 404
GET  /rooms/:room/messages/:seq/report    404 200 404 404 404 303 404 404
POST /rooms/:room/messages/:seq/report    404 303 404 404 404 303 404 404
GET  /profile/device/:id           200 404 404 404 404 303 404 404
POST /profile/device/:id/confirm   303 404 404 404 404 303 404 404
POST /profile/device/:id/refuse    303 404 404 404 404 303 404 404
GET  /admin/reports/:id            404 404 404 404 404 303 404 404
POST /admin/reports/:id            404 404 404 404 404 303 404 404
GET  /admin/rooms/:room            404 404 404 404 404 303 404 404
POST /admin/rooms/:room/close      404 404 404 404 404 303 404 404
POST /admin/rooms/:room/delete     404 404 404 404 404 303 404 404
POST /admin/rooms/:room/owner      404 404 404 404 404 303 404 404
POST /profile/passkeys/:id/rename  303 404 404 404 404 303 404 404
POST /profile/passkeys/:id/remove  303 404 404 404 404 303 404 404
POST /profile/identities/:id/remove 303 404 404 404 404 303 404 404
GET  /people/:username                        200 200 404 404 404 303 200 404
GET  /photos/:id/:size                        200 200 404 404 404 401 200 404
POST /sessions/:id/revoke                     303 404 404 404 404 303 404 404
GET  /join/:token                             200 200 200 200 404 200 200 200
POST /join/:token                             422 303 303 303 404 422 303 303
POST /invitations/:id/revoke                  303 404 404 404 404 303 404 404
POST /rooms/:room/members/:username/moderator 303 404 404 404 404 303 404 404
POST /rooms/:room/members/:username/ban       303 404 404 404 404 303 303 404
POST /rooms/:room/members/:username/unban     303 404 404 404 404 303 303 404
GET  /rooms/:room/moderation                  200 404 404 404 404 303 200 404
POST /rooms/:room/moderation                  303 404 404 404 404 303 303 404
POST /rooms/:room/members/:username/remove    303 404 404 404 404 303 303 404
POST /rooms/:room/members/:username/owner     303 404 404 404 404 303 404 404
POST /rooms/:room/leave                       303 303 404 404 404 303 303 404
POST /friends/:username/accept                404 303 422 404 422 303 303 422
POST /friends/:username/decline               404 303 303 404 303 303 303 303
POST /friends/:username/cancel                404 303 303 404 303 303 303 303
POST /friends/:username/unblock               404 303 303 404 303 303 303 303
POST /friends/:username/remove                404 303 303 404 303 303 303 303
POST /friends/:username/block                 404 303 303 404 303 303 303 303
`

// fixture is the people of the matrix, and what belongs to ann.
type fixture struct {
	site                *site
	people              map[string]*browser
	room                map[string]uint64 // with ann, as each of them knows it
	photo, otherSession uint64
	passkey, device     uint64
	identity            uint64
	group               uint64
	invitation          uint64 // to the group, for many
	token               string // of its link
}

func newFixture(s *site) *fixture {
	s.t.Helper()
	list := s.people("ann", "bob", "cem", "dan", "eve")
	ann, bob, cem, eve := list[0], list[1], list[2], list[4]
	c := &fixture{site: s, people: map[string]*browser{"out": s.visitor()}, room: map[string]uint64{}}
	for _, b := range list {
		c.people[b.name] = b
	}
	room := s.befriend(ann, bob)
	for _, who := range []string{"ann", "bob", "dan", "out"} {
		c.room[who] = room
	}
	c.room["cem"], c.room["eve"] = s.befriend(ann, cem), s.befriend(ann, eve)
	for _, room := range c.room { // seq 2 in each of them
		ann.upload(views.RoomPath(room)+"/messages", "us.png", tinyPNG(s.t), form("key", "first", "body", "Hello from Ann")).mustBe(303)
	}
	ann.upload("/profile", "ann.png", tinyPNG(s.t), nil).mustBe(303)
	c.photo = ann.user().PhotoID
	c.otherSession = ann.another().session
	key := db.Passkey{UserID: ann.id, Name: "Phone", KeyHash: "none", Key: "{}", CreatedAt: time.Now().UTC()}
	_, err := s.store.AddPasskey(s.t.Context(), &key, 1)
	must(s.t, err)
	c.passkey = key.ID
	identity := db.Identity{UserID: ann.id, KeyHash: "none", Issuer: "https://login.example.org", Name: "ann", CreatedAt: time.Now().UTC()}
	must(s.t, s.store.AddIdentity(s.t.Context(), &identity))
	c.identity = identity.ID
	c.device = ann.startsDevice()
	fay, gil := s.person("fay"), s.person("gil")
	s.befriend(ann, fay)
	s.befriend(ann, gil)
	others := s.people("hal", "mod", "ban")
	for _, b := range others {
		s.befriend(ann, b)
		c.people[b.name] = b
	}
	c.group = ann.makesGroup("Choir", append(others, bob, cem, fay)...)
	group := views.RoomPath(c.group)
	ann.upload(group+"/messages", "us.png", tinyPNG(s.t), form("key", "first", "body", "Hello from Ann")).mustBe(303)
	ann.post(group+"/members/cem/remove", nil).mustBe(303)
	ann.post(group+"/members/mod/moderator", nil).mustBe(303)
	ann.post(group+"/members/ban/ban", nil).mustBe(303)
	c.room["mod"], c.room["ban"] = c.group, c.group
	ann.post("/friends/ban/remove", nil).mustBe(303)
	ann.post("/friends/cem/remove", nil).mustBe(303)
	ann.post("/friends/eve/block", nil).mustBe(303)
	c.token = ann.invites("uses", "50", "room", strconv.FormatUint(c.group, 10))
	mine, _, err := s.server.invites.Mine(s.t.Context(), ann.user(), 0)
	must(s.t, err)
	c.invitation = mine[0].ID
	return c
}

// path fills in ann's ids, or ids that nobody has.
func (c *fixture) path(route, who string, exists bool) string {
	username, room := "ann", c.room[who]
	if isGroupRoute(route) {
		username, room = "bob", c.group
		switch {
		case strings.HasSuffix(route, "/owner"), strings.HasSuffix(route, "/moderator"):
			username = "fay"
		case strings.HasSuffix(route, "ban"):
			username = "hal"
		}
	}
	fill := []string{":username", username, ":room", strconv.FormatUint(room, 10), ":size", "small", ":seq", "2", ":place", "1"}
	fill = append(fill, ":token", c.token, ":provider", "p0")
	id := c.photo
	if strings.HasPrefix(route, "/sessions") {
		id = c.otherSession
	} else if strings.HasPrefix(route, "/invitations") {
		id = c.invitation
	}
	if strings.HasPrefix(route, "/profile/passkeys") {
		id = c.passkey
	}
	if strings.HasPrefix(route, "/profile/identities") {
		id = c.identity
	}
	if strings.HasPrefix(route, "/profile/device") {
		id = c.device
	}
	if !exists {
		fill, id = []string{":username", "nobody", ":room", "987654", ":size", "small", ":seq", "2", ":place", "1", ":token", strings.Repeat("A", 22)}, 987654
	}
	return strings.NewReplacer(append(fill, ":id", strconv.FormatUint(id, 10))...).Replace(route)
}

// isGroupRoute reports whether a direct room does not have this route.
func isGroupRoute(route string) bool {
	return strings.Contains(route, "/members") || strings.HasSuffix(route, "/leave") || strings.HasSuffix(route, "/name") ||
		strings.Contains(route, ":room/photo") || strings.HasSuffix(route, "/moderation") || strings.Contains(route, "/pin") ||
		strings.HasSuffix(route, "/retention") || strings.HasSuffix(route, "/join") || strings.HasSuffix(route, "/kind")
}

// request sends a request to a route. A stream or a socket that opens is closed at once.
func (c *fixture) request(who, method, path string, headers ...string) (status int, body string) {
	b := c.people[who]
	c.site.t.Helper()
	if strings.HasSuffix(path, "/socket") && method == "GET" {
		k, a := b.tryTalk(path, "Origin: "+c.site.origin())
		if k != nil {
			_ = k.conn.Close()
		}
		return a.status, a.body
	}
	if strings.HasSuffix(path, "/socket") {
		headers = append(headers, "Origin: "+c.site.origin(), "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
			"Sec-WebSocket-Key: "+socketKey)
	}
	var text io.Reader
	if method == "POST" {
		text = strings.NewReader(form("body", "hello", "key", path+who, "name", "Another", "slow", "0", "alt", "A cat", "username", "gil", "emoji",
			"👍", "reason", "spam", "answer", "fine").Encode())
		headers = append(headers, "Content-Type: application/x-www-form-urlencoded")
	}
	response, err := b.ask(method, path, text, headers...)
	must(c.site.t, err)
	defer func() { _ = response.Body.Close() }()
	endless := strings.HasSuffix(path, "/events") || strings.HasSuffix(path, "/live")
	if response.StatusCode == http.StatusOK && endless {
		return response.StatusCode, ""
	}
	all, err := io.ReadAll(response.Body)
	must(c.site.t, err)
	return response.StatusCode, string(all)
}

func TestAccessMatrix(t *testing.T) {
	t.Parallel()
	lines := slices.Collect(strings.Lines(strings.TrimSpace(matrix)))
	who := strings.Fields(lines[0])[1:]
	covered := map[string]bool{}
	for _, line := range lines[1:] {
		covered[strings.Join(strings.Fields(line)[:2], " ")] = true
	}
	for _, r := range routes {
		if strings.Contains(r.path, ":") && r.access == signedIn && !covered[r.method+" "+r.path] {
			t.Errorf("%s %s is not in the matrix", r.method, r.path)
		}
	}
	onBoth(t, options{}, func(t *testing.T, s *site) {
		for i, name := range who {
			// Each person gets a fresh site, where nobody else has done anything yet.
			t.Run(name, func(t *testing.T) {
				c := newFixture(start(t, options{database: fresh(t, s)}))
				for _, line := range lines[1:] {
					f := strings.Fields(line)
					want, err := strconv.Atoi(f[2+i])
					must(t, err)
					c.check(t, name, f[0], f[1], want)
				}
			})
		}
	})
}

// check checks one cell: the status, the same with HEAD, and that what belongs to others looks in every
// way like what does not exist.
func (c *fixture) check(t *testing.T, who, method, route string, want int) {
	t.Helper()
	path := c.path(route, who, true)
	status, body := c.request(who, method, path)
	if status != want {
		t.Errorf("%s %s: %d instead of %d", method, path, status, want)
	}
	if method == "GET" {
		status, body := c.request(who, "HEAD", path)
		if want == 101 {
			want = http.StatusUpgradeRequired // HEAD opens nothing
		}
		if status != want || body != "" {
			t.Errorf("HEAD %s: %d instead of %d, %q", path, status, want, body)
		}
	}
	if want != 404 {
		return
	}
	none := c.path(route, who, false)
	if status, other := c.request(who, method, none); status != 404 || other != body {
		t.Errorf("%s %s: %d and another page than %s", method, none, status, path)
	}
	mine, whole := c.request(who, method, path, "HX-Request: true")
	theirs, part := c.request(who, method, none, "HX-Request: true")
	if mine != 404 || theirs != 404 || whole != part {
		t.Errorf("%s %s for htmx: %d %q, and %d %q", method, path, mine, whole, theirs, part)
	}
	if c.site.log.has(fmt.Sprintf(`"status":%d`, 403)) {
		t.Error("somebody got 403")
	}
}

// TestConditionalRequestsRevealNothing checks that a photo is 404 for those who may no longer see it, even if
// their browser has it in its cache.
func TestConditionalRequestsRevealNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		c := newFixture(s)
		path := c.path("/photos/:id/:size", "ann", true)
		ann, bob := c.people["ann"], c.people["bob"]
		first := ann.get(path).mustBe(200)
		tag := first.header.Get("ETag")
		if first.header.Get("Cache-Control") != "private, no-cache" || first.header.Get("Content-Type") != "image/png" || tag == "" {
			t.Errorf("photo: %v", first.header)
		}
		for _, header := range []string{tag, `"other", ` + tag, "W/" + tag, "*", `"a","b",` + tag + `,"c"`} {
			a := bob.get(path, "If-None-Match: "+header).shouldBe(304)
			if a.body != "" || a.header.Get("ETag") != tag || a.header.Get("Cache-Control") != "private, no-cache" {
				t.Errorf("304 for %s: %v %q", header, a.header, a.body)
			}
			for _, who := range []string{"cem", "dan", "eve"} {
				c.people[who].get(path, "If-None-Match: "+header).shouldBe(404)
			}
		}
		bob.get(path, `If-None-Match: "other"`).shouldBe(200)
		for _, size := range []string{"huge", "small.png", "..%2fsmall", "%2e%2e", "small%00", "SMALL"} {
			bob.get(strings.TrimSuffix(path, "small")+size, "If-None-Match: *").shouldBe(404)
		}
		ann.post("/friends/bob/remove", nil).mustBe(303)
		bob.get(path, "If-None-Match: "+tag).shouldBe(304) // they are still in a group together
		ann.post(views.RoomPath(c.group)+"/members/bob/remove", nil).mustBe(303)
		bob.get(path, "If-None-Match: "+tag).shouldBe(404)
		bob.send("HEAD", path, nil, "If-None-Match: "+tag).shouldBe(404)
		ann.post("/profile/photo/remove", nil).mustBe(303)
		ann.get(path, "If-None-Match: "+tag).shouldBe(404)
	})
}

// TestNumbersHaveOneSpelling checks that other spellings of an id are 404.
func TestNumbersHaveOneSpelling(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	room := strconv.FormatUint(s.befriend(list[0], list[1]), 10)
	list[0].get("/rooms/" + room).mustBe(200)
	for _, id := range []string{"0" + room, "+" + room, "-" + room, room + ".0", "%20" + room, room + "%20", room + "%00", "0x" + room,
		"%3" + room, room + ";" + room, room + "'", room + "%2f", "9223372036854775808", "18446744073709551617", "99999999999999999999999",
		"0", "", ".", "..", "%2e%2e", "null", "NaN", "１"} {
		if status := list[0].get("/rooms/" + id).status; status != 404 && !(id == "" && status == 200) {
			t.Errorf("/rooms/%s: %d", id, status)
		}
	}
}
