package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// queries are texts that mean something to the database of a careless server.
var queries = []string{
	"' OR 1=1 -- ", "' OR '1'='1", `" OR ""="`, "1;--", "1; DROP TABLE users; --", "'; DELETE FROM sessions; --", "') UNION SELECT * FROM users -- ",
	"%' AND 1=0 UNION SELECT 1 -- ", "\\' OR 1=1 -- ", "\xbf' OR 1=1 -- ", "0 OR 1", "admin'/*", "1 AND SLEEP(3)", "?", "$1", ":username", "@p1", "%s%n%x",
	"\x00", "a\x00b", "null", "true", "-1", "1e309", "NaN", "9999999999999999999999",
}

// attacks are texts that mean something to all else behind it.
var attacks = []string{
	"%0d%0aX-Injected: 1", "\r\nX-Injected: 1\r\n\r\n<script>", "\nX-Injected: 1", "\rX-Injected: 1", "x\r\nSet-Cookie: parley=injected", "\u560d\u560aX-Injected: 1",
	"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "{{7*7}}", "${7*7}", "<%= 7*7 %>", "../../etc/passwd", "..%2f..%2f",
	"${jndi:ldap://x}", "`id`", "$(id)", "|id", "[]",
}

// TestNoTextIsACommand is T15 and T17: every attack in every field, query, path and header. What no
// database looks at need not be said to both.
func TestNoTextIsACommand(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		c := newCast(s)
		ann, bob := c.people["ann"], c.people["bob"]
		before := rows(t, s.data)
		texts := queries
		if s.store.IsSQLite() {
			texts = slices.Concat(queries, attacks)
		}
		for _, attack := range texts {
			for _, r := range routes {
				assail(t, c, r, attack)
			}
			headers := []string{"User-Agent", "Referer", "Last-Event-ID", "If-None-Match", "X-Forwarded-For", "X-Forwarded-Proto", "Accept", "HX-Target", "HX-Current-URL", "Range"}
			if strings.ContainsAny(attack, "\r\n\x00") {
				continue // no client can send those there; smuggling has a test of its own
			}
			for i, name := range headers {
				headers[i] = name + ": " + attack
			}
			mustBeUnharmed(t, ann.get(c.path("/photos/:id/:size", "ann", true), headers...))
			mustBeUnharmed(t, s.visitor().get("/sign-in", headers...))
			mustBeUnharmed(t, s.visitor().get("/rooms", "Cookie: parley="+url.QueryEscape(attack)))
		}
		if ann.user().DisplayName != "ann" || bob.user().DisplayName != "bob" || !bob.isSignedIn() {
			t.Error("somebody was changed")
		}
		// What was typed stands in the database as text, and nothing else has changed.
		after := rows(t, s.data)
		for _, table := range []string{"users", "friendships", "sessions", "photos"} {
			if part(before, table) == "" || part(before, table) != part(after, table) {
				t.Errorf("%s: from\n%s\nto\n%s", table, part(before, table), part(after, table))
			}
		}
	})
}

// assail sends an attack in every place that a route has for text, as a person who may be there.
func assail(t *testing.T, c *cast, r route, attack string) {
	t.Helper()
	if r.path == "/sign-out" || r.answer == stream || r.answer == socket {
		return
	}
	ann := c.people["ann"]
	path := c.path(r.path, "ann", true)
	escaped := url.PathEscape(attack)
	if r.method == "GET" {
		for _, name := range strings.Fields(queryOf[r.path]) {
			mustBeUnharmed(t, ann.get(path+"?"+name+"="+url.QueryEscape(attack)))
		}
	}
	if strings.Contains(r.path, ":") {
		odd := strings.NewReplacer(":username", escaped, ":room", escaped, ":id", escaped, ":size", escaped, ":name", escaped, ":seq", escaped).Replace(r.path)
		mustBeUnharmed(t, ann.send(r.method, odd, nil))
	}
	if r.method == "POST" && r.path == "/sign-in" && !strings.HasPrefix(attack, "'") { // a hash is slow; some will do
		return
	}
	for _, name := range strings.Fields(fieldsOf[r.path]) {
		// What is beside it keeps accounts and profiles from being stored.
		fields := form("username", "nobody.there", "password", "short", "time_zone", "Not/AZone", "body", "hello")
		fields.Set(name, attack)
		mustBeUnharmed(t, ann.copy().post(path, fields))
	}
}

// queryOf is what the pages look for in their address.
var queryOf = map[string]string{"/sign-up": "next", "/sign-in": "next", "/rooms/:room": "before after around reply", "/profile": "saved",
	"/rooms/:room/hide.css": "seq at gone", "/search": "q room author below"}

// fieldsOf is what the forms are asked for.
var fieldsOf = map[string]string{
	"/sign-up":                         "username time_zone next",
	"/sign-in":                         "username next",
	"/friends":                         "username",
	"/rooms/:room/messages":            "body key reply_to",
	"/rooms":                           "name username",
	"/rooms/:room/members":             "username",
	"/rooms/:room/name":                "name",
	"/rooms/:room/messages/:seq/edit":  "body",
	"/rooms/:room/messages/:seq/react": "emoji",
	"/rooms/:room/composer":            "body key",
	"/rooms/:room/read":                "seq",
	"/rooms/:room/mute":                "muted",
	"/profile":                         "display_name time_zone",
	"/profile/password":                "current password",
}

// mustBeUnharmed holds that an answer is one that was meant, and has no header that was not.
func mustBeUnharmed(t *testing.T, a *reply) {
	t.Helper()
	if a.status >= 500 {
		t.Errorf("%s: %d", a.request, a.status)
	}
	for name, values := range a.header {
		if text := fmt.Sprint(name, values); strings.Contains(text, "Injected") || strings.Contains(text, "injected") && name != "Location" || strings.ContainsAny(text, "\r\n\x00") {
			t.Errorf("%s: a header of the other side's: %q", a.request, text)
		}
	}
	for _, raw := range []string{"<script>alert", "<img src=x"} {
		if strings.Contains(a.body, raw) {
			t.Errorf("%s: markup of the other side's", a.request)
		}
	}
}

// part is one table of what rows tells.
func part(all, table string) string {
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
