package web

import (
	"strings"
	"testing"
	"time"

	"parley/db"
	"parley/views"
	"parley/views/words"
)

// moderated is a group of ann's in which bob is a moderator, and cem and dan are members.
func moderated(s *site) (room uint64, ann, bob, cem, dan *browser) {
	s.t.Helper()
	ann, bob, cem, dan = circle(s)
	room = ann.makesGroup("Choir", bob, cem, dan)
	ann.post(views.RoomPath(room)+"/members/bob/moderator", nil).mustGoTo(views.RoomPath(room) + "/members")
	return room, ann, bob, cem, dan
}

func TestModeratorsAtWork(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		room, ann, bob, cem, dan := moderated(s)
		path, w := views.RoomPath(room), en.Moderation
		hears, streamed := cem.listen(path+"/events"), cem.watchPage(path+"/live")
		ann.get(path+"/members").mustHave(w.Moderator, `action="`+path+`/members/cem/ban"`, `action="`+path+`/members/bob/moderator"`, `name="off"`)
		bob.get(path+"/members").mustHave(w.Open, `action="`+path+`/members/cem/ban"`, `action="`+path+`/members/cem/remove"`).
			mustNotHave("/members/ann/ban", "/members/ann/remove", "/moderator", "/members/cem/owner")
		cem.get(path+"/members").mustHave(w.Moderator).mustNotHave("/ban", "/moderation", "/moderator")

		said := cem.says(room, "Who took my <score>?")
		dan.get(messagePath(room, said)).mustNotHave("/delete", "/pin")
		bob.get(messagePath(room, said), "HX-Request: true").mustHave(messagePath(room, said)+"/delete", messagePath(room, said)+"/pin").mustNotHave("/edit")

		// A pin is shown above the room of everybody who sees the message.
		bob.post(messagePath(room, said)+"/pin", nil).mustBe(303)
		hears.await("the notice", shows(sentence(w.Pinned, "{who}", "bob")))
		hears.await("the line", says(`<hx-partial hx-target="#pinned" hx-swap="innerMorph"><a href="`+path+`/pins">`))
		streamed.await(sentence(w.Pinned, "{who}", "bob"))
		dan.get(path).mustHave(words.Fill(w.PinnedLine, "{n}", "1"), "Who took my &lt;score&gt;?", path+"/pins")
		dan.get(path+"/pins").mustBe(200).mustHave("Who took my", `id="m-`+itoa(said)+`"`).mustNotHave("/pin\"")
		bob.get(path + "/pins").mustHave(messagePath(room, said) + "/pin")
		bob.post(messagePath(room, said)+"/pin", form("off", "1", "from", "pins")).mustGoTo(path + "/pins")
		hears.await("that it is gone", shows(sentence(w.Unpinned, "{who}", "bob")))
		dan.get(path + "/pins").mustHave(w.NoPins)
		bob.post(messagePath(room, said)+"/pin", nil).mustBe(303)

		// What a moderator deletes says so, and is pinned no longer.
		bob.post(messagePath(room, said)+"/delete", nil).mustBe(303)
		gone := hears.await("the placeholder", shows(`<hx-partial hx-target="#m-`+itoa(said)+`"`))
		if !strings.Contains(gone.data, sentence(w.DeletedBy, "{who}", "bob")) {
			t.Errorf("the placeholder is %s", gone.data)
		}
		streamed.await(sentence(w.DeletedOneBy, "{who}", "bob", "{whom}", "cem"))
		ann.get(path).mustHave(sentence(w.DeletedBy, "{who}", "bob")).mustNotHave("&lt;score&gt;", path+"/pins")
		ann.get(path + "/pins").mustHave(w.NoPins)
		own := cem.says(room, "oh")
		cem.post(messagePath(room, own)+"/delete", nil).mustBe(303)
		ann.get(path).mustHave(`<em class="gone">` + en.Message.Deleted)

		// A ban ends everything at once.
		out, talker := dan.listen(path+"/events"), dan.talk(room)
		bob.post(path+"/members/dan/ban", nil).mustGoTo(path + "/members")
		hears.await("the ban", shows(sentence(w.Banned, "{who}", "bob", "{whom}", "dan")))
		hears.await("how many are left", shows(en.Group.Count(3)))
		if last := out.awaitEnd(); last[len(last)-1].name != "closed" {
			t.Errorf("who is banned gets %v", last)
		}
		talker.post("k", "still here")
		if code := talker.awaitClose(testPatience); code != 4404 {
			t.Errorf("their socket closes with %d", code)
		}
		dan.get(path).mustBe(404)
		bob.get(path+"/moderation").mustBe(200).mustHave(`data-username="dan"`, `action="`+path+`/members/dan/unban"`, "<bdi>bob</bdi>")
		bob.post(path+"/members/dan/unban", nil).mustGoTo(path + "/moderation")
		hears.await("that it is lifted", shows(sentence(w.Unbanned, "{who}", "bob", "{whom}", "dan")))
		ann.post(path+"/members", form("username", "dan")).mustBe(303)
		dan.get(path).mustBe(200)

		// All of it is in the log of the administration, in each language.
		admin := s.person("root-of-all")
		must(t, s.store.Tx(t.Context(), func(tx *db.DB) error { _, err := tx.SetAdmin(t.Context(), admin.id, true); return err }))
		log := admin.get("/admin/log").mustBe(200)
		for _, act := range []string{en.Moderation.Acts.Moderator, en.Admin.Acts.DeleteMessage, en.Moderation.Acts.Ban, en.Moderation.Acts.Unban, en.Moderation.Acts.Pin, en.Moderation.Acts.Unpin} {
			_, rest, _ := strings.Cut(act, "}")
			first, _, _ := strings.Cut(strings.TrimSpace(rest), "{")
			log.mustHave(strings.TrimSpace(first))
		}
		log.mustHave("Choir (" + itoa(room) + ")").mustNotHave("score") // rooms have names and numbers there, as on the page of all rooms
	})
}

