package auth

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/db"
)

const otherPassword = "seven blue kettles"

// atOnce runs work in parallel and returns how often it succeeded. All other errors must be of the kind given.
func atOnce(t *testing.T, n int, refused error, work func(i int) error) (succeeded int) {
	t.Helper()
	var wins atomic.Int32
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			switch err := work(i); {
			case err == nil:
				wins.Add(1)
			case !errors.Is(err, refused) && !errors.Is(err, ErrBusy) && !isThrottled(err):
				t.Errorf("number %d: %v", i, err)
			}
		})
	}
	all.Wait()
	return int(wins.Load())
}

func TestRecoveryCodes(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		c := newClock()
		a, b := accounts(store, c), accounts(again(), c)
		u := a.mustSignUp(t, "alice")
		_, s, err := a.CreateSession(t.Context(), u, "")
		must(t, err)
		if _, err := a.MakeRecoveryCodes(t.Context(), u, "a wrong guess", s.ID); !errors.Is(err, ErrWrongPassword) {
			t.Errorf("without the password: %v", err)
		}
		old, err := a.MakeRecoveryCodes(t.Context(), u, goodPassword, s.ID)
		must(t, err)
		codes, err := b.MakeRecoveryCodes(t.Context(), u, goodPassword, s.ID)
		must(t, err)
		if slices.Sort(codes); len(slices.Compact(codes)) != 10 || len(codes[0]) != 19 {
			t.Errorf("codes: %q", codes)
		}
		for what, typed := range map[string]string{"replaced": old[0], "empty": "", "cut": codes[0][:18], "long": strings.Repeat(codes[0], 9)} {
			c.advance(time.Hour)
			if _, _, err := a.Recover(t.Context(), address(2), "alice", typed, otherPassword); !errors.Is(err, ErrWrongRecoveryCode) {
				t.Errorf("%s: %v", what, err)
			}
		}
		c.advance(time.Hour)
		if _, _, err := a.Recover(t.Context(), address(2), "alice", codes[0], "short"); !isInvalid(err) {
			t.Errorf("a short password: %v", err)
		}
		who, ended, err := a.Recover(t.Context(), address(2), " Alice", strings.ToUpper(strings.ReplaceAll(codes[0], "-", " ")), otherPassword)
		if err != nil || who.ID != u.ID || !slices.Equal(ended, []uint64{s.ID}) {
			t.Fatalf("%+v, %v ended, %v", who, ended, err)
		}
		if _, err := a.SignIn(t.Context(), address(3), "alice", goodPassword); !errors.Is(err, ErrWrongPassword) {
			t.Errorf("the old password: %v", err)
		}
		now, err := b.SignIn(t.Context(), address(3), "alice", otherPassword)
		if err != nil || now.Notice.Way != db.NoticeCode || !now.Notice.At.Equal(c.now()) {
			t.Errorf("%+v, %v", now.Notice, err)
		}
		must(t, b.DismissNotice(t.Context(), now))
		if now, err = b.User(t.Context(), u.ID); err != nil || now.Notice.Way != "" {
			t.Errorf("dismissed: %+v, %v", now.Notice, err)
		}
		if _, _, err := a.Recover(t.Context(), address(4), "alice", codes[0], goodPassword); !errors.Is(err, ErrWrongRecoveryCode) {
			t.Errorf("a second time: %v", err)
		}
		if n, err := a.RecoveryCodes(t.Context(), u); n != 9 || err != nil {
			t.Errorf("%d left, %v", n, err)
		}
		wins := atOnce(t, 6, ErrWrongRecoveryCode, func(i int) error {
			_, _, err := []*Accounts{a, b}[i%2].Recover(t.Context(), address(10+i), "alice", codes[1], goodPassword)
			return err
		})
		if n, err := a.RecoveryCodes(t.Context(), u); wins != 1 || n != 8 || err != nil {
			t.Errorf("at once it was used %d times, and %d are left, %v", wins, n, err)
		}
	})
}

// TestRecoveryIsCounted checks that guesses at codes count as those at passwords do, for somebody and nobody.
func TestRecoveryIsCounted(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		a := accounts(store, newClock())
		a.mustSignUp(t, "alice")
		for i, name := range []string{"alice", "nobody", "§"} {
			for try := range pairLimit + 2 {
				_, _, err := a.Recover(t.Context(), address(20+i), name, "0000-0000-0000-0000", otherPassword)
				if want := try >= pairLimit; isThrottled(err) != want || !want && !errors.Is(err, ErrWrongRecoveryCode) {
					t.Errorf("%s, try %d: %v", name, try, err)
				}
			}
			if _, err := a.SignIn(t.Context(), address(20+i), name, goodPassword); !isThrottled(err) {
				t.Errorf("%s: the password can be guessed as well: %v", name, err)
			}
		}
	})
}

