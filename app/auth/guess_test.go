package auth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/db"
)

// guessMany makes many concurrent guesses through these processes, and returns the numbers that were hashed and
// refused.
func guessMany(t *testing.T, processes []*Accounts, guesses int, from func(i int) netip.Addr, name func(i int) string) (hashed, refused int64) {
	t.Helper()
	var before int64
	for _, a := range processes {
		before += a.gate.entered.Load()
	}
	var notTried atomic.Int64
	var wg sync.WaitGroup
	queue := make(chan int)
	for range 24 {
		wg.Go(func() {
			for i := range queue {
				_, err := processes[i%len(processes)].SignIn(t.Context(), from(i), name(i), fmt.Sprintf("guess number %d", i))
				switch {
				case isThrottled(err), errors.Is(err, ErrBusy): // either way it was not tried
					notTried.Add(1)
				case !errors.Is(err, ErrWrongPassword):
					t.Errorf("guess %d: %v", i, err)
				}
			}
		})
	}
	for i := range guesses {
		queue <- i
	}
	close(queue)
	wg.Wait()
	for _, a := range processes {
		hashed += a.gate.entered.Load()
	}
	return hashed - before, notTried.Load()
}

func TestGuesses(t *testing.T) {
	always := func(n int) func(int) netip.Addr { return func(int) netip.Addr { return address(n) } }
	many := func(i int) netip.Addr { return address(1000 + i%250) }
	alice := func(int) string { return "alice" }
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		c := newClock()
		a, b := accounts(store, c), accounts(again(), c)
		a.mustSignUp(t, "alice")
		if _, err := a.SignIn(t.Context(), address(1), "alice", goodPassword); err != nil {
			t.Fatal(err)
		}
		both := []*Accounts{a, b}
		hashed, refused := guessMany(t, both, 300, always(2), alice)
		if hashed > pairLimit || refused < 300-pairLimit {
			t.Errorf("one address at one account: %d hashes, %d refused", hashed, refused)
		}
		if _, err := b.SignIn(t.Context(), address(3), "alice", goodPassword); err != nil {
			t.Errorf("the owner from a new address: %v", err)
		}
		hashed, _ = guessMany(t, both, 300, always(4), func(i int) string { return fmt.Sprintf("name%d", i) })
		if hashed > addressLimit {
			t.Errorf("one address at many accounts: %d hashes", hashed)
		}
		hashed, refused = guessMany(t, both, 1000, many, alice)
		if hashed > accountLimit || refused < 1000-accountLimit {
			t.Errorf("many addresses at one account: %d hashes, %d refused", hashed, refused)
		}
		for _, known := range []int{1, 3} {
			if _, err := b.SignIn(t.Context(), address(known), "alice", goodPassword); err != nil {
				t.Errorf("the owner from the known address %d: %v", known, err)
			}
		}
		if _, err := a.SignIn(t.Context(), address(5), "alice", goodPassword); !isThrottled(err) {
			t.Errorf("an unknown address during the attack: %v", err)
		}
		c.advance(accountWindow)
		if _, err := a.SignIn(t.Context(), address(5), "alice", goodPassword); err != nil {
			t.Errorf("after the attack: %v", err)
		}
	})
}

// A username that does not exist is throttled after as many guesses as one that does.
func TestThrottlingRevealsNothing(t *testing.T) {
	store := open(t, "sqlite:"+t.TempDir()+"/parley.db")
	c := newClock()
	a := accounts(store, c)
	a.mustSignUp(t, "alice")
	for _, name := range []string{"alice", "nobody", "no such name", "bób"} {
		for i := range 2 * pairLimit {
			_, err := a.SignIn(t.Context(), address(9), name, "a wrong password")
			if want := i >= pairLimit; isThrottled(err) != want || !want && !errors.Is(err, ErrWrongPassword) {
				t.Errorf("%q, guess %d: %v", name, i, err)
			}
		}
		c.advance(addressWindow)
	}
}

func TestSuccessfulSignInsAreNotCounted(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		a := accounts(store, newClock())
		a.mustSignUp(t, "alice")
		for i := range 2 * pairLimit {
			if _, err := a.SignIn(t.Context(), address(6), "Alice", goodPassword); err != nil {
				t.Fatalf("sign-in %d: %v", i, err)
			}
		}
	})
}

func TestNetwork(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.7": "192.0.2.7/32", "::ffff:192.0.2.7": "192.0.2.7/32",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64",
	} {
		if got := network(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %s", addr, got)
		}
	}
	if got := network(netip.Addr{}); got != "unknown" {
		t.Errorf("no address: %s", got)
	}
}

// TestRefusingWritesNothing refuses attempts while somebody else holds SQLite's writer: what strangers are refused
// must not wait for it, nor anybody for them.
func TestRefusingWritesNothing(t *testing.T) {
	store := open(t, "sqlite:"+t.TempDir()+"/parley.db")
	c := newClock()
	a := accounts(store, c)
	a.mustSignUp(t, "alice")
	whileWriting := func(what string, want func(error) bool, attempt func(ctx context.Context) error) {
		t.Helper()
		must(t, store.Tx(t.Context(), func(*db.DB) error {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			if err := attempt(ctx); !want(err) {
				t.Errorf("%s: %v", what, err)
			}
			return nil
		}))
	}
	isBusy := func(err error) bool { return errors.Is(err, ErrBusy) }
	signIn := func(ctx context.Context) error {
		_, err := a.SignIn(ctx, address(1), "alice", "a wrong password")
		return err
	}
	signUp := func(ctx context.Context) error {
		_, err := a.SignUp(ctx, address(1), "bob", goodPassword, "UTC")
		return err
	}
	var leave []func()
	for range cap(a.gate.places) {
		one, err := a.gate.admit()
		must(t, err)
		leave = append(leave, one)
	}
	whileWriting("a sign-in when too many are in", isBusy, signIn)
	whileWriting("a sign-up when too many are in", isBusy, signUp)
	for _, leave := range leave {
		leave()
	}
	for range pairLimit {
		if err := signIn(t.Context()); !errors.Is(err, ErrWrongPassword) {
			t.Fatal(err)
		}
	}
	whileWriting("a guess too many", isThrottled, signIn)
	c.advance(signUpWindow)
	_, err := a.store.CountUpBy(t.Context(), "sign-up/"+network(address(1)), signUpLimit, signUpWindow, a.now())
	must(t, err)
	whileWriting("a sign-up too many", isThrottled, signUp)
	if n := len(a.gate.places) + len(a.gate.lookups); n != 0 {
		t.Errorf("%d places are taken for ever", n)
	}
}
