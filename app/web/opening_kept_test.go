package web

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/e2e/rig"
	"parley/views"
	"parley/views/words"
)

// keptPages is a site whose pages are read while another process changes what they show. No signal connects the two.
type keptPages struct {
	reading, writing *site
}

func onOneDatabase(t *testing.T, test func(t *testing.T, k keptPages)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { // has one process, so the pages are as close to the changes as they can get
		t.Parallel()
		s := start(t, options{})
		test(t, keptPages{s, s})
	})
	t.Run("mysql", func(t *testing.T) {
		t.Parallel()
		address := rig.MySQL(t)
		writing := start(t, options{database: address})
		test(t, keptPages{start(t, options{database: address}), writing})
	})
}

var draftKey = regexp.MustCompile(`name="key" value="[^"]*"`)

// opens returns what somebody's room opens with, as a browser that marks itself what was seen, and the list of rooms.
func (k keptPages) opens(b *browser, room uint64) string {
	there := b.copy()
	there.site = k.reading
	a := there.get(views.RoomPath(room), "Sec-Fetch-Dest: document")
	return fmt.Sprint(a.status, draftKey.ReplaceAllString(a.body, "key"), there.get("/rooms").body)
}

// check compares what rooms open with and the lists of rooms twice in a row, the second time from the caches, with pages
// that are read and rendered. It returns them by the names of the people.
func (k keptPages) check(what string, room uint64, people ...*browser) map[string]string {
	t := k.reading.t
	t.Helper()
	c := k.reading.server.chat
	shown := map[string]string{}
	for _, b := range people {
		first, hits := k.opens(b, room), c.Stats.PagesKept.Load()
		second := k.opens(b, room)
		if c.Stats.PagesKept.Load() == hits && strings.HasPrefix(first, "200") {
			t.Errorf("%s: the page of %s was not kept", what, b.name)
		}
		pages, lines, items := c.Pages, c.Lines, k.reading.server.items
		c.Pages, c.Lines, k.reading.server.items = nil, nil, withoutItems()
		want := k.opens(b, room)
		c.Pages, c.Lines, k.reading.server.items = pages, lines, items
		for _, got := range []string{first, second} {
			if got != want {
				t.Errorf("%s: the page of %s is not the one that is read now: %s", what, b.name, difference(got, want))
			}
		}
		shown[b.name] = second
	}
	return shown
}

// difference returns where two texts begin to differ.
func difference(got, want string) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	from := max(0, i-80)
	return fmt.Sprintf("%q instead of %q", got[from:min(len(got), i+160)], want[from:min(len(want), i+160)])
}

// TestKeptPagesAreNeverOld changes all that a room page shows, one after the other, from another process. Each page that
// is loaded next shows it, byte for byte as it is without a cache.
func TestKeptPagesAreNeverOld(t *testing.T) {
	t.Parallel()
	onOneDatabase(t, testKeptPages)
}

