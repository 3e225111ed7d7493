package web

import (
	"fmt"
	"strings"
	"testing"

	"parley/app/bus"
	"parley/app/chat"
	"parley/views"
)

// TestStreamedPageEndsWithItsConnection checks that a browser can notice that the server is gone.
func TestStreamedPageEndsWithItsConnection(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	ann, bob := list[0], list[1]
	room := s.befriend(ann, bob)
	d := ann.watchPage(views.LivePath(room))
	if d.status != 200 || d.proto != "HTTP/1.1" || d.header.Get("Connection") != "close" || d.header.Get("Transfer-Encoding") != "" ||
		d.header.Get("Content-Length") != "" || d.header.Get("Content-Type") != "text/html; charset=utf-8" ||
		d.header.Get("X-Accel-Buffering") != "no" || d.header.Get("Content-Security-Policy") != contentPolicy || d.header.Get("Cache-Control") != noStore {
		t.Errorf("%d %s %v", d.status, d.proto, d.header)
	}
	bob.say(room, "hello")
	d.await(">hello</span>")
	text, _ := d.all()
	for _, never := range []string{"</ol>", "</body>", "style=", "<style", "<script", "hx-"} {
		if strings.Contains(text, never) {
			t.Errorf("%q in %s", never, text)
		}
	}
	if again := `<meta http-equiv="refresh" content="`; !strings.Contains(text, again) || !strings.Contains(text, "; url="+views.LivePath(room)+`?again=1"`) {
		t.Errorf("it does not ask for itself again: %s", text)
	}
	if eventually(t, "one stream", func() bool { return s.server.limiter.Open() == 1 }); s.server.hub.Viewers() != 1 {
		t.Error("the hub does not know it")
	}
	d.hangUp()
	eventually(t, "nobody is left", func() bool { return s.server.limiter.Open() == 0 && s.server.hub.Viewers() == 0 })
}

// TestAMessageIsTheSameBytesInEveryReadingMode checks that a message is the same bytes in every reading mode.
func TestAMessageIsTheSameBytesInEveryReadingMode(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		room := s.befriend(ann, bob)
		bob.say(room, "what was said before <b>&amp; https://example.org/")
		events := ann.listen(views.RoomPath(room) + "/events")
		pages := []*document{ann.watchPage(views.LivePath(room)), bob.watchPage(views.LivePath(room))}
		ann.say(room, "first\n  second, with \"quotes\"")
		bob.say(room, "http://example.org/?a=b&c=d ‮ and more")
		last := events.await("the last message", shows("and more"))
		for _, d := range pages {
			d.await("and more")
		}
		plain := ann.get(views.RoomPath(room)).mustBe(200).body
		for _, e := range events.entries() {
			for i, d := range pages {
				if text, _ := d.all(); !strings.Contains(text, e.data) {
					t.Errorf("streamed page %d has other bytes than the event %q: %s", i, e.data, text)
				}
			}
			if !strings.Contains(plain, e.data) {
				t.Errorf("the page has other bytes than the event %q", e.data)
			}
		}
		late := bob.watchPage(views.LivePath(room))
		late.await("and more")
		if text, _ := late.all(); !strings.Contains(text, last.data) {
			t.Errorf("a page that begins with it has other bytes: %s", text)
		}
	})
}

