package auth

import (
	"errors"
	"testing"
	"time"

	"parley/db"
)

// TestRecentSessions checks for how long a session is remembered, and that a look-up replaces it.
func TestRecentSessions(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		c := newClock()
		a := accounts(store, c)
		u := a.mustSignUp(t, "alice")
		token, s, err := a.CreateSession(t.Context(), u, "")
		must(t, err)
		recent := func(what string, checked bool, language string) {
			t.Helper()
			before := store.Statements()
			in, was, err := a.RecentByToken(t.Context(), token)
			must(t, err)
			if in.Session.ID != s.ID || in.User.ID != u.ID || in.User.Language != language {
				t.Errorf("%s: got %+v", what, in)
			}
			if asked := store.Statements() > before; was != checked || asked != checked {
				t.Errorf("%s: checked: %v, asked the database: %v", what, was, asked)
			}
		}
		recent("at first", true, "")
		recent("then", false, "")
		must(t, store.SetProfile(t.Context(), u.ID, "Alice", "UTC", "de"))
		recent("before anything is looked up", false, "")
		_, _, err = a.SessionByToken(t.Context(), token)
		must(t, err)
		recent("after it is looked up", false, "de")
		c.advance(touchInterval - time.Second)
		recent("before it is old", false, "de")
		c.advance(time.Second)
		recent("when it has to be touched", true, "de")
		recent("once it is touched", false, "de")
		if n, bytes := a.RecentSessions(); n != 1 || bytes < sessionSize {
			t.Errorf("%d sessions of %d bytes", n, bytes)
		}
		must(t, a.EndSession(t.Context(), u.ID, s.ID))
		in, _, err := a.RecentByToken(t.Context(), token)
		must(t, err)
		a.ForgetSession(in.Session)
		for _, token := range []string{token, "", "no token"} {
			if _, checked, err := a.RecentByToken(t.Context(), token); !checked || !errors.Is(err, ErrNoSession) {
				t.Errorf("%q is checked: %v, %v", token, checked, err)
			}
		}
		if n, bytes := a.RecentSessions(); n != 0 || bytes != 0 {
			t.Errorf("%d sessions of %d bytes are left", n, bytes)
		}
	})
}
