package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"parley/app/bus"
	"parley/e2e/rig"
	"parley/views"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func eventsPath(room uint64) string { return views.RoomPath(room) + "/events" }

// talked is a site with two friends and n messages in their room.
func talked(t *testing.T, o options, n int) (s *site, ann, bob *browser, room uint64) {
	t.Helper()
	s = start(t, o)
	list := s.people("ann", "bob")
	ann, bob = list[0], list[1]
	room = s.befriend(ann, bob)
	for i := range n {
		s.says(ann, room, fmt.Sprintf("message %d", i+1))
	}
	return s, ann, bob, room
}

// says posts through the rules, which is quicker than a request.
func (s *site) says(b *browser, room uint64, body string) uint64 {
	s.t.Helper()
	seq, err := s.server.chat.Post(s.t.Context(), b.user(), room, draft(body))
	must(s.t, err)
	return seq
}

// cursor is the place of a seq in a room's log.
func (s *site) cursor(room, seq uint64) string {
	s.t.Helper()
	heads, err := s.server.chat.Heads(s.t.Context(), []uint64{room})
	must(s.t, err)
	return bus.Cursor{Epoch: heads[room].Epoch, Seq: seq}.String()
}

// TestStreamGoesOnFromItsCursor checks what is sent again, and which of two cursors counts.
func TestStreamGoesOnFromItsCursor(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		room := s.befriend(list[0], list[1])
		for i := range 5 {
			s.says(list[0], room, fmt.Sprintf("message %d", i+1)) // seq 2 to 6; the first entry says that they are friends
		}
		bob := list[1]
		for name, one := range map[string]struct {
			path    string
			headers []string
			want    []string
		}{
			"no cursor":             {eventsPath(room), nil, nil},
			"the query":             {eventsPath(room) + "?after=" + s.cursor(room, 4), nil, []string{"message 4", "message 5"}},
			"the header":            {eventsPath(room), []string{"Last-Event-ID: " + s.cursor(room, 5)}, []string{"message 5"}},
			"the header wins":       {eventsPath(room) + "?after=" + s.cursor(room, 2), []string{"Last-Event-ID: " + s.cursor(room, 5)}, []string{"message 5"}},
			"an odd query is past":  {eventsPath(room) + "?after=nonsense", []string{"Last-Event-ID: " + s.cursor(room, 5)}, []string{"message 5"}},
			"from the beginning on": {eventsPath(room) + "?after=" + s.cursor(room, 1), nil, []string{"message 1", "message 2", "message 3", "message 4", "message 5"}},
		} {
			l := bob.listen(one.path, one.headers...)
			last := fmt.Sprintf("that was %s.", name)
			seq := s.says(list[0], room, last)
			end := l.await(last, shows(last))
			if end.id != s.cursor(room, seq) || end.name != "" {
				t.Errorf("%s: the event is %+v", name, end)
			}
			entries := l.entries()
			if len(entries) < len(one.want)+1 {
				t.Errorf("%s: %d entries", name, len(entries))
				continue
			}
			for i, text := range one.want {
				if !strings.Contains(entries[i].data, text+"<") {
					t.Errorf("%s: entry %d is %+v instead of %s", name, i, entries[i], text)
				}
			}
			for i := 1; i < len(entries); i++ {
				if seqOfCursor(t, entries[i].id) != seqOfCursor(t, entries[i-1].id)+1 {
					t.Errorf("%s: %s after %s", name, entries[i].id, entries[i-1].id)
				}
			}
			l.hangUp()
		}
		if got := bob.listen(eventsPath(room)).header.Get("X-Accel-Buffering"); got != "no" {
			t.Errorf("nginx would keep it: %q", got)
		}
	})
}

var wholeCursor = regexp.MustCompile(`^[1-9][0-9]*-[1-9][0-9]*$`)

func seqOfCursor(t *testing.T, id string) uint64 {
	t.Helper()
	if !wholeCursor.MatchString(id) || len(id) > 32 {
		t.Fatalf("the id is %q", id)
	}
	c, err := bus.ParseCursor(id)
	must(t, err)
	return c.Seq
}

