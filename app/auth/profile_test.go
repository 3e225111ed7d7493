package auth

import (
	"errors"
	"testing"

	"parley/db"
)

func TestReadingMode(t *testing.T) {
	for name, want := range map[string]db.ReadingMode{"live": db.ReadingLive, "wait": db.ReadingWait, "plain": db.ReadingPlain} {
		if got, err := ReadingMode(name); got != want || err != nil {
			t.Errorf("%q: got %q, %v", name, got, err)
		}
		if want.String() != name {
			t.Errorf("%q is called %q", want, want.String())
		}
	}
	for _, name := range []string{"", "Live", " live", "wait ", "plain\x00", "fast", "' OR 1=1 --"} {
		if got, err := ReadingMode(name); !errors.Is(err, ErrUnknownReadingMode) || got != "" {
			t.Errorf("%q: got %q, %v", name, got, err)
		}
	}
	if got := db.ReadingMode("written by a later version").String(); got != "live" {
		t.Errorf("an unknown stored mode is called %q", got)
	}
}
