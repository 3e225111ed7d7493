package web

import (
	"bytes"
	"mime/multipart"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"parley/views"
	"parley/views/words"
)

var (
	keptField = regexp.MustCompile(`name="kept" value="(\d+)"`)
	keptAlt   = regexp.MustCompile(`name="kept_alt" value="([^"]*)"`)
)

// kept returns the photos that a page gives back, and their descriptions.
func (a *reply) kept() (ids, alts []string) {
	for _, field := range keptField.FindAllStringSubmatch(a.body, -1) {
		ids = append(ids, field[1])
	}
	for _, field := range keptAlt.FindAllStringSubmatch(a.body, -1) {
		alts = append(alts, field[1])
	}
	return ids, alts
}

// postMultipart sends fields and photos to an address, as a form does.
func (b *browser) postMultipart(path string, fields url.Values, photos ...[]byte) *reply {
	b.site.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for name, values := range fields {
		for _, value := range values {
			must(b.site.t, w.WriteField(name, value))
		}
	}
	for _, photo := range photos {
		part, err := w.CreateFormFile("photo", "photo.png")
		must(b.site.t, err)
		_, err = part.Write(photo)
		must(b.site.t, err)
	}
	must(b.site.t, w.Close())
	return b.send("POST", path, &form, "Content-Type: "+w.FormDataContentType())
}

// TestRefusedMessageKeepsItsPhotos checks that without scripts nobody has to choose a photo twice, that each
// can be described, and that photos kept for one person are not for others.
func TestRefusedMessageKeepsItsPhotos(t *testing.T) {
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob, room := list[0], list[1], s.befriend(list[0], list[1])
		path := views.RoomPath(room) + "/messages"
		long := strings.Repeat("x", 4001)
		a := ann.postMultipart(path, form("key", "n.1", "body", long, "alt", "the sea"), tinyPNG(t), tinyPNG(t)).mustBe(422)
		a.mustHave(`role="alert"`, `>`+long+`</textarea>`).mustNotHave(en.Refusals.ChooseAgain)
		ids, alts := a.kept()
		if len(ids) != 2 || strings.Join(alts, "|") != "the sea|" {
			t.Fatalf("kept %v with %q", ids, alts)
		}
		small := "/photos/" + ids[1] + "/small"
		a.mustHave(`src="` + small + `"`)
		ann.get(small).mustBe(200)
		bob.get(small).mustBe(404)

		again := form("key", "n.1", "body", "Shorter", "kept", ids[0], "kept", ids[1], "kept_alt", "the sea", "kept_alt", "a hill")
		bob.postMultipart(path, again).mustBe(422).mustHave(en.Refusals.PhotoGone).mustNotHave(small)
		ann.post(path, again).mustGoTo(views.RoomPath(room)) // a double click
		ann.postMultipart(path, again).mustGoTo(views.RoomPath(room))
		ann.get(views.RoomPath(room)).mustHave(`alt="the sea"`, `alt="a hill"`)
		if said := s.said(room); len(said) != 1 || said[0] != "Shorter" {
			t.Fatalf("said %q", said)
		}
		again.Set("body", "The same photos once more")
		again.Set("key", "n.2")
		ann.post(path, again).mustBe(422).mustHave(en.Refusals.PhotoGone).mustNotHave(`name="kept"`)
		again.Set("kept", "99999999")
		ann.post(path, again).mustBe(422).mustHave(en.Refusals.PhotoGone)

		// Describing them first; one is left out and another one added.
		a = ann.postMultipart(path, form("key", "n.3", "body", "Three", "describe", "each"), tinyPNG(t), tinyPNG(t)).mustBe(200)
		ids, _ = a.mustHave(">Three</textarea>").mustNotHave(`role="alert"`).kept()
		a = ann.postMultipart(path, form("key", "n.3", "body", "Three", "kept", ids[0], "kept", ids[1], "kept_alt", "out", "kept_alt",
			"in", "leave_out", ids[0], "alt", "new"), tinyPNG(t))
		a.mustGoTo(views.RoomPath(room))
		ann.get(views.RoomPath(room)).mustHave(`alt="in"`, `alt="new"`).mustNotHave(`alt="out"`)

		// The response names the file that is not a photo, and keeps the others.
		a = ann.postMultipart(path, form("key", "n.4", "body", "Four"), tinyPNG(t), []byte("notes")).mustBe(422).
			mustHave("photo.png: " + en.Profile.NotImage).mustNotHave(en.Refusals.ChooseAgain)
		if ids, _ := a.kept(); len(ids) != 1 {
			t.Errorf("kept %v beside what is no photo", ids)
		}
		ann.postMultipart(path, form("key", "n.4", "describe", "each"), []byte("notes")).mustBe(422).mustHave(en.Profile.NotImage)

		// The composer in the iframe sends them along in hidden fields.
		frame := views.RoomPath(room) + "/composer"
		a = ann.postMultipart(frame, form("key", "n.5", "body", long, "alt", "framed"), tinyPNG(t)).mustBe(422).
			mustHave(words.Fill(en.PhotoForm.Kept, "{what}", en.Message.Photo))
		ids, alts = a.kept()
		ann.post(frame, form("key", "n.5", "body", "Five", "kept", ids[0], "kept_alt", alts[0])).mustGoTo(frame)
		ann.get(views.RoomPath(room)).mustHave(`alt="framed"`)

		// An avatar cannot be sent in a message, and nothing is kept for strangers.
		ann.upload("/profile", "me.png", tinyPNG(t), nil).mustBe(303)
		face := itoa(ann.user().PhotoID)
		ann.post(path, form("key", "n.6", "body", "Six", "kept", face, "kept_alt", "")).mustBe(422)
		eve := s.person("eve")
		for _, to := range []string{path, frame} {
			eve.postMultipart(to, form("key", "n.7", "body", long), tinyPNG(t)).mustBe(404)
		}
		eve.postMultipart(path, form("describe", "each"), tinyPNG(t)).mustBe(404)
		if stored, _, err := s.store.PhotoUse(t.Context(), eve.id, s.clock.now()); err != nil || stored != 0 {
			t.Errorf("%d bytes of a stranger, %v", stored, err)
		}
	})
}
