package web

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"parley/views"
)

var inOrder = regexp.MustCompile(`(?:class="body"[^>]*>|class="new"[^>]*><span>)([^<]+)`)

// TestReadingModes checks that the chosen mode applies to every page without scripts, and that a page with
// the newest message first has the same content as any other.
func TestReadingModes(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		id := s.befriend(ann, bob)
		room := views.RoomPath(id)
		bob.say(id, "one")
		bob.say(id, "two")
		ann.get(room).mustBe(200).mustHave(`hx-sse:connect=`, `src="`+room+`/live?read=`, `src="/rooms/live?room=`)

		ann.post("/profile/reading", form("as", "sideways", "newest", "first")).mustBe(422).mustHave(`role="alert">` + en.Profile.NoSuchMode)
		ann.get(room).mustBe(200).mustHave(`src="` + room + `/live?read=`)

		ann.post("/profile/reading", form("as", "wait", "newest", "last")).mustGoTo("/profile?saved=1")
		ann.get("/profile").mustBe(200).mustHave(`value="wait" checked`, `value="last" checked`)
		ann.get(room).mustBe(200).mustHave(`hx-sse:connect=`, `src="`+room+`/wait/frame?read=`)
		ann.get(room + "?as=live").mustBe(200).mustHave(`src="` + room + `/live?read=`)

		ann.post("/profile/reading", form("as", "plain", "newest", "first")).mustGoTo("/profile?saved=1")
		cursor := s.cursorNow(id)
		bob.say(id, "three")
		for path, want := range map[string][]string{
			room:                             {"three", en.Room.SeenBefore, "two", "one"},
			room + "?as=live":                {"one", "two", en.Room.New, "three"},
			room + "/wait?after=" + cursor:   {en.Room.New, "three", en.Room.SeenBefore, "two", "one"},
			room + "/wait/frame?read=3":      {"three", en.Room.SeenBefore, "two", "one"},
			room + fmt.Sprint("?before=", 4): {"two", "one"},
		} {
			must(t, s.server.chat.MarkUnread(t.Context(), ann.user(), id, 4))
			page := ann.get(path).mustBe(200)
			var got []string
			for _, found := range inOrder.FindAllStringSubmatch(page.body, -1) {
				got = append(got, found[1])
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q", path, got)
			}
		}
		if page := ann.get(room); regexp.MustCompile(`hx-sse:connect="/rooms/|hx-ws:connect|<iframe`).MatchString(page.body) {
			t.Errorf("a page that stays as it is: %s", page.body)
		}
		bob.get(room).mustBe(200).mustHave(`hx-sse:connect=`)
	})
}
