package auth

import (
	"errors"
	"strings"
	"testing"

	"parley/db"
)

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
