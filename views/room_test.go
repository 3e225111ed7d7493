package views

import (
	"strings"
	"testing"

	"parley/db"
	"parley/views/words"
)

func roomWith(seqs ...uint64) Room {
	r := Room{ID: 5, Title: "Bo Karlsson", Friend: bo(), Cursor: "3-17", Draft: Draft{Key: "k1"}}
	for _, seq := range seqs {
		e := textEntry("hello")
		e.Message.Seq = seq
		r.Entries = append(r.Entries, e)
	}
	return r
}

func TestRoomPageKeepsItsContract(t *testing.T) {
	list := parse(t, render(t, RoomPage(signedInPage(ada(), "rooms"), RoomList{Rooms: []RoomSummary{{ID: 5, Current: true}}}, roomWith(17))))
	ol := byID(t, list, "messages")
	if ol.name != "ol" || ol.attr["data-cursor"] != "3-17" || ol.attr["data-room"] != "5" {
		t.Errorf("the list is %+v", ol.attr)
	}
	if ol.attr["hx-sse:connect"] != "/rooms/5/events?after=3-17&in=%2C&me=1" || ol.attr["hx-sse:close"] != "signed-out" || ol.attr["hx-swap"] != "beforeend" {
		t.Errorf("the list listens to %+v", ol.attr)
	}
	// role=log on the list itself would take away its list semantics.
	if log := withAttr(list, "role", "log"); len(log) != 1 || !ol.isInside(log[0]) {
		t.Error("the list is not inside the log")
	}
	composer := byID(t, list, "composer")
	if composer.attr["method"] != "post" || composer.attr["action"] != "/rooms/5/messages" {
		t.Errorf("the composer is %+v", composer.attr)
	}
	for _, name := range []string{"body", "key"} {
		if field := withAttr(list, "name", name); len(field) != 1 || !field[0].isInside(composer) {
			t.Errorf("the composer has no %s", name)
		}
	}
	if rooms := byID(t, list, "rooms"); rooms.name != "nav" {
		t.Errorf("the room list is a %s", rooms.name)
	}
	if c := byID(t, list, "connection"); c.attr["role"] != "status" || c.text != "" {
		t.Errorf("the connection is %+v", c)
	}
	if byID(t, list, "talk").attr["hx-ws:connect"] != "/rooms/5/socket" {
		t.Error("the composer has no socket")
	}
}

// What is said while somebody looks back follows the gap at the end of their list, so that nothing is doubled
// when a script fills it.
func TestHistoryIsLiveBelowAGap(t *testing.T) {
	r := roomWith(3, 4)
	r.History, r.Older, r.LastShown = true, 3, 4
	list := parse(t, render(t, RoomPage(signedInPage(ada(), "rooms"), RoomList{}, r)))
	ol, gap := byID(t, list, "messages"), withAttr(list, "data-until", "3-17")
	if ol.attr["hx-sse:connect"] != "/rooms/5/events?after=3-17&in=%2C&me=1&gap=1" || ol.attr["data-from"] != "3-17" {
		t.Errorf("the list listens to %+v", ol.attr)
	}
	if len(gap) != 1 || !gap[0].isInside(ol) {
		t.Error("the list has no gap")
	}
	for _, href := range []string{"/rooms/5?before=3", "/rooms/5?after=4#older", "/rooms/5?at=end"} {
		if len(withAttr(list, "href", href)) == 0 {
			t.Errorf("there is no way to %s", href)
		}
	}
	r.NewestFirst = true // and this one is static
	for _, e := range parse(t, render(t, RoomPage(signedInPage(ada(), "rooms"), RoomList{}, r))) {
		for key := range e.attr {
			if key == "hx-sse:connect" && e.attr["id"] != "events" || key == "hx-ws:connect" || key == "hx-ws:send" {
				t.Errorf("%s has %s", e.name, key)
			}
		}
	}
}

