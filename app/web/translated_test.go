package web

import (
	"fmt"
	"html"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/views"
	"parley/views/words"
)

// TestPagesAreFullyTranslated loads all pages in the other languages, with something in every list, and
// looks for Parley's sentences in English.
func TestPagesAreFullyTranslated(t *testing.T) {
	t.Parallel()
	c := newFixture(start(t, options{}))
	c.fill()
	for _, w := range words.Languages()[1:] {
		t.Run(w.Lang, func(t *testing.T) {
			english := onlyIn(words.English(), w)
			seen := map[string]bool{} // most texts are on many pages
			for name, who := range c.people {
				if name != "out" {
					who.post("/profile", form("language", w.Lang)).mustBe(303)
				}
				for _, path := range c.pages(name) {
					page := who.get(path, "Accept-Language: "+w.Lang)
					fragment := strings.HasSuffix(path, "/people") // for the composer's script
					if !strings.Contains(page.body, `<html lang="`+w.Lang+`">`) && page.status != 303 && !fragment {
						t.Errorf("%s, %s: the page does not say its language", name, path)
					}
					mustNotContainEnglish(t, english, seen, name+", "+path, page.body)
				}
				for path, fields := range refused {
					mustNotContainEnglish(t, english, seen, name+", POST "+path, who.post(c.at(path), form(fields...), "Accept-Language: "+w.Lang).body)
				}
			}
			document := c.people["ann"].watchPage(views.RoomPath(c.room["ann"]) + "/live")
			c.site.says(c.people["bob"], c.room["ann"], "zz")
			document.await("zz")
			streamed, _ := document.all()
			mustNotContainEnglish(t, english, seen, "the streamed page", streamed)
		})
	}
}

// fill puts one of everything that can be shown into the rooms.
func (c *fixture) fill() {
	ann, bob := c.people["ann"], c.people["bob"]
	for _, room := range []uint64{c.room["ann"], c.group} {
		seq := bob.says(room, "zz zz")
		bob.says(room, "zz", "reply_to", fmt.Sprint(seq))
		ann.post(messageAt(room, seq)+"/react", form("emoji", "👍")).mustBe(303)
		bob.post(messageAt(room, seq)+"/edit", form("body", "zz")).mustBe(303)
		gone := ann.says(room, "zz")
		ann.post(messageAt(room, gone)+"/delete", nil).mustBe(303)
		ann.sends(room, "", fmt.Sprint("two", room), []string{"", "zz"}, [][]byte{tinyPNG(c.site.t), tinyPNG(c.site.t)}).mustBe(303)
		bob.says(room, "@ann zz")
	}
	ann.post(views.RoomPath(c.group)+"/name", form("name", "Zz")).mustBe(303)
	ann.post(views.RoomPath(c.group)+"/members/bob/owner", nil).mustBe(303)
	bob.post(views.RoomPath(c.group)+"/members/ann/owner", nil).mustBe(303)
	ann.post(views.RoomPath(c.group)+"/mute", form("muted", "yes")).mustBe(303)
	c.moderate()
	ann.post("/friends", form("username", "dan")).mustBe(303)
	ann.invites("uses", "2", "room", fmt.Sprint(c.group))
	c.people["cem"].post("/friends", form("username", "ann")).mustBe(303)
}

// moderate does what moderators do in the group, and leaves it open for all.
func (c *fixture) moderate() {
	ann, group := c.people["ann"], views.RoomPath(c.group)
	pinned, gone := c.people["bob"].says(c.group, "zz"), c.people["bob"].says(c.group, "zz")
	ann.post(messageAt(c.group, gone)+"/delete", nil).mustBe(303)
	for _, off := range []string{"", "1"} {
		ann.post(messageAt(c.group, pinned)+"/pin", form("off", off)).mustBe(303)
		ann.post(group+"/members/fay/moderator", form("off", off)).mustBe(303)
	}
	ann.post(messageAt(c.group, pinned)+"/pin", nil).mustBe(303)
	for _, set := range []string{"/members/hal/ban", "/members/hal/unban"} {
		ann.post(group+set, nil).mustBe(303)
	}
	ann.post(group+"/moderation", form("slow", "30", "posting", "moderators")).mustBe(303)
	ann.post(group+"/moderation", form("slow", "0", "posting", "everybody")).mustBe(303)
}

func messageAt(room, seq uint64) string { return fmt.Sprint(views.RoomPath(room), "/messages/", seq) }

