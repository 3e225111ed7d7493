package web

import (
	"html"
	"strings"
	"testing"

	"parley/views"
)

// TestReturningMemberSeesOwnTimeOnly removes somebody from a group and adds them again. Their open pages,
// with scripts and without, get changes to messages of their own time, and nothing of what was done in
// between: they show what a page shows that is loaded now.
func TestReturningMemberSeesOwnTimeOnly(t *testing.T) {
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann, bob, cem, _ := circle(s)
		room := ann.makesGroup("Choir", bob, cem)
		path := views.RoomPath(room)
		edit := func(who *browser, seq uint64, text string) {
			who.post(messagePath(room, seq)+"/edit", form("body", text)).mustBe(303)
		}
		react := func(who *browser, seq uint64, emoji string) {
			who.post(messagePath(room, seq)+"/react", form("emoji", emoji)).mustBe(303)
		}
		first, second := ann.says(room, "The first."), bob.says(room, "The second.")
		react(ann, second, "👍")
		ann.post(path+"/members/cem/remove", nil).mustBe(303)
		unheard := bob.says(room, "Unheard.")
		edit(ann, first, "A secret.")
		react(bob, first, "🤫")
		react(bob, second, "🤫")
		ann.post(path+"/members", form("username", "cem")).mustBe(303)

		open, streamed := cem.listen(path+"/events"), cem.watchPage(path+"/live")
		react(bob, first, "🎉")
		open.await("a reaction", shows("🎉"))
		cem.mustShowAsOn(open, room, first)
		streamed.await("🎉")
		bob.post(path+"/messages", form("body", "A reply.", "reply_to", itoa(first))).mustBe(303)
		open.await("a quote as it is on the page", func(e event) bool {
			return strings.Contains(e.data, "A reply.") && strings.Contains(e.data, "The first.")
		})
		bob.post(path+"/messages", form("body", "A reply to what was said in between.", "reply_to", itoa(unheard))).mustBe(303)
		edit(bob, unheard, "Unheard still.")
		react(ann, unheard, "🦻")
		edit(ann, first, "The first again.")
		open.await("the edit", shows("The first again."))
		cem.mustShowAsOn(open, room, first)
		streamed.await("The first again.")
		edit(bob, second, "The second again.")
		open.await("the edit", shows("The second again."))
		cem.mustShowAsOn(open, room, second)
		ann.post(messagePath(room, first)+"/delete", nil).mustBe(303)
		ann.says(room, "The end.")
		open.await("the end", shows("The end."))
		cem.mustShowAsOn(open, room, first)
		streamed.await("The end.")
		everything, _ := streamed.all()
		for _, e := range open.entries() {
			everything += e.data
		}
		for _, unseen := range []string{"secret", "🤫", "🦻", "Unheard"} {
			if strings.Contains(everything, unseen) {
				t.Errorf("a member who was away gets %s", unseen)
			}
		}
	})
}

// mustShowAsOn checks that a message looks the same after the stream's last change as on a loaded page.
func (b *browser) mustShowAsOn(l *listener, room, seq uint64) {
	b.site.t.Helper()
	open := ""
	for _, e := range l.entries() {
		for _, p := range partial.FindAllStringSubmatch(e.data, -1) {
			if html.UnescapeString(p[1]) == "#m-"+itoa(seq) {
				open = strings.TrimSpace(p[3])
			}
		}
	}
	for _, item := range listItem.FindAllStringSubmatch(b.get(views.RoomPath(room)).mustBe(200).body, -1) {
		if item[1] == "m-"+itoa(seq) && item[0] != open {
			b.site.t.Errorf("loaded: %s\nopen:   %s", item[0], open)
		}
	}
}
