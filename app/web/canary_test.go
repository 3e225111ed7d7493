package web

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"parley/e2e/rig"
	"parley/views"
)

// canaries are marked strings. One that turns up where it must not be names the place where it was put.
type canaries struct{ n int }

func (c *canaries) next(place string) string {
	c.n++
	return fmt.Sprintf("canary-%d-%s", c.n, place)
}

// TestNothingPrivateIsWrittenDown is T35: marked strings go through every field, query, cookie, file name,
// header and socket frame, in good times, while handlers panic, and while the database is away. Then
// everything that the process writes is searched for them.
func TestNothingPrivateIsWrittenDown(t *testing.T) {
	t.Parallel()
	var standard bytes.Buffer
	log.SetOutput(&standard)
	defer log.SetOutput(os.Stderr)
	address, w := throughProxy(t, rig.MySQL(t))
	s := start(t, options{database: address})
	people := newFixture(s)
	marks := &canaries{}

	placeCanaries(people, marks)
	f := s.clock.panicWithin("web.", "the clock broke")
	placeCanaries(people, marks)
	s.clock.repair()
	if f.struck.Load() == 0 {
		t.Error("nothing panicked")
	}
	w.cut()
	placeCanaries(people, marks)
	w.restore()

	for name, text := range map[string]string{"the log": s.log.String(), "the metrics": metricsText(s),
		"the standard log": standard.String()} {
		for line := range strings.Lines(text) {
			if i := strings.Index(line, "canary-"); i >= 0 {
				t.Errorf("%s has %s in: %s", name, strings.FieldsFunc(line[i:],
					func(r rune) bool { return r == '"' || r == ' ' || r == '\\' })[0], shortened(line))
			}
			if strings.Contains(line, people.token) {
				t.Errorf("%s has the token of an invitation in: %s", name, shortened(line))
			}
			if strings.Contains(line, people.people["bob"].token()) {
				t.Errorf("%s has a session's token in: %s", name, shortened(line))
			}
		}
	}
	if !s.log.has(`"status":503`) || !s.log.has("panic in a handler") || !s.log.has(`"status":303`) {
		t.Error("the log is missing requests")
	}
}

func metricsText(s *site) string {
	w := httptest.NewRecorder()
	s.server.Metrics().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

// placeCanaries puts canaries everywhere. The responses do not matter here.
func placeCanaries(c *fixture, marks *canaries) {
	s, bob := c.site, c.people["bob"]
	t := s.t
	t.Helper()
	ask := func(b *browser, method, path string, body io.Reader, headers ...string) {
		if response, err := b.ask(method, path, body, headers...); err == nil {
			_ = response.Body.Close()
		}
	}
	for _, r := range routes {
		path := c.path(r.path, "bob", true) + "?q=" + marks.next("query") + "&next=/" + marks.next("next")
		if r.method == "GET" {
			ask(bob, "GET", path, nil)
			ask(s.visitor(), "GET", path, nil)
			continue
		}
		fields := url.Values{}
		for name := range everyField("") {
			fields.Set(name, marks.next(strings.ReplaceAll(r.path, "/", "-")+"-"+name))
		}
		for _, b := range []*browser{bob.copy(), s.visitor()} {
			if b.name == "bob" && (r.path == "/sign-out" || r.path == "/sign-in" || r.path == "/sign-up" ||
				strings.HasSuffix(r.path, "/remove") || strings.HasSuffix(r.path, "/block")) {
				continue
			}
			ask(b, "POST", path, strings.NewReader(fields.Encode()), "Content-Type: application/x-www-form-urlencoded")
			ask(b, "POST", path, strings.NewReader(fields.Encode()), "Content-Type: application/x-www-form-urlencoded",
				"Origin: https://"+marks.next("origin"))
		}
		odd := strings.NewReplacer(":username", marks.next("path"), ":room", marks.next("path"), ":id", marks.next("path"), ":seq",
			marks.next("path"), ":token", marks.next("path")).Replace(r.path)
		ask(bob, r.method, odd, nil)
	}
	ask(s.visitor(), "GET", "/"+marks.next("nowhere"), nil, "Cookie: parley="+marks.next("cookie")+"; "+s.cookieName()+"="+marks.next("cookie")+"; other="+marks.next("cookie"))
	for _, name := range []string{"User-Agent", "Referer", "Last-Event-ID", "If-None-Match", "X-Forwarded-For", "X-Forwarded-Host",
		"X-Request-ID", "Authorization", "X-Anything", "Accept", "HX-Current-URL", "Sec-Fetch-Site"} {
		ask(bob, "GET", views.RoomPath(c.room["bob"]), nil, name+": "+marks.next("header-"+name))
		ask(bob, "POST", views.RoomPath(c.room["bob"])+"/read", nil, name+": "+marks.next("header-"+name))
	}
	for _, file := range [][]byte{tinyPNG(t), []byte(marks.next("file")), nil} {
		body, contentType := multipartForm(t, marks.next("file-name")+".png", file,
			form("display_name", marks.next("file-field")+strings.Repeat("x", 50)))
		ask(bob, "POST", "/profile", bytes.NewReader(body), "Content-Type: "+contentType)
	}
	for _, raw := range []string{
		"GET /" + marks.next("raw") + "\r\n\r\n",
		marks.next("raw-method") + " / HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + s.cookieName() + "=" + bob.token() + "\r\n" + marks.next("raw-header") + "\r\n\r\n",
		"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + marks.next("raw-chunk") + "\r\n",
		"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nContent-Length: 8\r\n\r\n" + marks.next("raw-body"),
		"GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat(marks.next("raw-long"), 2000) + "\r\n\r\n",
	} {
		l := s.dial()
		l.write(raw)
		_ = l.conn.(interface{ CloseWrite() error }).CloseWrite()
		l.rest()
	}
	k, _ := bob.tryTalk(socketPath(c.room["bob"])+"?q="+marks.next("socket-query"), "Origin: "+s.origin(),
		"Sec-WebSocket-Protocol: "+marks.next("protocol"))
	if k == nil { // while the database is away
		return
	}
	k.post(marks.next("socket-key"), marks.next("socket-body"))
	k.post(marks.next("socket-key")+strings.Repeat("k", 99), marks.next("socket-body"))
	k.post(marks.next("socket-key"), marks.next("socket-body")+"\x01")
	k.frame(ws.NewFrame(ws.OpPing, true, []byte(marks.next("ping"))))
	k.text(`{"body":` + marks.next("socket-json"))
	_ = k.awaitClose(testPatience)
}
