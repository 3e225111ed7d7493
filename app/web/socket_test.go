package web

import (
	"fmt"
	"net/http"
	"parley/views"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
)

// TestJSONThatHtmxDoesNotSend checks what happens to frames that are text but not a message.
func TestJSONThatHtmxDoesNotSend(t *testing.T) {
	t.Parallel()
	s, ann, _, room := talked(t, options{}, 0)
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for name, text := range map[string]string{
		"a number for the body": `{"body":7,"key":"k"}`,
		"a number for the key":  `{"body":"x","key":7}`,
		"true":                  `{"body":true,"key":"k"}`,
		"an array for the body": `{"body":["x"],"key":"k"}`,
		"an object":             `{"body":{"x":"y"},"key":"k"}`,
		"null":                  `{"body":null,"key":"k"}`,
		"no body":               `{"key":"k"}`,
		"nothing":               `{}`,
		"an array":              `["body","key"]`,
		"a string":              `"body"`,
		"null alone":            `null`,
		"two values":            `{"body":"x","key":"k"}{"body":"y","key":"l"}`,
		"more behind it":        `{"body":"x","key":"k"} x`,
		"cut off":               `{"body":"x","key":"k"`,
		"single quotes":         `{'body':'x'}`,
		"a comment":             `{"body":"x"/* */}`,
		"a line in the text":    "{\"body\":\"a\nb\",\"key\":\"k\"}",
		"10,000 deep":           `{"body":"x","key":"k","headers":` + strings.Repeat("[", 10_000) + "}",
		"deep in the body":      `{"body":` + deep(5_000) + `,"key":"k"}`,
		"form encoding":         `body=x&key=k`,
	} {
		k := ann.talk(room)
		k.text(text)
		if code := k.awaitClose(time.Second); code != 1008 {
			t.Errorf("%s: closed with %d", name, code)
		}
	}
	if said := s.said(room); len(said) != 0 {
		t.Errorf("said %q", said)
	}
	k := ann.talk(room)
	for i, one := range []struct{ text, said string }{
		{`{"body":"plain","key":"k0"}`, "plain"},
		{`{"body":"first","body":"second","key":"x","key":"k1"}`, "second"}, // as JSON.parse does
		{`{"headers":` + deep(5_000) + `,"body":"deep","key":"k2"}`, "deep"},
		{`{"body":"with more","key":"k3","author":"bob","room":"9","seq":1,"headers":null}`, "with more"},
		{"  {\"key\":\"k4\",\r\n\"body\":\"spaced\"}\t", "spaced"},
		{`{"body":"no key"}`, "no key"},
		{`{"body":"key null","key":null}`, "key null"},
		{`{"body":"\u0041\u00e9\ud83d\ude00\/\"\\\u2028.","key":"k7"}`, "A\u00e9\U0001f600/\"\\\n."},
	} {
		k.text(one.text)
		if r := k.receipt(); r.seq != uint64(i+2) {
			t.Errorf("%s: %+v", shortened(one.text), r)
		}
		if said := s.said(room); said[len(said)-1] != one.said {
			t.Errorf("%s became %q", shortened(one.text), said[len(said)-1])
		}
	}
}

// TestLoneSurrogatesAreRefused checks that a lone surrogate is not stored as something else.
func TestLoneSurrogatesAreRefused(t *testing.T) {
	t.Parallel()
	s, ann, _, room := talked(t, options{}, 0)
	k := ann.talk(room)
	for i, escape := range []string{`\ud800`, `\udc00`, `\udfff`, `\uDBFF`, `\ud83dx`, `\ud83d\ud83d`, `\ude00\ud83d`, `\ud83d\n`, `\ud83d\\ude00`, `x\ud83d`, `\\\ud83d`, `\ud83d\ude00\ud83d`} {
		key := fmt.Sprint("k", i)
		k.text(`{"body":"half ` + escape + `","key":"` + key + `"}`)
		if r := k.receipt(); r.refused != 422 || r.key != key || r.problem == "" {
			t.Errorf("%s: %+v", escape, r)
		}
	}
	if said := s.said(room); len(said) != 0 {
		t.Errorf("said %q", said)
	}
	for i, one := range []struct{ escape, text string }{{`\ud83d\ude00`, "\U0001f600"}, {`\uD83D\uDE00`, "\U0001f600"}, {`\\ud83d`, `\ud83d`}, {`\\\\ud83d`, `\\ud83d`}, {`\ufffd`, "\ufffd"}} {
		k.text(`{"body":"` + one.escape + `","key":"w` + fmt.Sprint(i) + `"}`)
		if r := k.receipt(); r.seq == 0 {
			t.Errorf("%s: %+v", one.escape, r)
		}
		if said := s.said(room); said[len(said)-1] != one.text {
			t.Errorf("%s became %q", one.escape, said[len(said)-1])
		}
	}
}

