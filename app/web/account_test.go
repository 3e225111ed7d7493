package web

import (
	"fmt"
	"strings"
	"testing"

	"parley/views"
)

// TestReservedUsernames checks that a form says which names nobody may choose, and keeps what was typed.
func TestReservedUsernames(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	for name, want := range map[string]string{
		"Support": en.Account.NameReserved, "ad-min": en.Account.NameReserved, "everyone": en.Account.NameReserved,
		"rob.": en.Account.NameEnds, "_ann": en.Account.NameEnds,
	} {
		s.visitor().post("/sign-up", form("username", name, "password", goodPassword)).mustBe(422).
			mustHave(want, `role="alert"`, `value="`+name+`"`)
	}
}

// TestSignUpAsksForAName checks that newcomers are called by the name that they give, and by their username
// without one; and that a name that cannot be shown makes no account.
func TestSignUpAsksForAName(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	for username, name := range map[string]string{"nina": "Nina Novák", "bob": "", "cyd": " "} {
		b := s.visitor()
		b.post("/sign-up", form("username", username, "display_name", name, "password", goodPassword)).mustBe(303)
		want := strings.TrimSpace(name)
		if want == "" {
			want = username
		}
		b.get("/people/" + username).mustBe(200).mustHave("<bdi>" + want + "</bdi>")
	}
	s.visitor().post("/sign-up", form("username", "x", "display_name", strings.Repeat("x", 41), "password", goodPassword)).mustBe(422).
		mustHave(en.Profile.NameLong, en.Account.NameLength)
	s.visitor().post("/sign-up", form("username", "dan", "display_name", strings.Repeat("x", 41), "password", goodPassword)).mustBe(422)
	s.visitor().post("/sign-up", form("username", "dan", "password", goodPassword)).mustBe(303) // is still free
}

// TestPasswordProblemsStandAtTheirFields checks that each of the two passwords says what is wrong with it.
func TestPasswordProblemsStandAtTheirFields(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann := s.person("ann")
	ann.post("/profile/password", form("current", goodPassword, "password", "short")).mustBe(422).
		mustHave(`<p id="password-problem" role="alert">` + en.Account.PasswordShort).mustNotHave(`id="current-problem"`)
	ann.post("/profile/password", form("current", "something else", "password", goodPassword+"!")).mustBe(422).
		mustHave(`<p id="current-problem" role="alert">` + en.Profile.WrongPassword).mustNotHave(`id="password-problem"`)
}

// TestNewcomersSeeTheirUsername checks that the empty friends page has the username that friends need, and
// that a refused request marks its field.
func TestNewcomersSeeTheirUsername(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann := s.person("ann")
	ann.get("/friends").mustBe(200).mustHave(en.Friends.None, "<b>ann</b>")
	ann.post("/friends", form("username", "Jonas Weber")).mustBe(422).
		mustHave(en.Friends.NoSuchUser, `value="Jonas Weber"`, `aria-invalid="true"`)
}

// TestAGroupOfOneLeadsToItsMembers checks that a group without others says so, on the page and in its frame.
func TestAGroupOfOneLeadsToItsMembers(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann, bob := s.person("ann"), s.person("bob")
	s.befriend(ann, bob)
	room := ann.post("/rooms", form("name", "Family")).mustBe(303).header.Get("Location")
	link := `href="` + room + `/members#bring-heading"`
	ann.get(room).mustBe(200).mustHave(en.Room.OnlyYou, link)
	ann.post(room+"/members", form("username", "bob")).mustBe(303)
	ann.get(room).mustBe(200).mustHave(en.Room.SayHello).mustNotHave(en.Room.OnlyYou, link)
}

// TestTextBrowsersSeeWhatTheyPosted checks that text browsers, and no others, are sent to the message itself.
func TestTextBrowsersSeeWhatTheyPosted(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann, bob := s.person("ann"), s.person("bob")
	path := views.RoomPath(s.befriend(ann, bob))
	for agent, want := range map[string]bool{"Lynx/2.9": true, "w3m/0.5.3": true, "Links (2.29)": true, "ELinks/0.17": true, "Mozilla/5.0": false} {
		ann.agent = agent
		to := ann.post(path+"/messages", form("body", "hello")).mustBe(303).header.Get("Location")
		if strings.Contains(to, "#m-") != want || !strings.Contains(to, path) {
			t.Errorf("%s is sent to %s", agent, to)
		}
	}
}

// TestTextBrowsersGetTextOnly checks that their pages have nothing that is hidden elsewhere, waits for a script or
// belongs in an iframe: they would show all of it.
func TestTextBrowsersGetTextOnly(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann, bob := s.person("ann"), s.person("bob")
	room := views.RoomPath(s.befriend(ann, bob))
	bob.post(room+"/messages", form("body", "hello")).mustBe(303)
	waitsElsewhere := []string{"<iframe", "<template", `id="newest"`, `id="pick"`, en.Room.TryAgain}
	ann.agent = "Mozilla/5.0"
	ann.get(room).mustBe(200).mustHave(waitsElsewhere...)
	ann.get("/rooms").mustBe(200).mustHave("<iframe")
	for _, agent := range []string{"Lynx/2.9", "w3m/0.5.3", "Links (2.29)", "ELinks/0.17"} {
		ann.agent = agent
		for _, path := range []string{"/rooms", room, room + "?around=2", room + "?as=live"} {
			page := ann.get(path).mustBe(200).body
			for _, text := range waitsElsewhere {
				if strings.Contains(page, text) {
					t.Errorf("%s on %s gets %s", agent, path, text)
				}
			}
		}
		ann.get(room).mustHave(en.Room.WaitForNew, en.Room.LookForNew)
	}
}

// TestSignUpIsClosedWhateverTheName checks that a closed sign-up says so before it says what is wrong with a name.
func TestSignUpIsClosedWhateverTheName(t *testing.T) {
	t.Parallel()
	s := start(t, options{signUp: "closed"})
	for _, name := range []string{"", "Ann", strings.Repeat("x", 41)} {
		s.visitor().post("/sign-up", form("display_name", name, "username", "ann", "password", goodPassword)).
			mustBe(403).mustHave(en.Account.SignUpClosed)
	}
}

// TestDisplayNamesChangeSoOftenADay checks that nobody makes what is kept of everybody's lists useless all day long, and
// that the rest of the profile can still be changed.
func TestDisplayNamesChangeSoOftenADay(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	ann := s.person("ann")
	for i := range 20 {
		ann.post("/profile", form("display_name", fmt.Sprint("Ann ", i))).mustBe(303)
		ann.post("/profile", form("display_name", fmt.Sprint("Ann ", i), "time_zone", "Asia/Tokyo")).mustBe(303)
	}
	ann.post("/profile", form("display_name", "Anna", "time_zone", "Europe/Paris")).mustBe(429).
		mustHave(en.Profile.TooManyRenames, `value="Anna"`, `value="Europe/Paris"`)
	ann.get("/people/ann").mustHave("<bdi>Ann 19</bdi>")
	ann.upload("/profile", "photo.png", tinyPNG(t), form("display_name", "Anna")).mustBe(429).mustHave(en.Profile.TooManyRenames)
	if strings.Contains(ann.get("/people/ann").body, "<img") {
		t.Error("the photo of a form that was refused is the avatar")
	}
	ann.post("/profile", form("time_zone", "Europe/Berlin")).mustBe(303)
	ann.get("/profile").mustHave(`value="Europe/Berlin"`)
}
