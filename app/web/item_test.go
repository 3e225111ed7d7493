package web

import (
	"strings"
	"testing"

	"parley/views"
)

// withoutItems keeps none, so that every entry is rendered again.
func withoutItems() *items { return &items{} }

// TestEntriesAreRenderedOnce follows what is said, edited, reacted to and deleted: to the streams of two people, to pages
// with and without scripts, and to those who come back. All of them get what was rendered for the first.
func TestEntriesAreRenderedOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		room := s.befriend(ann, bob)
		path := views.RoomPath(room)
		streams := []*listener{ann.listen(eventsPath(room)), bob.listen(eventsPath(room))}
		streamed := bob.watchPage(path + "/live")
		ann.get(path).mustBe(200) // with what was there before
		var said uint64
		for _, step := range []struct {
			what, shows, streamed string // streamed pages tell of a change in words of their own
			do                    func()
		}{
			{"a message", "hello bob", "hello bob", func() { said = s.says(ann, room, "hello bob") }},
			{"another, which continues it", "are you there?", "are you there?", func() { s.says(ann, room, "are you there?") }},
			{"an answer", "I am", "I am", func() { s.says(bob, room, "I am") }},
			{"an edit", "hello Bob!", "hello Bob!", func() { ann.post(messagePath(room, said)+"/edit", form("body", "hello Bob!")).mustBe(303) }},
			{"a reaction", "👍 1", "reacted", func() { bob.post(messagePath(room, said)+"/react", form("emoji", "👍")).mustBe(303) }},
			{"a deletion", "deleted", "deleted", func() { ann.post(messagePath(room, said)+"/delete", nil).mustBe(303) }},
		} {
			before := s.server.items.made.Load()
			step.do()
			for _, l := range streams {
				l.await(step.what, shows(step.shows))
			}
			streamed.await(step.streamed)
			made := s.server.items.made.Load() - before
			if made != 1 {
				t.Errorf("%s was rendered %d times for two streams", step.what, made)
			}
			for _, b := range []*browser{ann, bob, ann.copy()} {
				b.get(path).mustBe(200).mustHave(step.shows)
				b.get(path + "?at=end").mustBe(200).mustHave(step.shows)
			}
			if now := s.server.items.made.Load() - before; now != made {
				t.Errorf("%s was rendered %d times more for pages", step.what, now-made)
			}
			hits := s.server.items.shared.Load()
			bob.get(path + "?after=1").mustBe(200).mustHave(step.shows) // a page of history
			if s.server.items.shared.Load() == hits {
				t.Errorf("%s was rendered again for a page of history", step.what)
			}
		}
		before := s.server.items.made.Load()
		again := ann.listen(s.sinceBegin(room)) // all is read again after a deletion
		again.await("the end", func(e event) bool { return strings.HasSuffix(e.id, "-"+itoa(s.last(room))) })
		if made := s.server.items.made.Load() - before; made != 0 {
			t.Errorf("%d entries were rendered again for somebody who comes back", made)
		}
	})
}
