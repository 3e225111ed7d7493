package views

import (
	"testing"

	"parley/db"
)

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
		t.Errorf("the zero user has %q", got)
	}
}

// Screen readers read the name beside it, and text browsers would print the initials, or the name of the photo's file, before every name.
func TestAvatarHasNoText(t *testing.T) {
	photo, disc := parse(t, render(t, Avatar(bo())))[0], parse(t, render(t, Avatar(ada())))[0]
	if photo.name != "img" || photo.attr["src"] != "/photos/7/small" || photo.attr["alt"] != " " || photo.attr["aria-hidden"] != "true" || photo.attr["width"] == "" {
		t.Errorf("the photo is %+v", photo.attr)
	}
	if disc.attr["data-initials"] != "AL" || disc.text != "" || disc.attr["aria-hidden"] != "true" || disc.attr["style"] != "" {
		t.Errorf("the disc is %+v", disc)
	}
}