// TestReceipts checks the page's contract: what an answer to a post contains.
func TestReceipts(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		room := s.befriend(list[0], list[1])
		k := list[0].talk(room)
		first := k.say("k1", "hello")
		if first.key != "k1" || first.seq != 2 || first.next == "" || first.problem != "" {
			t.Errorf("accepted: %+v", first)
		}
		if again := k.say("k1", "hello"); again.seq != first.seq || again.next == first.next {
			t.Errorf("the same again: %+v", again)
		}
		if other := list[0].talk(room).say("k1", "hello"); other.seq != first.seq {
			t.Errorf("the same over another socket: %+v", other)
		}
		list[0].post(views.RoomPath(room)+"/messages", form("key", "k1", "body", "hello")).mustBe(303)
		if reused := k.say("k1", "something else"); reused.refused != 422 || reused.problem == "" || reused.key != "k1" {
			t.Errorf("a key for another text: %+v", reused)
		}
		if his := list[1].talk(room).say("k1", "mine"); his.seq != 3 {
			t.Errorf("the same key of somebody else: %+v", his)
		}
		for key, body := range map[string]string{"e1": "", "e2": " \n\t ", "e3": strings.Repeat("x", 4001), "e4": "a\x00b", "e5": "\x1b[2J", strings.Repeat("k", 65): "x", "with space": "x", "é": "x", "<b>": "\x01"} {
			if r := k.say(key, body); r.refused != 422 || r.problem == "" || r.key != key {
				t.Errorf("%q: %+v", key, r)
			}
		}
		if next := k.say(first.next, "with the key it was given"); next.seq != 4 {
			t.Errorf("%+v", next)
		}
		if said := s.said(room); strings.Join(said, "|") != "hello|mine|with the key it was given" {
			t.Errorf("said %q", said)
		}
	})
}

// TestAHundredFramesAtOnce checks I9 and the rate limit: what is too fast is refused with a sentence, the
// socket goes on, and what was accepted is in the order in which it was sent.
func TestAHundredFramesAtOnce(t *testing.T) {
	t.Parallel()
	for _, limits := range []bool{true, false} {
		t.Run(fmt.Sprint("limits ", limits), func(t *testing.T) {
			s, ann, _, room := talked(t, options{limits: limits}, 0)
			k := ann.talk(room)
			for i := range 100 {
				k.post(fmt.Sprintf("k%03d", i), fmt.Sprintf("message %03d", i))
			}
			var taken []string
			last := uint64(1)
			for i := range 100 {
				r := k.receipt()
				if r.key != fmt.Sprintf("k%03d", i) {
					t.Fatalf("answer %d is for %s", i, r.key)
				}
				switch {
				case r.seq == last+1:
					last = r.seq
					taken = append(taken, fmt.Sprintf("message %03d", i))
				case r.refused != 429 || r.problem == "" || !limits:
					t.Fatalf("answer %d: %+v", i, r)
				}
			}
			if limits && (len(taken) < 20 || len(taken) > 60) || !limits && len(taken) != 100 {
				t.Errorf("%d were taken", len(taken))
			}
			if said := s.said(room); !slices.Equal(said, taken) {
				t.Errorf("said %q", said)
			}
			s.clock.pass(10 * time.Second)
			if r := k.say("k099", "message 099"); r.seq == 0 {
				t.Errorf("the last one again: %+v", r)
			}
		})
	}
}

// TestAFrameInThePacketOfTheHandshake checks that what the HTTP server has read beyond the handshake is not lost.
func TestAFrameInThePacketOfTheHandshake(t *testing.T) {
	t.Parallel()
	s, ann, _, room := talked(t, options{}, 0)
	l := s.dial()
	frame := ws.MustCompileFrame(ws.MaskFrame(ws.NewTextFrame([]byte(`{"body":"early","key":"k"}`))))
	l.write(ann.handshakeFor(socketPath(room), "Origin: "+s.origin()) + string(frame))
	response, err := http.ReadResponse(l.in, nil)
	must(t, err)
	if response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(response.Status)
	}
	k := &talker{t: t, conn: l.conn, in: l.in}
	if r := k.receipt(); r.key != "k" || r.seq == 0 {
		t.Errorf("%+v", r)
	}
	if r := k.say("k2", "late"); r.seq == 0 {
		t.Errorf("%+v", r)
	}
}
