package web

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"parley/assets"
)

// mustHaveSecurityHeaders checks the headers that every response has.
func mustHaveSecurityHeaders(t *testing.T, what string, h http.Header, https bool) {
	t.Helper()
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
			"form-action 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'self'",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "SAMEORIGIN",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Strict-Transport-Security":    "",
		"Server":                       "",
		"X-Powered-By":                 "",
		"Etag":                         "",
		"Expires":                      "",
	}
	if https {
		want["Strict-Transport-Security"] = "max-age=31536000"
	}
	if strings.Contains(what, "/photos/") {
		delete(want, "Etag")
	}
	for _, secret := range secretPaths {
		if strings.Contains(what, " "+secret) {
			want["Referrer-Policy"] = "strict-origin"
		}
	}
	for name, value := range want {
		if got := strings.Join(h.Values(name), " AND "); got != value {
			t.Errorf("%s: %s is %q", what, name, got)
		}
	}
}

// mustNotBeStored checks that neither the browser nor a proxy may store a response.
func mustNotBeStored(t *testing.T, what string, h http.Header) {
	t.Helper()
	if got := strings.Join(h.Values("Cache-Control"), " AND "); got != "no-store, no-cache" {
		t.Errorf("%s: Cache-Control is %q", what, got)
	}
	if got := strings.Join(h.Values("Vary"), " AND "); got != "Accept-Encoding, Accept-Language, Cookie, HX-Request, HX-Request-Type" {
		t.Errorf("%s: Vary is %q", what, got)
	}
}

// TestHeadersEverywhere is T21 and T26: a crawl of every address.
func TestHeadersEverywhere(t *testing.T) {
	t.Parallel()
	for public, https := range map[string]bool{"": false, "http://chat.example.org": false, "https://chat.example.org": true} {
		t.Run(public, func(t *testing.T) {
			s := start(t, options{public: public})
			c := newFixture(s)
			for i, d := range manifestRows(t) {
				if public != "" && !https && i%8 > 0 { // as without a public URL
					continue
				}
				for _, who := range []string{"ann", "cem", "out"} {
					for _, extra := range [][]string{nil, {"HX-Request: true"}} {
						crawl(t, c, d, who, https, extra)
					}
				}
			}
			for _, path := range []string{"/nowhere", "/rooms/1/nowhere", "/%2f/evil.example", "/%2e%2e/etc/passwd", "/.git/config",
				"/favicon.ico", "/robots.txt",
				"/assets/", "/assets/nothing.js", "/assets/../app", "/photos/1/huge", "/" + strings.Repeat("a", 9000)} {
				for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"} {
					a := c.people["ann"].send(method, path, nil)
					if a.status != 404 && (a.status != 405 || method == "GET" || method == "HEAD") {
						t.Errorf("%s %s: %d", method, shortened(path), a.status)
					}
					mustHaveSecurityHeaders(t, a.request, a.header, https)
					mustNotBeStored(t, a.request, a.header)
				}
			}
		})
	}
}

