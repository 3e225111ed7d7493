package web

import (
	"strings"
	"testing"

	"parley/views"
	"parley/views/words"
)

func TestAcceptLanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"":                         "en",
		"de":                       "de",
		"DE-at":                    "de",
		"es-419,es;q=0.9,en;q=0.8": "es",
		"gl":                       "es",
	} {
		if got := acceptedLanguage(header).Lang; got != want {
			t.Errorf("%.60q is %s, want %s", header, got, want)
		}
	}
}

// TestErrorPagesAreTranslated checks the language of responses that come before the request was checked.
func TestErrorPagesAreTranslated(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	b := s.visitor()
	german := "Accept-Language: de-AT,de;q=0.9,en;q=0.5"
	b.get("/sign-in", german).mustBe(200).mustHave(`<html lang="de">`, de.Account.SignIn, de.Account.Tagline)
	b.get("/nowhere", german).mustBe(404).mustHave(`<html lang="de">`, de.Trouble.Why[404].Title, de.Trouble.Start)
	b.get("/nowhere", german, "HX-Request: true").mustBe(404).mustHave(de.Trouble.Why[404].Title)
	b.send("POST", "/sign-out", nil, german, "Origin: https://elsewhere.example").mustBe(403).mustHave(de.Trouble.Why[403].Title)
	b.send("BREW", "/", nil, german).mustBe(501).mustHave(`<html lang="de">`, de.Trouble.Why[500].Title)
	b.post("/sign-up", form("username", "x", "password", "short"), german).mustBe(422).
		mustHave(de.Account.NameLength, de.Account.PasswordShort)
	b.post("/sign-in", form("username", "nobody", "password", "wrong"), "Accept-Language: es").mustBe(422).
		mustHave(`<html lang="es">`, es.Account.WrongCredentials)
}

// TestChosenLanguageWins checks that the chosen language has priority over the browser's.
func TestChosenLanguageWins(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann := s.person("ann")
		german := "Accept-Language: de"
		ann.get("/friends", german).mustBe(200).mustHave(`<html lang="de">`, de.Friends.None)
		ann.post("/profile", form("language", "es"), german).mustBe(303)
		if got := ann.user(); got.Language != "es" || got.TimeZone != "UTC" || got.DisplayName != "ann" {
			t.Errorf("stored: %+v", got)
		}
		ann.get("/friends", german).mustHave(`<html lang="es">`, es.Friends.None)
		ann.get("/rooms/987654321", german).mustBe(404).mustHave(`<html lang="es">`, es.Trouble.Why[404].Title)
		ann.get("/nowhere", german).mustBe(404).mustHave(`<html lang="es">`, es.Trouble.Why[404].Title, es.Trouble.Rooms)
		ann.send("DELETE", "/rooms", nil, german).mustBe(405).mustHave(`<html lang="es">`, es.Trouble.Rooms)
		ann.post("/friends", form("username", strings.Repeat("x", 70_000)), german).mustBe(413).mustHave(`<html lang="es">`, es.Trouble.Rooms)
		ann.upload("/profile", "large.png", make([]byte, 12<<20), nil, german).mustBe(413).
			mustHave(`<html lang="es">`, es.Trouble.Why[413].Title+".", `value="ann"`)
		for _, unknown := range []string{"xx", "DE", "de-AT", `"><script>`, strings.Repeat("e", 5000)} {
			ann.post("/profile", form("language", unknown, "display_name", "Ann"), german).mustBe(422).
				mustHave(es.Profile.NoSuchLanguage, `value="Ann"`)
		}
		ann.post("/profile", form("display_name", "Ann"), german).mustBe(303) // a form without the field leaves it as it is
		ann.get("/profile", german).mustHave(`<option value="es" lang="es" selected>Español</option>`)
		ann.post("/profile", form("language", ""), german).mustBe(303)
		ann.get("/profile", german).mustHave(`<html lang="de">`, `<option value="" selected>`+de.Profile.ByBrowser+` (Deutsch)</option>`)
	})
}

// TestEachReadsTheirLanguage checks that streams, sockets and pages of one room use each reader's language,
// and that readers of one language get the same bytes.
func TestEachReadsTheirLanguage(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob", "cem")
	ann, bob, cem := list[0], list[1], list[2]
	s.befriend(ann, bob)
	s.befriend(ann, cem)
	room := ann.makesGroup("Choir", bob, cem)
	ann.post("/profile", form("language", "de")).mustBe(303)
	german := "Accept-Language: de"
	streams := []*listener{ann.listen(eventsPath(room)), bob.listen(eventsPath(room)), cem.listen(eventsPath(room), german)}
	pages := []*document{ann.watchPage(views.RoomPath(room) + "/live"), bob.watchPage(views.RoomPath(room) + "/live")}
	ann.post(views.RoomPath(room)+"/name", form("name", "Band")).mustBe(303)
	streams[0].await("the new name", shows(sentence(de.Message.GroupRenamed, "{who}", "ann", "{what}", "Band")))
	streams[1].await("the new name", shows(sentence(en.Message.GroupRenamed, "{who}", "ann", "{what}", "Band")))
	streams[2].await("the new name", shows(sentence(de.Message.GroupRenamed, "{who}", "ann", "{what}", "Band")))
	pages[0].await(sentence(de.Message.GroupRenamed, "{who}", "ann", "{what}", "Band"))
	pages[1].await(sentence(en.Message.GroupRenamed, "{who}", "ann", "{what}", "Band"))

	seen := map[string][]string{}
	for _, l := range []*listener{streams[0], streams[2]} {
		for _, e := range l.entries() {
			collect(seen, e.data)
		}
	}
	collect(seen, ann.get(views.RoomPath(room)).body)
	collect(seen, cem.get(views.RoomPath(room), german).body)
	for seq, same := range seen {
		for _, other := range same {
			if other != same[0] {
				t.Errorf("entry %s is %q and %q", seq, same[0], other)
			}
		}
	}
	if r := ann.talk(room).say("k1", " "); !strings.Contains(r.problem, de.Refusals.Empty) {
		t.Errorf("the socket says %q", r.problem)
	}
	if r := bob.talk(room).say("k2", " "); !strings.Contains(r.problem, en.Refusals.Empty) {
		t.Errorf("the socket says %q", r.problem)
	}
	lists := ann.listen("/events")
	s.says(bob, room, "hello")
	lists.await("the count in the list", func(e event) bool { return strings.Contains(e.data, " "+de.Rooms.Unread) })
}

// TestOnlyGroupsAreCalledPlaces checks that the page of a message says "in" a group, but "with" a person.
func TestOnlyGroupsAreCalledPlaces(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 0)
	ann.sends(room, "look", "k1", nil, [][]byte{tinyPNG(t)}).mustBe(303)
	group := ann.makesGroup("Choir", bob)
	s.says(ann, group, "hello")
	seq := func(room uint64) string { m := s.messages(room); return messageAt(room, m[len(m)-1].Seq) }
	for _, w := range words.Languages() {
		language := "Accept-Language: " + w.Lang
		photo := words.Fill(w.PhotoForm.With, "{which}", w.Message.Photo)
		ann.get(seq(room), language).mustBe(200).mustHave("<h1>" + sentence(w.Detail.With, "{who}", "bob") + "</h1>")
		ann.get(seq(room)+"/photos/1", language).mustBe(200).mustHave("<h1>" + sentence(photo, "{who}", "bob") + "</h1>")
		ann.get(seq(group), language).mustBe(200).mustHave("<h1>" + sentence(w.Detail.In, "{what}", "Choir") + "</h1>")
	}
}
