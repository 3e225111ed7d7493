package web

import (
	"strings"
	"testing"
)

// TestRenamedFriendChangesTheHeading checks that an open direct room gets the friend's new name in its
// heading, and that pages of other rooms do not.
func TestRenamedFriendChangesTheHeading(t *testing.T) {
	onBoth(t, options{}, func(t *testing.T, s *site) {
		people := s.people("ann", "bob", "cem")
		ann, bob := people[0], people[1]
		with, without := s.befriend(ann, bob), s.befriend(ann, people[2])
		open, other, choir, lists := ann.listen(eventsPath(with)), ann.listen(eventsPath(without)),
			ann.listen(eventsPath(ann.makesGroup("Choir", bob))), ann.listen("/events")
		bob.post("/profile", form("display_name", "Bob of the hills")).mustBe(303)
		heading := `<hx-partial hx-target="#room-title" hx-swap="innerMorph"><a href="/people/bob"><bdi>Bob of the hills</bdi></a></hx-partial>`
		open.await("the name in the heading", says(heading))
		for _, l := range []*listener{other, choir, lists} {
			if e := l.await("the name in the list", says("Bob of the hills")); strings.Contains(e.data, heading) {
				t.Errorf("another page gets the heading: %s", e.data)
			}
		}
	})
}
