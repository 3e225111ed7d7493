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
