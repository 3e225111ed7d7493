package web

import (
	"fmt"
	"strings"
	"testing"

	"parley/views"
)

// TestWhoSendsTooMuchIsLogged checks that posts, streams, sockets and bodies that are refused for being too many or too
// large have one line a minute for each person, however many there are.
func TestWhoSendsTooMuchIsLogged(t *testing.T) {
	t.Parallel()
	const message = "somebody sends too much, and is refused"
	s, ann, bob, room := talked(t, options{limits: true}, 0)
	s.clock.stop() // or what is spent comes back
	refused := 0
	for i := range 60 {
		a := ann.post(views.RoomPath(room)+"/messages", form("body", "hello", "key", fmt.Sprint("k", i)))
		if a.status == 429 {
			refused++
		}
	}
	if refused < 10 {
		t.Fatalf("%d are refused", refused)
	}
	for range 14 {
		ann.tryListen("/events")
	}
	lines := s.log.logged(t, message)
	if len(lines) != 1 || lines[0]["user"] != float64(ann.id) || lines[0]["status"] != 429.0 || lines[0]["times"] != 1.0 ||
		lines[0]["route"] != "/rooms/:room/messages" || lines[0]["address"] != "127.0.0.1" {
		t.Errorf("%v", lines)
	}

	socket := bob.talk(room)
	for i := range 60 {
		socket.say(fmt.Sprint("s", i), "hello")
	}
	if lines = s.log.logged(t, message); len(lines) != 2 || lines[1]["user"] != float64(bob.id) || lines[1]["route"] != socketRoute {
		t.Errorf("%v", lines)
	}

	for range 5 {
		l := s.dial()
		l.write("POST /sign-in HTTP/1.1\r\nHost: " + s.addr + "\r\nContent-Length: 100000000\r\n\r\n")
		if a := l.response(); a.status != 413 {
			t.Errorf("%d", a.status)
		}
	}
	eventually(t, "a line about who is not signed in", func() bool { return len(s.log.logged(t, message)) > 2 })
	if lines = s.log.logged(t, message); len(lines) != 3 || lines[2]["user"] != nil || lines[2]["status"] != 413.0 {
		t.Errorf("%v", lines)
	}
	if strings.Contains(s.log.String(), `"request refused"`) {
		t.Error("the same is logged as a refusal")
	}
}
