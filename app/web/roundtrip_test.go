package web

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"parley/views"
)

// texts must come back as they were typed, but for what ends lines and the ends of the text, or be refused with a
// sentence: docs/threats.md. A want of "" is a refusal.
var texts = []struct{ name, body, want string }{
	{"plain", "hello", "hello"},
	{"spaces around", "  hello  ", "  hello  "},
	{"lines around", "\nhello\n\n", "hello"},
	{"tabs", "\ta\tb\t", "\ta\tb\t"},
	{"CRLF, CR and LF", "a\r\nb\rc\nd\r\r\n\n", "a\nb\nc\nd"},
	{"specials of HTML", `<b>&amp;"'</b>&#39;&nbsp;`, `<b>&amp;"'</b>&#39;&nbsp;`},
	{"specials of SQL", `a'b"c\d;--%_\'\0`, `a'b"c\d;--%_\'\0`},
	{"escapes of JSON", `\u0041\n\\"{}[]`, `\u0041\n\\"{}[]`},
	{"percent signs", "%41+%2b %zz", "%41+%2b %zz"},
	{"umlauts", "Zürich, naïve, Łódź", "Zürich, naïve, Łódź"},
	{"one way and the other", "\u00e9 e\u0301 \u212b \u00c5", "\u00e9 e\u0301 \u212b \u00c5"},
	{"Arabic and Hebrew", "مرحبا עולם hello", "مرحبا עולם hello"},
	{"right-to-left marks", "a\u202eb\u202c \u2067c\u2069 \u200f", "a\u202eb\u202c \u2067c\u2069 \u200f"},
	{"Chinese, Japanese, Korean", "你好，世界 こんにちは 안녕하세요 𠮷", "你好，世界 こんにちは 안녕하세요 𠮷"},
	{"Thai and Devanagari", "สวัสดี नमस्ते", "สวัสดี नमस्ते"},
	{"zalgo", "z" + strings.Repeat("\u0300\u0315\u031b\u0337", 300), "z" + strings.Repeat("\u0300\u0315\u031b\u0337", 300)},
	{"emoji", "😀👨‍👩‍👧‍👦🏳️‍🌈🇩🇪👍🏽", "😀👨‍👩‍👧‍👦🏳️‍🌈🇩🇪👍🏽"},
	{"4,000 emoji", strings.Repeat("🦜", 4000), strings.Repeat("🦜", 4000)},
	{"4,000 letters", strings.Repeat("x", 4000), strings.Repeat("x", 4000)},
	{"4,000 quotes", strings.Repeat(`"`, 4000), strings.Repeat(`"`, 4000)},
	{"the last of each length", "\u007e\u07ff\uffff\U0010ffff", "\u007e\u07ff\uffff\U0010ffff"},
	{"no characters", "a\ufffe\ufdd0\U0001fffe", "a\ufffe\ufdd0\U0001fffe"},
	{"a replacement character", "a\ufffdb", "a\ufffdb"},
	{"separators", "a\u2028b\u2029c\u00a0d\u3000e\u200bf", "a\nb\nc\u00a0d\u3000e\u200bf"},
	{"a byte order mark", "\ufeffhello", "\ufeffhello"},
	{"private use", "\ue000\U000f0000", "\ue000\U000f0000"},
	{"a link", "see https://example.org/a?b=c&d=\"e\" <https://x.example>.", "see https://example.org/a?b=c&d=\"e\" <https://x.example>."},
	{"one letter", "x", "x"},
	{"a zero", "0", "0"},

	{"nothing", "", ""},
	{"a space", " ", ""},
	{"lines only", "\r\n\n\r", ""},
	{"all kinds of spaces", " \t\n\u00a0\u2003\u3000\u2028\u205f", ""},
	{"NUL", "a\x00b", ""},
	{"NUL alone", "\x00", ""},
	{"bell", "a\x07", ""},
	{"a terminal's colors", "\x1b[31mred\x1b[0m \u009b31m", "red "},
	{"a backspace", "a\bb", ""},
	{"a vertical tab", "a\vb", "a\nb"},
	{"a form feed", "a\fb", "a\nb"},
	{"delete", "a\x7f", ""},
	{"a line break of other systems", "a\u0085b", "a\nb"},
	{"an escape alone", "a\x1b", ""},
	{"C1", "a\u0091", ""},
	{"4,001 letters", strings.Repeat("x", 4001), ""},
	{"4,001 emoji", strings.Repeat("🦜", 4001), ""},
	{"a line and too many letters", "\n\n" + strings.Repeat("x", 4001), ""},
	{"16 KiB", strings.Repeat("x", 16<<10), ""},
}

// broken are bytes that are not UTF-8. A socket may not carry them at all: RFC 6455 section 8.1.
var broken = []string{"\xff", "a\xfe\xffb", "\xc3", "\xf0\x9f", "\xed\xa0\x80", "\xed\xa0\xbd\xed\xb8\x80", "\xc0\x80",
	"\xe0\x80\x80", "\xf8\x88\x80\x80\x80", "\xf4\x90\x80\x80", "caf\xe9"}