// at fills in a direct room and the group.
func (c *fixture) at(path string) string {
	return strings.NewReplacer("ROOM", views.RoomPath(c.room["ann"]), "GROUP", views.RoomPath(c.group)).Replace(path)
}

// pages returns the addresses of the site map, and some with a query.
func (c *fixture) pages(who string) (paths []string) {
	for _, r := range routes {
		if r.method == "GET" && (r.kind == page || r.kind == iframe) && !strings.HasSuffix(r.path, "/live") {
			paths = append(paths, c.path(r.path, who, true), c.path(r.path, who, false))
		}
	}
	for _, path := range []string{"ROOM?before=4", "ROOM?around=3", "ROOM?after=2", "ROOM?reply=3", "ROOM?as=wait", "ROOM?as=plain",
		"ROOM/wait",
		"ROOM/messages/3", "ROOM/messages/4", "GROUP", "GROUP/messages/6", "GROUP/members", "/search?q=zz", "/search?q=nobody",
		"/search?q=zz&author=bob", "GROUP/pins", "GROUP/moderation", "GROUP/messages/9",
		"/search?q=%21", "/profile?saved=1", "/people/ann", "/people/bob", "/people/cem", "/people/dan", "/people/eve"} {
		paths = append(paths, c.at(path))
	}
	return paths
}

// refused are forms that come back with an alert.
var refused = map[string][]string{
	"/sign-in": {"username", "nobody", "password", "zz"}, "/sign-up": {"username", "z", "password", "z"},
	"/friends": {"username", "not here"}, "/friends/bob/accept": nil, "/rooms": {"name", ""},
	"/profile":              {"display_name", "\u202e", "time_zone", "Zz"},
	"ROOM/messages":         {"body", ""},
	"ROOM/composer":         {"body", ""},
	"GROUP/members":         {"username", "dan"},
	"GROUP/name":            {"name", ""},
	"ROOM/messages/3/react": {"emoji", "zz"},
	"/profile/password":     {"current", "zz", "password", "zz"},
	"/profile/codes":        {"current", "zz"},
	"/forgot":               {"username", "zz"},
	"/recover":              {"username", "nobody", "code", "zz", "password", "zz zz zz zz zz"},
}

var (
	markupOf = regexp.MustCompile(`<[^>]*>`)
	saidIn   = regexp.MustCompile(` (?:alt|title|placeholder|aria-label|data-[a-z-]+)="([^"]*)"`)
	letters  = regexp.MustCompile(`\pL{3,}`)
)

// mustNotContainEnglish checks that a page has none of the sentences in a text not yet seen, neither between tags nor in the
// attributes that are read aloud.
func mustNotContainEnglish(t *testing.T, sentences []string, seen map[string]bool, what, page string) {
	t.Helper()
	texts := strings.FieldsFunc(markupOf.ReplaceAllString(page, "\x00"), func(r rune) bool { return r == 0 })
	for _, found := range saidIn.FindAllStringSubmatch(page, -1) {
		texts = append(texts, found[1])
	}
	for _, text := range texts {
		text = strings.TrimSpace(html.UnescapeString(text))
		if seen[text] {
			continue
		}
		seen[text] = true
		for _, sentence := range sentences {
			if text == sentence || strings.Contains(sentence, " ") && strings.Contains(text, sentence) {
				t.Errorf("%s has %q in English", what, text)
			}
		}
	}
}

// onlyIn returns the texts of a language that another one does not have, split at the places of names.
func onlyIn(one, other *words.Catalog) (texts []string) {
	theirs := textsOf(reflect.ValueOf(*other))
	for _, text := range textsOf(reflect.ValueOf(*one)) {
		if !slices.Contains(theirs, text) && text != one.Self {
			texts = append(texts, text)
		}
	}
	return texts
}

var spots = regexp.MustCompile(`\{\w+\}|\d+`)

func textsOf(v reflect.Value) (texts []string) {
	switch v.Kind() {
	case reflect.String:
		for _, text := range spots.Split(v.String(), -1) {
			if text = strings.TrimSpace(text); letters.MatchString(text) {
				texts = append(texts, text)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			texts = append(texts, textsOf(v.Field(i))...)
		}
	case reflect.Array:
		for i := range v.Len() {
			texts = append(texts, textsOf(v.Index(i))...)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			texts = append(texts, textsOf(v.MapIndex(key))...)
		}
	case reflect.Func:
		for n := range 2 {
			texts = append(texts, textsOf(v.Call(slices.Repeat([]reflect.Value{reflect.ValueOf(n + 1)}, v.Type().NumIn()))[0])...)
		}
	}
	return texts
}
