package web

import (
	"bytes"
	"mime/multipart"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/db"
	"parley/views"
)

// sends posts a text and photos with their descriptions, as the composer does.
func (b *browser) sends(room uint64, body, key string, alts []string, photos [][]byte, headers ...string) *reply {
	t := b.site.t
	t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	must(t, w.WriteField("body", body))
	must(t, w.WriteField("key", key))
	for _, alt := range alts {
		must(t, w.WriteField("alt", alt))
	}
	for i, photo := range photos {
		part, err := w.CreateFormFile("photo", "photo-"+itoa(uint64(i+1))+".png")
		must(t, err)
		_, err = part.Write(photo)
		must(t, err)
	}
	must(t, w.Close())
	return b.send("POST", views.RoomPath(room)+"/messages", &form, append(headers, "Content-Type: "+w.FormDataContentType())...)
}

var photoAddress = regexp.MustCompile(`/photos/\d+/small`)

// TestPhotosInARoom is T22 for rooms: a stream shows the photos, and only those who were members then get
// the bytes. After the deletion nobody does, in any way.
func TestPhotosInARoom(t *testing.T) {
	t.Parallel()
	onBoth(t, options{limits: true}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob", "eve")
		ann, bob, eve := list[0], list[1], list[2]
		room := s.befriend(ann, bob)
		hears := bob.listen(eventsPath(room))
		ann.sends(room, "Look", "k", []string{`A "cat" & <me>`}, [][]byte{tinyPNG(t), tinyPNG(t)}).mustGoTo(views.RoomPath(room))
		ann.sends(room, "Look", "k", nil, [][]byte{tinyPNG(t), tinyPNG(t)}).mustGoTo(views.RoomPath(room))
		e := hears.await("the photos", shows("Look"))
		for _, part := range []string{`alt="A &#34;cat&#34; &amp; &lt;me&gt;"`, `alt="Photo 2 of 2"`, `width="12" height="8"`,
			`loading="lazy"`, "/messages/2/photos/2"} {
			if !strings.Contains(e.data, part) {
				t.Errorf("no %s in %s", part, e.data)
			}
		}
		if got := s.said(room); len(got) != 1 {
			t.Fatalf("posting the same twice gave %q", got)
		}
		small := photoAddress.FindString(e.data)
		a := bob.get(small).mustBe(200)
		tag := "If-None-Match: " + a.header.Get("ETag")
		bob.get(small, tag).mustBe(304)
		bob.get(strings.Replace(small, "small", "large", 1)).mustBe(200)
		bob.get(views.RoomPath(room)+"/messages/2/photos/1").mustBe(200).mustHave(`width="12"`, "A &#34;cat&#34;", en.PhotoForm.Next)
		for _, path := range []string{"/photos/3", "/photos/0", "/photos/x", "/photos/99999999999999999999"} {
			bob.get(views.RoomPath(room) + "/messages/2" + path).shouldBe(404)
		}
		for _, headers := range [][]string{nil, {tag}, {"If-None-Match: *"}} {
			eve.get(small, headers...).shouldBe(404)
		}
		ann.post(views.RoomPath(room)+"/messages/2/delete", nil).mustBe(303)
		for _, b := range []*browser{ann, bob} {
			b.get(small).shouldBe(404)
			b.get(small, tag).shouldBe(404)
			b.get(views.RoomPath(room) + "/messages/2/photos/1").shouldBe(404)
		}
		s.down()
		s = start(t, options{database: s.data})
		bob.site = s
		replay := bob.listen(s.sinceBegin(room))
		replay.await("the message", func(e event) bool { return strings.HasSuffix(e.id, "-2") })
		for _, e := range replay.all() {
			if photoAddress.MatchString(e.data) {
				t.Errorf("a replay still shows %s", e.data)
			}
		}

		ann.site = s
		seq := itoa(s.says(ann, room, "one more") + 1)
		ann.sends(room, "", "k2", nil, [][]byte{tinyPNG(t)}).mustBe(303)
		small = photoAddress.FindString(bob.get(views.RoomPath(room)).body)
		tag = "If-None-Match: " + bob.get(small).mustBe(200).header.Get("ETag")
		ann.post("/friends/bob/remove", nil).mustBe(303)
		bob.get(small, tag).mustBe(404)
		bob.get(views.RoomPath(room) + "/messages/" + seq + "/photos/1").mustBe(404)
		ann.get(small, tag).mustBe(404) // the room is closed for both
		ann.post("/friends", form("username", "bob")).mustBe(303)
		bob.post("/friends/ann/accept", nil).mustBe(303)
		bob.get(small, tag).mustBe(304)
	})
}