func TestResetLinks(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		c := newClock()
		a, b := accounts(store, c), accounts(again(), c)
		root, u := a.mustSignUp(t, "root.one"), a.mustSignUp(t, "alice")
		_, s, err := a.CreateSession(t.Context(), u, "")
		must(t, err)
		link := func() string {
			t.Helper()
			id, err := a.MakeResetLink(t.Context(), root, "session", "Alice")
			must(t, err)
			for _, no := range []struct {
				admin   db.User
				session string
			}{{u, "session"}, {root, "another"}} {
				if _, _, err := b.ShowResetLink(t.Context(), no.admin, no.session, id); !errors.Is(err, ErrNoLink) {
					t.Errorf("%v sees the link: %v", no, err)
				}
			}
			token, who, err := b.ShowResetLink(t.Context(), root, "session", id)
			if err != nil || who.ID != u.ID {
				t.Fatalf("%+v, %v", who, err)
			}
			if _, _, err := a.ShowResetLink(t.Context(), root, "session", id); !errors.Is(err, ErrNoLink) {
				t.Errorf("it is shown a second time: %v", err)
			}
			return token
		}
		replaced, token := link(), link()
		if _, err := a.ResetLink(t.Context(), address(2), replaced); !errors.Is(err, ErrNoLink) {
			t.Errorf("replaced: %v", err)
		}
		if who, err := b.ResetLink(t.Context(), address(2), token); err != nil || who.ID != u.ID {
			t.Errorf("%+v, %v", who, err)
		}
		if _, _, err := a.Reset(t.Context(), address(2), token, "alice"); !isInvalid(err) {
			t.Errorf("a bad password: %v", err)
		}
		wins := atOnce(t, 8, ErrNoLink, func(i int) error {
			_, ended, err := []*Accounts{a, b}[i%2].Reset(t.Context(), address(2), token, otherPassword)
			if err == nil && !slices.Equal(ended, []uint64{s.ID}) {
				t.Errorf("ended: %v", ended)
			}
			return err
		})
		if wins != 1 {
			t.Errorf("at once it was used %d times", wins)
		}
		now, err := a.SignIn(t.Context(), address(3), "alice", otherPassword)
		if err != nil || now.Notice.Way != db.NoticeLink {
			t.Errorf("%+v, %v", now.Notice, err)
		}
		late := link()
		c.advance(resetLife)
		if _, _, err := a.Reset(t.Context(), address(2), late, goodPassword); !errors.Is(err, ErrNoLink) {
			t.Errorf("expired: %v", err)
		}
		must(t, a.DeleteExpired(t.Context()))
		changed := link()
		_, err = a.ChangePassword(t.Context(), now, otherPassword, goodPassword, s.ID)
		must(t, err)
		if _, err := a.ResetLink(t.Context(), address(2), changed); !errors.Is(err, ErrNoLink) {
			t.Errorf("after a change of the password: %v", err)
		}
		a.mustSignUp(t, "second")
		must(t, a.SetAdmin(t.Context(), 0, "second", true))
		for what, steps := range map[string][2]func() error{
			"suspended": {
				func() error { _, err := b.Suspend(t.Context(), 0, "root.one"); return err },
				func() error { return b.Restore(t.Context(), 0, "root.one") },
			},
			"no administrator": {
				func() error { return b.SetAdmin(t.Context(), 0, "root.one", false) },
				func() error { return b.SetAdmin(t.Context(), 0, "root.one", true) },
			},
		} {
			kept := link()
			must(t, steps[0]())
			if _, _, err := a.Reset(t.Context(), address(2), kept, otherPassword); !errors.Is(err, ErrNoLink) {
				t.Errorf("a link of somebody who is %s: %v", what, err)
			}
			must(t, steps[1]())
		}
		c.advance(time.Hour)
		last := link()
		for try := range linkLimit + 1 {
			_, err := a.ResetLink(t.Context(), address(9), tokenOf("", "", string(rune(try))))
			if want := try >= linkLimit; isThrottled(err) != want || !want && !errors.Is(err, ErrNoLink) {
				t.Errorf("guess %d: %v", try, err)
			}
		}
		if _, err := a.ResetLink(t.Context(), address(9), last); !isThrottled(err) {
			t.Errorf("after many guesses: %v", err)
		}
	})
}

func isInvalid(err error) bool {
	var invalid *Invalid
	return errors.As(err, &invalid)
}

