package web

import (
	"strings"
	"testing"

	"parley/views"
	"parley/views/words"
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

// TestNamesSayWhatIsWrong checks that the names of people and of groups in any script are taken, and that a
// refusal names the character that is wrong, in the same words for both.
func TestNamesSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		s.befriend(list[0], list[1])
		group := views.RoomPath(list[0].makesGroup("Choir", list[1]))
		for _, name := range []string{"ကျော်", "علی\u200cرضا", "กิ่งแก้ว", "שִׁירָה", "ശ്രീ മോഹന്\u200d", "ශ්\u200dරී", "བསྒྲུབས", "👩\u200d🚀 Ann"} {
			list[0].post("/profile", form("display_name", name)).mustBe(303)
			list[0].get("/profile").mustHave(`value="` + name + `"`)
			list[0].post(group+"/name", form("name", name)).mustBe(303)
			list[1].get("/rooms").mustHave("<bdi>" + name + "</bdi>")
		}
		for typed, want := range map[string]string{
			"Al\u200bice":               words.Fill(en.Profile.NameInvisible, "{n}", "3", "{what}", "U+200B"),
			"Ali\u202ece":               words.Fill(en.Profile.NameInvisible, "{n}", "4", "{what}", "U+202E"),
			"an\u200cna":                words.Fill(en.Profile.NameInvisible, "{n}", "3", "{what}", "U+200C"),
			"Z\u0351\u036b\u0343\u0312": words.Fill(en.Profile.NameAccents, "{n}", "1", "{what}", "Z"),
			"ab ก\u0e47\u0e47":          words.Fill(en.Profile.NameAccents, "{n}", "4", "{what}", "ก"),
			"\u0301a":                   words.Fill(en.Profile.NameLoose, "{n}", "1"),
			"bad \xff":                  en.Profile.NameBroken,
		} {
			list[0].post("/profile", form("display_name", typed)).mustBe(422).mustHave(want)
			list[0].post(group+"/name", form("name", typed)).mustBe(422).mustHave(want)
			list[0].post("/rooms", form("name", typed, "username", "bob")).mustBe(422).mustHave(want, `value="bob" checked`)
		}
		for _, path := range []string{group + "/name", "/rooms"} {
			list[0].post(path, form("name", " ")).mustBe(422).mustHave(en.Group.NoName)
			list[0].post(path, form("name", strings.Repeat("é", 61))).mustBe(422).mustHave(en.Group.NameLong)
		}
	})
}
