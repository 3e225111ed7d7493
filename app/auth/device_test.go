package auth

import (
	"errors"
	"testing"
	"time"

	"parley/db"
)

// TestDevicesEndWithTheirSession checks that a device that was confirmed is not let in once the session that did so
// has ended.
func TestDevicesEndWithTheirSession(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		a := accounts(store, newClock())
		u := a.mustSignUp(t, "alice")
		for what, end := range map[string]func(s db.Session) error{
			"revoked":    func(s db.Session) error { return a.EndSession(t.Context(), u.ID, s.ID) },
			"signed out": func(db.Session) error { _, err := a.SignOutEverywhere(t.Context(), 0, "alice"); return err },
		} {
			session, s, err := a.CreateSession(t.Context(), u, "")
			must(t, err)
			id, err := a.StartDevice(t.Context(), s, session)
			must(t, err)
			_, token, err := a.Device(t.Context(), s, session, id)
			must(t, err)
			claim, err := a.AskDevice(t.Context(), address(2), token, "")
			must(t, err)
			must(t, a.ConfirmDevice(t.Context(), s, id))
			must(t, end(s))
			if _, err := a.EnterDevice(t.Context(), address(2), claim); !errors.Is(err, ErrNoLink) {
				t.Errorf("%s: %v", what, err)
			}
			if used, err := store.UseDeviceLink(t.Context(), id); used || err != nil {
				t.Errorf("%s: used at the same moment: %v, %v", what, used, err)
			}
		}
	})
}

func isThrottledFor(err error, most time.Duration) bool {
	var throttled *Throttled
	return errors.As(err, &throttled) && throttled.RetryAfter <= most
}

func TestAnotherDevice(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		c := newClock()
		a, b := accounts(store, c), accounts(again(), c)
		u := a.mustSignUp(t, "alice")
		session, s, err := a.CreateSession(t.Context(), u, "")
		must(t, err)
		_, other, err := a.CreateSession(t.Context(), u, "")
		must(t, err)
		start := func() (uint64, string) {
			t.Helper()
			id, err := a.StartDevice(t.Context(), s, session)
			must(t, err)
			_, token, err := b.Device(t.Context(), s, session, id)
			must(t, err)
			return id, token
		}
		_, replaced := start()
		id, token := start()
		if _, _, err := b.DeviceLink(t.Context(), address(2), replaced); !errors.Is(err, ErrNoLink) {
			t.Errorf("replaced: %v", err)
		}
		if _, who, err := b.DeviceLink(t.Context(), address(2), token); err != nil || who.ID != u.ID {
			t.Fatalf("%+v, %v", who, err)
		}
		if err := a.ConfirmDevice(t.Context(), s, id); !errors.Is(err, ErrNoLink) {
			t.Errorf("confirmed before a device has asked: %v", err)
		}
		var claim string
		wins := atOnce(t, 6, ErrNoLink, func(i int) error {
			got, err := []*Accounts{a, b}[i%2].AskDevice(t.Context(), address(2), token, "A Phone")
			if err == nil {
				claim = got
			}
			return err
		})
		if wins != 1 {
			t.Fatalf("%d devices ask", wins)
		}
		if _, err := b.EnterDevice(t.Context(), address(2), claim); !errors.Is(err, ErrNoLink) {
			t.Errorf("in before it is confirmed: %v", err)
		}
		if err := a.ConfirmDevice(t.Context(), other, id); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("another session confirms: %v", err)
		}
		l, none, err := a.Device(t.Context(), s, session, id)
		if err != nil || none != "" || l.UserAgent != "A Phone" || len(DeviceNumber(l)) != 4 {
			t.Errorf("%+v %q, %v", l, none, err)
		}
		must(t, a.ConfirmDevice(t.Context(), s, id))
		must(t, b.ConfirmDevice(t.Context(), s, id))
		wins = atOnce(t, 6, ErrNoLink, func(i int) error {
			who, err := []*Accounts{a, b}[i%2].EnterDevice(t.Context(), address(2), claim)
			if err == nil && who.ID != u.ID {
				t.Errorf("in as %+v", who)
			}
			return err
		})
		if wins != 1 {
			t.Errorf("%d devices are in", wins)
		}
		c.advance(time.Hour)
		id, token = start()
		claim, err = a.AskDevice(t.Context(), address(2), token, "")
		must(t, err)
		if err := a.RefuseDevice(t.Context(), other, id); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("another session refuses: %v", err)
		}
		must(t, a.ConfirmDevice(t.Context(), s, id))
		must(t, a.RefuseDevice(t.Context(), s, id))
		if _, err := a.EnterDevice(t.Context(), address(2), claim); !errors.Is(err, ErrNoLink) {
			t.Errorf("in although refused: %v", err)
		}
		_, token = start()
		c.advance(DeviceTime)
		if _, err := a.AskDevice(t.Context(), address(2), token, ""); !errors.Is(err, ErrNoLink) {
			t.Errorf("expired: %v", err)
		}
		id, token = start()
		claim, err = a.AskDevice(t.Context(), address(2), token, "")
		must(t, err)
		must(t, a.ConfirmDevice(t.Context(), s, id))
		_, err = a.ChangePassword(t.Context(), u, goodPassword, otherPassword, s.ID)
		must(t, err)
		if _, err := a.EnterDevice(t.Context(), address(2), claim); !errors.Is(err, ErrNoLink) {
			t.Errorf("in after a change of the password: %v", err)
		}
	})
}
