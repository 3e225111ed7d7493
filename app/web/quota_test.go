package web

import (
	"strings"
	"testing"
	"time"

	"parley/db"
)

// TestUploadsOverTheQuotaAreRefused is T34 over HTTP: a person with 200 MiB of photos gets a 413 with a sentence
// and their text, and nothing is stored.
func TestUploadsOverTheQuotaAreRefused(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 0)
	full := db.Photo{OwnerID: ann.id, Type: "image/png", Bytes: 200 << 20, CreatedAt: time.Now().UTC()}
	must(t, s.store.CreatePhoto(t.Context(), &full, []db.PhotoSize{{Size: "small", Data: []byte{1}}, {Size: "large", Data: []byte{1}}}))
	before := tableOf(dump(t, s.data), "photos")
	ann.sends(room, "look at this", "k", nil, [][]byte{tinyPNG(t)}).shouldBe(413).mustHave("look at this", `role="alert"`)
	ann.upload("/profile", "x.png", tinyPNG(t), nil).shouldBe(413).mustHave(`role="alert"`)
	if after := tableOf(dump(t, s.data), "photos"); after != before || !strings.Contains(before, "209715200") {
		t.Errorf("photos from\n%s\nto\n%s", before, after)
	}
	if said := s.said(room); len(said) != 0 {
		t.Errorf("said %q", said)
	}
	bob.upload("/profile", "x.png", tinyPNG(t), nil).shouldBe(303)
}
