package text

import (
	"errors"
	"math/rand"
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"
)

func TestBody(t *testing.T) {
	for s, want := range map[string]string{
		"hello": "hello", "hello\n": "hello", "hello\r\n\r\n": "hello", "\n\n  hello": "  hello", "  a  ": "  a  ", "\t\n\u2800\n\u3164\na": "a",
		"a\n\n b\n": "a\n\n b", "a\n \u200b\n": "a", "a\r\rb\r\n\nc": "a\n\nb\n\nc",
		"a\vb\fc\u0085d\u2028e\u2029f": "a\nb\nc\nd\ne\nf", "\v\f\u0085a\u2028": "a",
		"\x1b[1;31mred\x1b[m": "red", "\x1b[38;2;1;2;3mx\x1b[K\x1b[?25h": "x", "\u009b0mx": "x", "\x1b(Bx\x1b7\x1b8\x1b=\x1b>": "x",
		"\x1b]0;title\ax": "x", "\x1b]8;;https://a.example/\x1b\\a\x1b]8;;\x1b\\": "a", "\x1bP1;2|x\x1b\\y": "y", "\x1b]0;t\u009cx": "x",
		"\ufeffa": "\ufeffa", "ع\u0604": "ع\u0604", "\u06dd": "\u06dd", "a\u200db": "a\u200db",
	} {
		if got, err := Body(s); got != want || err != nil {
			t.Errorf("%+q becomes %+q, %v, want %+q", s, got, err, want)
		}
	}
	for _, s := range []string{"", " ", "\n\v\f\r\u2028\t", "\u200b\u2060\ufeff", "\ufe0f", "\U000e0100", "\u180b", "\u2800\u3164", "\x1b[0m", "\u00ad\u061c\u2066"} {
		if got, err := Body(s); got != "" || !errors.Is(err, ErrNothing) {
			t.Errorf("%+q becomes %+q, %v", s, got, err)
		}
	}
	for s, want := range map[string]CharacterError{
		"\x00": {"NUL (U+0000)", 1, 1}, "ab\nü\x07": {"BEL (U+0007)", 2, 2}, "a\r\nb\rc\v\u2028x\b": {"BS (U+0008)", 5, 2}, "\x7f": {"DEL (U+007F)", 1, 1},
		"\u0080": {"U+0080", 1, 1}, "a\x1b": {"ESC (U+001B)", 1, 2}, "\x1bhello": {"ESC (U+001B)", 1, 1}, "\x1b[": {"ESC (U+001B)", 1, 1}, "\x1b]0;x\ny\a": {"ESC (U+001B)", 1, 1},
		"\x1b[31mred\x01": {"SOH (U+0001)", 1, 9}, "caf\xe9": {"0xE9", 1, 4}, "x\xed\xa0\xbdy": {"U+D83D", 1, 2}, "\n\xff": {"0xFF", 2, 1}, "\xed": {"0xED", 1, 1},
	} {
		_, err := Body(s)
		var got *CharacterError
		if !errors.As(err, &got) || *got != want || !errors.Is(err, ErrCharacter) {
			t.Errorf("%+q is refused with %v, want %v", s, err, &want)
		}
		if _, again := Line(s); again == nil || again.Error() != err.Error() {
			t.Errorf("%+q is refused with %v as a body and %v on a line", s, err, again)
		}
	}
	for s, want := range map[string]string{"": "", " a\v b\u2028c ": "a b c", "\u200b\ufe0f": "", "\x1b[1mbold\x1b[0m": "bold"} {
		if got, err := Line(s); got != want || err != nil {
			t.Errorf("%+q on a line becomes %+q, %v, want %+q", s, got, err, want)
		}
	}
	stays := func(s string) bool {
		once, err := Body(s)
		if err != nil {
			return once == ""
		}
		twice, err := Body(once)
		return err == nil && twice == once && utf8.ValidString(once) && !strings.ContainsFunc(once, IsControl)
	}
	if err := quick.Check(stays, &quick.Config{MaxCount: 5000, Rand: rand.New(rand.NewSource(1))}); err != nil {
		t.Error(err)
	}
}

// TestSkeletons checks that names which can be taken for each other have a skeleton in common, and that others
// have none.
func TestSkeletons(t *testing.T) {
	alike := func(a, b string) bool {
		x, y := Skeletons(a), Skeletons(b)
		return x[0] == y[0] || x[0] == y[1] || x[1] == y[0] || x[1] == y[1]
	}
	for _, pair := range [][2]string{
		{"Ada Lovelace", "Ada Lovelace"}, {"Ada Lovelace", "ada  lovelace"}, {"Ada Lovelace", "Áda Lóvelace"}, {"Ada Lovelace", "Ada-Lovelace."}, {"Ada Lovelace", "АdаLоvеlасе"},
		{"Ada Lovelace", "Ａｄａ Ｌｏｖｅｌａｃｅ"}, {"Ada", "𝐀𝒹𝕒"}, {"Ada", "ΑdΑ"}, {"Ada", "ꓮꓓꓮ"}, {"Ada", "ᴀᴅᴀ"}, {"Bill", "BiII"}, {"Bill", "BlLL"}, {"Bob", "B0b"}, {"Bob", "ВОВ"},
		{"Vera", "Verа\u200b"}, {"modern", "modem"}, {"Willy", "VVilly"}, {"Max", "Мах"}, {"Müller", "Muller"}, {"Ørsted", "Orsted"}, {"Straße", "STRASSE"}, {"Вера", "ВЕРА"}, {"ΝΙΚΟΣ", "Νικος"},
		{"ada|x", "adalx"}, {"ロボ", "口ボ"}, {"!!!", "!!!"}, {"ı", "i"}, {"Łukasz", "lukasz"}, {"Ada ☕", "ada☕"},
	} {
		if !alike(pair[0], pair[1]) {
			t.Errorf("%q and %q: %q, %q", pair[0], pair[1], Skeletons(pair[0]), Skeletons(pair[1]))
		}
	}
	for _, pair := range [][2]string{{"Ada", "Ida"}, {"Ada", "Adda"}, {"Ann", "Anna"}, {"!!!", "???"}, {"Ada 🎉", "Ada"}, {"東", "西"}, {"Вера", "Вета"}, {"Анна", "Алла"}, {"مريم", "مريا"}} {
		if alike(pair[0], pair[1]) {
			t.Errorf("%q and %q are %q", pair[0], pair[1], Skeletons(pair[0]))
		}
	}
}
