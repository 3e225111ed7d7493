package web

import (
	"testing"

	"parley/views"
)

// TestTextsThatLookLikeTimes uses times as texts and names wherever people write something. SQLite's driver takes such
// texts for times if allowed, and a page that shows one of them would fail for everybody.
func TestTextsThatLookLikeTimes(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		const at = "2026-11-30 12:00:00"
		root := s.administrator("root")
		ann, bob := s.person("ann"), s.person("bob")
		pair := s.befriend(ann, bob)
		for _, b := range []*browser{ann, bob} {
			must(t, s.store.SetProfile(t.Context(), b.id, at, "UTC", ""))
		}
		room := ann.makesGroup(at, bob)
		open := root.opensRoom(at, "2026-11-30")
		bob.post(views.RoomPath(open)+"/join", nil).mustBe(303)
		for _, in := range []uint64{pair, room} {
			said := ann.says(in, at)
			bob.says(in, "2026-11-30T12:00:00Z", "reply_to", itoa(said))
			ann.post(messagePath(in, said)+"/edit", form("body", "2026-12-01 13:00:00")).mustBe(303)
			if in == room {
				ann.post(messagePath(in, said)+"/pin", nil).mustBe(303)
			}
		}
		ann.sends(room, at, "", []string{at}, [][]byte{tinyPNG(t)}).mustBe(303)
		for _, b := range []*browser{ann, bob, root} {
			for _, path := range []string{"/rooms", "/rooms/new", "/rooms/open", "/rooms/open?q=2026", "/friends", "/people/ann", "/search?q=2026", "/search?q=12%3A00", "/invitations", "/reports", "/profile"} {
				if b.get(path).status >= 500 {
					t.Errorf("%s of %s fails", path, b.name)
				}
			}
		}
		for _, b := range []*browser{ann, bob} {
			for _, in := range []uint64{room, pair} {
				b.get(views.RoomPath(in)).mustBe(200).mustHave("2026-12-01 13:00:00")
				for _, path := range []string{"/members", "/members?q=2026", "/pins", "/people?q=2026", "/moderation", "/composer", "/hide.css"} {
					if b.get(views.RoomPath(in)+path).status >= 500 {
						t.Errorf("%s of %s fails", path, b.name)
					}
				}
			}
			b.get("/rooms").mustBe(200).mustHave(at)
			b.exports()
		}
		for _, path := range []string{"/admin/people", "/admin/people?q=2026", "/admin/people/ann", "/admin/settings", "/admin/invitations", "/admin/rooms", "/admin/rooms?q=2026", "/admin/rooms/" + itoa(open), "/admin/reports", "/admin/log", "/admin/log.csv"} {
			if root.get(path).status >= 500 {
				t.Errorf("%s fails", path)
			}
		}
	})
}
