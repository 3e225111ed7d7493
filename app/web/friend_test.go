package web

import "testing"

// TestWhatWasDoneIsSaid holds that a change of a friendship is confirmed by the page after it, as it
// is by the fragment that scripts get.
func TestWhatWasDoneIsSaid(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	ann, bob := list[0], list[1]
	asks := func(by, whom *browser) { by.post("/friends", form("username", whom.name)).mustGoTo("/friends") }
	for _, one := range []struct {
		verb, notice string
		by, whom     *browser
	}{
		{"accept", "You are friends now, and have a room.", bob, ann},
		{"remove", "You are not friends any more.", ann, bob},
		{"decline", "The request is gone. They are not told.", bob, ann},
		{"cancel", "You took your request back.", ann, bob},
		{"block", "Blocked. They are not told.", ann, bob},
		{"unblock", "They are not blocked any more.", ann, bob},
	} {
		switch one.verb {
		case "accept", "decline", "cancel":
			asks(ann, bob)
		}
		path := "/friends/" + one.whom.name + "/" + one.verb
		said := `autofocus>` + one.notice + `</p>`
		one.by.post(path, nil, goesThere).mustGoTo("/friends")
		one.by.get("/friends").mustBe(200).mustHave(`role="status"`, said)
		one.by.get("/friends").mustBe(200).mustNotHave(`class="told"`)
	}
	ann.post("/friends/bob/block", nil, "HX-Request: true").mustBe(200).mustHave("Blocked. They are not told.")
	for _, verb := range []string{"no such thing", "<b>Pay here", "Accept"} {
		ann.cookies[noticeCookie] = verb
		ann.get("/friends").mustBe(200).mustNotHave(`class="told"`)
	}
	ann.cookies[noticeCookie] = "block"
	ann.get("/friends", "Accept-Language: de").mustHave("Blockiert. Die Person erfährt nichts davon.")
}
