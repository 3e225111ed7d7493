package views

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"parley/db"
	"parley/views/words"
)

// allPages returns pages and fragments with the same text in every field that people can fill.
func allPages(text string, me db.User) map[string]templ.Component {
	u := db.User{ID: 2, Username: text, DisplayName: text}
	p := Page{Words: words.English(), Title: text, Me: &me, NavItem: "rooms", Requests: 2}
	lines := RoomList{CanLeave: true, Next: "1-2", Rooms: []RoomSummary{{ID: 5, Title: text, Friend: u, LastAuthor: text, Preview: text, When: "14:05", At: noon, Unread: 3, Current: true}, {ID: 6, Title: text, IsGroup: true}}}
	e := Entry{Words: words.English(), Message: db.Message{Seq: 2, Kind: db.KindText, AuthorID: 2, Body: text}, Author: u, Day: "Friday", At: noon}
	left := e
	left.Message.Kind, left.Message.Seq = db.KindLeave, 3
	r := Room{ID: 5, Title: text, Friend: u, Cursor: "1-3", Entries: []Entry{e, left}, Older: 1, Draft: Draft{Body: text, Key: text, Problem: text}, ReadSeq: 2}
	invitations := []Invitation{{ID: 3, Inviter: u, Uses: 2, Until: text, State: "open", Rooms: []string{text, text}}, {ID: 2, Inviter: u, State: "revoked"}}
	join := Join{Token: "t", Server: text, Inviter: u, Befriends: true, Rooms: []string{text}, Problem: text,
		SignUp: SignUp{DisplayName: text, Username: text, NameProblem: text, UsernameProblem: text, PasswordProblem: text, Problem: text, Front: Front{Welcome: text}}}
	one := []Friend{{User: u, RoomID: 5}}
	f := Friends{Words: words.English(), Friends: one, Incoming: nil, Outgoing: nil, Blocked: nil, Username: text, Problem: text, Notice: text}
	in := Profile{DisplayName: text, TimeZone: text, NameProblem: text, ZoneProblem: text, PhotoProblem: text, PasswordProblem: text, Notice: text,
		Zones: []string{text}, Sessions: []SessionSummary{{ID: 1, Browser: text, LastSeen: text, Current: true}, {ID: 2, Browser: text, LastSeen: text}}}
	return map[string]templ.Component{
		"rooms": RoomsPage(p, lines), "room": RoomPage(p, lines, r), "friends": FriendsPage(p, f), "profile": ProfilePage(p, in),
		"open-rooms": OpenRoomsPage(p, OpenRooms{Rooms: []FoundRoom{{ID: 5, Name: text, About: text, Members: 3, When: text}, {ID: 6, Name: text, About: text, Joined: true}}, Query: text, MayCreate: true,
			Name: text, NameProblem: text, About: text, AboutProblem: text, FormProblem: text, Problem: text}),
		"room-kind": RoomKindPage(p, RoomKind{RoomID: 5, Title: text, Problem: text}),
		"invitations": InvitationsPage(p, Invitations{Uses: text, Days: text, Rooms: []RoomChoice{{Room: db.Room{ID: 5, Name: text}, Chosen: true}}, IsAdmin: true, UsesProblem: text, RoomsProblem: text,
			Problem: text, Link: "http://localhost/join/t", Picture: "data:image/png;base64,AA==", List: invitations, Next: 2}),
		"all invitations": AllInvitationsPage(p, AllInvitations{List: invitations, Below: 7}),
		"join":            JoinPage(signedOutPage(), join), "accept": AcceptPage(p, join),
		"person":   PersonPage(p, Person{User: u, State: "friend", RoomID: 5}),
		"deletion": DeletionPage(p, Deletion{ChoiceProblem: text, Problem: text, Successions: []Succession{{Room: text, User: u}, {Room: text}}}),
		"export":   ExportedRoomPage(ExportedRoom{Words: words.English(), Title: text, N: 2, Earlier: "0001.html"}),
		"archive":  ExportedIndexPage(ExportedIndex{Words: words.English(), Me: u, Rooms: []ExportedLine{{Title: text, File: "rooms/1/0001.html"}}, People: []ExportedPeople{{Heading: text, People: []db.User{u}}}}),
		"problem":  ProblemPage(p, Problem{Status: 404, Title: text, Sentence: text}),
		"sign-in":  SignInPage(signedOutPage(), SignIn{Username: text, Next: text, Problem: text, Notice: text, Front: Front{SignUpOpen: true}}),
		"sign-up":  SignUpPage(signedOutPage(), SignUp{Username: text, Next: text, UsernameProblem: text, PasswordProblem: text, Problem: text}),
		"unsent":   UnsentPage(p, Unsent{Room: 5, Body: text, Key: text, ReplyTo: text, Sentence: text, LostPhotos: true, SignIn: true}),
		"fragment": ProblemFragment(Problem{Status: 500, Title: text, Sentence: text}), "refusal": Refusal(text, 422, text, true),
		"receipt": Receipt(words.English(), text, 1, text), "lists": ListUpdates(Lists{Words: words.English(), Rooms: &lines, Requests: 1, Friends: &f}),
	}
}

var hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`' onmouseover='alert(1)' x='`,
	`" hx-get="/rooms" hx-trigger="load" x="`,
	`<div hx-get="/sign-out" hx-trigger="load"></div>`,
	`<hx-partial hx-target="#rooms" hx-swap="outerHTML">gone</hx-partial>`,
	`</textarea></title></style></script><b>`,
	`javascript:alert(1)`,
	`<a href="javascript:alert(1)">x</a>`,
	`<svg/onload=alert(1)>`, `<!--`, `]]>`, `{{7*7}}`, `&lt;script&gt;`, "`${alert(1)}`", `{ expr }`,
}

// Whatever people type, a page has the elements and attributes that it has with plain text, and what they
// typed is in no attribute that a browser or htmx acts on.
func TestHostileTextIsOnlyText(t *testing.T) {
	shape := func(c templ.Component) string {
		var b strings.Builder
		for _, e := range parse(t, render(t, c)) {
			if e.name == "code" { // Markdown for the backticks in one of the texts
				continue
			}
			b.WriteString("<" + e.name)
			for _, key := range []string{"src", "hx-get", "hx-post", "hx-target", "hx-swap", "hx-trigger", "hx-sse:connect", "hx-ws:connect", "style", "onload", "onerror", "onmouseover"} {
				if value, ok := e.attr[key]; ok {
					b.WriteString(" " + key)
					if !strings.HasPrefix(value, "/friends/") {
						b.WriteString("=" + value)
					}
				}
			}
			b.WriteString(">")
			if href := strings.ToLower(e.attr["href"]); strings.HasPrefix(href, "javascript:") {
				t.Errorf("a link to %s", href)
			}
		}
		return b.String()
	}
	plain := allPages("word", ada())
	for _, text := range hostile {
		for name, c := range allPages(text, ada()) {
			if got, want := shape(c), shape(plain[name]); got != want {
				t.Errorf("%s with %q:\n%s\nwant\n%s", name, text, got, want)
			}
		}
	}
}

