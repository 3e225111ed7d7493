package web

import (
	"fmt"
	"strings"
	"testing"
)

// inner is a request that is hidden in an ambiguous one. Its response would be "ok".
const inner = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"

// TestOneRequestHasOneAnswer is T31: a request with contradicting headers, or with headers that another
// server could read differently, gets one response at most, and what is hidden in it is not run.
func TestOneRequestHasOneAnswer(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	post := func(headers string, body string) string {
		return "POST /sign-out HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\n" + body
	}
	end := "0\r\n\r\n"
	length := fmt.Sprintf("Content-Length: %d", len(end+inner))
	chunked := "Transfer-Encoding: chunked"
	for name, raw := range map[string]string{
		// Two lengths
		"length and chunks":               post(length+"\r\n"+chunked, end+inner),
		"chunks and length":               post(chunked+"\r\n"+length, end+inner),
		"a short length and chunks":       post("Content-Length: 5\r\n"+chunked, end+inner),
		"length 0 and chunks":             post("Content-Length: 0\r\n"+chunked, end+inner),
		"two lengths, equal":              post("Content-Length: 5\r\nContent-Length: 5", "abcde"+inner),
		"two lengths, not equal":          post("Content-Length: 0\r\nContent-Length: 33", inner),
		"two lengths on a line":           post("Content-Length: 0, 33", inner),
		"two equal lengths on a line":     post("Content-Length: 5, 5", "abcde"+inner),
		"two transfer encodings":          post(chunked+"\r\nTransfer-Encoding: identity\r\n"+length, end+inner),
		"identity, then chunked":          post("Transfer-Encoding: identity\r\n"+chunked, end+inner),
		"a list that ends with chunked":   post("Transfer-Encoding: identity, chunked", end+inner),
		"a list that begins with chunked": post("Transfer-Encoding: chunked, identity", end+inner),
		"gzip, chunked":                   post("Transfer-Encoding: gzip, chunked", end+inner),

		// Lengths that are not numbers
		"a signed length":       post("Content-Length: +0", inner),
		"a negative length":     post("Content-Length: -1", inner),
		"a length in hex":       post("Content-Length: 0x0", inner),
		"a length with a point": post("Content-Length: 0.0", inner),
		"a length with an e":    post("Content-Length: 0e0", inner),
		"an empty length":       post("Content-Length: ", inner),
		"a length of words":     post("Content-Length: zero", inner),
		"a length and a word":   post("Content-Length: 0 x", inner),
		"a length, a semicolon": post("Content-Length: 0;", inner),
		"a length in quotes":    post(`Content-Length: "0"`, inner),
		"a length beyond":       post("Content-Length: 18446744073709551616", inner),
		"a length far beyond":   post("Content-Length: 99999999999999999999999999", inner),
		"a length with NUL":     post("Content-Length: 0\x00", inner),
		"a length in parts":     post("Content-Length: 0\t0", inner),

		// Encodings that are almost chunked
		"xchunked":             post("Transfer-Encoding: xchunked\r\n"+length, end+inner),
		"chunked in quotes":    post("Transfer-Encoding: \"chunked\"\r\n"+length, end+inner),
		"chunked with VT":      post("Transfer-Encoding: \x0bchunked\r\n"+length, end+inner),
		"chunked with NUL":     post("Transfer-Encoding: chunked\x00\r\n"+length, end+inner),
		"an unknown encoding":  post("Transfer-Encoding: cow\r\n"+length, end+inner),
		"an empty encoding":    post("Transfer-Encoding: \r\n"+length, end+inner),
		"chunks over HTTP/1.0": strings.Replace(post(chunked+"\r\nConnection: keep-alive", end+inner), "HTTP/1.1", "HTTP/1.0", 1),

		// Headers that end elsewhere for other servers
		"a space before the colon":    post("Transfer-Encoding : chunked\r\n"+length, end+inner),
		"a length with a space":       post("Content-Length : 33", inner),
		"a tab before the colon":      post("Content-Length\t: 33", inner),
		"a folded value":              post("Transfer-Encoding:\r\n chunked\r\n"+length, end+inner),
		"a folded length":             post("Content-Length:\r\n 33", inner),
		"a header that is folded in":  post("X: y\r\n Content-Length: 33\r\nContent-Length: 0", inner),
		"the first line is folded":    "POST /sign-out HTTP/1.1\r\n Content-Length: 33\r\nHost: x\r\n\r\n" + inner,
		"a bare CR in a value":        post("X: y\rContent-Length: 33", inner),
		"a bare CR in a name":         post("X\rContent-Length: 33", inner),
		"a name without a colon":      post("Content-Length", inner),
		"a NUL in a name":             post("Content\x00-Length: 33", inner),
		"no name":                     post(": 33", inner),
		"two hosts":                   post("Host: y\r\nContent-Length: 0", inner),
		"bare LF after the headers":   "POST /sign-out HTTP/1.1\r\nHost: x\r\nContent-Length: 33\n\n" + inner,
		"bare LF everywhere":          "POST /sign-out HTTP/1.1\nHost: x\nContent-Length: 33\n\n" + inner,
		"bare LF before the chunks":   "POST /sign-out HTTP/1.1\r\nHost: x\r\n" + chunked + "\n\n" + end + inner,
		"a line with spaces at first": "POST  /sign-out  HTTP/1.1\r\nHost: x\r\n\r\n" + inner,
		"a target with a space":       "GET /sign-in HTTP/1.1 x HTTP/1.1\r\nHost: x\r\n\r\n" + inner,
		"no version":                  "GET /sign-in\r\nHost: x\r\n\r\n" + inner,
		"another version":             "GET /sign-in HTTP/9.x\r\nHost: x\r\n\r\n" + inner,
		"a tab in the first line":     "GET\t/sign-in HTTP/1.1\r\nHost: x\r\n\r\n" + inner,

		// Chunks that other servers measure differently
		"a signed chunk":          post(chunked, "+0\r\n\r\n"+inner),
		"a chunk in 0x":           post(chunked, "0x0\r\n\r\n"+inner),
		"an empty chunk size":     post(chunked, "\r\n\r\n"+inner),
		"a chunk size with LF":    post(chunked, "0\n\n"+inner),
		"a chunk with a long 0":   post(chunked, strings.Repeat("0", 40)+"5\r\nabcde\r\n"+end[:0]+inner),
		"a chunk size beyond":     post(chunked, "FFFFFFFFFFFFFFFF0\r\nabcde\r\n"+end+inner),
		"a chunk longer than it":  post(chunked, "3\r\nabcde\r\n"+end+inner),
		"a chunk without its end": post(chunked, "3\r\nabc"+end+inner),
		"an LF in an extension":   post(chunked, "0;x\ny\r\n\r\n"+inner),
		"a CR in an extension":    post(chunked, "0;x\ry\r\n\r\n"+inner),
		"a space and a semicolon": post(chunked, "0 ;x\r\n\r\n"+inner),
		"a length in the trailer": post(chunked, "0\r\nContent-Length: 33\r\n\r\n"+inner),
		"chunks in the trailer":   post(chunked, "0\r\nTransfer-Encoding: chunked\r\n\r\n"+inner),
		"a trailer that is none":  post(chunked, "0\r\n"+inner),

		// Bodies that no route reads
		"a body that was refused":   post("Origin: https://evil.example\r\n"+length, end+inner),
		"chunks that were refused":  post("Origin: https://evil.example\r\n"+chunked, fmt.Sprintf("%x\r\n%s\r\n", len(inner), inner)+end),
		"a body for nobody":         "POST /nowhere HTTP/1.1\r\nHost: x\r\n" + length + "\r\n\r\n" + end + inner,
		"a body for the signed out": "POST /profile HTTP/1.1\r\nHost: x\r\n" + length + "\r\n\r\n" + end + inner,
		"a body of a GET":           "GET /sign-in HTTP/1.1\r\nHost: x\r\n" + length + "\r\n\r\n" + end + inner,
		"a body of a HEAD":          "HEAD /sign-in HTTP/1.1\r\nHost: x\r\n" + length + "\r\n\r\n" + end + inner,
		"a body of a stream":        "GET /events HTTP/1.1\r\nHost: x\r\n" + length + "\r\n\r\n" + end + inner,
		"a body of a socket":        "GET /rooms/1/socket HTTP/1.1\r\nHost: x\r\n" + length + "\r\n\r\n" + end + inner,
		"a body of DELETE":          "DELETE /rooms HTTP/1.1\r\nHost: x\r\n" + length + "\r\n\r\n" + end + inner,
		"a body of no method":       "JUMP /rooms HTTP/1.1\r\nHost: x\r\n" + length + "\r\n\r\n" + end + inner,
		"a body that is awaited":    post("Expect: 100-continue\r\n"+length, end+inner),
		"a body that is too long":   post("Content-Length: 100000000", end+inner),
		"a body that is packed":     post("Content-Encoding: gzip\r\n"+length, end+inner),
		"our own mark":              post(oversizedHeader+": 1\r\n"+length, end+inner),
	} {
		l := s.dial()
		l.write(raw)
		_ = l.conn.(interface{ CloseWrite() error }).CloseWrite()
		rest := strings.ReplaceAll(l.rest(), "HTTP/1.1 100 Continue\r\n\r\n", "")
		if n := strings.Count(rest, "HTTP/1.1 ") + strings.Count(rest, "HTTP/1.0 "); n > 1 {
			t.Errorf("%s: %d answers: %s", name, n, shortened(rest))
		}
		if strings.HasSuffix(rest, "\r\n\r\nok\n") {
			t.Errorf("%s: what it carried was taken for a request", name)
		}
	}
}