// TestPlainPagesBeginWithWhatIsNew checks that a plain page whose new entries may not fit begins with them, and
// that others keep what is above.
func TestPlainPagesBeginWithWhatIsNew(t *testing.T) {
	for _, c := range []struct {
		mode string
		read uint64
		want int
	}{{"plain", 2, 8}, {"plain", 5, 10}, {"live", 2, 10}, {"plain", 0, 10}, {"plain", 10, 10}} {
		r := roomWith(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
		r.ReadSeq, r.ReadingMode = c.read, c.mode
		for i := range r.Entries {
			r.Entries[i].Words = words.English()
		}
		r.OpenAtNew(signedInPage(bo(), "rooms"))
		if len(r.Entries) != c.want || r.FromTop != (c.want < 10) {
			t.Errorf("%+v: %d entries, from the top: %v", c, len(r.Entries), r.FromTop)
		}
		if c.want < 10 && (r.Older != 3 || r.Entries[0].Day == "") {
			t.Errorf("%+v: older is below %d, and the day is %q", c, r.Older, r.Entries[0].Day)
		}
	}
}

func TestNewEntriesBeginAtAMark(t *testing.T) {
	me, other := ada(), bo()
	for _, c := range []struct {
		name   string
		viewer db.User
		read   uint64
		want   int
	}{
		{"two are new", other, 1, 1},
		{"all are seen", other, 3, 0},
		{"the viewer's own are not new", me, 1, 0},
		{"nothing above was seen", other, 0, 0},
	} {
		r := roomWith(1, 2, 3) // all by ada
		r.ReadSeq = c.read
		list := parse(t, render(t, RoomPage(signedInPage(c.viewer, "rooms"), RoomList{}, r)))
		if got := len(withAttr(list, "class", "new")); got != c.want {
			t.Errorf("%s: %d marks", c.name, got)
		}
	}
}

func TestEmptyRoomSaysWhatToDo(t *testing.T) {
	r := roomWith(1)
	r.Entries[0].Message.Kind = db.KindOpened
	if list := parse(t, render(t, RoomPage(signedInPage(ada(), "rooms"), RoomList{}, r))); len(withAttr(list, "class", "empty")) != 2 { // and the room list's own
		t.Error("a room without messages gives no hint")
	}
}

func TestComposerKeepsItsTextAfterAProblem(t *testing.T) {
	r := roomWith(1)
	r.Body, r.Problem = "\n two\nlines ", "Too long."
	list := parse(t, render(t, Composer(words.English(), r)))
	if got := withAttr(list, "name", "body")[0].text; got != "\n"+r.Body && got != r.Body {
		t.Errorf("the text is %q", got)
	}
	problem := withAttr(list, "role", "alert")
	if len(problem) != 1 || !problem[0].isInside(byID(t, list, "composer-problem")) || problem[0].visibleText() != "Too long." {
		t.Errorf("the problem is %+v", problem)
	}
}

// TestMoreThanAPersonReadsIsNotCounted checks how a count that ends reads in every language, in the list and in the
// title, and what its attribute holds.
func TestMoreThanAPersonReadsIsNotCounted(t *testing.T) {
	for lang, want := range map[string]string{"en": "999+ unread", "de": "999+ ungelesen", "es": "999+ sin leer"} {
		rooms := []RoomSummary{{ID: 5, Title: "Bo", Unread: 1000}, {ID: 6, Title: "Cleo", Unread: 1000, Muted: true}, {ID: 7, Title: "Choir", Unread: 2}}
		markup := render(t, RoomsPage(Page{Words: words.In(lang), Title: "Rooms", Me: &db.User{}, Unread: TotalUnread(rooms)}, RoomList{Rooms: rooms}))
		list := parse(t, markup)
		if unread := withAttr(list, "class", "unread"); len(unread) != 3 || unread[0].visibleText() != want || unread[1].visibleText() != want {
			t.Errorf("%s: more than 999 read %+v", lang, unread)
		}
		if n := len(withAttr(list, "data-count", "1000")); n != 1 {
			t.Errorf("%s: %d counts of 1000 call", lang, n)
		}
		if !strings.Contains(markup, "<title>(999+) Rooms · ") {
			t.Errorf("%s: the title does not say that there are more than 999", lang)
		}
	}
}

func TestUnreadCountReadsAsASentence(t *testing.T) {
	for n, want := range map[int]string{1: "1 unread", 3: "3 unread", 999: "999 unread", 1000: "999+ unread"} {
		list := parse(t, render(t, Rooms(words.English(), RoomList{Rooms: []RoomSummary{{ID: 5, Title: "Bo", Unread: n}}})))
		if unread := withAttr(list, "class", "unread"); len(unread) != 1 || unread[0].visibleText() != want {
			t.Errorf("%d reads %+v", n, unread)
		}
	}
	list := parse(t, render(t, Rooms(words.English(), RoomList{Rooms: []RoomSummary{{ID: 5, Title: "Bo", Preview: "You: hi", When: "14:05", At: noon}}})))
	if len(withAttr(list, "class", "unread")) != 0 {
		t.Error("a room with nothing unread has a count")
	}
	if a := withAttr(list, "href", "/rooms/5"); len(a) != 1 || a[0].visibleText() != "Bo You: hi 14:05" {
		t.Errorf("the line reads %q", a[0].visibleText())
	}
}

func TestEmptyRoomListLeadsToFriends(t *testing.T) {
	list := parse(t, render(t, RoomsPage(signedInPage(ada(), "rooms"), RoomList{})))
	rooms := byID(t, list, "rooms")
	for _, a := range withAttr(list, "href", "/friends") {
		if a.isInside(rooms) {
			return
		}
	}
	t.Error("the empty list has no link to the friends page")
}
