package text

import (
	"errors"
	"testing"
)

func TestPassword(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", "  plain  ": "  plain  ", "pa\u0308sswo\u0308rd": "pässwörd", "pässwörd": "pässwörd", "\u212b": "Å",
		"a\u00a0b\u2003c\u3000d\u202fe": "a b c d e", "\u1112\u1161\u11ab": "한", "か\u3099": "が", "ﬁ Ａ": "ﬁ Ａ", "CaSe": "CaSe",
		"👨\u200d👩\u200d👧": "👨\u200d👩\u200d👧", "\U0001fae9": "\U0001fae9",
	} {
		if got, err := Password(typed); got != want || err != nil {
			t.Errorf("%+q: %+q, %v, want %+q", typed, got, err, want)
		}
	}
	for _, typed := range []string{"a\x00b", "a\tb", "a\nb", "a\x7fb", "a\u0085b", "\xff"} {
		if got, err := Password(typed); !errors.Is(err, ErrPassword) || got != "" {
			t.Errorf("%+q: %+q, %v", typed, got, err)
		}
	}
}
