package chat

import (
	"errors"
	"strings"
	"testing"
)

// TestGroupNames holds that a room has a name that can be seen, as a person has.
func TestGroupNames(t *testing.T) {
	names := map[string]string{
		"Choir": "Choir", "  The \t choir\n": "The choir", "Café ☕": "Café ☕", "קבוצה": "קבוצה", "I ❤️ tea": "I ❤️ tea", "q\u0323\u0301": "q\u0323\u0301",
		"Cafe\u0301": "Café", strings.Repeat("é", maxGroupName): strings.Repeat("é", maxGroupName),
	}
	for _, bad := range []string{
		"", " \n", strings.Repeat("x", maxGroupName+1), "a\x00b", "bad \xff byte", "\u202eriohC",
		"\u115f", "\u3164", "\u2800", "\ufe0f", "\u200b", "\u00ad", "a\u115fb", "a" + strings.Repeat("\u0301", 20), "\ufffd",
	} {
		names[bad] = ""
	}
	for typed, want := range names {
		got, err := cleanName(typed)
		if got != want || (err == nil) != (want != "") || err != nil && !errors.Is(err, ErrBadName) {
			t.Errorf("%+q: got %+q, %v, want %+q", typed, got, err, want)
		}
	}
}
