package web

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/app/export"
	"parley/views"
	"parley/views/words"
)

const exportPath = "/profile/export"

// unzipped are the files of an archive.
func unzipped(t *testing.T, body string) map[string]string {
	t.Helper()
	r, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	must(t, err)
	files := map[string]string{}
	for _, f := range r.File {
		if _, twice := files[f.Name]; twice || f.Name != path.Clean(f.Name) || path.IsAbs(f.Name) || strings.Contains(f.Name, "..") {
			t.Errorf("a file called %q", f.Name)
		}
		in, err := f.Open()
		must(t, err)
		text, err := io.ReadAll(in)
		must(t, err)
		files[f.Name] = string(text)
	}
	return files
}

func (b *browser) exports() map[string]string {
	b.site.t.Helper()
	a := b.post(exportPath, form("password", goodPassword)).mustBe(200)
	if kind, name := a.header.Get("Content-Type"), a.header.Get("Content-Disposition"); kind != "application/zip" ||
		!strings.HasPrefix(name, `attachment; filename="parley-`+b.name+"-") {
		b.site.t.Errorf("the archive is %s, %s", kind, name)
	}
	return unzipped(b.site.t.(*testing.T), a.body)
}

func entriesOf(t *testing.T, file string) (list []export.Entry) {
	t.Helper()
	must(t, json.Unmarshal([]byte(file), &list))
	return list
}

var references = regexp.MustCompile(` (?:href|src|action|data|srcset|poster)="([^"]*)"`)

// TestAnExportHasAllThatOneMaySee checks an archive: all messages of one's own time in a room and no others, photos,
// lists and the profile, as pages whose every link leads to a file of the archive, and as JSON.
func TestAnExportHasAllThatOneMaySee(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann, bob, cem, dan := circle(s)
		ann.upload("/profile", "ann.png", noise(t, 50, 40), form("display_name", `../../etc <b>"Ann"`)).mustBe(303)
		room := ann.makesGroup(`../..\\/<script>alert(1)</script>`, cem)
		ann.says(room, "before bob came")
		ann.post(views.RoomPath(room)+"/members", form("username", "bob")).mustBe(303)
		first := bob.says(room, `x"> href="/photos/1/small" <img src="/photos/1/small"> **bold** [a](https://example.org/?a=1&b=2) @ann`)
		ann.sends(room, "a photo", "p1", []string{"A cat"}, [][]byte{tinyPNG(t)}).mustBe(303)
		ann.says(room, "an answer", "reply_to", itoa(first))
		bob.post(messagePath(room, first)+"/react", form("emoji", "👍")).mustBe(303)
		ann.post(views.RoomPath(room)+"/members/bob/remove", nil).mustBe(303)
		ann.says(room, "while bob was away")
		ann.post(views.RoomPath(room)+"/members", form("username", "bob")).mustBe(303)
		gone := ann.says(room, "deleted since")
		ann.post(messagePath(room, gone)+"/delete", nil).mustBe(303)
		direct := s.befriend(bob, dan)
		s.says(dan, direct, "only for bob")
		bob.post(views.RoomPath(direct)+"/mute", form("level", "mentions")).mustBe(303)

		files := bob.exports()
		page, data := files[export.PagePath(room, 1)], files[export.DataPath(room, 1)]
		for _, text := range []string{"an answer", "<strong>bold</strong>", "../../style.css", `title="bob"`} {
			if !strings.Contains(page, text) {
				t.Errorf("the page lacks %q:\n%s", text, page)
			}
		}
		for _, text := range []string{"before bob came", "while bob was away", "deleted since", "<script", "<form", "href=\"/", "src=\"/"} {
			if strings.Contains(page, text) || strings.Contains(data, text) {
				t.Errorf("the page or the data has %q", text)
			}
		}
		for name, text := range files {
			if !strings.HasSuffix(name, ".html") {
				continue
			}
			for _, found := range references.FindAllStringSubmatch(text, -1) {
				file, _, _ := strings.Cut(found[1], "#")
				if _, there := files[path.Join(path.Dir(name), file)]; file != "" && !there && found[1] != "data:," && !strings.HasPrefix(found[1], "https://example.org/") {
					t.Errorf("%s leads to %s", name, found[1])
				}
			}
		}
		entries := entriesOf(t, data)
		kinds := map[string]int{}
		var photo, answer export.Entry
		for _, e := range entries {
			kinds[e.Kind]++
			switch e.Text {
			case "a photo":
				photo = e
			case "an answer":
				answer = e
			}
		}
		if len(photo.Photos) != 1 || photo.Photos[0].Alt != "A cat" || files[photo.Photos[0].File] == "" || photo.Author.Username != "ann" {
			t.Errorf("the photo: %+v", photo)
		}
		if answer.ReplyTo != first || kinds["text"] != 4 {
			t.Errorf("%+v, %v", answer, kinds)
		}
		var rooms []export.Room
		must(t, json.Unmarshal([]byte(files["rooms.json"]), &rooms))
		if len(rooms) != 3 || rooms[0].Entries == 0 {
			t.Errorf("rooms: %+v", rooms)
		}
		for _, r := range rooms {
			if r.Mentions != (r.ID == direct) || r.Muted {
				t.Errorf("room %d: only mentions: %v, muted: %v", r.ID, r.Mentions, r.Muted)
			}
		}
		var profile export.Profile
		must(t, json.Unmarshal([]byte(files["profile.json"]), &profile))
		if profile.Username != "bob" || len(profile.Sessions) != 1 || !profile.Sessions[0].Current || profile.Format != export.Format {
			t.Errorf("profile: %+v", profile)
		}
		var people export.People
		must(t, json.Unmarshal([]byte(files["friends.json"]), &people))
		if len(people.Friends) != 2 {
			t.Errorf("people: %+v", people)
		}
		for _, b := range []*browser{cem, dan} {
			for name, text := range b.exports() {
				if strings.Contains(text, "only for bob") != (b == dan && strings.HasPrefix(name, fmt.Sprintf("rooms/%d/", direct))) {
					t.Errorf("%s of %s and what is only for bob", name, b.name)
				}
			}
		}
	})
}

