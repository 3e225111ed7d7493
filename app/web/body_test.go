package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
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

// TestUploadsNeedASignIn checks that no photo is read for a signed-out client, and that a browser which is
// still sending too large a photo sees the response.
func TestUploadsNeedASignIn(t *testing.T) {
	s := start(t, options{})
	ann := s.person("ann")
	l := s.dial()
	begin := time.Now()
	l.write(s.visitor().head("/profile", "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000000") + "-")
	if a := l.response(); a.status != 303 || time.Since(begin) > atOnce {
		t.Errorf("%d after %v", a.status, time.Since(begin))
	}
	ann.upload("/profile", "x.png", make([]byte, 10<<20+1), nil).shouldBe(422).mustHave(en.Profile.TooLarge)
	for _, size := range []int{11 << 20, 12 << 20, 24 << 20} {
		ann.upload("/profile", "x.png", make([]byte, size), nil).shouldBe(413).mustHave(en.Trouble.Why[413].Title)
	}
	ann.upload("/profile", "x.png", []byte("no photo"), nil).shouldBe(422).mustHave(en.Profile.NotImage)
	ann.upload("/profile", "../../../etc/passwd%00.png", tinyPNG(t), nil).shouldBe(303)
	ann.upload("/friends", "x.png", make([]byte, 65<<10), nil).shouldBe(413)
	if ann.user().PhotoID == 0 {
		t.Error("the photo that was fine is not there")
	}
}

// slowUpload begins an upload of a photo, and returns the rest of it.
func (b *browser) slowUpload(path string, photo []byte, fields url.Values) (l *line, rest []byte) {
	body, contentType := multipartForm(b.site.t, "x.png", photo, fields)
	l = b.site.dial()
	begun := bytes.Index(body, photo) + 1
	l.write(b.head(path, fmt.Sprintf("Content-Type: %s\r\nContent-Length: %d", contentType, len(body))) + string(body[:begun]))
	return l, body[begun:]
}

// held returns the bytes and uploads for which a person has reserved memory; person 0 is everybody.
func (s *site) held(person uint64) (bytes, count int) {
	u := s.server.uploads
	u.mu.Lock()
	defer u.mu.Unlock()
	if person == 0 {
		return uploadsMemory - u.free, len(u.own)
	}
	return u.own[person].bytes, u.own[person].count
}

// TestUploadsOfOnePerson checks that a person's third upload waits for one of the first two, and that neither
// pages nor the uploads of others do.
func TestUploadsOfOnePerson(t *testing.T) {
	s := start(t, options{})
	ann, bob := s.person("ann"), s.person("bob")
	large := append(tinyPNG(t), make([]byte, formLimit)...) // smaller uploads do not wait
	first, rest := ann.slowUpload("/profile", large, nil)
	second, restOfSecond := ann.slowUpload("/profile", large, nil)
	eventually(t, "two uploads", func() bool { _, n := s.held(ann.id); return n == 2 })
	third := make(chan *reply, 1)
	go func() { third <- ann.copy().upload("/profile", "x.png", large, nil) }()
	ann.get("/profile").mustBe(200)
	ann.post("/friends", map[string][]string{"username": {"x"}}).mustBe(422)
	bob.upload("/profile", "x.png", large, nil).mustBe(303)
	select {
	case a := <-third:
		t.Errorf("the third did not wait: %d", a.status)
	default:
	}
	first.write(string(rest))
	first.response().mustBe(303)
	(<-third).mustBe(303)
	second.write(string(restOfSecond))
	second.response().mustBe(303)
	eventually(t, "no upload", func() bool { bytes, people := s.held(0); return bytes+people == 0 })
}