// TestStreamTellsThePageToReload checks when a page must reload, and that the stream then ends.
func TestStreamTellsThePageToReload(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 210)
	epoch, _, _ := strings.Cut(s.cursor(room, 1), "-")
	for name, cursor := range map[string]string{
		"a word": "abc", "a number": "7", "no seq": epoch + "-", "no epoch": "-7", "three parts": s.cursor(room, 7) + "-1", "a sign": "+" + s.cursor(room, 7),
		"a zero before": "0" + s.cursor(room, 7), "too large": epoch + "-18446744073709551616", "too long": strings.Repeat("1", 20) + "-" + strings.Repeat("1", 20),
		"a space": s.cursor(room, 7) + " 8", "hex": "0x1-0x2", "a line": s.cursor(room, 7) + "%0a", "NUL": s.cursor(room, 7) + "\x00", "other digits": "１-２",
		"another epoch": "1-7", "beyond the end": s.cursor(room, 100_000), "before my time": s.cursor(room, 0), "too far behind": s.cursor(room, 5),
	} {
		l := bob.listen(eventsPath(room) + "?after=" + strings.NewReplacer("+", "%2b", " ", "%20", "\x00", "%00").Replace(cursor))
		if events := l.awaitEnd(); len(events) == 0 || events[len(events)-1].name != "reset" || len(l.entries()) > 0 {
			t.Errorf("%s: %v", name, events)
		}
		if !strings.ContainsAny(cursor, "%\x00") {
			if events := bob.listen(eventsPath(room), "Last-Event-ID: "+cursor).awaitEnd(); len(events) == 0 || events[len(events)-1].name != "reset" {
				t.Errorf("%s in the header: %v", name, events)
			}
		}
	}
	l := ann.listen(eventsPath(room) + "?after=" + s.cursor(room, 20)) // 191 behind is not too much
	l.await("the last message", shows("message 210<"))
}

// TestStreamWithoutASessionSaysSignedOut checks that a page whose session is over gets an event, and no redirect.
func TestStreamWithoutASessionSaysSignedOut(t *testing.T) {
	t.Parallel()
	s, _, _, room := talked(t, options{}, 1)
	for _, path := range []string{"/events", eventsPath(room), eventsPath(987654)} {
		l := s.visitor().listen(path)
		if events := l.awaitEnd(); len(events) != 1 || events[0] != (event{name: "signed-out"}) {
			t.Errorf("%s: %v", path, events)
		}
		if l.header.Get("Content-Type") != "text/event-stream; charset=utf-8" {
			t.Errorf("%s: %v", path, l.header)
		}
	}
}

// TestStreamOverHTTP10 checks that nginx's default upstream gets a body that ends with its connection.
func TestStreamOverHTTP10(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 0)
	l := s.dial()
	l.write("GET " + eventsPath(room) + " HTTP/1.0\r\nHost: " + s.addr + "\r\nConnection: keep-alive\r\nCookie: " + bob.cookie() + "\r\n\r\n")
	head := ""
	for !strings.HasSuffix(head, "\r\n\r\n") {
		text, err := l.in.ReadString('\n')
		must(t, err)
		head += text
	}
	if !strings.HasPrefix(head, "HTTP/1.0 200 OK\r\n") || strings.Contains(head, "Transfer-Encoding") || strings.Contains(head, "Content-Length") || !strings.Contains(head, "Connection: close\r\n") {
		t.Errorf("the head is %s", head)
	}
	s.says(ann, room, "hello there")
	eventually(t, "the message", func() bool {
		text, err := l.in.ReadString('\n')
		must(t, err)
		return strings.Contains(text, "hello there") && strings.HasPrefix(text, "data: ")
	})
	bob.post("/sign-out", nil).mustBe(303)
	if rest := l.rest(); !strings.HasSuffix(rest, "event: signed-out\ndata: \n\n") {
		t.Errorf("the end is %q", rest)
	}
}

// TestStreamsSayThatTheirConnectionEnds checks that no client sends another request into a connection that is about to
// be closed.
func TestStreamsSayThatTheirConnectionEnds(t *testing.T) {
	t.Parallel()
	s, _, bob, room := talked(t, options{}, 0)
	for _, path := range []string{"/events", "/events?page=hidden", eventsPath(room)} {
		l := s.dial()
		l.write("GET " + path + " HTTP/1.1\r\nHost: " + s.addr + "\r\nCookie: " + bob.cookie() + "\r\n\r\n")
		a, err := http.ReadResponse(l.in, nil)
		must(t, err)
		if a.StatusCode != 200 || !a.Close || !slices.Equal(a.TransferEncoding, []string{"chunked"}) {
			t.Errorf("%s: %d, ends its connection: %v, %q", path, a.StatusCode, a.Close, a.TransferEncoding)
		}
	}
}

