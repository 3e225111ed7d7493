package web

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/e2e/rig"
	"parley/views"
)

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
