package chat

import (
	"fmt"
	"strings"
	"testing"
)

// bodies are what people and programs may send: what is stored of it, or why it is refused. It is the
// same on both databases.
var bodies = []struct {
	name, body, stored string
	err                error
}{
	{"plain", "hello", "hello", nil},
	{"spaces at the ends", "  hello \n", "  hello ", nil},
	{"empty lines at the ends", "\r\n \n\t\u200b\n  a\n\n  b\n \n\u2029", "  a\n\n  b", nil},
	{"line breaks of all kinds", "a\r\nb\rc\nd\r\re\n\rf\r\n\r\n", "a\nb\nc\nd\n\ne\n\nf", nil},
	{"tab", "a\tb", "a\tb", nil},
	{"4,000 letters", strings.Repeat("a", 4000), strings.Repeat("a", 4000), nil},
	{"4,000 emojis", strings.Repeat("😀", 4000), strings.Repeat("😀", 4000), nil},
	{"4,000 line breaks of two", "x" + strings.Repeat("\r\n", 3998) + "y", "x" + strings.Repeat("\n", 3998) + "y", nil},
	{"4,001 letters", strings.Repeat("a", 4001), "", ErrTooLong},
	{"4,001 emojis", strings.Repeat("😀", 4001), "", ErrTooLong},
	{"a megabyte", strings.Repeat("a", 1<<20), "", ErrTooLong},
	{"nothing", "", "", ErrEmpty},
	{"white space", " \t\r\n\u00a0\u2003\u3000\u2028", "", ErrEmpty},
	{"letters and marks that are blank", "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0", "", ErrEmpty},
	{"4,001 spaces", strings.Repeat(" ", 4001), "", ErrEmpty},
	{"right to left", "\u202eabc\u202c \u2066x\u2069 \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627", "\u202eabc\u202c \u2066x\u2069 \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627", nil},
	{"zalgo", "Z\u0351\u036b\u0343A\u0334\u0335\u031cL\u0320\u0368\u0367" + strings.Repeat("\u0301", 500), "Z\u0351\u036b\u0343A\u0334\u0335\u031cL\u0320\u0368\u0367" + strings.Repeat("\u0301", 500), nil},
	{"joined emojis, flags and tags", "👩‍👩‍👧‍👦🇩🇪🏴\U000e0067\U000e0062\U000e0065\U000e007f", "👩‍👩‍👧‍👦🇩🇪🏴\U000e0067\U000e0062\U000e0065\U000e007f", nil},
	{"composed and not", "é e\u0301 \ufb01 \u212b", "é e\u0301 \ufb01 \u212b", nil},
	{"last of all characters", "\U0010ffff\ufffe\ufeff\ufffd\u2028", "\U0010ffff\ufffe\ufeff\ufffd", nil},
	{"markup", `<script>alert(1)</script>&amp;<li id="m-1" hx-get="/">`, `<script>alert(1)</script>&amp;<li id="m-1" hx-get="/">`, nil},
	{"statements", `' OR 1=1; DROP TABLE messages; -- \' \\ " ? @x :y %s %`, `' OR 1=1; DROP TABLE messages; -- \' \\ " ? @x :y %s %`, nil},
	{"a stream's frame", "x\n\nevent: reset\ndata: y\nid: 9-9", "x\n\nevent: reset\ndata: y\nid: 9-9", nil},
	{"NUL", "a\x00b", "", ErrBadText},
	{"bell", "a\ab", "", ErrBadText},
	{"line breaks of slides, PDFs and other systems", "a\vb\fc\u0085d\u2028e\u2029f", "a\nb\nc\nd\ne\nf", nil},
	{"colors of a terminal", "\x1b[1;31mred\x1b[0m \u009b4mline", "red line", nil},
	{"titles and links of a terminal", "\x1b]0;title\aa \x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "a link", nil},
	{"colors and nothing else", "\x1b[31m\x1b[0m", "", ErrEmpty},
	{"escape", "a\x1b", "", ErrBadText},
	{"escape and a letter", "\x1bhello", "", ErrBadText},
	{"delete", "a\x7f", "", ErrBadText},
	{"a control of Latin 1", "a\u0091b", "", ErrBadText},
	{"control sequence without an end", "\u009b31", "", ErrBadText},
	{"invalid UTF-8", "a\xffb", "", ErrBadText},
	{"half a character", "a\xf0\x9f\x98", "", ErrBadText},
	{"a lone surrogate", "a\xed\xa0\x80b", "", ErrBadText},
	{"an overlong slash", "\xc0\xaf", "", ErrBadText},
	{"beyond Unicode", "\xf4\x90\x80\x80", "", ErrBadText},
}

func TestBodiesAreStoredAsTheyWereTypedOrRefused(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		me, room := e.people[0], e.makeFriends(t, e.people[0], e.people[1])
		last := uint64(1)
		for i, b := range bodies {
			draft := Draft{Key: fmt.Sprint("k", i), Body: b.body}
			seq, err := e.Post(t.Context(), me, room, draft)
			if b.err != nil {
				wantError(t, b.name, err, b.err)
				equal(t, b.name, seq, 0)
				continue
			}
			last++
			must(t, err)
			equal(t, b.name, seq, last)
			log := e.log(t, room)
			equal(t, b.name+": entries", len(log), int(last))
			equal(t, b.name, log[last-1].Body, b.stored)
			lines, _, err := e.Rooms(t.Context(), e.people[1], allRooms)
			must(t, err)
			equal(t, b.name+" in the list", lines[0].Said, b.stored)
			// Sent again as it was typed, it is the same message.
			again, err := e.Post(t.Context(), me, room, draft)
			must(t, err)
			equal(t, b.name+" again", again, seq)
		}
	})
}