// TestHeadDoesNotStream checks that asking for the headers opens nothing.
func TestHeadDoesNotStream(t *testing.T) {
	t.Parallel()
	s, ann, _, room := talked(t, options{limits: true}, 0)
	for range 30 {
		for _, path := range []string{"/events", eventsPath(room), eventsPath(room) + "?after=nonsense"} {
			a := ann.send("HEAD", path, nil).mustBe(200)
			if a.body != "" || a.header.Get("Content-Type") != "text/event-stream; charset=utf-8" {
				t.Errorf("%s: %v", path, a.header)
			}
		}
	}
	if s.server.limiter.Open() != 0 || s.server.hub.Viewers() != 0 {
		t.Error("something is open")
	}
}

// TestARemovedFriendGetsNothingMore is P5 and T11 for one, with what is open.
func TestARemovedFriendGetsNothingMore(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"remove", "block"} {
		t.Run(verb, func(t *testing.T) {
			s, ann, bob, room := talked(t, options{}, 1)
			pages := []livePage{ann.open(room), bob.open(room)}
			cursor := s.cursor(room, 1)
			s.says(ann, room, "the last words")
			ann.post("/friends/bob/"+verb, nil).mustBe(303)
			for _, p := range pages {
				p.room.awaitWithin(soon, "closed", named("closed"))
				p.room.awaitEnd()
				entries := p.room.entries()
				if end := entries[len(entries)-1]; !strings.Contains(end.data, en.Message.Closed) {
					t.Errorf("the last entry is %+v", end)
				}
				p.b.get(eventsPath(room) + "?after=" + cursor).mustBe(404)
				p.b.get(eventsPath(room), "Last-Event-ID: "+cursor).mustBe(404)
				p.talk.post("k", "still here?")
				if code := p.talk.awaitClose(soon); code != 4404 {
					t.Errorf("the socket was closed with %d", code)
				}
				for _, e := range p.lists.all() {
					if e.name == "closed" {
						t.Error("the stream of the lists was closed")
					}
				}
			}
			if said := s.said(room); len(said) != 2 {
				t.Errorf("said %q", said)
			}
		})
	}
}

// TestShutdownTellsPagesToReconnect checks what pages receive before a restart, and that it is quick.
func TestShutdownTellsPagesToReconnect(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 1)
	pages := []livePage{ann.open(room), bob.open(room)}
	s.dial() // a browser's spare connection
	begin := time.Now()
	done := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), testPatience)
	defer cancel()
	go func() { done <- s.server.Shutdown(ctx) }()
	for _, p := range pages {
		for _, l := range []*listener{p.room, p.lists} {
			events := l.awaitEnd()
			if last := events[len(events)-1]; last.name != "heartbeat" || last.retry == "" || last.retry == "0" {
				t.Errorf("the last event is %+v", last)
			}
		}
		if code := p.talk.awaitClose(soon); code != 1012 {
			t.Errorf("the socket was closed with %d", code)
		}
	}
	must(t, <-done)
	if took := time.Since(begin); took > rig.Limit(10*time.Second) {
		t.Errorf("it took %v", took)
	}
	if s.server.limiter.Open() != 0 {
		t.Error("something is open")
	}
}

// TestADrainingServerIsNotReady checks what it answers to those who come too late.
func TestADrainingServerIsNotReady(t *testing.T) {
	t.Parallel()
	s, ann, _, room := talked(t, options{}, 1)
	ann.get("/readyz").mustBe(200)
	s.server.draining.Store(true)
	ann.get("/livez").mustBe(200)
	ann.get("/readyz").mustBe(503).mustHave("going down")
	for _, path := range []string{"/events", eventsPath(room)} {
		if a := ann.get(path).mustBe(503); a.header.Get("Retry-After") == "" {
			t.Error("503 without Retry-After")
		}
	}
	if k, a := ann.tryTalk(socketPath(room), "Origin: "+s.origin()); k != nil || a.status != 503 {
		t.Errorf("a socket: %d", a.status)
	}
	ann.post(views.RoomPath(room)+"/messages", form("body", "still taken", "key", "k")).mustBe(303)
	raw := s.dial()
	raw.write("GET /sign-in HTTP/1.1\r\nHost: " + s.addr + "\r\n\r\n")
	raw.response()
	if _, err := raw.in.ReadByte(); err != io.EOF {
		t.Error("a browser may send another request over a connection that is about to be closed")
	}
}
