package web

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/db"
	"parley/views"
)

// bringIn puts somebody into many groups of somebody else, with one message in each, as months of the daily
// number would.
func (s *site) bringIn(n int, maker, victim *browser) {
	s.t.Helper()
	ctx, at := s.t.Context(), time.Now().UTC().Add(-time.Hour).Truncate(time.Microsecond)
	for first := 0; first < n; first += 100 {
		must(s.t, s.store.Tx(ctx, func(tx *db.DB) error {
			for i := first; i < min(first+100, n); i++ {
				at = at.Add(time.Millisecond)
				r := db.Room{Kind: db.RoomGroup, Name: fmt.Sprint("Group ", i), IsOpen: true, OwnerID: maker.id, MakerID: maker.id,
					Epoch: 1, LastSeq: 2, SaidSeq: 2, CreatedAt: at}
				if err := tx.CreateRoom(ctx, &r); err != nil {
					return err
				}
				for _, user := range []uint64{maker.id, victim.id} {
					if err := tx.AddMember(ctx, r.ID, user, 1); err != nil {
						return err
					}
				}
				key := "k"
				if err := tx.InsertMessages(ctx, []db.Message{
					{RoomID: r.ID, Seq: 1, Kind: db.KindGroupCreated, AuthorID: maker.id, Body: r.Name, CreatedAt: at},
					{RoomID: r.ID, Seq: 2, Kind: db.KindText, AuthorID: maker.id, Body: "look at this", ClientKey: &key, CreatedAt: at},
				}); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

var (
	roomLink = regexp.MustCompile(`<a href="/rooms/(\d+)" id="room-`)
	nextPage = regexp.MustCompile(`href="(/rooms\?after=[0-9-]+)"`)
)

// TestAThousandGroupsStayAPage checks what a friend who makes endless groups can do to somebody's pages
// and streams, and that every room can be reached and every group left.
func TestAThousandGroupsStayAPage(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob", "eve")
		ann, bob, eve := list[0], list[1], list[2]
		room := s.befriend(ann, bob)
		s.befriend(ann, eve)
		pages := []string{views.RoomPath(room), "/rooms", "/search", "/friends", "/rooms/new", "/profile"}
		paths := []string{eventsPath(room), "/events", "/events?page=friends", "/events?page=other", "/events?page=room&room=" + itoa(room)}
		few := map[string]int{}
		for _, path := range pages {
			few[path] = len(ann.get(path).mustBe(200).body)
		}
		const groups = 1500
		s.bringIn(groups, eve, ann)
		for _, path := range pages {
			size, most := len(ann.get(path).mustBe(200).body), 2*few[path]
			switch path {
			case "/rooms": // shows more rooms than there were, but no more than a page
				most += 30 * 1000
			case "/search":
				most += 100 * 100
			}
			if t.Logf("%s: %d bytes instead of %d", path, size, few[path]); size > most {
				t.Errorf("%s has %d bytes instead of %d", path, size, few[path])
			}
		}

		for i, path := range paths {
			l, text := ann.listen(path), fmt.Sprint("hello through stream ", i)
			l.await("the lists", says("requests"))
			bob.say(room, text)
			if path != "/events?page=other" && path != "/events?page=friends" {
				l.await("the message in the list", says(text))
			} else {
				s.befriend(ann, s.person("friend"+path[len(path)-5:]))
			}
			for _, e := range l.all() {
				shown := len(roomLink.FindAllString(e.data, -1))
				most := map[string]int{paths[1]: 30, paths[2]: 0, paths[3]: 0}
				limit, known := most[path]
				if !known {
					limit = 16
				}
				if shown > limit || len(e.data) > 40_000 {
					t.Errorf("%s: %d rooms in %d bytes", path, shown, len(e.data))
				}
			}
			l.hangUp()
		}

		// A room that is far down in the list is in it while it is open.
		seen, next := map[string]int{}, "/rooms"
		var last string
		for pages := 0; next != ""; pages++ {
			if pages > 60 {
				t.Fatal("the list has no end")
			}
			page := ann.get(next).mustBe(200).body
			for _, found := range roomLink.FindAllStringSubmatch(page, -1) {
				seen[found[1]]++
				last = found[1]
			}
			if next != "/rooms" && (strings.Contains(page, "<iframe") || !strings.Contains(page, "/events?page=other")) {
				t.Errorf("%s updates by itself", next)
			}
			if found := nextPage.FindStringSubmatch(page); found != nil {
				next = found[1]
			} else {
				next = ""
			}
		}
		if len(seen) < groups+2 {
			t.Errorf("%d rooms can be reached", len(seen))
		}
		for id, times := range seen {
			if times != 1 {
				t.Errorf("room %s is listed %d times", id, times)
			}
		}
		open := "/rooms/" + last
		ann.get(open).mustBe(200).mustHave(`<a href="`+open+`" id="room-`+last+`" aria-current="page"`, en.Rooms.Older)
		l := ann.listen(eventsPath(parseSeq(last)))
		bob.say(room, "and now?")
		e := l.await("the list", says("and now?"))
		if !strings.Contains(e.data, `<a href="`+open+`"`) {
			t.Errorf("the stream of %s lost it from the list", open)
		}
	})
}

// TestFriendsComeByThePage checks the pages of the lists of people, their links, and that an action on a
// later page comes back to it.
func TestFriendsComeByThePage(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann := s.person("ann")
		pairs := map[db.PairList]int{db.ListFriends: 120, db.ListReceived: 60, db.ListBlocked: 60}
		for list, n := range pairs {
			for i := range n {
				u := db.User{Username: fmt.Sprintf("p%d-%03d", list, i), DisplayName: "Person", PasswordHash: "x", TimeZone: "UTC", CreatedAt: time.Now().UTC()}
				must(t, s.store.CreateUser(t.Context(), &u))
				must(t, s.store.Tx(t.Context(), func(tx *db.DB) error {
					f, err := tx.LockPair(t.Context(), ann.id, u.ID, time.Now().UTC())
					if err != nil {
						return err
					}
					f.State, f.RequestedBy, f.ChangedAt = db.PairFriends, u.ID, time.Now().UTC().Truncate(time.Microsecond)
					switch list {
					case db.ListReceived:
						f.State = db.PairRequested
					case db.ListBlocked:
						f.State = db.PairApart
						f.SetBlocks(ann.id, true)
					}
					return tx.SavePair(t.Context(), f)
				}))
			}
		}
		first := ann.get("/friends").mustBe(200).mustHave(`<span class="count">50+</span>`, en.Friends.MoreFriends, en.Friends.MoreIncoming, en.Friends.MoreBlocked)
		if n := strings.Count(first.body, `<li data-username="`); n != 150 {
			t.Errorf("the first page has %d people", n)
		}
		first.mustHave(`id="requests" data-count="60"`)
		person := regexp.MustCompile(`<li data-username="([^"]+)"`)
		for name, list := range map[string]db.PairList{"friends": db.ListFriends, "requests": db.ListReceived, "blocked": db.ListBlocked} {
			more := regexp.MustCompile(`href="(/friends\?list=` + name + `&amp;after=[0-9-]+)"`)
			seen, page := map[string]int{}, first.body
			for _, found := range person.FindAllStringSubmatch(page, -1) {
				if strings.HasPrefix(found[1], fmt.Sprintf("p%d-", list)) {
					seen[found[1]]++
				}
			}
			for {
				found := more.FindStringSubmatch(page)
				if found == nil {
					break
				}
				page = ann.get(strings.ReplaceAll(found[1], "&amp;", "&")).mustBe(200).mustHave(en.Friends.Back).body
				for _, found := range person.FindAllStringSubmatch(page, -1) {
					seen[found[1]]++
				}
			}
			if len(seen) != pairs[list] {
				t.Errorf("%s: %d people", name, len(seen))
			}
			for who, times := range seen {
				if times != 1 {
					t.Errorf("%s is listed %d times", who, times)
				}
			}
		}
		second := strings.ReplaceAll(regexp.MustCompile(`href="(/friends\?list=blocked&amp;after=[0-9-]+)"`).FindStringSubmatch(first.body)[1], "&amp;", "&")
		_, query, _ := strings.Cut(second, "?")
		who := person.FindStringSubmatch(ann.get(second).mustHave("?" + strings.ReplaceAll(query, "&", "&amp;") + `"`).body)[1]
		ann.post("/friends/"+who+"/unblock?"+query, nil, acceptsHTML).mustGoTo(second)
		ann.get(second).mustBe(200).mustHave(en.Friends.Unblocked).mustNotHave(`data-username="` + who + `"`)
		fragment := ann.post("/friends/"+person.FindStringSubmatch(ann.get(second).body)[1]+"/unblock?"+query, nil, "HX-Request: true").mustBe(200)
		if n := len(person.FindAllString(fragment.body, -1)); n != 8 {
			t.Errorf("the fragment has %d people", n)
		}
		for _, odd := range []string{"list=blocked&after=x", "list=nothing&after=1-1", "after=1-1", "list=friends"} {
			ann.get("/friends?" + odd).mustBe(200).mustHave(en.Friends.MoreFriends)
		}
		ann.get("/rooms/new").mustBe(200).mustHave(en.Group.OthersLater)
		if n := strings.Count(ann.get("/rooms/new").body, `name="username"`); n != 50 {
			t.Errorf("%d friends to choose from", n)
		}
	})
}

// TestMembersComeByThePage checks that the members of a group of a hundred are on two pages.
func TestMembersComeByThePage(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann := s.person("ann")
	room := ann.makesGroup("Large")
	for i := range 99 {
		u := db.User{Username: fmt.Sprintf("member%02d", i), DisplayName: "Member", PasswordHash: "x", TimeZone: "UTC", CreatedAt: time.Now().UTC()}
		must(t, s.store.CreateUser(t.Context(), &u))
		must(t, s.store.AddMember(t.Context(), room, u.ID, 1))
	}
	path := views.RoomPath(room) + "/members"
	ids, err := s.store.MembersFrom(t.Context(), room, db.MemberPosition{}, 50)
	must(t, err)
	after := "?after=" + formatMemberPosition(ids[49])
	first := ann.get(path).mustBe(200).mustHave(`<span class="count">100</span>`, `href="`+path+after+`"`, en.Group.MoreMembers)
	second := ann.get(path+after).mustBe(200).mustHave(`<span class="count">100</span>`, `href="`+path+`"`, en.Group.FirstMembers)
	both := first.body + second.body
	if a, b := strings.Count(first.body, `<li data-username="`), strings.Count(second.body, `<li data-username="`); a != 50 || b != 50 {
		t.Errorf("%d and %d members", a, b)
	}
	for i := range 99 {
		if n := strings.Count(both, fmt.Sprintf(`<li data-username="member%02d"`, i)); n != 1 {
			t.Errorf("member %d is listed %d times", i, n)
		}
	}
	for _, odd := range []string{"50", "x", "-1", "1-", "1-0", "999-1", "99999999999999999999-1"} {
		ann.get(path + "?after=" + odd).mustBe(200).mustHave(`<li data-username="`)
	}
	// The buttons lead back to the page that they are on, until nobody is left there.
	for _, member := range regexp.MustCompile(`<li data-username="(\w+)"`).FindAllStringSubmatch(second.body, -1) {
		remove := path + "/" + member[1] + "/remove" + after
		if !strings.Contains(second.body, `action="`+remove+`"`) {
			t.Fatalf("no %s", remove)
		}
		ann.post(remove, nil).mustGoTo(path + after)
	}
	ann.get(path+after).mustBe(200).mustHave(`<span class="count">50</span>`, `<li data-username="member00"`).mustNotHave(en.Group.FirstMembers)
}

// TestGroupsOfADayAreCounted checks what a form says when the daily limit is used up, and that what was
// typed is kept.
func TestGroupsOfADayAreCounted(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	list := s.people("ann", "bob")
	s.befriend(list[0], list[1])
	for i := range 30 {
		s.clock.pass(time.Second)
		a := list[0].post("/rooms", form("name", fmt.Sprint("Group ", i), "username", "bob"))
		if a.status == 303 {
			continue
		}
		a.mustBe(429).mustHave(en.Group.TooManyToday, fmt.Sprintf(`value="Group %d"`, i), `value="bob" checked`)
		if i < 10 || parseSeq(a.header.Get("Retry-After")) < 60 {
			t.Errorf("after %d groups: Retry-After is %q", i, a.header.Get("Retry-After"))
		}
		return
	}
	t.Error("30 groups in a day")
}
