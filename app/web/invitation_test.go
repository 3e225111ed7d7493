package web

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/views"
	"parley/views/words"
)

var joinLink = regexp.MustCompile(`<a href="(http[^"]*/join/([\w-]{22}))"`)

// invites makes an invitation with fields of the form, and returns the token of its link.
func (b *browser) invites(fields ...string) string {
	b.site.t.Helper()
	f := form("uses", "1", "days", "7")
	for i := 0; i < len(fields); i += 2 {
		if fields[i] == "room" {
			f.Add("room", fields[i+1])
		} else {
			f.Set(fields[i], fields[i+1])
		}
	}
	b.post("/invitations", f).mustGoTo("/invitations")
	link := joinLink.FindStringSubmatch(b.get("/invitations").mustBe(200).body)
	if link == nil {
		b.site.t.Fatal("the page has no link")
	}
	return link[2]
}

// joins signs somebody up by an invitation, and returns their browser.
func (s *site) joins(token, name string) *browser {
	s.t.Helper()
	b := s.visitor()
	b.get("/join/" + token).mustBe(200)
	a := b.post("/join/"+token, form("username", name, "password", goodPassword)).mustBe(303)
	if !strings.HasPrefix(a.header.Get("Location"), "/rooms") {
		s.t.Errorf("%s lands on %s", name, a.header.Get("Location"))
	}
	u, err := s.store.UserByName(s.t.Context(), name)
	must(s.t, err)
	b.name, b.id = name, u.ID
	return b
}

// TestAnInvitationLetsPeopleIn follows a link from its creation until it is used up.
func TestAnInvitationLetsPeopleIn(t *testing.T) {
	t.Parallel()
	onBoth(t, options{signUp: "invite"}, func(t *testing.T, s *site) {
		ann := s.person("ann")
		ann.post("/profile", form("display_name", "Ann <b>Archer</b>")).mustBe(303)
		choir, books := ann.makesGroup("Choir"), ann.makesGroup("Books & tea")
		token := ann.invites("uses", "3", "room", itoa(choir), "room", itoa(books))
		page := ann.get("/invitations")
		page.mustHave(`src="data:image/png;base64,`, `href="http://`+s.addr+"/join/"+token, en.Invite.Used(0, 3), "<bdi>Choir, Books &amp; tea</bdi>")
		if other := s.person("other"); strings.Contains(other.get("/invitations", "Cookie: "+other.cookie()+"; "+linkCookie+"="+token).body, token) {
			t.Error("another account is shown the link")
		}

		s.visitor().get("/sign-up").mustBe(200).mustHave(en.Invite.Needed).mustNotHave(`name="password"`)
		s.visitor().post("/sign-up", form("username", "zoe", "password", goodPassword)).mustBe(403).mustHave(en.Invite.Needed)
		visitor := s.visitor()
		visitor.get("/join/"+token).mustBe(200).mustHave("<bdi>Ann &lt;b&gt;Archer&lt;/b&gt;</bdi>", "<bdi>Choir</bdi>", `action="/join/`+token+`"`, `href="/sign-in?next=%2Fjoin%2F`+token+`"`)
		visitor.post("/join/"+token, form("username", "ann", "display_name", "Benno", "password", goodPassword)).mustBe(422).
			mustHave(en.Account.NameTaken, `value="ann"`, `value="Benno"`, `aria-invalid="true"`)
		visitor.post("/join/"+token, form("username", "ben", "display_name", "Ben\u202e", "password", "short")).mustBe(422).
			mustHave(`value="ben"`, en.Account.PasswordShort)

		ben := s.joins(token, "ben")
		ben.get("/rooms").mustHave("Choir", "Books &amp; tea", "Ann &lt;b&gt;Archer")
		ann.get("/friends").mustHave(`href="/people/ben"`)
		if last := s.messages(choir); len(last) != 2 || last[1].AuthorID != ann.id || last[1].AboutID != ben.id {
			t.Errorf("the log says %+v", last)
		}
		ben.get(views.RoomPath(choir)).mustHave(en.Message.MemberAdded[strings.Index(en.Message.MemberAdded, " added"):strings.Index(en.Message.MemberAdded, "{whom}")])

		cem := s.person("cem") // has an account
		out := s.visitor()
		out.get("/sign-in?next=/join/" + token).mustBe(200).mustHave(`value="/join/` + token + `"`)
		cem.get("/join/"+token).mustBe(200).mustHave(en.Invite.Accept, "<bdi>Choir</bdi>").mustNotHave(`name="password"`)
		cem.post("/join/"+token, nil).mustGoTo("/rooms")
		cem.post("/join/"+token, nil).mustGoTo("/rooms") // pressed twice
		cem.get("/join/" + token).mustGoTo("/rooms")
		ann.get("/join/" + token).mustBe(200).mustHave(en.Invite.Own).mustNotHave(en.Invite.Accept)
		ann.post("/join/"+token, nil).mustBe(422).mustHave(en.Invite.Own)
		ann.get("/invitations").mustHave(en.Invite.Used(2, 3))

		s.joins(token, "dan")
		ann.get("/invitations").mustHave(en.Invite.Used(3, 3), en.Invite.UsedUp).mustNotHave("/join/")
		s.visitor().get("/join/" + token).mustBe(404)
	})
}

