package web

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/db"
	"parley/e2e/rig"
	"parley/views"
)

// fields is a form that is valid for every route.
func fields(path string) url.Values {
	username := "gil" // a friend of ann's
	switch path {
	case "/friends":
		username = "dan" // a stranger
	case "/sign-up":
		username = "newcomer"
	}
	return form("username", username, "password", goodPassword+" twice", "current", "a wrong guess", "body", "hello", "key", path,
		"address", "gil@example.org", "name", "Another", "alt", "A cat", "emoji", "👍", "uses", "1", "days", "1", "messages", "keep", "reason", "spam", "slow", "30")
}

// limits has a function for each limit of the manifest, by which ann spends all of it.
var limits = map[string]func(c *fixture, ann *browser){
	"free": func(*fixture, *browser) {},
	"sign-up": func(c *fixture, _ *browser) {
		for i := range 20 {
			c.site.visitor().post("/sign-up", form("username", fmt.Sprint("person", i), "password", goodPassword)).mustBe(303)
		}
	},
	"guess": func(c *fixture, ann *browser) {
		for range 5 {
			c.site.visitor().post("/sign-in", form("username", "gil", "password", "a wrong guess")).mustBe(422)
			ann.post("/profile/password", fields("/profile/password")).mustBe(422)
		}
	},
	"link": func(c *fixture, _ *browser) {
		for i := range 20 {
			c.site.visitor().get(fmt.Sprint("/join/guess", i)).mustBe(404)
		}
	},
	"mail": func(c *fixture, _ *browser) {
		for i := range 10 {
			c.site.visitor().post("/forgot", form("username", fmt.Sprint("person", i))).mustBe(200)
		}
	},
	"code": func(c *fixture, _ *browser) {
		half := c.site.halfway("kim")
		for i := 0; half.post("/sign-in/code", form("code", "a wrong guess")).status != 429; i++ {
			if i > 100 {
				c.site.t.Fatal("codes have no limit")
			}
		}
	},
	"passkey": func(c *fixture, _ *browser) {
		for i := 0; c.site.visitor().get("/sign-in/passkey").status != 429; i++ {
			if i > 100 {
				c.site.t.Fatal("challenges have no limit")
			}
		}
	},
	"visit": func(c *fixture, _ *browser) {
		for i := 0; c.site.visitor().get("/oidc/p0").status != 429; i++ {
			if i > 100 {
				c.site.t.Fatal("visits to providers have no limit")
			}
		}
	},
	"logout": func(c *fixture, _ *browser) {
		for range 20 {
			c.site.visitor().post("/oidc/p0/logout", form("logout_token", "no.such.token")).mustBe(400)
		}
	},
	"invite": func(_ *fixture, ann *browser) {
		for i := 0; ann.post("/invitations", form("uses", "1", "days", "1")).status != 429; i++ {
			if i > 20 {
				ann.site.t.Fatal("invitations have no limit")
			}
		}
	},
	"ask": func(c *fixture, ann *browser) {
		for i := range 5 {
			name := fmt.Sprint("stranger", i)
			c.site.person(name)
			ann.post("/friends", form("username", name)).mustBe(303)
		}
	},
	"post": func(c *fixture, ann *browser) {
		path := views.RoomPath(c.room["ann"]) + "/messages"
		for i := 0; ann.post(path, form("body", "hello", "key", fmt.Sprint("spent", i))).status != 429; i++ {
			if i > 100 {
				c.site.t.Fatal("posts have no limit")
			}
		}
	},
	"search": func(c *fixture, ann *browser) {
		for i := 0; ann.get("/search?q=hello").status != 429; i++ {
			if i > 100 {
				c.site.t.Fatal("searches have no limit")
			}
		}
	},
	"stream": func(_ *fixture, ann *browser) {
		for range 12 {
			ann.listen("/events")
		}
	},
	"socket": func(c *fixture, ann *browser) {
		for range 6 {
			ann.talk(c.room["ann"])
		}
	},
	"photo": func(c *fixture, ann *browser) {
		full := db.Photo{OwnerID: ann.id, Type: "image/png", Bytes: 200 << 20, CreatedAt: time.Now().UTC()}
		must(c.site.t, c.site.store.CreatePhoto(c.site.t.Context(), &full, []db.PhotoSize{{Size: "small", Data: []byte{1}}}))
	},
}

