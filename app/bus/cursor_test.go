package bus

import (
	"strings"
	"testing"
)

func TestParseCursor(t *testing.T) {
	for text, cursor := range map[string]Cursor{
		"7-18":                             {7, 18},
		"0-0":                              {},
		"18446744073709551615-99999999999": {maxUint64, 99999999999},
	} {
		if got, err := ParseCursor(text); err != nil || got != cursor || got.String() != text {
			t.Errorf("%q is parsed as %v, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "-", "7", "7-", "-7", "7-18-", "7--18", "-7-18", "7-18-2", "+7-18", "7-+18", "07-18", "7-018", " 7-18", "7-18 ",
		"7-18\n", "7-18\r", "7-\x0018", "7_0-18", "0x7-18", "7,18", "7\u221218", "18446744073709551616-1", "1-18446744073709551616",
		"18446744073709551615-999999999999", strings.Repeat("1", 1<<20),
	} {
		if got, err := ParseCursor(text); err == nil {
			t.Errorf("%.80q is accepted as %v", text, got)
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	for _, seed := range []string{"7-18", "0-0", "-", "+1-1", "1-1\n", "01-1", "18446744073709551615-1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCursor(text)
		if err != nil {
			return
		}
		if c.String() != text {
			t.Errorf("%q is parsed as %v", text, c)
		}
		if len(text) > maxCursor {
			t.Errorf("%q is too long", text)
		}
	})
}
