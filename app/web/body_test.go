package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/e2e/rig"
	"parley/views"
)

var atOnce = rig.Limit(2 * time.Second) // for responses that wait for nothing

// head is the head of a raw POST request.
func (b *browser) head(path, more string) string {
	cookie := ""
	if text := b.cookie(); text != "" {
		cookie = "Cookie: " + text + "\r\n"
	}
	return "POST " + path + " HTTP/1.1\r\nHost: " + b.site.addr + "\r\n" + cookie + more + "\r\n\r\n"
}

// TestAHugeBodyIsRefusedAtOnce is T29: 100 MB declared, and not a byte of it sent.
func TestAHugeBodyIsRefusedAtOnce(t *testing.T) {
	s, ann, _, room := talked(t, options{}, 0)
	for _, path := range []string{"/sign-in", "/sign-up", "/sign-out", "/friends", views.RoomPath(room) + "/messages", "/profile",
		"/profile/password"} {
		for _, b := range []*browser{ann, s.visitor()} {
			for _, contentType := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"} {
				for _, expect := range []string{"", "\r\nExpect: 100-continue"} {
					l := s.dial()
					begin := time.Now()
					l.write(b.head(path, "Content-Type: "+contentType+"\r\nContent-Length: 100000000"+expect))
					a := l.response()
					if took := time.Since(begin); a.status != 413 || took > atOnce {
						t.Errorf("%s: %d after %v", path, a.status, took)
					}
				}
			}
		}
	}
	if !ann.isSignedIn() {
		t.Error("ann was signed out")
	}
	l := s.dial()
	l.write(ann.head("/nowhere", "Content-Length: 100000000") + "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
	if rest := l.rest(); strings.Count(rest, "HTTP/1.1 ") != 1 || !strings.HasPrefix(rest, "HTTP/1.1 405") &&
		!strings.HasPrefix(rest, "HTTP/1.1 404") {
		t.Errorf("the response is %s", shortened(rest))
	}
}

// TestAnEndlessBodyIsCut is T29: chunks that never end, to every kind of route, signed in or not, in every
// content type that a form parser reads.
func TestAnEndlessBodyIsCut(t *testing.T) {
	s, ann, _, room := talked(t, options{}, 0)
	chunk := fmt.Appendf(nil, "%x\r\n%s\r\n", 32<<10, strings.Repeat("body=xxxx&", 3276)+"abcdefgh")
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, path := range []string{"/sign-in", "/sign-out", "/nowhere", "/rooms", views.RoomPath(room) + "/messages",
		"/rooms/987654/messages", views.RoomPath(room) + "/composer", "/profile"} {
		for _, b := range []*browser{ann.another(), s.visitor()} {
			for _, contentType := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
				for _, origin := range []string{"", "Origin: https://evil.example\r\n"} {
					l := s.dial()
					l.write(b.head(path, origin+"Content-Type: "+contentType+"\r\nTransfer-Encoding: chunked"))
					sent := 0
					for ; sent < 100<<20; sent += len(chunk) {
						_ = l.conn.SetWriteDeadline(time.Now().Add(testPatience))
						if _, err := l.conn.Write(chunk); err != nil {
							break
						}
					}
					if sent > lingerBytes+20<<20 { // the rest is in the kernel
						t.Errorf("%s read %d MiB", path, sent>>20)
					}
				}
			}
		}
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.TotalAlloc-before.TotalAlloc) >> 20; grown > 300 { // keeping them would have been a gigabyte
		t.Errorf("%d MiB were allocated", grown)
	}
}

// TestPackedBodiesAreRefused checks that no body is decompressed: 64 KiB can become 64 MiB.
func TestPackedBodiesAreRefused(t *testing.T) {
	s := start(t, options{})
	ann := s.person("ann")
	form, contentType := multipartForm(t, "x.png", make([]byte, 40<<20), nil)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(form)
	must(t, err)
	must(t, w.Close())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, path := range []string{"/profile", "/sign-in", "/friends"} {
		for _, coding := range []string{"gzip", "deflate", "br", "GZIP", "x-gzip", "gzip, gzip", "zstd"} {
			ann.send("POST", path, bytes.NewReader(packed.Bytes()), "Content-Type: "+contentType, "Content-Encoding: "+coding).shouldBe(415)
		}
	}
	runtime.ReadMemStats(&after)
	if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 60 {
		t.Errorf("%d MiB were allocated", grown)
	}
	ann.post("/friends", map[string][]string{"username": {"x"}}, "Content-Encoding: identity").shouldBe(422)
}

// TestSlowRequestsHarmNobody is T28: clients that send a byte now and then are cut after ten seconds, and
// pages are as fast as ever meanwhile.
func TestSlowRequestsHarmNobody(t *testing.T) {
	const crowd = 500
	s := start(t, options{})
	ann := s.person("ann")
	quiet := pageTimes(ann)
	starts := []string{
		"G",
		"GET / HTTP/1.1\r\nHost: x\r\nX: ",
		ann.head("/friends", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000"),
		s.visitor().head("/sign-in", "Content-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked"),
		s.visitor().head("/sign-in", "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 60000"),
	}
	begin := time.Now()
	var gone sync.WaitGroup
	for i := range crowd {
		conn, err := net.Dial("tcp", s.addr)
		must(t, err)
		_, _ = io.WriteString(conn, starts[i%len(starts)])
		gone.Go(func() {
			defer func() { _ = conn.Close() }()
			for {
				_ = conn.SetReadDeadline(time.Now().Add(time.Second))
				_, err := io.Copy(io.Discard, conn)
				if timeout, ok := err.(net.Error); !ok || !timeout.Timeout() {
					return
				}
				if _, err := io.WriteString(conn, "1"); err != nil {
					return
				}
			}
		})
	}
	busy := pageTimes(ann)
	if limit := max(rig.Limit(500*time.Millisecond), 4*quiet[len(quiet)-1]); busy[len(busy)*99/100] > limit {
		t.Errorf("beside slow clients the slowest pages took %v, alone %v", busy[len(busy)-4:], quiet[len(quiet)-4:])
	}
	gone.Wait()
	if took := time.Since(begin); took > requestTime+rig.Limit(10*time.Second) {
		t.Errorf("they were cut after %v", took)
	}
}

// pageTimes measures how long pages take, and sorts the times.
func pageTimes(b *browser) []time.Duration {
	b.site.t.Helper()
	times := make([]time.Duration, 200)
	for i := range times {
		begin := time.Now()
		b.get("/rooms").mustBe(200)
		times[i] = time.Since(begin)
	}
	slices.Sort(times)
	return times
}