// TestAnExportNeedsThePassword checks the refusals: each beside its field.
func TestAnExportNeedsThePassword(t *testing.T) {
	t.Parallel()
	s, ann, _, _ := talked(t, options{limits: true}, 1)
	for _, w := range words.Languages() {
		ann.post(exportPath, form("password", "not this one"), "Accept-Language: "+w.Lang).mustBe(422).mustHave(w.Profile.WrongPassword, `id="export-password-problem" role="alert"`)
	}
	lease, err := s.server.exports.Begin(t.Context(), ann.id)
	must(t, err)
	for _, w := range words.Languages() {
		ann.post(exportPath, form("password", goodPassword), "Accept-Language: "+w.Lang).mustBe(409).mustHave(w.Own.Running)
	}
	must(t, lease.End())
	ann.exports()
	for _, other := range []uint64{1001, 1002} {
		lease, err := s.server.exports.Begin(t.Context(), other)
		must(t, err)
		defer func() { must(t, lease.End()) }()
	}
	ann.post(exportPath, form("password", goodPassword)).mustBe(503).mustHave(en.Own.Busy)
}

// TestExportsAreCounted checks that nobody can read everything all day long, and that an export that died is not in the
// way.
func TestExportsAreCounted(t *testing.T) {
	t.Parallel()
	onBoth(t, options{limits: true}, func(t *testing.T, s *site) {
		ann := s.person("ann")
		_, err := s.server.exports.Begin(t.Context(), ann.id) // and never ends
		must(t, err)
		ann.post(exportPath, form("password", goodPassword)).mustBe(409)
		s.clock.pass(2 * time.Minute)
		for range 9 {
			ann.exports()
		}
		ann.post(exportPath, form("password", goodPassword)).mustBe(429).mustHave(en.Own.TooMany)
		s.clock.pass(24 * time.Hour)
		ann.signInAgain()
		ann.exports()
	})
}

func templEscaped(text string) string { return strings.ReplaceAll(text, "'", "&#39;") }
