package auth

import (
	"errors"
	"testing"

	"parley/db"
)

// TestLinksOfTheCommandLine follows links that nobody's session has made, also where nobody may sign up and no
// administrator is left.
func TestLinksOfTheCommandLine(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		a, b := accounts(store, newClock()), accounts(again(), newClock())
		first, u, err := a.AddUser(t.Context(), "Alice")
		must(t, err)
		if u.Username != "alice" || !u.IsAdmin { // as the first account
			t.Errorf("%+v", u)
		}
		if _, _, err := a.AddUser(t.Context(), "alice"); !isInvalid(err) {
			t.Errorf("a name that is taken: %v", err)
		}
		second, _, err := a.ResetToken(t.Context(), "alice")
		must(t, err)
		if _, err := b.ResetLink(t.Context(), address(1), first); !errors.Is(err, ErrNoLink) {
			t.Errorf("the link before: %v", err)
		}
		if who, _, err := b.Reset(t.Context(), address(1), second, "correct horse battery"); err != nil || who.ID != u.ID {
			t.Fatalf("%+v, %v", who, err)
		}
		if who, err := a.SignIn(t.Context(), address(1), "alice", "correct horse battery"); err != nil || who.ID != u.ID {
			t.Errorf("%+v, %v", who, err)
		}
		if _, _, err := b.Reset(t.Context(), address(1), second, "correct horse battery"); !errors.Is(err, ErrNoLink) {
			t.Errorf("a second time: %v", err)
		}
		if _, _, err := a.ResetToken(t.Context(), "nobody"); !errors.Is(err, ErrNoSuchUser) {
			t.Errorf("nobody: %v", err)
		}
		log, err := store.Audit(t.Context(), 0, 9)
		must(t, err)
		if len(log) != 3 || log[0].Action != db.AuditReset || log[0].ActorID != 0 || log[0].UserID != u.ID {
			t.Errorf("%+v", log)
		}
	})
}
