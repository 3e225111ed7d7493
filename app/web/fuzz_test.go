package web

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzSafeNext checks that no address that is asked for leads a browser away from this site.
func FuzzSafeNext(f *testing.F) {
	for _, next := range []string{"/rooms", "/rooms/5?at=end#m-3", "//evil.example", "/\\evil.example", "/%2e%2e//evil.example", "/rooms/../..//x", "https:/x",
		"/rooms\r\nSet-Cookie: a=b", "/ rooms", "/rooms\x00", "/friends/", "/sign-out", "/rooms/5/live"} {
		f.Add(next)
	}
	s := &Server{routes: routes}
	base, _ := url.Parse("https://chat.example/sign-in")
	f.Fuzz(func(t *testing.T, next string) {
		to := s.safeNext(next)
		u, err := base.Parse(to)
		if err != nil || u.Host != base.Host || u.Scheme != "https" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\r\n\\\x00 ") {
			t.Errorf("%q leads to %q", next, to)
		}
		if again := s.safeNext(to); again != to {
			t.Errorf("%q leads to %q, and that to %q", next, to, again)
		}
	})
}

// FuzzParseDraft checks that a frame of a socket is a draft with exactly the text that JSON says, or none.
func FuzzParseDraft(f *testing.F) {
	for _, frame := range []string{`{"body":"hello","key":"k1"}`, `{"body":"\ud83d\ude00","key":"k","reply_to":"7","headers":{"a":"b"}}`, `{"body":"\ud83d"}`, `{"body":1}`,
		`[]`, `{"body":"a"}{"body":"b"}`, `{"body":"a","body":"b"}`, `{"key":"k"}`, `{"body":null}`, strings.Repeat(`{"a":`, 100), `{"body":"\\ud83d"}`, "\xff"} {
		f.Add([]byte(frame))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		draft, err := parseDraft(frame)
		if err != nil {
			return
		}
		var said struct {
			Body *string `json:"body"`
		}
		if err := json.Unmarshal(frame, &said); err != nil || said.Body == nil {
			t.Fatalf("%q is taken, but json says %v", frame, err)
		}
		if draft.Body != *said.Body && utf8.ValidString(draft.Body) {
			t.Errorf("%q is read as %q, want %q", frame, draft.Body, *said.Body)
		}
	})
}