func TestMailAddresses(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		c := newClock()
		a := accounts(store, c)
		u := a.mustSignUp(t, "alice")
		_, s, err := a.CreateSession(t.Context(), u, "")
		must(t, err)
		for _, bad := range []string{"", "alice", "alice@", "@example.org", "alice@localhost", "a b@example.org", "Alice <a@example.org>", "a@example.org\r\nBcc: b@example.org",
			"a@example.org,b@example.org", "é@example.org", strings.Repeat("a", 65) + "@example.org", "a@" + strings.Repeat("x", 260) + ".org", `"a"@example.org`} {
			if _, _, err := a.AskAddress(t.Context(), u, goodPassword, s.ID, bad); !errors.Is(err, ErrBadAddress) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if _, _, err := a.AskAddress(t.Context(), u, "a wrong guess", s.ID, "alice@example.org"); !errors.Is(err, ErrWrongPassword) {
			t.Errorf("without the password: %v", err)
		}
		if _, _, _, err := a.MailLink(t.Context(), "alice"); !errors.Is(err, ErrNoLink) {
			t.Errorf("a link without an address: %v", err)
		}
		_, early, err := a.AskAddress(t.Context(), u, goodPassword, s.ID, "other@example.org")
		must(t, err)
		address1, token, err := a.AskAddress(t.Context(), u, goodPassword, s.ID, " alice+p@example.org ")
		must(t, err)
		if got, _ := a.MailAddress(t.Context(), u); got != "" || address1 != "alice+p@example.org" {
			t.Errorf("%q counts before it is confirmed: %q", address1, got)
		}
		if _, _, err := a.AddressLink(t.Context(), address(2), early); !errors.Is(err, ErrNoLink) {
			t.Errorf("replaced: %v", err)
		}
		if _, err := a.ResetLink(t.Context(), address(2), token); !errors.Is(err, ErrNoLink) {
			t.Errorf("it sets a password: %v", err)
		}
		if wins := atOnce(t, 5, ErrNoLink, func(int) error { _, _, err := a.ConfirmAddress(t.Context(), address(2), token); return err }); wins != 1 {
			t.Errorf("confirmed %d times", wins)
		}
		who, to, reset, err := a.MailLink(t.Context(), "ALICE")
		if err != nil || who.ID != u.ID || to != "alice+p@example.org" || who.Notice.Way != db.NoticeAddress {
			t.Fatalf("%+v %q %v", who, to, err)
		}
		for range 2 {
			_, _, _, err := a.MailLink(t.Context(), "alice")
			must(t, err)
		}
		if now, _, err := a.Reset(t.Context(), address(2), reset, otherPassword); err != nil || now.Notice.Way != db.NoticeMail {
			t.Errorf("the third last link: %v", err)
		}
		if before, err := a.RemoveAddress(t.Context(), u, otherPassword, s.ID); before != "alice+p@example.org" || err != nil {
			t.Errorf("removing: %q, %v", before, err)
		}
		if got, err := a.MailAddress(t.Context(), u); got != "" || err != nil {
			t.Errorf("removed: %q, %v", got, err)
		}
		for i := range addressesOfOne + 1 {
			_, _, err := a.AskAddress(t.Context(), u, otherPassword, s.ID, string(rune('a'+i))+"@example.org")
			if want := i >= addressesOfOne-2; isThrottledFor(err, confirmWindow) != want || !want && err != nil {
				t.Errorf("address %d: %v", i, err)
			}
		}
		for i := range mailLimit + 1 {
			for _, name := range []string{"alice", "nobody"} {
				if err := a.AskForMail(t.Context(), address(30+i), name); isThrottled(err) != (i >= mailLimit) {
					t.Errorf("%s asks %d times: %v", name, i, err)
				}
			}
		}
	})
}

// TestANewPasswordEndsAddressLinks checks that whoever knew the old password cannot have links for another one sent
// to them, by an address that they asked for before.
func TestANewPasswordEndsAddressLinks(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		a := accounts(store, newClock())
		u := a.mustSignUp(t, "alice")
		_, s, err := a.CreateSession(t.Context(), u, "")
		must(t, err)
		codes, err := a.MakeRecoveryCodes(t.Context(), u, goodPassword, s.ID)
		must(t, err)
		for what, renew := range map[string]func(from, to string) error{
			"changed": func(from, to string) error { _, err := a.ChangePassword(t.Context(), u, from, to, s.ID); return err },
			"recovered": func(_, to string) error {
				_, _, err := a.Recover(t.Context(), address(2), "alice", codes[0], to)
				return err
			},
		} {
			u, err = a.User(t.Context(), u.ID)
			must(t, err)
			must(t, a.ConfirmPassword(t.Context(), u, goodPassword, s.ID))
			_, token, err := a.AskAddress(t.Context(), u, goodPassword, s.ID, "thief@example.org")
			must(t, err)
			must(t, renew(goodPassword, otherPassword))
			if _, _, err := a.ConfirmAddress(t.Context(), address(2), token); !errors.Is(err, ErrNoLink) {
				t.Errorf("%s: %v", what, err)
			}
			if _, _, _, err := a.MailLink(t.Context(), "alice"); !errors.Is(err, ErrNoLink) {
				t.Errorf("%s: links go to the thief: %v", what, err)
			}
			u, err = a.User(t.Context(), u.ID)
			must(t, err)
			_, err = a.ChangePassword(t.Context(), u, otherPassword, goodPassword, s.ID)
			must(t, err)
		}
	})
}

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
		c.advance(deviceLife)
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
