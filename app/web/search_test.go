package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"parley/views"
)

func searchFor(query string, more ...string) string {
	v := url.Values{"q": {query}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return "/search?" + v.Encode()
}

var nextResults = regexp.MustCompile(`href="(/search\?[^"]*below=[^"]*)"`)

func TestSearchPage(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		c := newFixture(s)
		ann, bob := c.people["ann"], c.people["bob"]
		room := c.room["bob"]
		for _, body := range []string{"<b>Tea</b> & \"cake\"", "second line\nof tea"} {
			bob.post(views.RoomPath(room)+"/messages", form("body", body)).mustBe(303)
		}
		bob.post(views.RoomPath(c.group)+"/messages", form("body", "TEA in the choir")).mustBe(303)
		a := ann.get(searchFor("tea")).mustBe(200)
		for _, want := range []string{"&lt;b&gt;<mark>Tea</mark>&lt;/b&gt; &amp; &#34;cake&#34;</span>",
			"second line\nof <mark>tea</mark></span>",
			"<mark>TEA</mark> in the choir", "<bdi>bob</bdi></strong> in <bdi>Choir</bdi>", "<bdi>bob</bdi></strong> to <bdi>ann</bdi>",
			fmt.Sprintf(`href="/rooms/%d?around=3#m-3"`, room), `value="tea"`} {
			if !strings.Contains(a.body, want) {
				t.Errorf("no %s in %s", want, a.body)
			}
		}
		if strings.Index(a.body, "TEA") > strings.Index(a.body, "second") {
			t.Error("the newest is not first")
		}
		only := ann.get(searchFor("tea", "room", fmt.Sprint(c.group), "author", "bob")).mustBe(200)
		if strings.Count(only.body, "<mark>") != 1 || !strings.Contains(only.body, fmt.Sprintf(`value="%d" selected`, c.group)) {
			t.Errorf("one room: %s", only.body)
		}
		for _, who := range []string{"cem", "dan", "eve"} {
			if found := c.people[who].get(searchFor("tea")).mustBe(200); strings.Contains(found.body, "<mark>") {
				t.Errorf("%s finds %s", who, found.body)
			}
			c.people[who].get(searchFor("tea", "room", fmt.Sprint(c.group))).mustBe(404)
			c.people[who].get(searchFor("", "room", fmt.Sprint(c.group))).mustBe(404)
		}
		ann.get("/search?room=" + fmt.Sprint(room)).mustBe(200)
		for _, odd := range []string{"below=1-2", "below=-1-2-3", "below=x-1-1", "below=1-1-99999999999999999999", "room=x", "room=0"} {
			ann.get(searchFor("tea") + "&" + odd).mustBe(200)
		}
		for _, wordless := range []string{"%", "_", `"`, "\\", "' --", strings.Repeat("a ", 20)} {
			a := ann.get(searchFor(wordless)).mustBe(422)
			if !strings.Contains(a.body, `role="alert"`) {
				t.Errorf("no alert about %q", wordless)
			}
		}
	})
}

// TestSearchTellsFriendsApart finds what two friends of the same name said, each in the room of the two.
func TestSearchTellsFriendsApart(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann, ben, dot := s.person("ann"), s.person("ben"), s.person("dot")
	for _, b := range []*browser{ben, dot} {
		b.post("/profile", form("display_name", "Ben")).mustBe(303)
		b.says(s.befriend(ann, b), "tea by @"+b.user().Username)
	}
	for _, query := range []string{"tea", "dot"} { // of which one finds only one of them
		ann.get(searchFor(query)).mustHave("<bdi>Ben (@dot)</bdi></strong> to <bdi>ann</bdi>")
	}
	ann.get(searchFor("tea")).mustHave("<bdi>Ben (@ben)</bdi></strong> to <bdi>ann</bdi>")
}

func TestSearchPages(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	room := s.befriend(list[0], list[1])
	for i := range 45 {
		list[0].post(views.RoomPath(room)+"/messages", form("body", fmt.Sprint("number ", i))).mustBe(303)
	}
	seen, path := 0, searchFor("number")
	for path != "" {
		a := list[1].get(path).mustBe(200)
		seen += strings.Count(a.body, "<mark>")
		next := nextResults.FindStringSubmatch(a.body)
		if path = ""; next != nil {
			path = strings.ReplaceAll(next[1], "&amp;", "&")
		}
	}
	if seen != 45 {
		t.Errorf("%d of 45 found", seen)
	}
}

// TestSearchIsRateLimited checks the limit of five searches a second, twenty at once.
func TestSearchIsRateLimited(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	ann := s.person("ann")
	refused := 0
	for range 60 {
		if a := ann.get(searchFor("tea")); a.status == http.StatusTooManyRequests {
			refused++
			if a.header.Get("Retry-After") == "" || !strings.Contains(a.body, en.Search.TooFast) || !strings.Contains(a.body, `value="tea"`) {
				t.Errorf("refused with %v %s", a.header, a.body)
			}
		}
	}
	if refused == 0 {
		t.Error("searches have no limit")
	}
}