func testKeptPages(t *testing.T, k keptPages) {
	s, ctx := k.writing, t.Context()
	root := s.administrator("root")
	ann, bob, cem, dan := circle(s)
	eve, fay := s.person("eve"), s.person("fay")
	s.befriend(ann, eve)
	room := ann.makesGroup("Choir", bob, cem, dan)
	path := views.RoomPath(room)
	must(t, s.store.SetProfile(ctx, cem.id, "Cem", "Asia/Tokyo", "de"))
	early := ann.says(room, "before eve")
	ann.post(path+"/members", form("username", "eve")).mustBe(303)
	ann.says(room, "since eve")
	said := bob.says(room, "a text to change")
	photo := func() uint64 {
		bob.sends(room, "with a photo", "", []string{"a boat"}, [][]byte{tinyPNG(t)}).mustBe(303)
		log := s.messages(room)
		return log[len(log)-1].Seq
	}()
	open := root.opensRoom("Square", "of the town")
	bob.post(views.RoomPath(open)+"/join", nil).mustBe(303)
	square := views.RoomPath(open)
	pair := s.befriend(bob, fay)
	fay.says(pair, "hello @bob")
	friends, err := s.store.Pair(ctx, ann.id, cem.id)
	must(t, err)

	post := func(b *browser, path string, fields ...string) func() {
		return func() { b.post(path, form(fields...)).mustBe(303) }
	}
	profile := func(b *browser, name string) func() {
		return func() { must(t, s.store.SetProfile(ctx, b.id, name, "UTC", "")) }
	}
	group := []*browser{ann, bob, cem, eve}
	steps := []struct {
		what   string
		room   uint64
		people []*browser
		change func()
	}{
		{"a message", room, group, func() { bob.says(room, "something new") }},
		{"a mention", room, group, func() { bob.says(room, "is @dan there?") }},
		{"a reply", room, group, func() { bob.says(room, "an answer", "reply_to", itoa(said)) }},
		{"a reply to what one member does not see", room, group, func() { bob.says(room, "late answer", "reply_to", itoa(early)) }},
		{"an edit", room, group, post(bob, messagePath(room, said)+"/edit", "body", "a changed text")},
		{"an edit with a mention", room, group, post(bob, messagePath(room, said)+"/edit", "body", "a text for @ann")},
		{"an edit without it", room, group, post(bob, messagePath(room, said)+"/edit", "body", "a text for nobody")},
		{"a reaction", room, group, post(ann, messagePath(room, said)+"/react", "emoji", "👍")},
		{"a reaction taken back", room, group, post(ann, messagePath(room, said)+"/react", "emoji", "👍")},
		{"an alt text", room, group, post(bob, messagePath(room, photo)+"/photos/1", "alt", "a ship")},
		{"a pin", room, group, post(ann, messagePath(room, said)+"/pin")},
		{"an edit of what is pinned", room, group, post(bob, messagePath(room, said)+"/edit", "body", "pinned and changed")},
		{"an unpin", room, group, post(ann, messagePath(room, said)+"/pin", "off", "1")},
		{"a moderator", room, group, post(ann, path+"/members/bob/moderator", "on", "yes")},
		{"who may post", room, group, post(ann, path+"/moderation", "posting", "moderators")},
		{"the pace", room, group, post(ann, path+"/moderation", "slow", "60")},
		{"the room's name", room, group, post(ann, path+"/name", "name", "Chorus")},
		{"the room's photo", room, group, func() { ann.upload(path+"/photo", "x.png", tinyPNG(t), nil).mustBe(303) }},
		{"no photo of the room", room, group, post(ann, path+"/photo/remove")},
		{"how long it keeps messages", room, group, post(ann, path+"/retention", "days", "3")},
		{"a profile", room, group, profile(bob, "Robert")},
		{"the profile of somebody mentioned", room, group, profile(dan, "Daniel")},
		{"a name like another's, of somebody who never said anything", room, group, profile(dan, "Robert")},
		{"another name again", room, group, profile(dan, "Dan")},
		{"an avatar", room, group, func() { bob.upload("/profile", "x.png", tinyPNG(t), nil).mustBe(303) }},
		{"somebody who leaves", room, group, post(dan, path+"/leave")},
		{"somebody who is removed", room, group, post(ann, path+"/members/eve/remove")},
		{"somebody who comes back", room, group, post(ann, path+"/members", "username", "eve")},
		{"a ban", room, group, post(ann, path+"/members/eve/ban")},
		{"a deleted message", room, group, post(bob, messagePath(room, said)+"/delete")},
		{"a message that a moderator deletes", room, group, post(ann, messagePath(room, photo)+"/delete")},
		{"what was read", room, []*browser{cem}, post(cem, path+"/read")},
		{"what is unread again", room, []*browser{cem}, post(cem, messagePath(room, early)+"/unread")},
		{"the level", room, []*browser{cem}, post(cem, path+"/mute", "muted", "yes")},
		{"a block of the owner", room, []*browser{bob}, post(bob, "/friends/ann/block")},
		{"no block", room, []*browser{bob}, post(bob, "/friends/ann/unblock")},
		{"the owner", room, []*browser{ann, cem}, post(ann, path+"/members/cem/owner")},

		{"somebody who joins an open room", open, []*browser{root, bob}, post(fay, square+"/join")},
		{"another who joins", open, []*browser{root, bob, fay}, post(eve, square+"/join")},
		{"the profile of one in a line", open, []*browser{root, bob, fay}, profile(fay, "Faye")},
		{"what the room is about", open, []*browser{root, bob, fay}, post(root, square+"/name", "name", "Square", "about", "anything")},
		{"a room that is a group from now on", open, []*browser{root, bob, fay}, post(root, square+"/kind", "kind", "group")},

		{"a mention that goes with an account", pair, []*browser{fay}, func() {
			_, err := s.store.DeleteMentionsOf(ctx, bob.id, 10)
			must(t, err)
		}},
		{"an account that is deleted", pair, []*browser{fay}, func() { must(t, s.store.EraseUser(ctx, bob.id, "gone-1")) }},
		{"and is in a group", room, []*browser{ann, cem}, func() { must(t, s.store.EraseUser(ctx, dan.id, "gone-2")) }},
		{"a friendship that ends", friends.RoomID, []*browser{ann, cem}, post(cem, "/friends/ann/remove")},
		{"a restored backup", room, []*browser{ann, cem}, func() {
			_, err := s.store.ChangeEpochs(ctx, time.Now())
			must(t, err)
		}},
		{"what is too old", room, []*browser{ann, cem}, func() {
			s.clock.pass(4 * 24 * time.Hour)
			must(t, s.server.chat.EraseOld(ctx))
			s.clock.pass(-4 * 24 * time.Hour)
		}},
	}
	pages, german := k.check("at first", room, ann, cem), words.In("de").Message.More
	if strings.Contains(pages["ann"], german) || !strings.Contains(pages["cem"], german) {
		t.Error("a page is in the language of another")
	}
	for _, step := range steps {
		before := map[string]string{}
		for _, b := range step.people {
			before[b.name] = k.opens(b, step.room)
		}
		step.change()
		after := k.check(step.what, step.room, step.people...)
		changed := false
		for name := range after {
			changed = changed || after[name] != before[name]
		}
		if !changed {
			t.Errorf("%s changes no page, so this test shows nothing of it", step.what)
		}
	}
}

