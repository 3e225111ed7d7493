package text

import (
	"errors"
	"math/rand"
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"
)

func TestIsVisible(t *testing.T) {
	for _, r := range "aé\u0301ß東🎉.\u200e" {
		if want := r != '\u200e'; IsVisible(r) != want {
			t.Errorf("%U is visible: %v", r, !want)
		}
	}
	for _, r := range " \n\t\u00a0\u2003\u3000\u2028\u200b\u200d\ufeff\u2060\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0" {
		if IsVisible(r) {
			t.Errorf("%U is visible", r)
		}
	}
}

func TestIsControl(t *testing.T) {
	for r := rune(0); r < 0x200; r++ {
		want := r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && r <= 0x9f
		if IsControl(r) != want {
			t.Errorf("%U is a control character: %v", r, !want)
		}
	}
}

func TestOneLine(t *testing.T) {
	for s, want := range map[string]string{"": "", " \n": "", " a\ncat ": "a cat", "a \u00a0\t b": "a b"} {
		if got := OneLine(s); got != want {
			t.Errorf("%q becomes %q, want %q", s, got, want)
		}
	}
}

func TestTruncate(t *testing.T) {
	for _, c := range []struct {
		text             string
		n                int
		first, truncated string
	}{
		{"", 0, "", ""}, {"", 3, "", ""}, {"abc", 3, "abc", "abc"}, {"abc", 9, "abc", "abc"}, {"abcd", 3, "abc", "ab…"},
		{"東京タワー", 2, "東京", "東…"}, {"éa", 1, "é", "…"}, {"a\xff\xffb", 2, "a\xff", "a…"},
	} {
		if got := First(c.text, c.n); got != c.first {
			t.Errorf("the first %d of %q: %q, want %q", c.n, c.text, got, c.first)
		}
		if got := Truncate(c.text, c.n); got != c.truncated {
			t.Errorf("%q cut to %d: %q, want %q", c.text, c.n, got, c.truncated)
		}
	}
}

func TestFold(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "cafe": "cafe", "CAFÉ": "cafe", "cafe\u0301": "cafe", "Ｃａｆé": "cafe", "don't": "dont", "don’t": "dont",
		"Straße": "strasse", "ΟΔΟΣ": "οδοσ", "οδός": "οδοσ", "Łódź": "lodz", "Ærø": "aero", "ısı": "isi", "Ёлка": "елка",
		"ﬁne": "fine", "№": "no", "½": "12", "ｶﾞ": "ガ", "が": "が", "हिन्दी": "हिन्दी", "مُحَمَّد": "محمد", "🎉": "🎉",
	} {
		if got := Fold(s); got != want {
			t.Errorf("%q folds to %q, want %q", s, got, want)
		}
	}
	valid := func(s string) bool { return utf8.ValidString(Fold(s)) }
	if err := quick.Check(valid, &quick.Config{Rand: rand.New(rand.NewSource(1))}); err != nil {
		t.Error(err)
	}
}

// TestName checks what auth's table of names leaves out: which error it is, and the limit.
func TestName(t *testing.T) {
	for s, want := range map[string]error{
		"Ann Lee": nil, strings.Repeat("é", 9): nil, strings.Repeat("é", 10): ErrNameLong, strings.Repeat("x", 64*9+1): ErrNameBroken,
		"\xff": ErrNameBroken, "": ErrNameEmpty, " \u2003": ErrNameEmpty, "a\nb": ErrNameInvisible, "a\u17b4": ErrNameInvisible, "a\ufffd": ErrNameInvisible,
		"Z\u0351\u036b\u0343": ErrNameAccents, " \u0301a": ErrNameLoose,
	} {
		if got, err := Name(s, 9); !errors.Is(err, want) || (err == nil) != (want == nil) || err != nil && got != "" {
			t.Errorf("%.20q: %q, %v, want %v", s, got, err, want)
		}
	}
}

// TestNameErrorsPointAtACharacter checks that an error says which character is wrong, and where it stands.
func TestNameErrorsPointAtACharacter(t *testing.T) {
	for s, want := range map[string]NameError{
		"  Al\u200bice":             {ErrNameInvisible, '\u200b', 3},
		"e\u0301\u202e":             {ErrNameInvisible, '\u202e', 2}, // counted after the accent has joined its letter
		"a\tb":                      {ErrNameInvisible, '\t', 2},
		"xZ\u0351\u036b\u0343":      {ErrNameAccents, 'Z', 2},
		"นก\u0e47\u0e47":            {ErrNameAccents, 'ก', 2},
		"a \u0301":                  {ErrNameLoose, '\u0301', 3},
		"علی \u200cرضا":             {ErrNameInvisible, '\u200c', 5},
		"a\ufe0f":                   {ErrNameInvisible, '\ufe0f', 2},
		"\U0001f3f4\U000e0067 flag": {ErrNameInvisible, '\U000e0067', 2},
	} {
		_, err := Name(s, 40)
		var got *NameError
		if !errors.As(err, &got) || *got != want {
			t.Errorf("%+q: %v, want %v", s, err, &want)
		}
	}
}