// TestWhoIsBannedReadsItWhereTheyWouldJoin checks that the list of open rooms says so instead of a button that leads
// to a page that is not found.
func TestWhoIsBannedReadsItWhereTheyWouldJoin(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		root, bob := s.administrator("root"), s.person("bob")
		room, other := root.opensRoom("Square", ""), root.opensRoom("Park", "")
		join := func(id uint64) string { return `action="` + views.RoomPath(id) + `/join"` }
		bob.get("/rooms/open").mustHave(join(room), join(other))
		bob.post(views.RoomPath(room)+"/join", nil).mustBe(303)
		root.post(views.RoomPath(room)+"/members/bob/ban", nil).mustBe(303)
		for _, list := range []string{"/rooms/open", "/rooms/open?q=square"} {
			bob.get(list).mustBe(200).mustHave(en.Moderation.YouAreBanned).mustNotHave(join(room))
		}
		bob.get("/rooms/open").mustHave(join(other))
		bob.post(views.RoomPath(room)+"/join", nil).mustBe(404)
		root.post(views.RoomPath(room)+"/members/bob/unban", nil).mustBe(303)
		bob.get("/rooms/open").mustHave(join(room)).mustNotHave(en.Moderation.YouAreBanned)
		root.post(views.RoomPath(room)+"/default", form("default", "yes")).mustBe(303)
		root.get("/admin/log").mustHave("@root started adding newcomers to room Square (" + itoa(room) + ").")
	})
}

// TestABanByName checks that somebody who has left is banned by their username, and that the form does not reveal who
// has an account.
func TestABanByName(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		room, ann, bob, cem, dan := moderated(s)
		eve := s.person("qzqzq")
		path := views.RoomPath(room)
		dan.post(path+"/leave", nil).mustBe(303)
		ban := func(by *browser, who, on string) *reply {
			return by.post(path+"/moderation", form("username", who, "ban", on))
		}
		ban(cem, "dan", "on").mustBe(404)
		unknown := ban(bob, "nobody", "on").mustBe(422).mustHave(en.Moderation.NobodyToBan, `value="nobody"`)
		for _, who := range []string{"qzqzq", "ann", "bob", "<b>"} {
			ban(bob, who, "on").mustBe(422).mustHave(en.Moderation.NobodyToBan)
		}
		if there := ban(bob, eve.name, "on"); strings.ReplaceAll(there.body, "qzqzq", "nobody") != unknown.body {
			t.Error("the form tells who has an account")
		}
		ban(bob, " @dan ", "on").mustGoTo(path + "/moderation?saved=1")
		bob.get(path+"/moderation").mustHave(`data-username="dan"`, `action="`+path+`/members/dan/unban"`)
		ann.post(path+"/members", form("username", "dan")).mustHave(en.Moderation.IsBanned)
		ban(bob, "dan", "off").mustGoTo(path + "/moderation?saved=1")
		ann.post(path+"/members", form("username", "dan")).mustBe(303)
	})
}

