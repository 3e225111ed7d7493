package web

import (
	"testing"

	"parley/views"
)

// TestAScriptThatIsSignedOutPostsNothing ends a session behind the back of this process, as another one does while the bus
// is down. What a script posts with it is refused like everything else, though the session was seen a moment ago.
func TestAScriptThatIsSignedOutPostsNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, room := list[0], s.befriend(list[0], list[1])
		path := views.RoomPath(room) + "/messages"
		post := func(b *browser, fields ...string) *reply {
			return b.post(path, form(fields...), "HX-Request: true")
		}
		for _, text := range []string{"first", "second"} {
			post(ann, "body", text, "key", text).mustBe(200).mustHave("data-seq")
		}
		for _, fields := range [][]string{
			{"body", "third", "key", "third"}, {"body", ""}, {"body", "x", "reply_to", "999"}, {"body", "second", "key", "second"}, {"body", "x", "kept", "999", "kept_alt", ""},
		} {
			other := ann.another()
			post(other, "body", "from another browser").mustBe(200)
			must(t, s.store.DeleteSession(t.Context(), ann.id, other.session))
			entries := len(s.messages(room))
			for range 2 {
				if r := post(other, fields...).mustBe(401); r.header.Get("HX-Redirect") != "/sign-in" {
					t.Errorf("%v leads to %q", fields, r.header.Get("HX-Redirect"))
				}
			}
			if n := len(s.messages(room)); n != entries {
				t.Errorf("%v: %d entries instead of %d", fields, n, entries)
			}
		}
		post(ann, "body", "fourth").mustBe(200)

		// The session of an older cookie is over; that of another one is not.
		two, over := ann.copy(), ann.another()
		post(over, "body", "fifth").mustBe(200)
		two.cookies["parley-1"], two.cookies["parley-99999"] = over.token(), over.token()
		must(t, s.store.DeleteSession(t.Context(), ann.id, over.session))
		for range 8 { // they are sent in any order
			post(two, "body", "sixth").mustBe(200)
		}
	})
}