func crawl(t *testing.T, c *fixture, d manifestRow, who string, https bool, headers []string) {
	t.Helper()
	if d.path == "/sign-out" || strings.HasSuffix(d.path, "/revoke") { // or the crawl is over
		return
	}
	path := strings.ReplaceAll(c.path(d.path, "ann", true), ":name", strings.TrimPrefix(assets.Path("parley.css"), "/assets/"))
	methods := []string{d.method}
	if d.method == "GET" {
		methods = append(methods, "HEAD")
	}
	for _, method := range methods {
		response, err := c.people[who].ask(method, path, strings.NewReader(""), headers...)
		must(t, err)
		what := who + " " + method + " " + path
		mustHaveSecurityHeaders(t, what, response.Header, https)
		switch {
		case d.cache == "public" && response.StatusCode == 200:
			if got := response.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
				t.Errorf("%s: Cache-Control is %q", what, got)
			}
			if got := response.Header.Get("Vary"); got != "Accept-Encoding" || response.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s: %v", what, response.Header)
			}
		case d.cache == "minute" && response.StatusCode == 200:
			if got := response.Header.Get("Cache-Control"); got != "public, max-age=60" {
				t.Errorf("%s: %v", what, response.Header)
			}
		case d.cache == "hour" && response.StatusCode == 200:
			if got := response.Header.Get("Cache-Control"); got != "public, max-age=3600" || response.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: %v", what, response.Header)
			}
		case d.cache == "private" && response.StatusCode == 200:
			if got := response.Header.Get("Cache-Control"); got != "private, no-cache" || !strings.Contains(response.Header.Get("Vary"), "Cookie") {
				t.Errorf("%s: %v", what, response.Header)
			}
		default:
			mustNotBeStored(t, what, response.Header)
		}
		if (d.kind == "stream" || strings.HasSuffix(d.path, "/live")) && response.StatusCode == 200 {
			want := map[string]string{"stream": "text/event-stream; charset=utf-8", "iframe": "text/html; charset=utf-8"}[d.kind]
			if got := response.Header.Get("Content-Type"); got != want {
				t.Errorf("%s: Content-Type is %q", what, got)
			}
			_ = response.Body.Close() // it does not end by itself
			continue
		}
		_, err = io.Copy(io.Discard, response.Body)
		must(t, err)
		must(t, response.Body.Close())
	}
}

// TestHeadersOfWhatTheServerRefuses checks the headers for requests that reach no handler of ours.
func TestHeadersOfWhatTheServerRefuses(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	for _, one := range []struct {
		name, text string
		status     int
	}{
		{"no HTTP", "hello\r\n\r\n", 400},
		{"a broken header", "GET / HTTP/1.1\r\nHost: a\r\nno colon here\r\n\r\n", 400},
		{"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
		{"a header without an end", "GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("a", 20<<10) + "\r\n\r\n", 431},
		{"an address without an end", "GET /" + strings.Repeat("a", 20<<10) + " HTTP/1.1\r\nHost: a\r\n\r\n", 431},
		{"a method of its own", "JUMP / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
		{"a method of its own with a body", "JUMP /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 501},
		{"a method that the path does not have", "DELETE /rooms HTTP/1.1\r\nHost: a\r\n\r\n", 405},
		{"CONNECT", "CONNECT /rooms HTTP/1.1\r\nHost: a\r\n\r\n", 405},
		{"a large body", "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n", 413},
		{"a packed body", "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", 415},
	} {
		l := s.dial()
		l.write(one.text)
		a := l.response()
		if a.status != one.status {
			t.Errorf("%s: %d instead of %d", one.name, a.status, one.status)
		}
		mustHaveSecurityHeaders(t, one.name, a.header, false)
		mustNotBeStored(t, one.name, a.header)
		if !strings.Contains(a.body, "<!doctype html>") && !strings.Contains(a.body, "<!DOCTYPE html>") ||
			!strings.Contains(a.body, `class="trouble"`) {
			t.Errorf("%s: not a page of ours: %s", one.name, shortened(a.body))
		}
	}
}

// TestAssetsCarryNothingPrivate checks that what everybody may cache says nothing about who requested it.
func TestAssetsCarryNothingPrivate(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann := s.person("ann")
	if !assets.Built() { // then there is nothing to cache
		ann.get("/assets/parley.css").shouldBe(404)
		return
	}
	path := assets.Path("parley.css")
	plain := ann.get(path).mustBe(200)
	if other := s.visitor().get(path); other.body != plain.body || other.header.Get("X-Request-Id") == "" {
		t.Error("the same file differs")
	}
	for coding, want := range map[string]string{"gzip": "gzip", "br": "br", "gzip, deflate, br, zstd": "br", "identity": "", "": "",
		"deflate": ""} {
		a := ann.get(path, "Accept-Encoding: "+coding).shouldBe(200)
		if a.header.Get("Content-Encoding") != want {
			t.Errorf("for %q: %q", coding, a.header.Get("Content-Encoding"))
		}
	}
	if strings.Contains(s.log.String(), `"user":`) {
		t.Error("the session was looked up for an asset")
	}
}