// TestScriptedPosts checks the attributes that the composer's script reads, and the sentences of refusals.
func TestScriptedPosts(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 0)
	script := "HX-Request: true"
	one := [][]byte{tinyPNG(t)}
	ann.sends(room, "", "a1", nil, one, script).mustBe(200).mustHave(`data-key="a1"`, `data-seq="2"`, `data-next="n.`)
	ann.sends(room, "x", "a1", nil, one, script).mustBe(422).mustHave(`data-key="a1"`, `data-refused="422"`, `role="alert"`)
	ann.sends(room, "", "a2", nil, nil, script).mustBe(422).mustHave(en.Refusals.Empty)
	ann.sends(room, "kept", "a3", nil, [][]byte{one[0], []byte("notes")}, script).mustBe(422).mustHave("photo-2.png: " + en.Profile.NotImage)
	ann.sends(room, "kept", "a3", []string{"words"}, [][]byte{[]byte("notes")}).mustBe(422).
		mustHave(en.Profile.NotImage, ">kept</textarea>", `value="words"`)
	ann.sends(room, "", "a4", nil, make([][]byte, 11)).mustBe(422).mustHave(en.Refusals.ManyPhotos)
	ann.sends(room, "", "a5", []string{strings.Repeat("x", 501)}, one).mustBe(422).mustHave(en.Refusals.BadAlt)
	ann.sends(room, "", "a6", nil, [][]byte{make([]byte, 12<<20)}, script).mustBe(413).mustHave(`role="alert"`)
	must(t, s.server.chat.Delete(t.Context(), ann.user(), room, 2))
	ann.upload(views.RoomPath(room)+"/messages", "a.png", one[0], form("key", "a9", "reply_to", "2"), script).mustBe(422).
		mustHave(`data-reply-gone`, `data-key="a9"`, `role="alert"`)
	full := db.Photo{OwnerID: ann.id, Type: "image/png", Bytes: 200 << 20, CreatedAt: time.Now().UTC()}
	must(t, s.store.CreatePhoto(t.Context(), &full, []db.PhotoSize{{Size: "small", Data: []byte{1}}}))
	ann.sends(room, "kept", "a7", nil, one, script).mustBe(413).mustHave(`data-refused="413"`, strings.ReplaceAll(en.Profile.TooManyPhotos, "{what}", "200\u00a0MB"))
	ann.sends(room, "kept", "a8", nil, one).mustBe(413).mustHave(">kept</textarea>")
	bob.sends(room, "", "b1", nil, one).mustBe(303)
	if stored, _, err := s.store.PhotoUse(t.Context(), bob.id, time.Time{}); err != nil || stored == 0 {
		t.Errorf("%d bytes, %v", stored, err)
	}
	if n := len(s.messages(room)); n != 4 {
		t.Errorf("%d entries", n)
	}
}

// TestHostileForms sends forms that no browser makes. Each is posted or refused, without an error.
func TestHostileForms(t *testing.T) {
	t.Parallel()
	s, ann, _, room := talked(t, options{}, 0)
	png := string(tinyPNG(t))
	part := func(head, body string) string { return "--x\r\n" + head + "\r\n\r\n" + body + "\r\n" }
	file := func(disposition, body string) string {
		return part("Content-Disposition: "+disposition, body)
	}
	for name, body := range map[string]string{
		"nothing":            "",
		"no end":             file(`form-data; name="photo"; filename="a.png"`, png),
		"no name":            file(`form-data; filename="a.png"`, png) + "--x--",
		"a path":             file(`form-data; name="photo"; filename="../../../../etc/passwd"`, png) + "--x--",
		"a NUL":              file("form-data; name=\"photo\"; filename=\"a\x00.png\"", png) + "--x--",
		"a photo as text":    file(`form-data; name="photo"`, png) + "--x--",
		"a text as a file":   file(`form-data; name="body"; filename="a"`, "hello") + "--x--",
		"an empty file":      file(`form-data; name="photo"; filename="a.png"`, "") + "--x--",
		"nothing chosen":     file(`form-data; name="photo"; filename=""`, "") + file(`form-data; name="body"`, "hello") + "--x--",
		"ten thousand parts": strings.Repeat(file(`form-data; name="a"`, ""), 1200) + "--x--",
		"a long header":      part("Content-Disposition: form-data; name=\"photo\"; filename=\""+strings.Repeat("a", 60000)+"\"", png) + "--x--",
		"a transfer coding":  part("Content-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\nContent-Transfer-Encoding: base64", png) + "--x--",
		"a form in a form":   part("Content-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\nContent-Type: multipart/mixed; boundary=y", "--y\r\n\r\n"+png+"\r\n--y--") + "--x--",
	} {
		for _, contentType := range []string{"multipart/form-data; boundary=x", "multipart/form-data",
			"multipart/form-data; boundary=\"x", "multipart/form-data; boundary=" + strings.Repeat("x", 200)} {
			for _, path := range []string{"/messages", "/composer"} {
				a := ann.send("POST", views.RoomPath(room)+path, strings.NewReader(body), "Content-Type: "+contentType)
				if a.status >= 500 || a.status < 300 {
					t.Errorf("%s as %s to %s: %d", name, shortened(contentType), path, a.status)
				}
			}
		}
	}
	ann.get(views.RoomPath(room)).mustBe(200)
	if s.log.has("panic") {
		t.Error("something panicked")
	}
}

// TestGroupPhotoChangesOpenRooms checks that the photo in the header of an open room changes.
func TestGroupPhotoChangesOpenRooms(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann, bob, _, _ := circle(s)
	room := ann.makesGroup("Choir", bob)
	hears := bob.listen(eventsPath(room))
	ann.upload(views.RoomPath(room)+"/photo", "us.png", tinyPNG(t), nil).mustGoTo(views.RoomPath(room) + "/members")
	e := hears.await("the photo", shows(sentence(en.Message.PhotoChanged, "{who}", "ann")))
	small := photoAddress.FindString(e.data)
	if small == "" || !strings.Contains(e.data, `hx-target="#room-face"`) {
		t.Fatalf("the header did not change: %s", e.data)
	}
	for _, path := range []string{"/rooms", views.RoomPath(room)} {
		bob.get(path).mustBe(200).mustHave(small)
	}
	bob.get(small).mustBe(200)
	ann.get(views.RoomPath(room) + "/members").mustHave(small)
	ann.upload(views.RoomPath(room)+"/photo", "us.png", []byte("no photo"), nil).mustBe(422).mustHave(en.Profile.NotImage)
	ann.upload(views.RoomPath(room)+"/photo", "us.png", tinyPNG(t), nil).mustBe(303)
	bob.get(small).mustBe(404)
	ann.post(views.RoomPath(room)+"/photo/remove", nil).mustBe(303)
	hears.await("none", shows(sentence(en.Message.PhotoRemoved, "{who}", "ann")))
}
