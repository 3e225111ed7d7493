package auth

import (
	"errors"
	"strings"
	"testing"
)

func TestUsername(t *testing.T) {
	for typed, want := range map[string]string{
		"alice": "alice", " Alice\n": "alice", "A.B-c_9": "a.b-c_9", "abc": "abc", strings.Repeat("x", 32): strings.Repeat("x", 32),
		"": "", "ab": "", strings.Repeat("x", 33): "", "al ice": "", "bób": "", "b\u006f\u0301b": "", "аlice": "", // a Cyrillic a
		"\u212Aate": "", // the Kelvin sign, which Unicode folds to k
		"alice\x00": "", "al\xffce": "", "alice/../bob": "", "al%2e": "", "alice\u200b": "", "ａlice": "", "İstanbul": "",
	} {
		got, err := Username(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v, want %q", typed, got, err, want)
		}
	}
}

func TestDisplayName(t *testing.T) {
	accepted := map[string]string{
		"Alice": "Alice", "  Ann   Lee ": "Ann Lee", "Ann\u00a0\u2003Lee": "Ann Lee",
		"Zoe\u0308": "Zo\u00eb", "Nguyễn Thị": "Nguyễn Thị", "محمد": "محمد", "יעל": "יעל", "あかね": "あかね", "กิ่ง": "กิ่ง",
		"🦊 Fox": "🦊 Fox", "I ❤️ tea": "I ❤️ tea", "<b>Bob</b>": "<b>Bob</b>", "O'Neil \"X\"": "O'Neil \"X\"",
		strings.Repeat("é", 40): strings.Repeat("é", 40), strings.Repeat("e\u0301", 40): strings.Repeat("é", 40),
		"q\u0323\u0301": "q\u0323\u0301", "q\u0323\u0307\u0301": "", // two marks, and three, that no letter composes with
	}
	for _, typed := range []string{
		"", " ", "\u00a0\u2003", strings.Repeat("x", 41), strings.Repeat("x", 100_000),
		"a\nb", "a\tb", "a\x00b", "a\x1bb", "a\x7fb", "a\u0085b", "bad \xff byte", "\xed\xa0\x80",
		"\u202eecilA", "Al\u2066ice", "Al\u200fice", "a\u061cb", // right to left by force
		"a\u200bb", "a\u200db", "a\u00adb", "a\ufeffb", "a\u2060b", "tag \U000E0041", // no width
		"\u3164", "a\u115fb", "\u2800", "\u034f", "a\u2028b", "a\u2029b", "\ue000", "\uffff", "\ufffd",
		"\u0301a", "a \u0301b", "Z\u0351\u036b\u0343a\u0301lgo", "👨\u200d👩",
	} {
		accepted[typed] = ""
	}
	for typed, want := range accepted {
		got, err := DisplayName(typed)
		var bad *Invalid
		if got != want || (err == nil) != (want != "") || err != nil && (!errors.As(err, &bad) || bad.Reason == "") {
			t.Errorf("%+q: got %+q, %v, want %+q", typed, got, err, want)
		}
		if again, err := DisplayName(got); got != "" && (again != got || err != nil) {
			t.Errorf("%+q is not stable: %+q, %v", got, again, err)
		}
	}
}

func TestTimeZone(t *testing.T) {
	for _, zone := range []string{"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Asia/Kolkata"} {
		if got, err := TimeZone(zone); got != zone || err != nil {
			t.Errorf("%q: %q, %v", zone, got, err)
		}
	}
	for _, zone := range []string{"", "Local", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "posix/UTC", "right/UTC",
		"Europe\\Berlin", "Europe/Berlin\x00", "Europe/ Berlin", strings.Repeat("A", 100), "europe/берлин"} {
		if got, err := TimeZone(zone); err == nil {
			t.Errorf("%q became %q", zone, got)
		}
	}
}