func TestEveryPageIsStructuredForScreenReaders(t *testing.T) {
	for name, c := range allPages("word", ada()) {
		markup := render(t, c)
		if !strings.HasPrefix(markup, "<!doctype html>") {
			continue // a fragment
		}
		list := parse(t, markup)
		if main := byID(t, list, "main"); main.name != "main" {
			t.Errorf("%s: the skip link leads to a %s", name, main.name)
		}
		var headings, mains int
		labels, ids := map[string]bool{}, map[string]int{}
		for _, e := range list {
			ids[e.attr["id"]]++
			switch e.name {
			case "h1":
				headings++
			case "main":
				mains++
			case "label":
				labels[e.attr["for"]] = true
			}
		}
		if headings != 1 || mains != 1 {
			t.Errorf("%s has %d h1 and %d main elements", name, headings, mains)
		}
		for id, n := range ids {
			if id != "" && n > 1 {
				t.Errorf("%s has the id %s %d times", name, id, n)
			}
		}
		for _, e := range list {
			_, hidden := e.attr["hidden"]
			if (e.name == "input" && e.attr["type"] != "hidden" || e.name == "textarea") && !hidden && !labels[e.attr["id"]] {
				t.Errorf("%s: the field %s has no label", name, e.attr["name"])
			}
			if by := e.attr["aria-describedby"]; by != "" {
				for _, id := range strings.Fields(by) {
					byID(t, list, id)
				}
			}
		}
	}
}

// The content security policy forbids both, so a page that had them would be broken.
func TestNoInlineScriptOrStyle(t *testing.T) {
	for name, c := range allPages("word", ada()) {
		for _, e := range parse(t, render(t, c)) {
			_, styled := e.attr["style"]
			if styled || e.name == "style" || e.name == "script" && e.attr["src"] == "" {
				t.Errorf("%s: %+v", name, e)
			}
			for key := range e.attr {
				if strings.HasPrefix(key, "on") || strings.HasPrefix(key, "hx-on") {
					t.Errorf("%s: %s", name, key)
				}
			}
		}
	}
}

// All but the password.
func TestAccountFormsKeepWhatWasTyped(t *testing.T) {
	for name, c := range map[string]templ.Component{
		"sign-in": SignInPage(signedOutPage(), SignIn{Username: "ada", Next: "/rooms/5", Problem: "No."}),
		"sign-up": SignUpPage(signedOutPage(), SignUp{Username: "ada", Next: "/rooms/5", UsernameProblem: "No."}),
	} {
		list := parse(t, render(t, c))
		if got := withAttr(list, "name", "username")[0].attr["value"]; got != "ada" {
			t.Errorf("%s: the name is %q", name, got)
		}
		if got := withAttr(list, "name", "next")[0].attr["value"]; got != "/rooms/5" {
			t.Errorf("%s: next is %q", name, got)
		}
		if _, ok := withAttr(list, "name", "password")[0].attr["value"]; ok {
			t.Errorf("%s: the password is sent back", name)
		}
		if problem := withAttr(list, "role", "alert"); len(problem) != 1 || problem[0].visibleText() != "No." {
			t.Errorf("%s: the problem is %+v", name, problem)
		}
	}
	list := parse(t, render(t, SignUpPage(signedOutPage(), SignUp{Next: "/rooms/5?a=b&c"})))
	if len(withAttr(list, "href", "/sign-in?next=%2Frooms%2F5%3Fa%3Db%26c")) != 1 {
		t.Error("the link to the sign-in does not keep the page to return to")
	}
}

// Text browsers would put all labels on one line, so each choice stands in a block.
func TestEachChoiceStandsInABlock(t *testing.T) {
	p := signedInPage(ada(), "")
	for name, one := range map[string]struct {
		page    templ.Component
		choices int
	}{
		"profile":     {ProfilePage(p, Profile{}), 9},
		"invitations": {InvitationsPage(p, Invitations{IsAdmin: true, Rooms: []RoomChoice{{Room: db.Room{ID: 5}}, {Room: db.Room{ID: 6}}}}), 3},
		"new group":   {NewGroupPage(p, NewGroup{Friends: []Choice{{User: ada()}, {User: bo()}}}), 2},
	} {
		lines := map[*element]bool{}
		for _, e := range withAttr(parse(t, render(t, one.page)), "class", "choice") {
			lines[e.parent] = e.parent.name == "div"
		}
		if len(lines) != one.choices {
			t.Errorf("%s has %d lines for %d choices", name, len(lines), one.choices)
		}
		for line, block := range lines {
			if !block {
				t.Errorf("%s: a choice stands in %s", name, line.name)
			}
		}
	}
}
