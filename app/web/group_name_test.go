package web

import (
	"strings"
	"testing"

	"parley/views"
)

// TestGroupNamesCanBeSeen checks that the name of a group is visible, like the name of a person.
func TestGroupNamesCanBeSeen(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann, bob, _, _ := circle(s)
	path := views.RoomPath(ann.makesGroup("Choir", bob)) + "/name"
	long := strings.Repeat("é", 60)
	for typed, want := range map[string]string{
		"Choir": "Choir", "  The \t choir\n": "The choir", "Café ☕": "Café ☕", "קבוצה": "קבוצה", "I ❤️ tea": "I ❤️ tea",
		"q\u0323\u0301": "q\u0323\u0301",
		"Cafe\u0301":    "Café", long: long,
	} {
		ann.post(path, form("name", typed)).mustBe(303)
		ann.get("/rooms").mustHave("<bdi>" + want + "</bdi>")
	}
	for _, bad := range []string{
		"", " \n", long + "é", "a\x00b", "bad \xff byte", "\u202eriohC",
		"\u115f", "\u3164", "\u2800", "\ufe0f", "\u200b", "\u00ad", "a\u115fb", "a" + strings.Repeat("\u0301", 20), "\ufffd",
	} {
		ann.post(path, form("name", bad)).mustBe(422).mustHave(`role="alert"`)
		ann.post("/rooms", form("name", bad, "username", "bob")).mustBe(422).mustHave(`role="alert"`)
	}
}