// TestALinkThatIsOverSaysNothing is T56: used up, expired, revoked, of somebody who blocks, and unknown links get
// the same page.
func TestALinkThatIsOverSaysNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann, bob := s.person("ann"), s.person("bob")
		s.befriend(ann, bob)
		used := ann.invites()
		s.joins(used, "cem")
		revoked := ann.invites("uses", "2")
		mine, _, err := s.server.invites.Mine(t.Context(), ann.user(), 0)
		must(t, err)
		revoke := "/invitations/" + itoa(mine[0].ID) + "/revoke"
		bob.post(revoke, nil).mustBe(404)
		s.visitor().get("/join/" + revoked).mustBe(200)
		ann.post(revoke, nil).mustGoTo("/invitations")
		ann.post(revoke, nil).mustGoTo("/invitations")
		expired := ann.invites("days", "1")
		s.clock.pass(24 * time.Hour)
		open := ann.invites("uses", "5")
		ann.post("/friends/bob/block", nil).mustBe(303)

		dan := s.person("dan")
		var pages []string
		for _, token := range []string{used, revoked, expired, strings.Repeat("A", 22), "x", "%00", open + "A", open[:21] + "_"} {
			for _, b := range []*browser{s.visitor(), dan} {
				page := b.get("/join/" + token).mustBe(404)
				page.mustHave(en.Invite.Gone.Title)
				posted := b.post("/join/"+token, form("password", goodPassword)).mustBe(404)
				pages = append(pages, page.body, posted.body)
			}
			s.clock.pass(time.Minute) // or there are too many from one address
		}
		for i, page := range pages {
			if page != pages[i%4] {
				t.Errorf("page %d differs:\n%s", i, page)
			}
		}
		if page := bob.get("/join/" + open).mustBe(404); strings.ReplaceAll(page.body, "bob", "dan") == "" || !strings.Contains(page.body, en.Invite.Gone.Title) {
			t.Error("somebody who is blocked gets another page")
		}
		bob.post("/join/"+open, nil).mustBe(404)
		eve := s.person("eve")
		s.befriend(eve, ann)
		eve.post("/friends/ann/block", nil).mustBe(303)
		eve.post("/join/"+open, nil).mustBe(422).mustHave(en.Friends.Blocking)
		for _, who := range []*browser{bob, eve} {
			if pair, err := s.store.Pair(t.Context(), ann.id, who.id); err != nil || pair.State == "friends" {
				t.Errorf("%s: %+v, %v", who.name, pair, err)
			}
		}
	})
}

// TestInvitationsAreRefusedWithASentence checks what the form says, in every language, and that it keeps what was
// typed.
func TestInvitationsAreRefusedWithASentence(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true})
	list := s.people("ann", "bob")
	ann, bob := list[0], list[1]
	s.befriend(ann, bob)
	theirs, mine := bob.makesGroup("Chess", ann), ann.makesGroup("Choir")
	for _, w := range words.Languages() {
		language := "Accept-Language: " + w.Lang
		for _, one := range []struct{ uses, days, room, want string }{
			{"0", "7", "", w.Invite.BadUses}, {"101", "7", "", w.Invite.BadUses}, {"", "7", "", w.Invite.BadUses}, {"-1", "7", "", w.Invite.BadUses},
			{"1e1", "7", "", w.Invite.BadUses}, {"1", "0", "", w.Invite.BadDays}, {"1", "31", "", w.Invite.BadDays}, {"1", "x", "", w.Invite.BadDays},
			{"1", "7", itoa(theirs), w.Invite.BadRooms}, {"1", "7", "987654", w.Invite.BadRooms}, {"1", "7", "x", w.Invite.BadRooms},
		} {
			f := form("uses", one.uses, "days", one.days)
			if one.room != "" {
				f["room"] = []string{itoa(mine), one.room}
			}
			a := ann.post("/invitations", f, language).mustBe(422).mustHave(one.want, `role="alert"`, `name="uses" type="number" value="`+one.uses+`"`)
			if one.room != "" {
				a.mustHave(`value="` + itoa(mine) + `" checked`)
			}
		}
	}
	ann.post("/invitations", form("uses", "500", "days", "0")).mustBe(422).mustHave(en.Invite.BadUses, en.Invite.BadDays)
	ann.get("/invitations").mustHave(en.Invite.None).mustNotHave("/join/")
	for range 20 {
		ann.invites()
	}
	bob.post("/invitations", nil).mustBe(303)
	bob.get("/invitations").mustHave(en.Invite.Used(0, 1))
	a := ann.post("/invitations", form("uses", "1", "days", "7")).mustBe(429).mustHave(en.Invite.TooMany)
	if parseSeq(a.header.Get("Retry-After")) == 0 {
		t.Error("no Retry-After")
	}
}