// TestUploadsShareMemory checks who has to wait for whom.
func TestUploadsShareMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUploads()
		var in []string
		send := func(name string, owner uint64, bytes int) (leave func()) {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan func(), 1)
			go func() {
				leave, err := u.acquire(ctx, owner, bytes)
				if err == nil {
					in = append(in, name)
					done <- leave
				}
			}()
			synctest.Wait()
			return func() {
				cancel()
				select {
				case leave := <-done:
					leave()
				default:
				}
				synctest.Wait()
			}
		}
		want := func(list ...string) {
			t.Helper()
			if !slices.Equal(in, list) {
				t.Errorf("in are %q, want %q", in, list)
			}
			in = nil
		}
		leaveA := send("a", 1, 3<<20)
		send("a2", 1, 3<<20)
		leaveA3 := send("a3", 1, 3<<20) // a third
		want("a", "a2")
		leaveA()
		want("a3")
		leaveA3()
		large := send("a4", 1, uploadLimit) // more than one person may hold
		want()
		for p := range uint64(7) {
			send(fmt.Sprint("b", p), 10+p, uploadLimit)
		}
		want("b0", "b1", "b2", "b3", "b4", "b5", "b6")
		c := send("c", 20, uploadLimit) // more than is left
		send("d", 21, 1<<20)            // would fit, and does not overtake
		want()
		c()
		want("d")
		large()
		if u.free != uploadLimit-(3+1)<<20 || len(u.waiting) != 0 {
			t.Errorf("%d bytes are free, %d wait", u.free, len(u.waiting))
		}
	})
}

// TestDrippersKeepNobodysPhotos is T42: uploads that send a few bytes a second do not delay the photos of
// others; they are cut, with a page that says so and has what was typed.
func TestDrippersKeepNobodysPhotos(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 0)
	eve, fay := s.person("eve"), s.person("fay")
	s.befriend(eve, fay)
	group, others := eve.makesGroup("Group", fay), fay.makesGroup("Others", eve)
	large := make([]byte, 9_000_000)
	begin := time.Now()
	drips := func(b *browser, path string) *line {
		_, before := s.held(b.id)
		l, _ := b.slowUpload(path, large[:4_000_000], form("key", "k", "body", "typed before", "display_name", "typed before"))
		if before < ownUploads {
			eventually(t, "an upload", func() bool { _, n := s.held(b.id); return n > before })
		}
		return l
	}
	drippers := []*line{ // the last two wait for the first
		drips(eve, views.RoomPath(group)+"/messages"), drips(eve, views.RoomPath(group)+"/composer"),
		drips(fay, "/profile"), drips(fay, views.RoomPath(others)+"/photo"),
		drips(eve, "/profile"), drips(eve, "/profile"),
	}
	var dripping sync.WaitGroup
	for _, d := range drippers {
		dripping.Go(func() {
			for range 300 {
				if _, err := d.conn.Write([]byte{0}); err != nil {
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		})
	}
	photo := append(tinyPNG(t), large[:4<<20]...)
	for who, send := range map[string]func() *reply{
		"message": func() *reply {
			return ann.postMultipart(views.RoomPath(room)+"/messages", form("key", "k", "body", "look"), photo)
		},
		"profile": func() *reply { return bob.upload("/profile", "x.png", photo, nil) },
	} {
		start := time.Now()
		send().mustBe(303)
		if took := time.Since(start); took > rig.Limit(5*time.Second) {
			t.Errorf("the photo of a %s of somebody else took %v", who, took)
		}
	}
	for i, d := range drippers[:4] {
		a := d.response()
		a.shouldBe(408).mustHave(en.Profile.PhotoTooSlow)
		if took := time.Since(begin); took < uploadGrace || took > uploadGrace+rig.Limit(5*time.Second) {
			t.Errorf("%d: cut after %v", i, took)
		}
		if i < 3 { // a group's photo has no text beside it
			a.mustHave("typed before")
		}
	}
	for _, d := range drippers {
		_ = d.conn.Close()
	}
	dripping.Wait()
	eventually(t, "no upload", func() bool { bytes, people := s.held(0); return bytes+people == 0 })
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