// TestKeptPagesAreForThoseWhoMaySeeThem opens a room for people who were there at different times, each after the
// others, so that the pages of all are kept.
func TestKeptPagesAreForThoseWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann, bob, cem, dan := circle(s)
		room := ann.makesGroup("Choir", bob, dan)
		path := views.RoomPath(room)
		ann.says(room, "early secret")
		ann.post(path+"/members", form("username", "cem")).mustBe(303)
		ann.says(room, "middle secret")
		ann.post(path+"/members/dan/remove", nil).mustBe(303)
		ann.says(room, "late secret")
		ann.post(path+"/members", form("username", "dan")).mustBe(303)
		ann.says(room, "for all")
		for range 2 {
			ann.get(path).mustHave("early secret", "middle secret", "late secret", "for all")
			bob.get(path).mustHave("early secret", "middle secret", "late secret", "for all")
			cem.get(path).mustHave("middle secret", "late secret", "for all").mustNotHave("early secret")
			dan.get(path).mustHave("early secret", "middle secret", "for all").mustNotHave("late secret")
		}
		ann.post(path+"/members/bob/remove", nil).mustBe(303)
		bob.get(path).mustBe(404)
		ann.get(path).mustHave("early secret")
	})
}

// TestManyOpenARoomThatChanges loads pages while others write: each shows what was there before it was asked for.
func TestManyOpenARoomThatChanges(t *testing.T) {
	t.Parallel()
	onOneDatabase(t, func(t *testing.T, k keptPages) {
		s := k.writing
		ann, bob := s.person("ann"), s.person("bob")
		room := s.befriend(ann, bob)
		const posts = 25
		var mu sync.Mutex
		committed := 0
		var all sync.WaitGroup
		all.Go(func() {
			for i := range posts {
				if i%2 == 0 {
					s.says(bob, room, fmt.Sprintf("text %d.", i))
				} else {
					must(t, s.store.SetProfile(t.Context(), bob.id, fmt.Sprintf("name %d.", i), "UTC", ""))
				}
				mu.Lock()
				committed = i + 1
				mu.Unlock()
			}
		})
		for _, b := range []*browser{ann, bob, ann.copy(), bob.copy()} {
			all.Go(func() {
				for now := 0; now < posts; {
					mu.Lock()
					now = committed
					mu.Unlock()
					page := k.opens(b, room)
					for i := range now {
						if i%2 == 0 && !strings.Contains(page, fmt.Sprintf("text %d.", i)) {
							t.Errorf("text %d was posted before the page was asked for, and is not on it", i)
						}
					}
					if i := now - 1 - now%2; i > 0 && strings.Contains(page, fmt.Sprintf("name %d.", i-2)) {
						t.Errorf("the name was %d before the page was asked for, and an older one is on it", i)
					}
				}
			})
		}
		all.Wait()
	})
}

// TestMetricsOfKeptPages counts hits and misses.
func TestMetricsOfKeptPages(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 3)
	for range 3 {
		ann.get(views.RoomPath(room)).mustBe(200)
	}
	bob.get(views.RoomPath(room)).mustBe(200) // sees the same
	for name, want := range map[string]float64{"parley_page_cache_hits_total": 3, "parley_page_cache_misses_total": 1, "parley_page_cache_entries": 2} {
		if got := s.metric(name); got != want {
			t.Errorf("%s is %v, not %v", name, got, want)
		}
	}
	if n := s.metric("parley_page_cache_bytes"); n < 1000 || n > 100_000 {
		t.Errorf("the pages of one room take %v bytes", n)
	}
	for name, want := range map[string]float64{"parley_line_cache_hits_total": 2, "parley_line_cache_misses_total": 2, "parley_line_cache_entries": 2} {
		if got := s.metric(name); got != want {
			t.Errorf("%s is %v, not %v", name, got, want)
		}
	}
}
