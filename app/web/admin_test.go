package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/app/settings"
	"parley/db"
	"parley/e2e/rig"
	"parley/views"
)

// runs makes somebody an administrator.
func (s *site) runs(username string) {
	s.t.Helper()
	must(s.t, s.server.accounts.SetAdmin(s.t.Context(), 0, username, true))
}

// TestAdministrationIsForAdministrators is T74: each route of the administration exists for nobody else, whatever a
// form says.
func TestAdministrationIsForAdministrators(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob", "cem")
	ann, bob := list[0], list[1]
	s.runs("ann")
	for _, r := range routes {
		if r.access != admin {
			continue
		}
		path := strings.NewReplacer(":username", "cem", ":id", "1", ":room", "1").Replace(r.path)
		send := func(b *browser) *reply {
			if r.method == http.MethodGet {
				return b.get(path)
			}
			return b.post(path, form("admin", "1", "is_admin", "1"))
		}
		if a := send(bob); a.status != 404 {
			t.Errorf("%s %s for a member: %d", r.method, path, a.status)
		}
		if a := bob.send("DELETE", path, nil); strings.HasPrefix(path, "/admin") && (a.status != 404 || a.header.Get("Allow") != "") {
			t.Errorf("DELETE %s for a member: %d", path, a.status)
		}
		if a := send(s.visitor()); a.status != 303 && a.status != 401 {
			t.Errorf("%s %s signed out: %d", r.method, path, a.status)
		}
		if a := send(ann); a.status >= 500 || a.status == 404 && !strings.Contains(r.path, ":id") && !strings.Contains(r.path, ":room") {
			t.Errorf("%s %s for an administrator: %d", r.method, path, a.status)
		}
	}
	for _, path := range []string{"/profile", "/sign-up"} { // no form makes an administrator by a field that it does not have
		bob.post(path, form("display_name", "bob", "is_admin", "1", "IsAdmin", "true", "admin", "1"))
	}
	if u, err := s.store.UserByName(t.Context(), "bob"); err != nil || u.IsAdmin {
		t.Errorf("%+v, %v", u, err)
	}
}

// TestTheFirstAccountRunsTheServer goes through the first run, and what everybody after it sees.
func TestTheFirstAccountRunsTheServer(t *testing.T) {
	onBoth(t, options{}, func(t *testing.T, s *site) {
		b := s.visitor()
		b.get("/sign-in").mustBe(200).mustHave("Nobody has an account here yet")
		b.get("/sign-up").mustBe(200).mustHave("The first account runs the server", `name="server_name"`)
		front := b.get("/sign-in").mustBe(200).mustHave("<title>"+en.Admin.FirstHeading, `name="server_name"`, `action="/sign-in"`)
		if strings.Index(front.body, `action="/sign-up"`) > strings.Index(front.body, `action="/sign-in"`) {
			t.Error("the first page asks for a password that nobody has before it asks for the first account")
		}
		bad := b.post("/sign-up", form("server_name", strings.Repeat("x", settings.MaxName+1), "username", "ann", "password", goodPassword)).mustBe(422)
		bad.mustHave(`id="server_name-problem"`, "xxxx", `value="ann"`)
		b.post("/sign-up", form("server_name", "Chess club", "username", "ann", "password", goodPassword)).mustBe(303)
		b.get("/admin").mustBe(303)
		b.get("/rooms").mustBe(200).mustHave("Chess club</title>")
		second := s.visitor()
		second.get("/sign-in").mustBe(200).mustHave("Chess club").mustNotHave("Nobody has an account")
		second.get("/sign-up").mustBe(200).mustNotHave("server_name")
		second.get("/sign-in").mustBe(200).mustNotHave("server_name")
		second.post("/sign-up", form("server_name", "Mine", "username", "bob", "password", goodPassword)).mustBe(303)
		second.get("/admin/people").mustBe(404)
		second.get("/rooms").mustHave("Chess club</title>")
		b.get("/admin/log").mustHave("@ann set up the server.")
	})
}