// TestTextsComeBackAsTheyWere sends each text through the form and through the socket, and finds it
// again in the database, on the page and in the stream.
func TestTextsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		room := s.befriend(list[0], list[1])
		hears := list[1].listen(eventsPath(room))
		socket := list[0].talk(room)
		ways := map[string]func(key, body string) (sentence string){
			"form": func(key, body string) string { return list[0].postText(room, key, body) },
			"socket": func(key, body string) string {
				r := socket.say(key, body)
				return r.problem
			},
		}
		for i, one := range texts {
			for way, send := range ways {
				before := len(s.said(room))
				sentence := send(fmt.Sprint(way, i), one.body)
				said := s.said(room)
				switch {
				case one.want == "" && (sentence == "" || len(said) != before):
					t.Errorf("%s by %s was accepted", one.name, way)
				case one.want != "" && (sentence != "" || len(said) != before+1):
					t.Errorf("%s by %s was refused: %s", one.name, way, sentence)
				case one.want != "" && said[before] != one.want:
					t.Errorf("%s by %s became %q", one.name, way, shortened(said[before]))
				case one.want != "":
					seq := itoa(uint64(before + 2))
					mustShow(t, one.name+" on the page", list[1].get(views.RoomPath(room)).body, seq, one.want)
					e := hears.await(one.name, func(e event) bool { return strings.HasSuffix(e.id, "-"+seq) })
					mustShow(t, one.name+" in the stream", e.data, seq, one.want)
				}
			}
		}
		for i, body := range broken {
			before := len(s.said(room))
			if sentence := list[0].postText(room, fmt.Sprint("broken", i), "a"+body+"b"); sentence == "" || len(s.said(room)) != before {
				t.Errorf("%q by form was accepted", body)
			}
			k := list[0].talk(room)
			k.frame(ws.NewTextFrame([]byte(`{"body":"` + body + `","key":"k"}`)))
			if code := k.awaitClose(soon); code != ws.StatusInvalidFramePayloadData || len(s.said(room)) != before {
				t.Errorf("%q by socket: closed with %d", body, code)
			}
		}
	})
}

// postText posts as a browser without scripts does, and returns the sentence of a refusal.
func (b *browser) postText(room uint64, key, body string) (sentence string) {
	b.site.t.Helper()
	a := b.post(views.RoomPath(room)+"/messages", form("key", key, "body", body))
	if a.status == 303 {
		return ""
	}
	a.mustBe(422)
	if utf8.ValidString(body) && !strings.ContainsAny(body, "\x00\r") {
		if got := textarea(a.body); got != body {
			b.site.t.Errorf("the form gives back %q instead of %q", shortened(got), shortened(body))
		}
	}
	if found := receiptProblem.FindStringSubmatch(a.body); found != nil {
		return html.UnescapeString(found[1])
	}
	return ""
}

var textareaBody = regexp.MustCompile(`(?s)<textarea[^>]*name="body"[^>]*>(.*?)</textarea>`)

// textarea returns what a browser shows in the composer of a page.
func textarea(page string) string {
	found := textareaBody.FindStringSubmatch(page)
	if found == nil {
		return "no textarea"
	}
	return html.UnescapeString(strings.TrimPrefix(found[1], "\n")) // the parser drops one
}

// mustShow checks that a message's markup has exactly this text.
func mustShow(t *testing.T, what, page, seq, want string) {
	t.Helper()
	_, entry, _ := strings.Cut(page, `<li id="m-`+seq+`"`)
	_, body, _ := strings.Cut(entry, `<span class="body" dir="auto">`)
	body, _, _ = strings.Cut(body, `</span>`)
	body = regexp.MustCompile(`<br[^>]*>`).ReplaceAllString(body, "")
	if got := html.UnescapeString(anyTag.ReplaceAllString(body, "")); got != want {
		t.Errorf("%s is %q instead of %q", what, shortened(got), shortened(want))
	}
}

// TestNamesComeBackOrAreRefused checks the same for display names.
func TestNamesComeBackOrAreRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann := s.person("ann")
		for _, name := range []string{"Ann", "Änn Ümläut", "안녕", "👩‍🚀", "מרים", "O'Brien; DROP TABLE", "<b>", "a\u202eb",
			"z\u0300\u0300\u0300", "", "   ", "x\x00", strings.Repeat("n", 40), strings.Repeat("n", 41), "\xff", "a\nb"} {
			before := ann.user().DisplayName
			a := ann.post("/profile", form("display_name", name))
			switch now := ann.user().DisplayName; {
			case a.status == 303 && now == name:
			case a.status == 422 && now == before && strings.Contains(a.body, `role="alert"`):
			default:
				t.Errorf("%q: %d, and the name is %q", name, a.status, now)
			}
		}
		// JSON has more than one way to write a text; all are the same message.
		text, err := json.Marshal("<é😀>")
		must(t, err)
		if string(text) == `"<é😀>"` {
			t.Error("this test should have used escapes")
		}
	})
}
