package web

import (
	"fmt"
	"strings"
	"testing"

	"parley/views"
)

// TestStreamedRoomListIsUpdated checks that the list without scripts shows what the one with scripts does, each
// state whole, and none twice.
func TestStreamedRoomListIsUpdated(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob", "cem")
		ann, bob, cem := list[0], list[1], list[2]
		room, other := s.befriend(ann, bob), s.befriend(ann, cem)
		d, beside := ann.watchPage(views.RoomsLivePath(0)), ann.watchPage(views.RoomsLivePath(room))
		if d.status != 200 || d.header.Get("Connection") != "close" || d.header.Get("Transfer-Encoding") != "" ||
			d.header.Get("Content-Type") != "text/html; charset=utf-8" || d.header.Get("X-Accel-Buffering") != "no" {
			t.Errorf("%d %v", d.status, d.header)
		}
		d.await(`class="beat"`)
		bob.say(room, "the kettle is on")
		d.await("the kettle is on")
		beside.await("the kettle is on")
		cem.say(other, "and the door is open")
		d.await("and the door is open")
		beside.await("and the door is open")
		text, _ := d.all()
		if states := strings.Split(text, `<div class="state">`); len(states) != 4 || strings.Count(states[3], `class="unread"`) != 2 {
			t.Errorf("%d states, and the last is %s", len(states)-1, shortened(states[len(states)-1]))
		}
		text, _ = beside.all()
		last := text[strings.LastIndex(text, `<div class="state">`):]
		if strings.Count(last, `class="unread"`) != 1 || !strings.Contains(last, `aria-current="page"`) {
			t.Errorf("beside the open room: %s", last)
		}
		for _, never := range []string{"</main>", "</body>", "style=", "<style", "<script", "hx-"} {
			if strings.Contains(text, never) {
				t.Errorf("%q in %s", never, text)
			}
		}
		if !strings.Contains(text, `; url=`+views.RoomsLivePath(room)+`&amp;again=1"`) {
			t.Errorf("it does not ask for itself again: %s", shortened(text))
		}
		ann.post("/sign-out", nil).mustBe(303)
		if text := d.awaitEnd(); !strings.Contains(text, en.Nav.SignedOut) {
			t.Errorf("signed out: %s", text)
		}
		ann.get(views.RoomsLivePath(0)).mustBe(401).mustHave(en.Trouble.Why[401].Title)
		eventually(t, "no stream is left", func() bool { return s.server.limiter.Open() == 0 })
	})
}

// TestStreamedRoomListIsReplacedWhenItIsLong checks that a list does not grow without end.
func TestStreamedRoomListIsReplacedWhenItIsLong(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	room := s.befriend(list[0], list[1])
	d := list[0].watchPage(views.RoomsLivePath(0))
	d.await(`class="beat"`)
	for i := range maxRoomLists {
		text := fmt.Sprintf("message %03d", i)
		list[1].say(room, text)
		d.await(text)
	}
	if text := d.awaitEnd(); !strings.Contains(text, `content="0; url=`+views.RoomsLivePath(0)+`"`) {
		t.Errorf("at last %q", text[len(text)-200:])
	}
}

// TestTheFifthFrame checks that no browser runs out of connections: the oldest of five endless pages
// of a session makes room, says so, and does not come back by itself to push out another.
func TestTheFifthFrame(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	ann, bob := list[0], list[1]
	room := s.befriend(ann, bob)
	elsewhere := ann.another().watchPage(views.LivePath(room))
	elsewhere.await(`class="beat"`)
	var open []*document
	paths := []string{views.LivePath(room), views.RoomsLivePath(room), views.RoomsLivePath(0), views.LivePath(room),
		views.RoomsLivePath(0), views.LivePath(room)}
	for i, path := range paths {
		d := ann.watchPage(path)
		d.await(`class="beat"`)
		eventually(t, "it is known", func() bool { return s.server.hub.Viewers() == 1+min(i+1, 4) })
		open = append(open, d)
		if i < 4 {
			continue
		}
		gone := open[i-4].awaitEnd()
		if !strings.Contains(gone, en.Room.PausedWhy) ||
			!strings.Contains(gone, `<a href="`+paths[i-4]+`" target="_self">`+en.Room.Continue+`</a>`) {
			t.Errorf("page %d ended with %s", i-4, gone[len(gone)-300:])
		}
	}
	for _, path := range paths[:2] {
		paused := ann.get(views.AutoRefreshPath(path)).mustBe(200).mustHave(en.Room.Continue, `href="`+path+`"`, "</html>")
		if strings.Contains(paused.body, "http-equiv") {
			t.Errorf("%s asks again for ever", path)
		}
	}
	bob.say(room, "still here")
	for _, d := range append(open[2:], elsewhere) {
		d.await("still here")
	}
	open[2].hangUp()
	eventually(t, "there is room", func() bool { return s.server.hub.Viewers() == 4 })
	back := ann.watchPage(views.AutoRefreshPath(views.LivePath(room)))
	back.await(`class="beat"`)
	bob.say(room, "and again")
	for _, d := range append(open[3:], elsewhere, back) {
		d.await("and again")
	}
}
