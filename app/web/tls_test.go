package web

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
	"parley/views"
)

var overTLS = options{tls: true, public: "https://chat.example.org", limits: true}

// TestOverTLS posts and reads in every way without a proxy in front.
func TestOverTLS(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, overTLS, 1)
	page := ann.get(views.RoomPath(room), asDocument).mustBe(200)
	if page.header.Get("Strict-Transport-Security") == "" {
		t.Error("browsers may come back without https")
	}
	stream := ann.listen(eventsPath(room))
	streamed := ann.watchPage(views.LivePath(room))
	bob.say(room, "by a form")
	stream.await("a message", shows("by a form"))
	streamed.await(">by a form</span>")
	socket := bob.talk(room)
	if r := socket.say("k", "by a socket"); r.seq == 0 {
		t.Errorf("%+v", r)
	}
	stream.await("a message", shows("by a socket"))
	streamed.await(">by a socket</span>")

	visitor := s.visitor()
	in := visitor.post("/sign-in", form("username", "ann", "password", goodPassword)).mustBe(303)
	if cookie := in.header.Get("Set-Cookie"); !strings.Contains(strings.ToLower(cookie), "; secure") {
		t.Errorf("the cookie is %q", cookie)
	}
}

// TestALargeHeadIsExplainedOverTLS checks that the response to a request that is not read to its end arrives.
func TestALargeHeadIsExplainedOverTLS(t *testing.T) {
	t.Parallel()
	s := start(t, overTLS)
	l := s.dial()
	l.write("GET / HTTP/1.1\r\nHost: chat.example.org\r\nX: " + strings.Repeat("x", 64<<10) + "\r\n\r\n")
	if a := l.response(); a.status != 431 {
		t.Errorf("%d", a.status)
	}
	l = s.dial()
	l.write("POST /sign-in HTTP/1.1\r\nHost: chat.example.org\r\nContent-Length: 100000000\r\n\r\n" + strings.Repeat("x", 1<<20))
	if a := l.response(); a.status != 413 {
		t.Errorf("%d", a.status)
	}
}

// TestWithoutPublicURLTLSCounts checks that a form is recognized as ours by the scheme that Parley itself speaks.
func TestWithoutPublicURLTLSCounts(t *testing.T) {
	t.Parallel()
	s := start(t, options{tls: true})
	s.visitor().post("/sign-in", form("username", "nobody", "password", goodPassword), "Origin: "+s.base()).mustBe(422)
	s.visitor().post("/sign-in", form("username", "nobody", "password", goodPassword), "Origin: http://"+s.addr).mustBe(403)
}

// TestASlowReaderOverTLSHoldsNobody posts more than the kernel holds for somebody who reads nothing.
func TestASlowReaderOverTLSHoldsNobody(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{tls: true, public: "https://chat.example.org"}, 0)
	raw, err := net.Dial("tcp", s.addr)
	must(t, err)
	defer func() { _ = raw.Close() }()
	must(t, raw.(*net.TCPConn).SetReadBuffer(4096))
	slow := tls.Client(raw, s.tls)
	_, err = io.WriteString(slow, "GET "+eventsPath(room)+" HTTP/1.1\r\nHost: chat.example.org\r\nCookie: "+ann.cookie()+"\r\n\r\n")
	must(t, err)
	eventually(t, "the slow one is served", func() bool { return s.server.hub.Viewers() == 1 })
	other := ann.listen(eventsPath(room))
	long := strings.Repeat("lorem ipsum ", 300)
	for i := range 60 {
		text := fmt.Sprintf("number %d. ", i)
		s.says(bob, room, text+long)
		other.awaitWithin(rig.Limit(2*time.Second), "a message", shows(text))
	}
}

// TestWhoNeverShakesHandsIsCut is T49 for TLS: such a connection ends like one that sends no request.
func TestWhoNeverShakesHandsIsCut(t *testing.T) {
	t.Parallel()
	s := start(t, overTLS)
	begin := time.Now()
	silent, err := net.Dial("tcp", s.addr)
	must(t, err)
	defer func() { _ = silent.Close() }()
	must(t, silent.SetReadDeadline(begin.Add(testPatience)))
	if _, err := io.ReadAll(silent); err != nil {
		t.Errorf("after %v still open: %v", time.Since(begin), err)
	}
	if took := time.Since(begin); took > requestTime+rig.Limit(5*time.Second) {
		t.Errorf("that took %v", took)
	}
}

// TestTheEndWaitsForNoHandshake checks that whoever never shakes hands does not delay the shutdown for as long as they
// may be silent otherwise.
func TestTheEndWaitsForNoHandshake(t *testing.T) {
	t.Parallel()
	s := start(t, overTLS)
	silent, err := net.Dial("tcp", s.addr)
	must(t, err)
	defer func() { _ = silent.Close() }()
	s.visitor().get("/livez").mustBe(200) // came later
	begin := time.Now()
	s.down()
	if took := time.Since(begin); took > requestTime*3/4 {
		t.Errorf("that took %v", took)
	}
}
