package auth

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"parley/db"
)

// TestAdministrators plays random changes of role and suspension against a plain model: who may sign in, who runs
// the server, and that it is never nobody.
func TestAdministrators(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		ctx := t.Context()
		a, b := New(store, Options{Settings: signUp("open"), Now: time.Now}), New(again(), Options{Settings: signUp("open"), Now: time.Now})
		names := []string{"ann", "bob", "cem"}
		type state struct{ admin, suspended bool }
		model := map[string]*state{}
		for i, name := range names {
			must(t, store.CreateUser(ctx, &db.User{Username: name, DisplayName: name, PasswordHash: "x", TimeZone: "UTC", IsAdmin: i == 0, CreatedAt: time.Now().UTC()}))
			model[name] = &state{admin: i == 0}
		}
		isLast := func(name string) bool {
			for other, s := range model {
				if other != name && s.admin && !s.suspended {
					return false
				}
			}
			return model[name].admin && !model[name].suspended
		}
		random := rand.New(rand.NewPCG(7, 13))
		acts := 0
		for range 120 {
			name, on := names[random.IntN(3)], []*Accounts{a, b}[random.IntN(2)]
			s, before := model[name], *model[name]
			var want, err error
			switch random.IntN(4) {
			case 0:
				err = on.SetAdmin(ctx, 0, name, true)
				s.admin = true
			case 1:
				if isLast(name) {
					want = ErrLastAdmin
				} else {
					s.admin = false
				}
				err = on.SetAdmin(ctx, 0, name, false)
			case 2:
				if isLast(name) {
					want = ErrLastAdmin
				} else {
					s.suspended = true
				}
				_, err = on.Suspend(ctx, 0, name)
			case 3:
				s.suspended = false
				err = on.Restore(ctx, 0, name)
			}
			if !errors.Is(err, want) {
				t.Fatalf("%s: %v instead of %v", name, err, want)
			}
			if *s != before {
				acts++
			}
			u, err := store.UserByName(ctx, name)
			must(t, err)
			if u.IsAdmin != s.admin || u.IsSuspended != s.suspended {
				t.Fatalf("%s is %+v, and should be %+v", name, u, *s)
			}
			_, session, err := on.CreateSession(ctx, u, "a browser")
			if errors.Is(err, ErrSuspended) != s.suspended || err != nil && !s.suspended {
				t.Fatalf("%s, suspended %v: %v", name, s.suspended, err)
			}
			if err == nil {
				must(t, on.EndSession(ctx, u.ID, session.ID))
			}
		}
		log, err := a.AuditLog(ctx, 0, 1000)
		must(t, err)
		if len(log.Entries) != acts || acts == 0 {
			t.Errorf("%d changes, and %d lines in the log", acts, len(log.Entries))
		}
	})
}

// TestTheLastTwoAdministratorsDoNotBothGo lets each of two take the role from the other at the same moment.
func TestTheLastTwoAdministratorsDoNotBothGo(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		ctx := context.Background()
		a, b := New(store, Options{Settings: signUp("open"), Now: time.Now}), New(again(), Options{Settings: signUp("open"), Now: time.Now})
		for range 10 {
			for _, name := range []string{"ann", "bob"} {
				u := db.User{Username: name, DisplayName: name, PasswordHash: "x", TimeZone: "UTC", CreatedAt: time.Now().UTC()}
				if err := store.CreateUser(ctx, &u); err != nil && !errors.Is(err, db.ErrDuplicate) {
					t.Fatal(err)
				}
				must(t, a.SetAdmin(ctx, 0, name, true))
			}
			var group sync.WaitGroup
			results := make([]error, 2)
			group.Go(func() { results[0] = a.SetAdmin(ctx, 0, "ann", false) })
			group.Go(func() { results[1] = b.SetAdmin(ctx, 0, "bob", false) })
			group.Wait()
			if (results[0] == nil) == (results[1] == nil) {
				t.Fatalf("%v and %v", results[0], results[1])
			}
		}
	})
}

// TestAnAdministratorOfBefore checks that a request does nothing if its administrator was suspended since it began.
func TestAnAdministratorOfBefore(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		a := accounts(store, newClock())
		a.mustSignUp(t, "first")
		second, third := a.mustSignUp(t, "second"), a.mustSignUp(t, "third")
		must(t, a.SetAdmin(t.Context(), 0, "second", true))
		_, err := a.Suspend(t.Context(), 0, "second")
		must(t, err)
		_, suspend := a.Suspend(t.Context(), second.ID, "first")
		_, remove := a.DeleteAccount(t.Context(), second.ID, "first", true)
		_, member := a.Suspend(t.Context(), third.ID, "first")
		_, link := a.MakeResetLink(t.Context(), second, "session", "first")
		for what, err := range map[string]error{"suspend": suspend, "delete": remove, "name": a.SetAdmin(t.Context(), second.ID, "third", true), "member": member, "link": link} {
			if !errors.Is(err, db.ErrNotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// TestOnlyOneIsTheFirst signs several people up on an empty server at the same moment.
func TestOnlyOneIsTheFirst(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		both := []*Accounts{New(store, Options{Settings: signUp("invite"), Now: time.Now}), New(again(), Options{Settings: signUp("invite"), Now: time.Now})}
		var group sync.WaitGroup
		for i, name := range []string{"ann", "bob", "cem", "dan"} {
			group.Go(func() {
				u := db.User{Username: name, DisplayName: name, PasswordHash: "x", TimeZone: "UTC", CreatedAt: time.Now().UTC()}
				if err := both[i%2].createFirst(t.Context(), both[i%2].store, &u); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		census, err := store.CountPeople(t.Context())
		must(t, err)
		if census.Admins != 1 || census.Accounts != 4 {
			t.Errorf("%+v", census)
		}
	})
}
