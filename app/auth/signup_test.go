package auth

import (
	"errors"
	"fmt"
	"net/netip"
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
	if _, err := New(store, Options{Settings: signUp("closed"), Now: time.Now}).SignUp(t.Context(), address(1), "first", goodPassword, "UTC"); !errors.Is(err, ErrClosed) {
		t.Errorf("the first of a closed server: %v", err)
	}
	if _, err := New(store, Options{Settings: signUp("invite"), Now: time.Now}).SignUp(t.Context(), address(1), "first", goodPassword, "UTC"); err != nil {
		t.Errorf("the first, who will invite the others: %v", err)
	}
	for _, mode := range []string{"closed", "invite", ""} {
		a := New(store, Options{Settings: signUp(mode), Now: time.Now})
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
		unlimited := New(store, Options{Settings: signUp("open"), Now: c.now})
		if _, err := unlimited.SignUp(t.Context(), address(7), "free", goodPassword, "UTC"); err != nil {
			t.Errorf("with limits off: %v", err)
		}
		c.advance(signUpWindow)
		if _, err := a.SignUp(t.Context(), address(7), "late", goodPassword, "UTC"); err != nil {
			t.Errorf("an hour later: %v", err)
		}
	})
}

// TestTakenNamesAreCounted checks that nobody can go through a list of names by signing up, from one
// network and across processes, and that names that are not taken do not count.
func TestTakenNamesAreCounted(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		c := newClock()
		both := []*Accounts{accounts(store, c), accounts(again(), c)}
		both[0].mustSignUp(t, "alice")
		network := func(host int) netip.Addr { return netip.MustParseAddr(fmt.Sprintf("2001:db8:1:2::%x", host)) }
		ask := func(host int, name string) error {
			_, err := both[host%2].SignUp(t.Context(), network(host), name, goodPassword, "UTC")
			return err
		}
		var bad *Invalid
		must(t, ask(1, "bob"))
		for i := range namesLimit {
			if err := ask(i, "alice"); !errors.As(err, &bad) || bad.Username != NameTaken {
				t.Fatalf("name %d: %v", i, err)
			}
		}
		hashes := both[0].gate.entered.Load() + both[1].gate.entered.Load()
		for i, name := range []string{"alice", "nobody-yet", "alice", "bob"} {
			if err := ask(i, name); !isThrottled(err) {
				t.Errorf("%s after too many: %v", name, err)
			}
		}
		if n := both[0].gate.entered.Load() + both[1].gate.entered.Load(); n != hashes {
			t.Errorf("%d hashes for refused names", n-hashes)
		}
		if err := ask(0, "no"); !errors.As(err, &bad) || bad.Username != NameLength {
			t.Errorf("what is wrong without a look-up is still said: %v", err)
		}
		if _, err := both[0].SignUp(t.Context(), address(3), "carol", goodPassword, "UTC"); err != nil {
			t.Errorf("from elsewhere: %v", err)
		}
		c.advance(namesWindow)
		must(t, ask(0, "dave"))
	})
}
