package auth

import (
	"errors"
	"strings"
	"testing"
	"time"

	"parley/db"
)

func TestSignUp(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		a := accounts(store, newClock())
		u, err := a.SignUp(t.Context(), address(1), "  Alice ", goodPassword, "Europe/Berlin")
		must(t, err)
		if u.ID == 0 || u.Username != "alice" || u.DisplayName != "alice" || u.TimeZone != "Europe/Berlin" {
			t.Errorf("made %+v", u)
		}
		if strings.Contains(u.PasswordHash, "lanterns") || !strings.HasPrefix(u.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("hash is %q", u.PasswordHash)
		}
		hashes := a.gate.entered.Load()
		var bad *Invalid
		if _, err := a.SignUp(t.Context(), address(1), "ALICE", goodPassword, ""); !errors.As(err, &bad) || bad.Username == "" || bad.Password != "" {
			t.Errorf("a taken name: %v", err)
		}
		if _, err := a.SignUp(t.Context(), address(1), "b", "short", ""); !errors.As(err, &bad) || bad.Username == "" || bad.Password == "" {
			t.Errorf("all wrong: %v", err)
		}
		if n := a.gate.entered.Load(); n != hashes {
			t.Errorf("%d hashes for what could not be", n-hashes)
		}
		odd, err := a.SignUp(t.Context(), address(1), "b.ob", goodPassword, "Mars/Olympus")
		must(t, err)
		if odd.TimeZone != "UTC" {
			t.Errorf("unknown time zone became %q", odd.TimeZone)
		}
	})
}

func TestSignUpClosed(t *testing.T) {
	store := open(t, "sqlite:"+t.TempDir()+"/parley.db")
	for _, mode := range []string{"closed", "invite", ""} {
		a := New(store, Options{SignUp: mode, Now: time.Now})
		if _, err := a.SignUp(t.Context(), address(1), "alice", goodPassword, "UTC"); !errors.Is(err, ErrClosed) {
			t.Errorf("%q: %v", mode, err)
		}
	}
}

func TestSignUpLimit(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		c := newClock()
		a, b := accounts(store, c), accounts(again(), c)
		for range signUpLimit { // counts without hashing, which would take long
			_, err := store.CountUp(t.Context(), "sign-up/"+network(address(7)), signUpWindow, c.now())
			must(t, err)
		}
		if _, err := b.SignUp(t.Context(), address(7), "late", goodPassword, "UTC"); !isThrottled(err) {
			t.Errorf("one too many: %v", err)
		}
		if n := b.gate.entered.Load(); n != 0 {
			t.Errorf("%d hashes for a refused sign-up", n)
		}
		if _, err := a.SignUp(t.Context(), address(8), "other", goodPassword, "UTC"); err != nil {
			t.Errorf("from elsewhere: %v", err)
		}
		unlimited := New(store, Options{SignUp: "open", Now: c.now})
		if _, err := unlimited.SignUp(t.Context(), address(7), "free", goodPassword, "UTC"); err != nil {
			t.Errorf("with limits off: %v", err)
		}
		c.advance(signUpWindow)
		if _, err := a.SignUp(t.Context(), address(7), "late", goodPassword, "UTC"); err != nil {
			t.Errorf("an hour later: %v", err)
		}
	})
}