// TestHeadersAreWellFormed is T31 for RFC 9112 section 5.1 and RFC 9110 section 5: a name is a token, and a
// value has no control character.
func TestHeadersAreWellFormed(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ask := func(header string) int {
		l := s.dial()
		l.write("GET /livez HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n")
		return l.response().status
	}
	for _, char := range "\x00\x01\t\x0b\x0c\x1f \"(),/;<=>?@[\\]{}\x7fé\u00a0" {
		for _, header := range []string{"X" + string(char) + "Y: a", "X" + string(char) + ": a", string(char) + "X: a"} {
			if status := ask(header); status != 400 {
				t.Errorf("%q: %d", header, status)
			}
		}
	}
	for _, header := range []string{"", "X", " X: a", ": a", "X: a\x00b", "X: a\rb", "X: \x1b", "X: \x7f", "X: a\n b", "X: a\r\n b"} {
		if header == "" {
			continue
		}
		if status := ask(header); status != 400 {
			t.Errorf("%q: %d", header, status)
		}
	}
	for _, header := range []string{"X: a", "X:a", "X:", "x-y_z.0!#$%&'*+^`|~: a", "X: \t a \t b\t ", "X: é\u2028", "X: \xff", "X: \"(),/:;<=>?@[]{}"} {
		if status := ask(header); status != 200 {
			t.Errorf("%q: %d", header, status)
		}
	}
}

// TestPlainRequestsInARow checks what the test above would miss: two proper requests get two responses.
func TestPlainRequestsInARow(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	for name, first := range map[string]string{
		"GET":           "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n",
		"a length":      "POST /sign-out HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde",
		"chunks":        "POST /sign-out HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nabcde\r\n0\r\nX: y\r\n\r\n",
		"a refused one": "POST /sign-out HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\nContent-Length: 5\r\n\r\nabcde",
	} {
		l := s.dial()
		l.write(first + inner)
		l.response()
		if a := l.response(); a.status != 200 || a.body != "ok\n" {
			t.Errorf("%s: the second is %d %q", name, a.status, a.body)
		}
	}
}