// TestStreamedPageGoesOnFromACursor checks that nothing is missing and nothing appears twice, wherever
// a page begins.
func TestStreamedPageGoesOnFromACursor(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		room := s.befriend(ann, bob)
		var want []string
		for i := range 120 {
			want = append(want, fmt.Sprintf("message %03d", i))
			bob.say(room, want[i])
		}
		epoch, head := s.head(room)
		cursor := func(epoch, seq uint64) string { return "?after=" + bus.Cursor{Epoch: epoch, Seq: seq}.String() }
		rest := []string{"", cursor(epoch, head), cursor(epoch, head-1), cursor(epoch, head-10), cursor(epoch, head-60), cursor(epoch, 10), cursor(epoch, 0),
			cursor(epoch, head+1), cursor(epoch+1, head), "?after=nonsense", "?after="}
		pages := make([]*document, len(rest))
		for i, query := range rest {
			pages[i] = ann.another().watchPage(views.LivePath(room) + query) // one session may have four
		}
		want = append(want, "the last")
		bob.say(room, "the last")
		for i, d := range pages {
			d.await("the last")
			text, _ := d.all()
			got := shown(text)
			if len(got) < chat.PageSize/2 || strings.Join(got, "\n") != strings.Join(want[len(want)-len(got):], "\n") {
				t.Errorf("%q: %q", rest[i], got)
			}
			if again := "; url=" + views.LivePath(room) + `?again=1"`; !strings.Contains(text, again) {
				t.Errorf("%q goes on from an old cursor", rest[i])
			}
		}
	})
}

func (s *site) head(room uint64) (epoch, seq uint64) {
	s.t.Helper()
	heads, err := s.server.chat.Heads(s.t.Context(), []uint64{room})
	must(s.t, err)
	return heads[room].Epoch, heads[room].Seq
}

// TestStreamedPageGetsHeartbeats checks that heartbeats carry the cursor to continue from.
func TestStreamedPageGetsHeartbeats(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	ann, bob := list[0], list[1]
	room := s.befriend(ann, bob)
	d := ann.watchPage(views.LivePath(room))
	d.await(`class="beat"`)
	bob.say(room, "hello")
	d.await("hello")
	epoch, head := s.head(room)
	want := `href="` + views.LivePath(room) + "?after=" + bus.Cursor{Epoch: epoch, Seq: head}.String() + `"`
	eventually(t, "a heartbeat", func() bool {
		text, _ := d.all()
		return strings.Contains(text, want)
	})
}

// TestStreamedPageIsReplacedWhenItIsLong checks that a page does not grow without end.
func TestStreamedPageIsReplacedWhenItIsLong(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	ann, bob := list[0], list[1]
	room := s.befriend(ann, bob)
	d := ann.watchPage(views.LivePath(room))
	d.await(`class="beat"`)
	for i := range maxStreamedEntries {
		bob.say(room, fmt.Sprintf("message %03d", i))
	}
	text := d.awaitEnd()
	if last := `content="0; url=` + views.LivePath(room) + `"`; !strings.Contains(text, last) || len(shown(text)) != maxStreamedEntries {
		t.Errorf("%d messages, and at last %q", len(shown(text)), text[len(text)-200:])
	}
}

// TestStreamedPageEndsWithTheRight checks that whoever may no longer see a room stops seeing it,
// and learns it once.
func TestStreamedPageEndsWithTheRight(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		room := s.befriend(ann, bob)
		d, other := ann.watchPage(views.LivePath(room)), ann.another().watchPage(views.LivePath(room))
		bob.say(room, "still friends")
		d.await("still friends")
		other.await("still friends")

		ann.post("/sign-out", nil).mustBe(303)
		if text := d.awaitEnd(); !strings.Contains(text, en.Nav.SignedOut) {
			t.Errorf("signed out: %s", text)
		}
		out := ann.get(views.LivePath(room)).mustBe(401).mustHave(en.Trouble.Why[401].Title, `href="/sign-in?next=%2Frooms%2F`)
		if strings.Contains(out.body, "http-equiv") {
			t.Error("signed out, and asking again for ever")
		}

		bob.post("/friends/ann/remove", nil).mustBe(303)
		if text := other.awaitEnd(); !strings.Contains(text, en.Room.NoLongerMember) {
			t.Errorf("removed: %s", text)
		}
		gone := bob.get(views.LivePath(room)).mustBe(404)
		if strings.Contains(gone.body, "http-equiv") {
			t.Error("removed, and asking again for ever")
		}
		eventually(t, "no stream is left", func() bool { return s.server.limiter.Open() == 0 })
	})
}

