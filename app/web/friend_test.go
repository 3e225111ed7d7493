package web

import (
	"strings"
	"testing"
)

// TestFriendshipNotices checks that the next page confirms a change of a friendship, as the fragment does
// for scripts.
func TestFriendshipNotices(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	ann, bob := list[0], list[1]
	asks := func(by, whom *browser) { by.post("/friends", form("username", whom.name)).mustGoTo("/friends") }
	for _, one := range []struct {
		verb, notice string
		by, whom     *browser
	}{
		{"accept", en.Friends.NowFriends, bob, ann},
		{"remove", en.Friends.Removed, ann, bob},
		{"decline", en.Friends.Declined, bob, ann},
		{"cancel", en.Friends.Canceled, ann, bob},
		{"block", en.Friends.BlockedNow, ann, bob},
		{"unblock", en.Friends.Unblocked, ann, bob},
	} {
		switch one.verb {
		case "accept", "decline", "cancel":
			asks(ann, bob)
		}
		path := "/friends/" + one.whom.name + "/" + one.verb
		said := `autofocus>` + one.notice + `</p>`
		one.by.post(path, nil, acceptsHTML).mustGoTo("/friends")
		one.by.get("/friends").mustBe(200).mustHave(`role="status"`, said)
		one.by.get("/friends").mustBe(200).mustNotHave(`class="told"`)
	}
	ann.post("/friends/bob/block", nil, "HX-Request: true").mustBe(200).mustHave(en.Friends.BlockedNow, `data-username="bob"`).mustNotHave("hx-preserve")
	stream := ann.listen("/events?page=friends") // which brings the lists
	stream.await("the lists", func(e event) bool { return strings.Contains(e.data, `data-username="bob"`) })
	ann.post("/friends/bob/unblock", nil, "HX-Request: true").mustBe(200).mustHave("hx-preserve").mustNotHave(`data-username="bob"`)
	stream.hangUp()
	ann.post("/friends/bob/block", nil).mustBe(303)
	for _, verb := range []string{"no such thing", "<b>Pay here", "Accept"} {
		ann.cookies[noticeCookie] = verb
		ann.get("/friends").mustBe(200).mustNotHave(`class="told"`)
	}
	ann.cookies[noticeCookie] = "block"
	ann.get("/friends", "Accept-Language: de").mustHave(de.Friends.BlockedNow)
}

// TestRefusedEndsOfBlocksAreShown checks that somebody who has ended too many blocks reads so, with scripts and without,
// and not at the field for a username, which they have not used.
func TestRefusedEndsOfBlocksAreShown(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	list := s.people("ann", "bob")
	ann := list[0]
	s.befriend(ann, list[1])
	for range 50 {
		ann.post("/friends/bob/block", nil).mustBe(303)
		ann.post("/friends/bob/unblock", nil).mustBe(303)
	}
	ann.post("/friends/bob/block", nil).mustBe(303)
	page := ann.post("/friends/bob/unblock", nil).mustBe(429).mustHave(en.Friends.TooManyUnblocks, "autofocus")
	// htmx shows nothing of a 429.
	fragment := ann.post("/friends/bob/unblock", nil, "HX-Request: true").mustBe(422).mustHave(en.Friends.TooManyUnblocks)
	for _, a := range []*reply{page, fragment} {
		if strings.Contains(a.body, "aria-invalid") || a.header.Get("Retry-After") == "" {
			t.Errorf("%v %s", a.header, a.body)
		}
	}
}