// TestRightsAreNotTakenByFields is T67: whoever is not a moderator gets 404 for everything that moderators do, whatever
// a form says, and moderators for what only the owner does.
func TestRightsAreNotTakenByFields(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		room, ann, bob, cem, dan := moderated(s)
		ann.post(views.RoomPath(room)+"/members/dan/moderator", nil).mustBe(303)
		path, said := views.RoomPath(room), ann.says(room, "hello")
		before := len(s.messages(room))
		fields := form("slow", "60", "posting", "moderators", "off", "", "is_moderator", "1", "moderator", "cem", "owner", "cem", "owner_id", itoa(cem.id), "me", itoa(ann.id),
			"username", "ann", "role", "owner", "IsModerator", "true", "name", "Mine")
		asCem := fields
		asCem.Del("me") // would be somebody else's page
		for _, try := range []string{"/moderation", "/members/cem/moderator", "/members/bob/moderator", "/members/ann/ban", "/members/bob/ban", "/members/dan/unban",
			"/members/ann/remove", "/members/cem/owner", messagePath(0, said)[len("/rooms/0"):] + "/delete", messagePath(0, said)[len("/rooms/0"):] + "/pin"} {
			cem.post(path+try, asCem).shouldBe(404)
		}
		for _, try := range []string{"/members/bob/moderator", "/members/cem/moderator", "/members/ann/ban", "/members/ann/remove", "/members/dan/ban", "/members/dan/remove",
			"/members/bob/ban", "/members/bob/owner", "/members/nobody/ban", "/members/nobody/moderator", "/name"} {
			bob.post(path+try, asCem).shouldBe(404)
		}
		if after := s.messages(room); len(after) != before {
			t.Errorf("that left %v", after[before:])
		}
		// The right ends with the membership, and with the owner's word.
		bob.post(path+"/leave", nil).mustBe(303)
		ann.post(path+"/members", form("username", "bob")).mustBe(303)
		bob.post(path+"/members/cem/ban", nil).mustBe(404)
		ann.post(path+"/members/dan/moderator", form("off", "1")).mustBe(303)
		dan.post(messagePath(room, said)+"/delete", nil).mustBe(404)
		dan.get(path + "/moderation").mustBe(404)
		// Nor can owners grant rights that do not exist.
		ann.post(path+"/moderation", form("slow", "900", "posting", "nobody")).mustBe(422).mustHave(en.Moderation.BadPosting, `value="900" selected`)
		ann.get(path + "/moderation").mustBe(200).mustNotHave(`value="900" selected`) // nothing is half done
		ann.post(path+"/moderation", form("slow", "forever", "posting", "moderators")).mustBe(422).mustHave(en.Moderation.BadPace, `value="forever" selected`, `value="moderators" checked`)
		for _, slow := range []string{"-1", "21601", "1e3", "99999999999999999999"} {
			ann.post(path+"/moderation", form("slow", slow)).mustBe(422)
		}
		cem.post(path+"/messages", form("body", "still open")).mustBe(303)
	})
}

// TestNoDoorIsOpenToTheBanned is T68.
func TestNoDoorIsOpenToTheBanned(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		room, ann, bob, cem, dan := moderated(s)
		path := views.RoomPath(room)
		s.befriend(cem, dan)
		said := dan.says(room, "hello")
		dan.post(path+"/leave", nil).mustBe(303) // to come back another day
		bob.post(path+"/members/dan/ban", nil).mustBe(303)
		bob.post(path+"/members/dan/ban", nil).mustBe(303) // is no second one
		for _, friend := range []*browser{ann, cem} {
			friend.post(path+"/members", form("username", "dan")).mustBe(422).mustHave(en.Moderation.IsBanned, `value="dan"`)
		}
		token := ann.invites("uses", "5", "room", itoa(room))
		dan.get("/join/" + token).mustBe(200)
		dan.post("/join/"+token, nil).mustBe(303)
		dan.get(path).mustBe(404)
		ann.post(path+"/members/dan/owner", nil).mustBe(404)
		ann.post(path+"/members/dan/moderator", nil).mustBe(404)
		for _, get := range []string{"", "/members", "/moderation", "/pins", "/composer", "/live", "/wait", "/people?q=a", "/messages/" + itoa(said)} {
			dan.get(path + get).shouldBe(404)
		}
		for _, post := range []string{"/messages", "/composer", "/join", "/members/dan/unban", "/read", "/mute", "/messages/" + itoa(said) + "/edit", "/messages/" + itoa(said) + "/delete"} {
			dan.post(path+post, form("body", "hello", "username", "dan")).shouldBe(404)
		}
		if k, _ := dan.tryTalk(path+"/socket", "Origin: "+s.origin()); k != nil {
			t.Error("a socket opens")
		}
		dan.get("/rooms").mustNotHave(path)
		dan.get("/search?q=hello").mustNotHave(messagePath(room, said))
		if got := s.said(room); len(got) != 1 {
			t.Errorf("said: %v", got)
		}
		// The new owner of a group is bound by the ban as well.
		ann.post(path+"/members/cem/owner", nil).mustBe(303)
		cem.post(path+"/members", form("username", "dan")).mustBe(422)
		cem.post(path+"/members/dan/unban", nil).mustBe(303)
		cem.post(path+"/members", form("username", "dan")).mustBe(303)
		dan.get(path).mustBe(200)
	})
}

