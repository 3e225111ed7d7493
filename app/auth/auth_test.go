package auth

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"parley/app/settings"
	"parley/db"
	"parley/e2e/dbtest"
	"parley/e2e/rig"
)

const goodPassword = "nine green lanterns"

// clock shows a time that only the test advances.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 3, 14, 9, 26, 30, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// onEachDatabase runs a test on SQLite and on MariaDB, each with a function that opens the database
// once more, as a second process would. SQLite allows only one, so there it returns the first.
func onEachDatabase(t *testing.T, test func(t *testing.T, store *db.DB, again func() *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		store := open(t, "sqlite:"+t.TempDir()+"/parley.db")
		test(t, store, func() *db.DB { return store })
	})
	t.Run("mysql", func(t *testing.T) {
		address := rig.MySQL(t)
		test(t, open(t, address), func() *db.DB { return open(t, address) })
	})
}

func open(t *testing.T, address string) *db.DB {
	t.Helper()
	store := dbtest.Open(t, address)
	t.Cleanup(func() { must(t, store.Close()) })
	return store
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func accounts(store *db.DB, c *clock) *Accounts {
	return New(store, Options{Settings: signUp("open"), Limits: true, Now: c.now})
}

// signUp returns settings with a mode of signing up.
func signUp(mode string) func(context.Context) settings.Values {
	v := settings.Defaults()
	v.SignUp = mode
	return func(context.Context) settings.Values { return v }
}

func (a *Accounts) mustSignUp(t *testing.T, username string) db.User {
	t.Helper()
	u, err := a.SignUp(t.Context(), address(1), username, goodPassword, "Europe/Berlin")
	must(t, err)
	return u
}

// address returns the nth of many different addresses.
func address(n int) netip.Addr {
	return netip.AddrFrom4([4]byte{198, 51, byte(n >> 8), byte(n)})
}

func isThrottled(err error) bool {
	var throttled *Throttled
	return errors.As(err, &throttled) && throttled.RetryAfter > 0 && throttled.RetryAfter <= time.Hour
}
