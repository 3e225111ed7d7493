package web

import (
	"fmt"
	"parley/views"
	"regexp"
	"strings"
	"testing"
)

// payloads try to become markup, scripts, htmx or frames of a stream.
var payloads = []string{
	"plain", "two\nlines", "<b>bold</b>", "<script>alert(1)</script>", "</li></ol><script>alert(1)</script>", `"><svg onload=alert(1)>`, "<img src=x onerror=alert(1)>",
	"javascript:alert(1)", "[x](javascript:alert(1))", "http://example.org/?a=1&b=2", "https://example.org/\"onmouseover=alert(1)", "http://user@evil.example/<x>",
	"data:text/html,<script>alert(1)</script>", `<div hx-get="/sign-out" hx-trigger="load">`, `<hx-partial hx-target="#rooms">x</hx-partial>`, "<iframe src=/rooms>",
	"<style>*{display:none}</style>", "<form action=//evil.example>", "<base href=//evil.example>", "<meta http-equiv=refresh content=0>", "&lt;script&gt;", "&amp;", "&#x3c;b&#x3e;",
	"\n\nevent: closed\ndata: x\n\n", "id: 1-99\ndata: forged", "a\rb", "a\r\nevent: reset\r\n\r\n", ": comment", "retry: 1", "data: data: x", "{{.}}", "${x}", "<!--", "]]>", "<![CDATA[x",
	"<textarea>", "</textarea><b>", "</title>", "\u202eevil\u202c", "e\u0301\u0301", "<a href=x>y</a>", "<marquee>", "<xmp>", "<plaintext>", "`", "\\", "%3Cscript%3E", "\ufeff<script>",
}

var wholeEntry = regexp.MustCompile(`(?s)<li id="m-(\d+)".*?</li>`)

// TestEverybodyGetsTheSameBytes is T37 and I6: an entry is the same bytes on both people's pages
// and streams. And T12 and T13 as far as bytes go: no payload becomes markup.
func TestEverybodyGetsTheSameBytes(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 0)
	streams := []*listener{ann.listen(eventsPath(room)), bob.listen(eventsPath(room))}
	var last string
	for i, text := range payloads {
		ann.post(views.RoomPath(room)+"/messages", form("key", fmt.Sprint("k", i), "body", text)).shouldBe(303)
	}
	last = "the last one"
	s.says(bob, room, last)
	entries := map[string][]string{} // by seq, what was seen of it
	for _, l := range streams {
		l.await(last, shows(last))
		for _, e := range l.entries() {
			collect(entries, e.data)
		}
	}
	for _, b := range []*browser{ann, bob} {
		collect(entries, b.get(views.RoomPath(room)).body)
		collect(entries, b.get(views.RoomPath(room)+"?before=30").body)
	}
	if len(entries) != len(payloads)+2 {
		t.Errorf("%d entries", len(entries))
	}
	for seq, seen := range entries {
		for _, other := range seen {
			if other != seen[0] {
				t.Errorf("entry %s is %q and %q", seq, seen[0], other)
			}
		}
		if seq != "1" && len(seen) < 4 {
			t.Errorf("entry %s was seen %d times", seq, len(seen))
		}
		mustBeTame(t, seen[0])
		for _, word := range []string{"mine", "own", "token", "hx-", "<form", "<button"} {
			if strings.Contains(tags(seen[0]), word) {
				t.Errorf("entry %s has %q in its markup: %s", seq, word, seen[0])
			}
		}
	}
	for _, l := range streams {
		for _, e := range l.all() {
			if e.name != "" && e.name != "heartbeat" {
				t.Errorf("a forged event: %+v", e)
			}
		}
	}
	// The room list shows what was said last, too.
	for _, text := range payloads {
		s.says(bob, room, text)
		mustBeTame(t, ann.get("/rooms").body)
	}
}

func collect(entries map[string][]string, html string) {
	for _, found := range wholeEntry.FindAllStringSubmatch(html, -1) {
		entries[found[1]] = append(entries[found[1]], found[0])
	}
}

var anyTag = regexp.MustCompile(`<[a-zA-Z/!][^>]*>`)

// tags is the markup of a text without what stands between.
func tags(html string) string { return strings.Join(anyTag.FindAllString(html, -1), "") }

// mustBeTame checks that a text has only the markup that our components make.
func mustBeTame(t *testing.T, html string) {
	t.Helper()
	for _, tag := range anyTag.FindAllString(html, -1) {
		lower := strings.ToLower(tag)
		for _, bad := range []string{"<svg on", "<b>bold", "<iframe src=/rooms", "<style", "<base", "<meta http", "<marquee", "<xmp", "<plaintext", "<img src=x", "onerror", "onload", "onmouseover", "javascript:", "<form action=//", "<!--", "<![cdata", "hx-trigger=\"load"} {
			if strings.Contains(lower, bad) {
				t.Errorf("markup of the other side's: %s", tag)
			}
		}
		if strings.HasPrefix(lower, "<script") && !strings.HasPrefix(tag, `<script src="/assets/`) {
			t.Errorf("a script: %s", tag)
		}
		if strings.HasPrefix(lower, "<a href=\"http") && !strings.Contains(tag, `rel="noopener nofollow"`) {
			t.Errorf("a link: %s", tag)
		}
	}
}