// TestSlowModeKeepsTheText is T69: what comes too early is refused with the time that is left, and given back.
func TestSlowModeKeepsTheText(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	room, ann, bob, cem, _ := moderated(s)
	s.clock.stop()
	path := views.RoomPath(room)
	hears := ann.listen(path + "/events")
	bob.post(path+"/moderation", form("slow", "300")).mustGoTo(path + "/moderation?saved=1")
	hears.await("the notice", shows(sentence(words.Fill(en.Moderation.SlowOn, "{time}", en.Moderation.Duration(300)), "{who}", "bob")))
	ann.get(path+"/moderation?saved=1").mustHave(`value="300" selected`, en.Moderation.Saved)
	key := form("body", "one", "key", "first")
	cem.post(path+"/messages", key).mustBe(303)
	cem.post(path+"/messages", key).mustBe(303) // the same message again
	left := words.Fill(en.Moderation.SlowNow, "{time}", en.Moderation.Duration(300))
	a := cem.post(path+"/messages", form("body", "two <b>", "key", "second")).mustBe(429).mustHave(left, "two &lt;b&gt;</textarea>")
	if a.header.Get("Retry-After") != "300" {
		t.Errorf("Retry-After: %q", a.header.Get("Retry-After"))
	}
	cem.post(path+"/composer", form("body", "two <b>", "key", "second")).mustBe(429).mustHave(left, "two &lt;b&gt;</textarea>")
	s.clock.stopped.Add(int64(258 * time.Second))
	left = words.Fill(en.Moderation.SlowNow, "{time}", en.Moderation.Duration(42))
	k := cem.talk(room)
	if r := k.say("third", "three"); r.refused != 422 || r.problem != left { // or its script would send again and again
		t.Errorf("over the socket: %+v", r)
	}
	cem.post(path+"/messages", form("body", "four", "key", "4"), "HX-Request: true").mustBe(429).mustHave(`data-refused="422"`, left)
	bob.post(path+"/messages", form("body", "moderators")).mustBe(303)
	bob.post(path+"/messages", form("body", "need not wait")).mustBe(303)
	s.clock.stopped.Add(int64(42 * time.Second))
	if r := k.say("third", "three"); r.seq == 0 {
		t.Errorf("in time: %+v", r)
	}
	ann.post(path+"/moderation", form("slow", "0")).mustBe(303)
	hears.await("that it is over", shows(sentence(en.Moderation.SlowOff, "{who}", "ann")))
	cem.post(path+"/messages", form("body", "five")).mustBe(303)
}

