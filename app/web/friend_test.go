package web

import (
	"strings"
	"testing"
)

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
		one.by.post(path, nil).mustGoTo("/friends?done=" + one.verb)
		one.by.get("/friends?done="+one.verb).mustBe(200).mustHave(`role="status"`, said)
	}
	ann.post("/friends/bob/block", nil, "HX-Request: true").mustBe(200).mustHave("Blocked. They are not told.")
	for _, query := range []string{"", "?done=", "?done=no+such+thing", "?done=%3Cb%3EPay+here", "?done=Accept"} {
		if a := ann.get("/friends" + query).mustBe(200); strings.Contains(a.body, `class="told"`) {
			t.Errorf("%s says that something was done", query)
		}
	}
	ann.get("/friends?done=block", "Accept-Language: de").mustHave("Blockiert. Die Person erfährt nichts davon.")
}