// TestLimits spends one limit after the other, and then tries every route: those that the manifest says it
// bounds are refused, and no others are.
func TestLimits(t *testing.T) {
	t.Parallel()
	for limit, spend := range limits {
		t.Run(limit, func(t *testing.T) {
			t.Parallel()
			s := start(t, options{limits: true, public: passkeyOrigin, mailbox: rig.Mail(t, ""), oidc: []*rig.OIDC{rig.NewOIDC(t)}})
			c := newFixture(s)
			s.clock.stop() // or what is spent comes back, one every fifth of a second
			s.clock.nextHour()
			ann := c.people["ann"]
			spend(c, ann)
			list := manifestRows(t)
			isLast := func(d manifestRow) int { // or the other routes of the group are 404
				return strings.Count(d.path, "/owner") + strings.Count(d.path, "/leave")
			}
			slices.SortStableFunc(list, func(a, b manifestRow) int { return isLast(a) - isLast(b) })
			for _, d := range list {
				want := d.access != "admin" && (d.limit == limit && limit != "free" || d.body == "photo" && limit == "photo")
				if d.limit == "post" && limit != "post" { // there are more of these than may be sent at once
					s.clock.stopped.Add(int64(time.Second / 4))
					if limit == "search" { // one more has come back
						spend(c, ann)
					}
				}
				if refused := isRefused(c, ann, d, limit); refused != want {
					t.Errorf("%v is refused: %v, with all of %q spent", d, refused, limit)
				}
				if limits[d.limit] == nil && d.access != "admin" { // who are not refused
					t.Errorf("%v has the limit %q, which nothing here spends", d, d.limit)
				}
			}
		})
	}
}

// nextHour moves a clock that is stopped to the beginning of an hour, where all counters start again.
func (c *clock) nextHour() {
	c.stopped.Store(time.Unix(0, c.stopped.Load()).Truncate(time.Hour).Add(time.Hour).UnixNano())
}

// isRefused tries a route as ann, and reports whether it is refused for having been used too much.
func isRefused(c *fixture, ann *browser, d manifestRow, limit string) bool {
	path, b := c.path(d.path, "ann", true), ann
	switch d.path {
	case "/search":
		path += "?q=hello"
	case "/rooms/:room/wait", "/rooms/:room/wait/frame":
		if limit == "stream" {
			path += "?after=" + c.site.cursor(c.room["ann"], c.site.last(c.room["ann"])) // or it does not wait
		}
	case "/sign-in", "/sign-up", "/sign-in/passkey":
		b = c.site.visitor()
	case "/sign-in/code":
		if d.method == "POST" && limit == "code" {
			b = c.site.halfAgain("kim")
		}
	case "/sign-out":
		b = ann.another()
	}
	if d.limit == "guess" && limit != "guess" && b == ann {
		b = ann.another() // there are more of these routes than guesses of one session
	}
	if d.kind == "socket" {
		k, a := b.tryTalk(path, "Origin: "+c.site.origin())
		if k != nil {
			_ = k.conn.Close()
		}
		return a.status == 429
	}
	if d.body == "photo" && (limit == "photo" || d.path == "/rooms/:room/photo") {
		status := b.upload(path, "x.png", tinyPNG(c.site.t), fields(d.path)).status
		return status == 413 || status == 429
	}
	var body io.Reader
	if d.method == "POST" {
		body = strings.NewReader(fields(d.path).Encode())
	}
	response, err := b.ask(d.method, path, body, "Content-Type: application/x-www-form-urlencoded")
	must(c.site.t, err)
	defer func() { _ = response.Body.Close() }()
	if d.path == "/friends" && response.StatusCode == 422 {
		text, err := io.ReadAll(response.Body)
		must(c.site.t, err)
		return strings.Contains(string(text), en.Friends.TooManyPending)
	}
	return response.StatusCode == 429
}
