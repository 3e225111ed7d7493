package web

import (
	"fmt"
	"strings"
	"testing"

	"parley/app/chat"
	"parley/views"
)

const (
	asDocument = "Sec-Fetch-Dest: document"
	asScript   = "HX-Request: true"
)

// TestARoomOpensAtTheFirstUnread looks at pages of a room in which more than a page is unread, and at what each
// of them marks as read.
func TestARoomOpensAtTheFirstUnread(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		room := s.befriend(ann, bob)
		path := views.RoomPath(room)
		s.says(bob, room, "seen")
		ann.post(path+"/read", form()).mustBe(303)
		for i := 3; i <= 130; i++ {
			s.says(bob, room, fmt.Sprintf("number %d.", i))
		}
		unread := func(want int) {
			t.Helper()
			if list := ann.get("/rooms").mustBe(200); want > 0 != strings.Contains(list.body, `class="unread"`) || want > 0 && !strings.Contains(list.body, fmt.Sprintf(`data-count="%d">`, want)) {
				t.Errorf("not %d unread", want)
			}
		}
		shows := func(r *reply, first, last int) {
			t.Helper()
			r.mustBe(200).mustHave(fmt.Sprintf("number %d.", first), fmt.Sprintf("number %d.", last))
			for _, other := range []int{first - 1, last + 1} {
				if strings.Contains(r.body, fmt.Sprintf("number %d.", other)) {
					t.Errorf("%s has number %d", r.request, other)
				}
			}
		}
		// A browser's script or frame reports what was seen, and so do the parts that a script loads.
		page := ann.get(path, asDocument)
		shows(page, 3, 52)
		page.mustHave(`id="new"`, path+"?before=3", path+"?after=52#older", path+"?at=end", `hx-sse:connect="`+eventsPath(room), `data-until="`)
		unread(128)
		page.mustHave(`data-count="128"`) // the list beside it counts what has not been in view
		live := ann.listen(path + "/events?after=" + s.cursor(room, 130) + "&gap=1")
		counts := func(n int) {
			t.Helper()
			live.await(fmt.Sprintf("a list with %d", n), func(e event) bool { return strings.Contains(e.data, fmt.Sprintf(`data-count="%d"`, n)) })
		}
		counts(128)
		part := ann.get(path+"?after=52", asScript)
		shows(part, 53, 102)
		if strings.Contains(part.body, "<html") || !strings.Contains(part.body, `data-cursor="`+s.cursor(room, 130)) {
			t.Errorf("a part is %s", part.body)
		}
		unread(128)
		// Its end has a link back, with the number; nothing is marked below it.
		end := ann.get(path + "?at=end")
		shows(end, 81, 130)
		end.mustHave(`class="unseen"`, "128 new", `href="`+views.Permalink(room, 3)+`"`)
		unread(128)
		// The frame of a browser without scripts shows the end, too.
		frame := ann.listen(views.LivePath(room) + "?read=2&new=128")
		unread(128)
		frame.hangUp() // or it would mark what comes later, once all above it is read
		// Whoever loads nothing else has read what the page shows.
		shows(ann.get(path), 3, 52)
		unread(78)
		shows(ann.get(path+"?as=plain", asDocument), 53, 102)
		unread(28)
		counts(28)
		ann.get(path + "?as=plain")
		unread(0)
		// Whoever answers has read.
		for i := 131; i <= 200; i++ {
			s.says(bob, room, fmt.Sprintf("number %d.", i))
		}
		unread(70)
		ann.post(path+"/messages", form("body", "fine", "key", "programs-key")).mustBe(303)
		unread(70)
		ann.post(path+"/messages", form("body", "fine", "key", chat.NewKey())).mustBe(303)
		unread(0)
	})
}
