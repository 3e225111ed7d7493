package web

import (
	"strings"
	"testing"

	"parley/db"
	"parley/views"
)

// makesGroup creates a group of friends and returns its room.
func (b *browser) makesGroup(name string, friends ...*browser) uint64 {
	b.site.t.Helper()
	fields := form("name", name)
	for _, f := range friends {
		fields.Add("username", f.name)
	}
	a := b.post("/rooms", fields).mustBe(303)
	room := parseSeq(strings.TrimPrefix(a.header.Get("Location"), "/rooms/"))
	if room == 0 {
		b.site.t.Fatalf("created a group, and was sent to %q", a.header.Get("Location"))
	}
	return room
}

// circle returns ann and three friends of hers.
func circle(s *site) (ann, bob, cem, dan *browser) {
	s.t.Helper()
	list := s.people("ann", "bob", "cem", "dan")
	for _, friend := range list[1:] {
		s.befriend(list[0], friend)
	}
	return list[0], list[1], list[2], list[3]
}

// says matches an event with a text, whether it moves the cursor or not.
func says(text string) func(event) bool {
	return func(e event) bool { return strings.Contains(e.data, text) }
}

func (a *reply) mustNotHave(texts ...string) *reply {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			a.t.Errorf("%s: %q in %s", a.request, text, shortened(a.body))
		}
	}
	return a
}

func TestGroupLifecycle(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann, bob, cem, dan := circle(s)
		ann.get("/rooms").mustHave(`href="/rooms/new"`)
		ann.get("/rooms/new").mustBe(200).mustHave(`value="bob"`, `value="cem"`, `name="name"`)
		lists := bob.listen("/events")
		room := ann.makesGroup("The  choir", bob, cem)
		path := views.RoomPath(room)
		lists.await("the new room", says(`href="`+path+`"`))
		lists.await("its name", says("The choir"))

		ann.get(path).mustHave("The choir", en.Group.Count(3), `href="`+path+`/members"`, sentence(en.Message.GroupCreated, "{who}", "ann"))
		ann.get(path+"/members").mustBe(200).mustHave(en.Group.Owner, `data-username="bob"`, `action="`+path+`/members/bob/remove"`,
			`action="`+path+`/name"`)
		bob.get(path+"/members").mustBe(200).mustHave(en.Group.Owner, `data-username="ann"`).
			mustNotHave("/members/cem/remove", path+"/name", path+"/members/cem/owner")
		// Members see each other's profiles without being friends.
		bob.get("/people/cem").mustBe(200)
		bob.get("/people/dan").mustBe(404)

		hears := bob.listen(path + "/events")
		ann.post(path+"/messages", form("body", "Before Dan")).mustBe(303)
		arrives := dan.listen("/events")
		ann.post(path+"/members", form("username", " Dan ")).mustGoTo(path + "/members")
		arrives.await("the room", says(`href="`+path+`"`))
		hears.await("the notice", shows(sentence(en.Message.MemberAdded, "{who}", "ann", "{whom}", "dan")))
		dan.get(path).mustBe(200).mustNotHave("Before Dan")
		bob.post(path+"/messages", form("body", "Good evening")).mustBe(303)
		dan.get("/rooms").mustHave("<bdi>bob</bdi>:", "<bdi>Good evening")
		bob.get("/rooms").mustHave("<bdi>"+strings.TrimSuffix(en.Lists.Me, ":")+"</bdi>:", "<bdi>Good evening")

		ann.post(path+"/name", form("name", "Kammerchor")).mustGoTo(path + "/members")
		hears.await("the new name", shows(`<hx-partial hx-target="#room-title" hx-swap="innerHTML"><bdi>Kammerchor</bdi>`))
		out := cem.listen(path + "/events")
		ann.post(path+"/members/cem/remove", nil).mustGoTo(path + "/members")
		hears.await("who is out", shows(sentence(en.Message.MemberRemoved, "{who}", "ann", "{whom}", "cem")))
		hears.await("how many are left", shows(en.Group.Count(3)))
		last := out.awaitEnd()
		if last[len(last)-1].name != "closed" {
			t.Errorf("a removed member gets %v", last)
		}
		cem.get(path).mustBe(404)
		cem.get("/rooms").mustNotHave(path)

		ann.post(path+"/members/bob/owner", nil).mustGoTo(path + "/members")
		hears.await("the new owner", shows(sentence(en.Message.OwnerChanged, "{who}", "ann", "{whom}", "bob")))
		ann.post(path+"/name", form("name", "Mine again")).mustBe(404)
		bob.post(path+"/leave", nil).mustGoTo("/rooms")
		ann.get(path).mustHave(sentence(en.Message.MemberLeft, "{who}", "bob"), en.Group.Count(2))
		ann.get(path + "/members").mustHave(`action="` + path + `/name"`) // ann came first of those who are left
		ann.post(path+"/messages", form("body", "Without Bob")).mustBe(303)
		bob.get(path).mustBe(404)
		ann.post(path+"/members", form("username", "bob")).mustBe(303)
		bob.get(path).mustBe(200).mustHave("Good evening", sentence(en.Message.MemberLeft, "{who}", "bob")).mustNotHave("Without Bob")
	})
}

func TestGroupFormsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann, bob, cem, _ := circle(s)
	long := strings.Repeat("x", 61)
	for _, name := range []string{"", "  ", long, "a\x00b", "a\u200bb", "a\u202eb", "\u3164"} {
		a := ann.post("/rooms", form("name", name, "username", "cem")).mustBe(422).mustHave(`role="alert"`, `value="cem" checked`)
		if name == long {
			a.mustHave(`value="` + long + `"`)
		}
		a.mustNotHave(`value="bob" checked`)
	}
	ann.post("/rooms", form("name", "Kin", "username", "nobody-at-all")).mustBe(422).mustHave(en.Group.NotFriend, `value="Kin"`)
	bob.post("/rooms", form("name", "Kin", "username", "cem")).mustBe(422).mustHave(en.Group.NotFriend)
	room := views.RoomPath(ann.makesGroup("Kin", bob))
	ann.post(room+"/members", form("username", "bob")).mustBe(422).mustHave(en.Group.AlreadyIn, `value="bob"`)
	ann.post(room+"/members", form("username", "who-is-this")).mustBe(422).mustHave(en.Group.NotFriend, `value="who-is-this"`)
	ann.post(room+"/name", form("name", long)).mustBe(422).mustHave(`value="` + long + `"`)
	bob.post(room+"/members", form("username", "cem")).mustBe(422)
	for _, path := range []string{"/members/ann/remove", "/members/cem/remove", "/members/cem/owner", "/members/nobody/remove"} {
		ann.post(room+path, nil).mustBe(404)
	}
	// A direct room has no members to change.
	direct := views.RoomPath(s.befriend(bob, cem))
	bob.get(direct + "/members").mustBe(404)
	for _, path := range []string{"/members", "/leave", "/name", "/members/cem/remove", "/members/cem/owner"} {
		bob.post(direct+path, form("username", "ann", "name", "Ours")).mustBe(404)
	}
	if u := s.messages(parseSeq(strings.TrimPrefix(direct, "/rooms/"))); len(u) != 1 || u[0].Kind != db.KindOpened {
		t.Errorf("the direct room has %v", u)
	}
}

// TestCreatingGroupsIsRateLimited checks that no script can fill the room lists of its owner's friends.
func TestCreatingGroupsIsRateLimited(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	ann := s.person("ann")
	s.clock.stop() // or the pace comes back, and the groups of a day are used up first
	for range 40 {
		if a := ann.post("/rooms", form("name", "One more")); a.status == 429 {
			a.mustHave(`value="One more"`, en.Group.TooFast)
			return
		}
	}
	t.Error("40 groups at once")
}
