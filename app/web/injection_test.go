package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// sqlAttacks are texts that a careless server would pass to its database as code.
var sqlAttacks = []string{
	"' OR 1=1 -- ", "' OR '1'='1", `" OR ""="`, "1;--", "1; DROP TABLE users; --", "'; DELETE FROM sessions; --",
	"') UNION SELECT * FROM users -- ",
	"%' AND 1=0 UNION SELECT 1 -- ", "0 OR 1", "admin'/*", "?", "$1",
	":username", "@p1", "%s%n%x",
	"\x00", "a\x00b", "null", "true", "-1", "1e309", "NaN", "9999999999999999999999",
}

// mysqlAttacks are those that a server of MySQL understands in a way of its own: quotes, escapes, character sets, functions.
var mysqlAttacks = []string{
	"' OR 1=1 -- ", `" OR ""="`, "\\' OR 1=1 -- ", "\xbf' OR 1=1 -- ", "1 AND SLEEP(3)", "admin'/*", "?", "a\x00b",
}

// otherAttacks are texts that mean something to headers, pages, templates, paths and shells.
var otherAttacks = []string{
	"%0d%0aX-Injected: 1", "\r\nX-Injected: 1\r\n\r\n<script>", "\nX-Injected: 1", "\rX-Injected: 1",
	"x\r\nSet-Cookie: parley=injected", "\u560d\u560aX-Injected: 1",
	"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "{{7*7}}", "${7*7}", "<%= 7*7 %>", "../../etc/passwd", "..%2f..%2f",
	"${jndi:ldap://x}", "`id`", "$(id)", "|id", "[]",
}

// TestNoTextIsACommand is T15 and T17: every attack in every field, query, path and header; on MariaDB those that
// it reads in its own way.
func TestNoTextIsACommand(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		c := newFixture(s)
		ann, bob := c.people["ann"], c.people["bob"]
		s.clock.stop() // or a slow machine moves the time when a session was last used
		for _, p := range c.people {
			p.get("/friends") // which notes whether something waits for them
		}
		before := dump(t, s.data)
		texts := mysqlAttacks
		if s.store.IsSQLite() {
			texts = slices.Concat(sqlAttacks, otherAttacks)
		}
		for _, attack := range texts {
			for _, r := range routes {
				tryAttack(t, c, r, attack)
			}
			headers := []string{"User-Agent", "Referer", "Last-Event-ID", "If-None-Match", "X-Forwarded-For", "X-Forwarded-Proto", "Accept",
				"HX-Target", "HX-Current-URL", "Range"}
			if strings.ContainsAny(attack, "\r\n\x00") {
				continue // no client can send those there; smuggling has a test of its own
			}
			for i, name := range headers {
				headers[i] = name + ": " + attack
			}
			mustBeHarmless(t, ann.get(c.path("/photos/:id/:size", "ann", true), headers...))
			mustBeHarmless(t, s.visitor().get("/sign-in", headers...))
			mustBeHarmless(t, s.visitor().get("/rooms", "Cookie: "+s.cookieName()+"="+url.QueryEscape(attack)))
		}
		if ann.user().DisplayName != "ann" || bob.user().DisplayName != "bob" || !bob.isSignedIn() {
			t.Error("somebody was changed")
		}
		// What was typed is in the database as text, and nothing else has changed.
		after := dump(t, s.data)
		for _, table := range []string{"users", "friendships", "sessions", "photos"} {
			if tableOf(before, table) == "" || tableOf(before, table) != tableOf(after, table) {
				t.Errorf("%s: from\n%s\nto\n%s", table, tableOf(before, table), tableOf(after, table))
			}
		}
	})
}

// tryAttack sends an attack in every place that a route has for text, as a person who may be there.
func tryAttack(t *testing.T, c *fixture, r route, attack string) {
	t.Helper()
	if r.path == "/sign-out" || r.kind == stream || r.kind == socket {
		return
	}
	ann := c.people["ann"]
	path := c.path(r.path, "ann", true)
	escaped := url.PathEscape(attack)
	if r.method == "GET" {
		for _, name := range strings.Fields(queryOf[r.path]) {
			mustBeHarmless(t, ann.get(path+"?"+name+"="+url.QueryEscape(attack)))
		}
	}
	if strings.Contains(r.path, ":") {
		odd := strings.NewReplacer(":username", escaped, ":room", escaped, ":id", escaped, ":size", escaped, ":name", escaped, ":seq",
			escaped).Replace(r.path)
		mustBeHarmless(t, ann.send(r.method, odd, nil))
	}
	if r.method == "POST" && r.path == "/sign-in" && !strings.HasPrefix(attack, "'") { // a hash is slow; some will do
		return
	}
	for _, name := range strings.Fields(fieldsOf[r.path]) {
		// The other fields are invalid, so that no account or profile is stored.
		fields := form("username", "nobody.there", "password", "short", "time_zone", "Not/AZone", "body", "hello")
		fields.Set(name, attack)
		mustBeHarmless(t, ann.copy().post(path, fields))
	}
}

// queryOf has the query parameters that pages read.
var queryOf = map[string]string{"/sign-up": "next", "/sign-in": "next", "/rooms/:room": "before after around reply", "/profile": "saved",
	"/rooms/:room/hide.css": "seq at gone", "/search": "q room author below"}

// fieldsOf has the fields that forms read.
var fieldsOf = map[string]string{
	"/sign-up":                                 "username time_zone next",
	"/sign-in":                                 "username next",
	"/friends":                                 "username",
	"/rooms/:room/messages":                    "body key reply_to",
	"/rooms":                                   "name username",
	"/rooms/:room/members":                     "username",
	"/rooms/:room/name":                        "name",
	"/rooms/:room/messages/:seq/edit":          "body",
	"/rooms/:room/messages/:seq/react":         "emoji",
	"/rooms/:room/composer":                    "body key",
	"/rooms/:room/read":                        "seq",
	"/rooms/:room/mute":                        "muted level from",
	"/rooms/:room/moderation":                  "slow posting",
	"/rooms/:room/messages/:seq/pin":           "off from",
	"/rooms/:room/members/:username/moderator": "off",
	"/profile/calls":                           "notify sound",
	"/profile":                                 "display_name time_zone",
	"/profile/password":                        "current password",
}

// mustBeHarmless checks that an attack caused no error, and put neither headers nor markup into the
// response.
func mustBeHarmless(t *testing.T, a *reply) {
	t.Helper()
	if a.status >= 500 {
		t.Errorf("%s: %d", a.request, a.status)
	}
	for name, values := range a.header {
		if text := fmt.Sprint(name, values); strings.Contains(text, "Injected") || strings.Contains(text, "injected") &&
			name != "Location" || strings.ContainsAny(text, "\r\n\x00") {
			t.Errorf("%s: the attacker's header: %q", a.request, text)
		}
	}
	for _, raw := range []string{"<script>alert", "<img src=x"} {
		if strings.Contains(a.body, raw) {
			t.Errorf("%s: the attacker's markup", a.request)
		}
	}
}

// tableOf returns one table of a dump.
func tableOf(all, table string) string {
	_, after, _ := strings.Cut(all, "\n"+table+":\n")
	var lines []string
	for line := range strings.Lines(after) {
		if !strings.HasPrefix(line, "  ") {
			break
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "")
}
