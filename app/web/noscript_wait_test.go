package web

import (
	"parley/app/bus"
	"parley/e2e/rig"
	"parley/views"
	"strings"
	"testing"
	"time"
)

// awaitsPage asks for a page that is waited for, and answers through a channel.
func (b *browser) awaitsPage(room uint64, after string) chan *reply {
	answered := make(chan *reply, 1)
	go func() { answered <- b.get(views.RoomPath(room) + "/wait?after=" + after) }()
	eventually(b.site.t, "somebody waits", func() bool { return b.site.server.limiter.Open() > 0 })
	return answered
}

func (s *site) cursorNow(room uint64) string {
	s.t.Helper()
	epoch, seq := s.head(room)
	return bus.Cursor{Epoch: epoch, Seq: seq}.String()
}

// soon waits for the answer that should come at once.
func soonAnswered(t *testing.T, answered chan *reply) *reply {
	t.Helper()
	select {
	case a := <-answered:
		return a
	case <-time.After(testPatience):
		t.Fatal("still waiting")
		return nil
	}
}

// TestWaitingPageComesWithTheNews checks that a page comes when there is something, complete.
func TestWaitingPageComesWithTheNews(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		room := s.befriend(ann, bob)
		ann.say(room, "said before")
		before := s.cursorNow(room)
		answered := bob.awaitsPage(room, before)
		select {
		case a := <-answered:
			t.Fatalf("nothing is new, and yet: %d %s", a.status, a.body)
		case <-time.After(300 * time.Millisecond): // it must not come; there is no condition for that
		}
		ann.say(room, "the news")
		a := soonAnswered(t, answered).mustBe(200).mustHave("said before", `id="new"`, "the news", "</html>", `<form id="composer"`,
			views.RoomPath(room)+"/wait?after="+s.cursorNow(room)+"#new", `name="after" value="`+s.cursorNow(room)+`"`)
		if strings.Contains(a.body, "hx-sse") || strings.Contains(a.body, "http-equiv") || strings.Index(a.body, `id="new"`) > strings.Index(a.body, ">the news<") {
			t.Errorf("%s", a.body)
		}
		// Nobody waits for what has come already, nor for what cannot be known.
		for _, after := range []string{before, "", "nonsense", "99-1", "1-999999"} {
			bob.get(views.RoomPath(room) + "/wait?after=" + after).mustBe(200).mustHave("the news")
		}
		bob.send("HEAD", views.RoomPath(room)+"/wait?after="+s.cursorNow(room), nil).mustBe(200)
		bob.get(views.RoomPath(room)+"/wait/frame").mustBe(200).mustHave("the news", `content="1; url=`+views.RoomPath(room)+"/wait/frame?after="+s.cursorNow(room)+`"`)
		if s.server.limiter.Open() != 0 {
			t.Error("somebody still counts as waiting")
		}
	})
}

// TestWaitingPageAfterAPost checks that whoever posts from such a page sees what came since then.
func TestWaitingPageAfterAPost(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	room := s.befriend(list[0], list[1])
	cursor := s.cursorNow(room)
	a := list[0].post(views.RoomPath(room)+"/messages", form("key", "k1", "body", "mine", "after", cursor))
	a.mustGoTo(views.RoomPath(room) + "/wait?after=" + cursor + "#new")
	list[0].get(views.RoomPath(room)+"/wait?after="+cursor).mustBe(200).mustHave(`<li class="new">`, `<a id="new"`, ">mine<")
	list[0].post(views.RoomPath(room)+"/messages", form("key", "k2", "body", "mine", "after", "//evil.example")).mustGoTo(views.RoomPath(room))
	list[0].post(views.RoomPath(room)+"/messages", form("key", "k3", "body", " ", "after", cursor)).mustBe(422).mustHave(en.Room.WaitMore, `name="after"`)
}

// TestWaitingEndsWithTheRight checks that nobody who was removed or signed out meanwhile gets a page.
func TestWaitingEndsWithTheRight(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		room := s.befriend(ann, bob)
		answered := bob.awaitsPage(room, s.cursorNow(room))
		copied := bob.copy()
		copied.post("/sign-out", nil).mustBe(303)
		ann.say(room, "not for a session that is over")
		if a := soonAnswered(t, answered); a.status != 303 || strings.Contains(a.body, "not for") {
			t.Errorf("%d %s", a.status, a.body)
		}
		bob.signInAgain()
		answered = bob.awaitsPage(room, s.cursorNow(room))
		ann.post("/friends/bob/remove", nil).mustBe(303)
		soonAnswered(t, answered).mustBe(404)
	})
}

// TestWaitingIsBounded checks that waiting pages count as streams, and that none delays a shutdown.
func TestWaitingIsBounded(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	list := s.people("ann", "bob")
	room := s.befriend(list[0], list[1])
	cursor := s.cursorNow(room)
	var all []chan *reply
	for i := range 12 {
		answered := make(chan *reply, 1)
		go func() { answered <- list[0].get(views.RoomPath(room) + "/wait?after=" + cursor) }()
		all = append(all, answered)
		eventually(t, "one more waits", func() bool { return s.server.limiter.Open() == i+1 })
	}
	list[0].get(views.RoomPath(room) + "/wait?after=" + cursor).mustBe(429)
	begin := time.Now()
	s.down()
	if took := time.Since(begin); took > rig.Limit(5*time.Second) {
		t.Errorf("going down took %v", took)
	}
	for _, answered := range all {
		soonAnswered(t, answered).mustBe(200)
	}
}
