package web

import (
	"strings"
	"testing"
	"time"

	"parley/views"
)

// TestARoomErasesOldMessages sets a number of days for a group on its page, and looks at it when they have passed:
// placeholders on pages, and a stream from before reloads instead of leaving a gap.
func TestARoomErasesOldMessages(t *testing.T) {
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		s.befriend(ann, bob)
		id := ann.makesGroup("Books", bob)
		room := views.RoomPath(id)
		for _, days := range []string{"soon", "-1", "3651", "1.5"} {
			ann.post(room+"/retention", form("days", days)).mustBe(422).mustHave(`id="days-problem"`, `value="`+days+`"`)
		}
		bob.post(room+"/retention", form("days", "3")).mustBe(404)
		ann.post(room+"/retention", form("days", "3")).mustBe(303)
		bob.get(room).mustHave("set messages to be erased after 3 days.")
		ann.says(id, "the first")
		early := s.cursorNow(id)
		ann.says(id, "the second")
		late := s.cursorNow(id)
		s.clock.pass(4 * 24 * time.Hour)
		must(t, s.server.chat.EraseOld(t.Context()))
		bob.signInAgain()
		bob.get(room).mustHave("erased because of its age").mustNotHave("the first", "the second")
		bob.listen(room + "/events?after=" + early).mustEndWith("reset")
		l := bob.listen(room + "/events?after=" + late)
		ann.signInAgain()
		ann.says(id, "the third")
		l.await("the third", func(e event) bool { return strings.Contains(e.data, "the third") })
		ann.post(room+"/retention", nil).mustBe(303)
		bob.get(room).mustHave("set messages to be kept as the server decides.")
	})
}