// TestRoomsToReadOnly checks that only moderators can post where that is set, in any way, and that open
// pages say so.
func TestRoomsToReadOnly(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		room, ann, bob, cem, _ := moderated(s)
		path, w := views.RoomPath(room), en.Moderation
		said := cem.says(room, "before")
		hears, bobHears, k, streamed := cem.listen(path+"/events"), bob.listen(path+"/events"), cem.talk(room), cem.watchPage(path+"/live")
		cem.get(path).mustHave(`<div id="read-only" role="status"></div>`)
		closed := `<hx-partial hx-target="#read-only" hx-swap="innerMorph"><p class="notice">` + w.ReadOnly
		ann.post(path+"/moderation", form("posting", "moderators")).mustBe(303)
		hears.await("the notice", shows(sentence(w.OnlyModerators, "{who}", "ann")))
		hears.await("the end of the composer", says(closed))
		streamed.await(sentence(w.OnlyModerators, "{who}", "ann"))
		cem.get(path).mustHave(`<div id="read-only" role="status"><p class="notice">` + w.ReadOnly)
		cem.get(path+"/composer").mustBe(200).mustHave(w.ReadOnly, w.LookAgain).mustNotHave("<textarea")
		cem.get(path + "/wait").mustHave(w.ReadOnly).mustNotHave("<textarea")
		cem.post(path+"/messages", form("body", "by form <b>", "key", "1")).mustBe(422).mustHave(w.NotNow, "by form &lt;b&gt;</textarea>")
		cem.post(path+"/composer", form("body", "by frame <b>", "key", "2")).mustBe(422).mustHave(w.NotNow, "by frame &lt;b&gt;</textarea>")
		if r := k.say("3", "by socket"); r.refused != 422 || r.problem != w.NotNow {
			t.Errorf("over the socket: %+v", r)
		}
		cem.post(messagePath(room, said)+"/edit", form("body", "by edit <b>")).mustBe(422).mustHave(w.NotNow, "by edit &lt;b&gt;</textarea>")
		cem.post(messagePath(room, said)+"/react", form("emoji", "👍")).mustBe(303)
		bob.get(path + "/composer").mustHave("<textarea")
		bob.post(path+"/messages", form("body", "from the moderators")).mustBe(303)
		for _, e := range bobHears.all() {
			if strings.Contains(e.data, closed) {
				t.Errorf("a moderator may not write: %s", e.data)
			}
		}
		bob.post(path+"/moderation", form("posting", "everybody")).mustBe(303)
		hears.await("the notice", shows(sentence(w.EverybodyPosts, "{who}", "bob")))
		hears.await("the composer", says(`<hx-partial hx-target="#read-only" hx-swap="innerMorph"></hx-partial>`))
		if r := k.say("3", "by socket"); r.seq == 0 {
			t.Errorf("over the socket: %+v", r)
		}
	})
}

// TestLevelsOfNotification checks what notifies a person in a room, at each level.
func TestLevelsOfNotification(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	ann, bob := list[0], list[1]
	direct := s.befriend(ann, bob)
	room := bob.makesGroup("Choir", ann)
	path := views.RoomPath(room)
	ann.get(path+"/members").mustHave(`name="level" value="all" checked`, `name="level" value="mentions"`, `name="level" value="nothing"`)
	ann.post(path+"/mute", form("level", "mentions")).mustGoTo(path + "/members?saved=1")
	saved := `role="status" tabindex="-1" autofocus>` + en.Moderation.Saved + `</p>`
	ann.get(path+"/members?saved=1").mustHave(`name="level" value="mentions" checked`, saved)
	ann.get(path + "/members").mustNotHave(saved)
	hidden := ann.listen("/events?page=hidden")
	hidden.isNotified("nothing", 0, 0)
	s.says(bob, room, "hello all")
	s.says(bob, direct, "hello you")
	hidden.isNotified("the other room", 1, 0, direct)
	ann.get("/friends") // another page
	ann.get("/rooms").mustHave("<title>(1) ", ">1<span class=\"aside\"> "+en.Rooms.Unread)
	s.says(bob, room, "hello @ann")
	hidden.isNotified("a mention", 2, 0, room, direct)
	ann.get("/rooms").mustHave("<title>(2) ", ">2<span class=\"aside\"> "+en.Rooms.Unread, `data-count="1"`)
	ann.post(path+"/mute", form("level", "nothing")).mustBe(303)
	hidden.isNotified("the other room again", 1, 0, direct)
	ann.get(path + "/members").mustHave(`name="level" value="nothing" checked`)
	ann.get(path).mustHave(en.Rooms.Unmute)
	ann.post(path+"/mute", form("level", "all")).mustBe(303)
	s.says(bob, room, "hello again")
	hidden.isNotified("everything", 2, 0, room, direct)
	ann.post(path+"/mute", form("level", "loud")).mustBe(422)
	ann.post(views.RoomPath(direct)+"/mute", form("level", "nothing")).mustGoTo("/people/bob?saved=1")
	ann.get("/people/bob?saved=1").mustHave(`name="level" value="nothing" checked`, saved)
	ann.get("/people/bob").mustNotHave(saved)
	s.person("cem").post(path+"/mute", form("level", "loud")).mustBe(404)
}
