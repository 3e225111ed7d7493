package web

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"parley/views"
)

var connects = regexp.MustCompile(`hx-sse:connect="([^"]+)"`)

// streamOf returns the address of the stream that a page opens.
func (a *reply) streamOf() string {
	a.t.Helper()
	found := connects.FindStringSubmatch(a.body)
	if found == nil {
		a.t.Fatalf("%s: the page has no stream", a.request)
	}
	return html.UnescapeString(found[1])
}

func (l *listener) mustEndWith(event string) {
	l.t.Helper()
	if events := l.awaitEnd(); len(events) == 0 || events[len(events)-1].name != event {
		l.t.Errorf("instead of %s: %v", event, events)
	}
}

// TestOpenPagesReloadInTheNewLocale checks that a page in one language or time zone gets nothing in another.
// It reloads: at once if it is open, and when it reconnects if it was hidden.
func TestOpenPagesReloadInTheNewLocale(t *testing.T) {
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		room := s.befriend(ann, bob)
		paths := []string{views.RoomPath(room), "/rooms", "/friends"}
		others := bob.listen(bob.get(views.RoomPath(room)).streamOf())
		for _, choice := range []url.Values{form("language", "de"), form("time_zone", "Asia/Tokyo"), form("language", "")} {
			var asked []string
			var open []*listener
			for _, path := range paths {
				address := ann.get(path).mustBe(200).streamOf()
				asked, open = append(asked, address), append(open, ann.listen(address))
			}
			ann.another().post("/profile", choice).mustBe(303)
			for i, address := range asked {
				open[i].mustEndWith("reset")
				ann.listen(address).mustEndWith("reset")
				ann.listen(address, "Last-Event-ID: "+s.cursor(room, 1)).mustEndWith("reset")
			}
		}
		profile := ann.listen(ann.get("/profile").streamOf()) // has the form, so it must not reload
		ann.another().post("/profile", form("language", "es")).mustBe(303)
		profile.await("the lists", func(event) bool { return true })
		ann.another().post("/profile", form("language", "")).mustBe(303)
		now := ann.listen(ann.get(views.RoomPath(room)).streamOf())
		ann.another().post("/profile", form("display_name", "Ann", "language", "")).mustBe(303) // no change
		s.says(bob, room, "hello")
		now.await("the message", shows("hello"))
		others.await("the message", shows("hello"))
		s.people("cem")[0].post("/friends", form("username", "ann")).mustBe(303)
		profile.await("the request", func(e event) bool { return strings.Contains(e.data, `data-count="1"`) })
		bob.listen(eventsPath(room) + "?in=anything").mustEndWith("reset")
	})
}