// TestStreamedPageEndsAtDrain checks that a process that goes down lets its pages go to another.
func TestStreamedPageEndsAtDrain(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	room := s.befriend(list[0], list[1])
	d := list[0].watchPage(views.LivePath(room))
	d.await(`class="beat"`)
	s.down()
	if text := d.awaitEnd(); strings.Contains(text, `content="0;`) {
		t.Error("it comes back before there is anybody to come back to")
	}
}

// TestStreamedPageIsRead checks that what a page without scripts shows counts as read.
func TestStreamedPageIsRead(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	ann, bob := list[0], list[1]
	room := s.befriend(ann, bob)
	unread := func() int {
		lines, _, err := s.server.chat.Rooms(t.Context(), ann.user(), chat.RoomsPage{Size: 9})
		must(t, err)
		return lines[0].Unread
	}
	bob.say(room, "one")
	if unread() != 1 {
		t.Fatal("nothing to read")
	}
	ann.send("HEAD", views.LivePath(room), nil).mustBe(200)
	d := ann.watchPage(views.LivePath(room))
	d.await("one")
	eventually(t, "the beginning is read", func() bool { return unread() == 0 })
	bob.say(room, "two")
	d.await("two")
	d.hangUp()
	eventually(t, "the rest is read", func() bool { return unread() == 0 })
}

// TestStreamedPageShowsChanges checks that a page which cannot be changed any more shows what was.
func TestStreamedPageShowsChanges(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		room := s.befriend(ann, bob)
		ann.say(room, "teh kettle")
		_, seq := s.head(room)
		d := bob.watchPage(views.LivePath(room))
		must(t, s.server.chat.Edit(t.Context(), ann.user(), room, seq, "the kettle"))
		_, at := s.head(room)
		d.await(">the kettle</span>")
		text, _ := d.all()
		style := fmt.Sprintf("%s/hide.css?seq=%d&amp;at=%d", views.RoomPath(room), seq, at)
		if !strings.Contains(text, style) || strings.Index(text, style) > strings.Index(text, ">the kettle<") {
			t.Errorf("the old message is not hidden before the new one comes: %s", text)
		}
		rule := bob.get(strings.ReplaceAll(style, "&amp;", "&")).mustBe(200)
		if want := fmt.Sprintf("#m-%d:not(#c-%[2]d~*),[data-of=\"%[1]d\"]:not(#c-%[2]d):not(#c-%[2]d~*){display:none}\n", seq, at); rule.body != want || rule.header.Get("Content-Type") != "text/css; charset=utf-8" {
			t.Errorf("%q %v", rule.body, rule.header)
		}
		must(t, s.server.chat.React(t.Context(), bob.user(), room, seq, "👍"))
		d.await(sentence(en.Message.Reacted, "{who}", "bob", "{emoji}", "👍", "{what}", "the kettle"))
		_, reacted := s.head(room)
		must(t, s.server.chat.Delete(t.Context(), ann.user(), room, seq))
		_, at = s.head(room)
		d.await(sentence(en.Message.DeletedOne, "{who}", "ann"))
		gone := bob.get(fmt.Sprintf("%s/hide.css?seq=%d&at=%d&gone=1", views.RoomPath(room), seq, at)).mustBe(200)
		quotes := fmt.Sprintf(`data-quotes="%d"`, seq)
		if text, _ := d.all(); !strings.Contains(text, fmt.Sprintf(`<li id="c-%d" class="notice" %s>`, reacted, quotes)) || !strings.Contains(gone.body, "["+quotes+"]{display:none!important}") {
			t.Errorf("what was reacted to stays in view: %s", text)
		}
		if text, _ = d.all(); len(shown(text)) == 0 || strings.Count(text, "hide.css") != 2 {
			t.Errorf("%s", text)
		}
		s.person("eve").get(strings.ReplaceAll(style, "&amp;", "&")).mustBe(404)
	})
}
