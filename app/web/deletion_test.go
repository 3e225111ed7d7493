package web

import (
	"testing"
	"time"

	"parley/app/auth"
	"parley/views"
	"parley/views/words"
)

// TestSigningInKeepsTheAccount is T73: within the day a sign-in takes the deletion back and says so; afterwards it does
// not, not even by a session that begins at the same moment.
func TestSigningInKeepsTheAccount(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		room := s.befriend(ann, bob)
		s.says(ann, room, "still here")
		other := ann.another()
		k, live := other.talk(room), other.listen(eventsPath(room))
		for _, w := range words.Languages() {
			language := "Accept-Language: " + w.Lang
			ann.get("/profile/delete", language).mustBe(200).mustHave(w.Own.DeleteHint)
			ann.post("/profile/delete", form("password", goodPassword), language).mustBe(422).mustHave(w.Own.NoChoice)
			ann.post("/profile/delete", form("password", "not this one", "messages", "keep"), language).mustBe(422).
				mustHave(w.Profile.WrongPassword, `value="keep" checked`)
		}
		if ann.user().DeleteAt != nil {
			t.Error("it is asked for, without the password")
		}
		ann.post("/profile/delete", form("password", goodPassword, "messages", "delete")).mustGoTo("/sign-in")
		ann.get("/sign-in").mustBe(200).mustHave(en.Own.Asked)
		ann.get("/sign-in").mustNotHave(en.Own.Asked)
		if other.isSignedIn() || ann.isSignedIn() {
			t.Error("still signed in")
		}
		live.await("the end", func(e event) bool { return e.name == "signed-out" })
		k.awaitClose(2 * time.Second)
		bob.get(views.RoomPath(room)).mustBe(200).mustHave("still here") // nothing has happened yet

		s.clock.pass(auth.DeletionDay - time.Minute)
		ann.post("/sign-in", form("username", "ann", "password", goodPassword)).mustGoTo("/profile?kept=1")
		ann.get("/profile?kept=1").mustBe(200).mustHave(en.Own.TakenBack)
		s.clock.pass(auth.DeletionDay)
		must(t, s.server.DeleteDue(t.Context()))
		if u := ann.user(); u.DeleteAt != nil || u.DeleteMessages || u.IsDeleted {
			t.Errorf("it is still asked for: %+v", u)
		}

		ann.signInAgain()
		u := ann.user()
		ann.post("/profile/delete", form("password", goodPassword, "messages", "keep")).mustGoTo("/sign-in")
		s.clock.pass(auth.DeletionDay)
		s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword)).mustBe(422)
		if _, _, err := s.server.accounts.CreateSession(t.Context(), u, "late"); err == nil {
			t.Error("a session began after the day")
		}
		must(t, s.server.DeleteDue(t.Context())) // not yet: requests may still be under way
		if ann.user().IsDeleted {
			t.Error("deleted without grace")
		}
		s.clock.pass(3 * time.Minute)
		must(t, s.server.DeleteDue(t.Context()))
		if !ann.user().IsDeleted {
			t.Error("not deleted")
		}
	})
}

// TestAdministratorsDeleteAccounts is T73: at once, for good and in the log, and never the last administrator's.
func TestAdministratorsDeleteAccounts(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob", "cem")
		ann, bob, cem := list[0], list[1], list[2]
		s.runs("ann")
		s.befriend(bob, cem)
		room := cem.makesGroup("Choir", bob)
		cem.says(room, "stays here")
		live := cem.listen(eventsPath(room))
		bob.post("/admin/people/cem/delete", nil).mustBe(404)
		ann.get("/admin/people/cem").mustBe(200).mustHave(en.Own.DeleteHintAdmin)
		ann.post("/admin/people/cem/delete", nil).mustGoTo("/admin/people/cem?done=1")
		live.await("the end", func(e event) bool { return e.name == "signed-out" })
		ann.get("/admin/people/cem").mustBe(200).mustHave(en.Own.BeingDeleted).mustNotHave(`action="/admin/people/cem/`)
		ann.get("/admin/log").mustHave("@ann deleted the account of @cem.")
		cem.post("/sign-in", form("username", "cem", "password", goodPassword)).mustBe(422).mustHave(en.Account.WrongCredentials)
		s.clock.pass(3 * time.Minute)
		must(t, s.server.DeleteDue(t.Context()))
		ann.get("/admin/people/cem").mustBe(404)
		ann.get("/admin/people").mustBe(200).mustNotHave("deleted-")
		ann.get("/admin/log").mustHave("@ann deleted the account of " + en.Someone + ".")
		bob.get(views.RoomPath(room)).mustBe(200).mustHave("stays here", en.Someone)

		ann.post("/profile/delete", form("password", goodPassword, "messages", "keep")).mustBe(422).mustHave(en.Admin.LastAdmin)
		ann.post("/admin/people/ann/delete", nil).mustBe(422).mustHave(en.Admin.LastAdmin)
		s.runs("bob")
		bob.post("/profile/delete", form("password", goodPassword, "messages", "keep")).mustBe(303)
		ann.post("/profile/delete", form("password", goodPassword, "messages", "keep")).mustBe(422) // bob does not mean to stay
	})
}