// TestWhoMayInvite checks the modes of sign-up: where it is closed nobody invites, and links are suspended.
func TestWhoMayInvite(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann := s.person("ann")
	set := func(name, value string) {
		t.Helper()
		must(t, s.server.settings.Change(t.Context(), ann.id, map[string]string{name: value}, s.clock.now()))
	}
	set("sign_up", "closed")
	ann.get("/invitations").mustBe(200).mustHave(en.Invite.Closed).mustNotHave(`name="uses"`)
	ann.post("/invitations", form("uses", "1", "days", "7")).mustBe(403).mustHave(en.Invite.Closed)
	ann.get("/friends").mustNotHave("/invitations")
	set("sign_up", "invite")
	ann.get("/friends").mustHave(`href="/invitations"`)
	token := ann.invites()
	set("sign_up", "closed")
	s.visitor().get("/join/" + token).mustBe(404)
	s.visitor().post("/join/"+token, form("username", "ben", "password", goodPassword)).mustBe(404)
	set("sign_up", "open")
	set("invites_by", "admins")
	s.visitor().get("/join/" + token).mustBe(404)
	ann.get("/invitations").mustBe(200).mustHave(en.Invite.AdminsOnly).mustNotHave(`name="uses"`)
	ann.post("/invitations", form("uses", "1", "days", "7")).mustBe(403).mustHave(en.Invite.AdminsOnly)
	set("invites_by", "members")
	set("name", "Tea <Club>")
	s.visitor().get("/join/" + token).mustHave("<bdi>Tea &lt;Club&gt;</bdi>")
	s.joins(token, "ben")
}

// TestAFullGroupIsSaid checks that somebody gets in even if a room of the invitation accepts nobody, and that a
// sentence says so.
func TestAFullGroupIsSaid(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	ann, bob := list[0], list[1]
	s.befriend(ann, bob)
	full, mine := ann.makesGroup("Choir", bob), ann.makesGroup("Books")
	token := ann.invites("uses", "5", "room", itoa(full), "room", itoa(mine))
	s.fillRoom(full, 4998)
	cem := s.joins(token, "cem")
	cem.get("/rooms").mustHave(en.Invite.Missed(1), "Books").mustNotHave("Choir")
	cem.get("/rooms").mustNotHave(en.Invite.Missed(1))
	before := s.last(full)
	ann.post(views.RoomPath(mine)+"/members", form("username", "bob")).mustBe(303)
	ann.post(views.RoomPath(mine)+"/members/bob/owner", nil).mustBe(303)
	dan := s.joins(token, "dan") // ann owns one of them no longer
	dan.get("/rooms").mustHave(en.Invite.Missed(1)).mustNotHave("Books")
	if s.last(full) != before {
		t.Error("a full group has a new entry")
	}
}

// fillRoom adds n members to a room, who have no accounts.
func (s *site) fillRoom(room uint64, n int) {
	s.t.Helper()
	ids := make([]uint64, n)
	for i := range ids {
		ids[i] = uint64(1_000_000 + i)
	}
	for some := range slices.Chunk(ids, 500) {
		must(s.t, s.store.AddMembers(s.t.Context(), room, some, s.last(room)))
	}
}

// TestAdministratorsSeeAllInvitations checks their page, what they can end, and what only they can make.
func TestAdministratorsSeeAllInvitations(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		s.runs("ann")
		theirs := bob.invites("uses", "5", "server", "yes") // which only an administrator can wish
		wide := ann.invites("server", "yes")
		page := ann.get("/admin/invitations").mustBe(200).mustHave("@bob", "@ann", en.Invite.Used(0, 5), `name="from" value="admin"`).mustNotHave("/join/")
		bob.get("/admin/invitations").mustBe(404)
		s.visitor().get("/join/" + wide).mustBe(200).mustNotHave(en.Invite.Friends[:8])
		cem := s.joins(wide, "cem")
		cem.get("/friends").mustNotHave(`href="/people/ann"`)
		s.joins(theirs, "dan").get("/friends").mustHave(`href="/people/bob"`)

		revoke := regexp.MustCompile(`action="(/invitations/\d+/revoke)"`).FindAllStringSubmatch(page.body, -1)
		if len(revoke) != 2 {
			t.Fatalf("%d buttons", len(revoke))
		}
		bobs := revoke[1][1]
		ann.post(bobs, nil).mustBe(404) // it is not hers
		bob.post(revoke[0][1], form("from", "admin")).mustBe(404)
		ann.post(bobs, form("from", "admin")).mustGoTo("/admin/invitations")
		ann.post(bobs, form("from", "admin")).mustGoTo("/admin/invitations")
		ann.post("/invitations/987654/revoke", form("from", "admin")).mustBe(404)
		s.visitor().get("/join/" + theirs).mustBe(404)
		log := ann.get("/admin/log").mustBe(200)
		if n := strings.Count(log.body, words.Fill(en.Admin.Acts.Revoke, "{who}", "@ann", "{whom}", "@bob")); n != 1 {
			t.Errorf("the log has it %d times", n)
		}
	})
}