// TestSuspension checks that a suspended person is out of everything within two seconds, cannot come back, and
// loses nothing.
func TestSuspension(t *testing.T) {
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob", "cem")
		ann, bob, cem := list[0], list[1], list[2]
		s.runs("ann")
		room := views.RoomPath(s.befriend(bob, cem))
		cem.post(room+"/messages", form("body", "still here", "key", "one")).mustBe(303)
		stream := cem.listen(room + "/events")
		stream.await("hello", func(event) bool { return true })
		begun := time.Now()
		ann.post("/admin/people/cem/suspend", nil).mustBe(303)
		stream.mustEndWith("signed-out")
		if took := time.Since(begun); took > rig.Limit(2*time.Second) {
			t.Errorf("the stream ended after %v", took)
		}
		cem.get("/rooms").mustBe(303)
		s.visitor().post("/sign-in", form("username", "cem", "password", goodPassword)).mustBe(403).mustHave("This account is suspended")
		s.visitor().post("/sign-in", form("username", "cem", "password", "a wrong guess")).mustBe(422).mustNotHave("suspended")
		bob.get(room).mustHave("still here")
		ann.get("/admin/people?state=suspended").mustHave("@cem").mustNotHave("@bob")
		ann.post("/admin/people/cem/restore", nil).mustBe(303)
		s.visitor().post("/sign-in", form("username", "cem", "password", goodPassword)).mustBe(303)
		ann.get("/admin/log").mustHave("@ann suspended @cem.", "@ann ended the suspension of @cem.")
		// Nobody is left without an administrator.
		ann.post("/admin/people/ann/suspend", nil).mustBe(422).mustHave("last administrator")
		ann.post("/admin/people/ann/admin", form("off", "1")).mustBe(422).mustHave("last administrator")
		ann.post("/admin/people/bob/admin", nil).mustBe(303)
		ann.post("/admin/people/ann/admin", form("off", "1")).mustBe(303)
		ann.get("/admin").mustBe(404)
		bob.get("/admin/people?state=admins").mustHave("@bob").mustNotHave("@ann")
	})
}

// TestSettingsTakeEffectEverywhere changes settings on one process and looks at another on the same database.
func TestSettingsTakeEffectEverywhere(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann := s.person("ann")
	s.runs("ann")
	other := settings.New(s.store, map[string]string{"retention_days": "30"})
	if v := other.Get(t.Context()); v.Name != "Parley" || v.SignUp != "open" || v.RetentionDays != 30 {
		t.Errorf("%+v", v)
	}
	bad := ann.post("/admin/settings", form("name", "Books", "quota_megabytes", "none", "sign_up", "whatever")).mustBe(422)
	bad.mustHave(`id="quota_megabytes-problem"`, "Enter a whole number from 10", `id="sign_up-problem"`, `value="none"`, `value="Books"`)
	if v := other.Get(t.Context()); v.Name != "Parley" {
		t.Errorf("half of a form was stored: %+v", v)
	}
	ann.post("/admin/settings", form("name", "Books", "quota_megabytes", "500", "sign_up", "closed", "welcome", "Come in", "rules", "Be **kind**.")).mustBe(303)
	eventually(t, "the other process has heard of it", func() bool { return other.Get(t.Context()).Name == "Books" })
	s.visitor().get("/sign-up").mustHave("Come in", `href="/about"`, "Books")
	s.visitor().post("/sign-up", form("username", "late", "password", goodPassword)).mustBe(403)
	s.visitor().get("/about").mustBe(200).mustHave("Be <strong>kind</strong>.", "Rules of Books")
	ann.get("/admin/log").mustHave("@ann changed a setting: "+en.Settings.SignUp+".", "@ann changed a setting: "+en.Settings.QuotaMegabytes+".")
}

// TestPlacesThatNobodyMade checks that the pages of administrators accept whatever is in their addresses: numbers
// too large for a database, and bytes that are not text.
func TestPlacesThatNobodyMade(t *testing.T) {
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann := s.people("ann")[0]
		s.runs("ann")
		for _, path := range []string{"/admin/log?before=", "/admin/log.csv?before=", "/admin/people?q=", "/admin/people?after=", "/admin/rooms?q=", "/admin/rooms?before=",
			"/admin/reports?after=", "/admin/invitations?before="} {
			for _, place := range []string{"9999999999999999999", "18446744073709551616", "-1", "%00", "%ff", "%27"} {
				if a := ann.get(path + place); a.status != 200 {
					t.Errorf("%s%s: %d", path, place, a.status)
				}
			}
		}
	})
}

// TestTheLogAsCSV is T75: no cell is a formula.
func TestTheLogAsCSV(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann := s.person("ann")
	s.runs("ann")
	must(t, s.store.AddAudit(t.Context(), &db.AuditEntry{At: s.clock.now(), ActorID: 1, Action: db.AuditSetting, Detail: "=1+1"}))
	a := ann.get("/admin/log.csv").mustBe(200)
	a.mustHave("id,at,actor,action,user,room,message,detail\n", ",ann,setting,,,,'=1+1\n")
	if !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%v", a.header)
	}
}
