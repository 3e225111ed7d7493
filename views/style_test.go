package views

import (
	"strings"
	"testing"

	"parley/db"
)

func TestOwnStyleIsForOnePersonOnly(t *testing.T) {
	css := OwnStyle("bo.k_-9")
	if !strings.Contains(css, `li[data-author="bo.k_-9"]`) || strings.Contains(css, "MESSAGE") || strings.Contains(css, "REACTION") || strings.Contains(css, "MENTION") {
		t.Error(css)
	}
	if strings.Count(css, "{") != strings.Count(css, `bo.k_-9"]`) {
		t.Errorf("a rule is for everybody: %s", css)
	}
}

func TestOwnStyleRefusesWhatCouldBreakOut(t *testing.T) {
	for _, name := range []string{"", `a"]{}`, "a b", "Ada", "ádá", "a\\", "a\nb", "</style>", "a]b", "a'b", "a{b", "a\x00"} {
		if css := OwnStyle(name); css != "" {
			t.Errorf("%q: %s", name, css)
		}
	}
}

func TestInitials(t *testing.T) {
	for display, want := range map[string]string{
		"Ada Lovelace": "AL", "ada": "A", "Anna Maria del Rey": "AR", "結衣": "結", "نور الهدى": "نا", "(Bo) Karlsson!": "BK",
		"🙂": "X", "": "X", "- -": "X", "7 of 9": "79", "ß": "ß",
	} {
		if got := initials(db.User{Username: "x_y", DisplayName: display}); got != want {
			t.Errorf("%q: %q, want %q", display, got, want)
		}
	}
	if got := initials(db.User{}); got != "?" {
		t.Errorf("nobody is %q", got)
	}
}

// A screen reader hears the name beside it, and a text browser would print letters before each name.
func TestAvatarSaysNothing(t *testing.T) {
	photo, disc := parse(t, render(t, Avatar(bo())))[0], parse(t, render(t, Avatar(ada())))[0]
	if photo.name != "img" || photo.attr["src"] != "/photos/7/small" || photo.attr["alt"] != "" || photo.attr["width"] == "" {
		t.Errorf("the photo is %+v", photo.attr)
	}
	if disc.attr["data-initials"] != "AL" || disc.text != "" || disc.attr["aria-hidden"] != "true" || disc.attr["style"] != "" {
		t.Errorf("the disc is %+v", disc)
	}
}
