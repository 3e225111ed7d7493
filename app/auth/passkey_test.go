package auth

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/passkey"
	"parley/db"
	"parley/e2e/rig"
)

const chatOrigin = "https://chat.example.org"

func siteAt(t *testing.T, origin string) passkey.Site {
	t.Helper()
	u, err := url.Parse(origin)
	must(t, err)
	s, ok := passkey.At(u, "Parley")
	if !ok {
		t.Fatalf("no passkeys at %s", origin)
	}
	return s
}

// mustAddPasskey gives somebody a passkey on a device.
func (a *Accounts) mustAddPasskey(t *testing.T, u db.User, session uint64, device *rig.Passkey, name string) {
	t.Helper()
	site := siteAt(t, chatOrigin)
	must(t, a.BeginNewPasskey(t.Context(), u, session, site, name, goodPassword, ""))
	_, options, err := a.NewPasskey(t.Context(), u, session)
	must(t, err)
	must(t, a.AddPasskey(t.Context(), u, session, site, device.Make(t, options)))
}

func TestPasskey(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		c := newClock()
		a, b := accounts(store, c), accounts(again(), c)
		ctx, site := t.Context(), siteAt(t, chatOrigin)
		u, mal := a.mustSignUp(t, "alice"), a.mustSignUp(t, "mallory")
		_, s, err := a.CreateSession(ctx, u, "")
		must(t, err)
		if err := a.BeginNewPasskey(ctx, u, s.ID, site, "Phone", "not the password", ""); !errors.Is(err, ErrWrongPassword) {
			t.Errorf("without the password: %v", err)
		}
		if _, _, err := a.NewPasskey(ctx, u, s.ID); !errors.Is(err, ErrNoSession) {
			t.Errorf("nothing is being made: %v", err)
		}
		device := rig.NewPasskey(t, chatOrigin)
		device.Count = 1
		a.mustAddPasskey(t, u, s.ID, device, "Phone")
		must(t, a.BeginNewPasskey(ctx, u, s.ID, site, "Again", goodPassword, ""))
		_, options, err := a.NewPasskey(ctx, u, s.ID)
		must(t, err)
		if err := b.AddPasskey(ctx, u, s.ID, site, device.Make(t, options)); !errors.Is(err, ErrPasskeyTaken) {
			t.Errorf("the same twice: %v", err)
		}

		signIn := func(answer func(options string) string) (db.User, error) {
			t.Helper()
			token, options, err := a.BeginPasskey(ctx, address(1), site, "")
			must(t, err)
			if same, told, err := b.BeginPasskey(ctx, address(1), site, token); err != nil || same != token || told != options {
				t.Errorf("the page once more: %q, %v", told, err)
			}
			return b.FinishPasskey(ctx, site, token, answer(options))
		}
		use := func(options string) string { return device.Use(t, options) }
		who, err := signIn(use)
		if err != nil || who.ID != u.ID {
			t.Fatalf("%+v, %v", who, err)
		}
		_, made, err := a.CreatePasskeySession(ctx, who, "")
		must(t, err)
		if !made.ByPasskey {
			t.Error("the session does not say so")
		}
		if _, renewed, err := a.RotateSession(ctx, u.ID, made.ID, ""); err != nil || !renewed.ByPasskey {
			t.Errorf("renewed: %+v, %v", renewed, err)
		}
		c.advance(time.Second)
		var replayed string
		if _, err := signIn(func(options string) string { replayed = use(options); return replayed }); err != nil {
			t.Errorf("again: %v", err)
		}
		for what, bad := range map[string]func(options string) string{
			"an answer to another challenge": func(string) string { return replayed },
			"nothing":                        func(string) string { return "" },
			"no JSON":                        func(string) string { return "{" },
			"too much":                       func(o string) string { return use(o) + strings.Repeat(" ", 16<<10) },
			"no finger": func(o string) string {
				device.Verified = false
				defer func() { device.Verified = true }()
				return use(o)
			},
			"another site": func(o string) string {
				device.Origin = "https://chat.example.org.evil.example"
				defer func() { device.Origin = chatOrigin }()
				return use(o)
			},
			"another port": func(o string) string {
				device.Origin = chatOrigin + ":8443"
				defer func() { device.Origin = chatOrigin }()
				return use(o)
			},
			"another device": func(o string) string {
				other := rig.NewPasskey(t, chatOrigin)
				return strings.Replace(other.Use(t, o), `"userHandle":""`, `"userHandle":"AAAAAAAAAAE"`, 1)
			},
		} {
			if _, err := signIn(bad); !errors.Is(err, ErrBadPasskey) {
				t.Errorf("%s: %v", what, err)
			}
		}
		device.Count = 2
		if _, err := signIn(use); !errors.Is(err, ErrBadPasskey) {
			t.Errorf("a copy that was used less often: %v", err)
		}
		device.Count = 100
		c.advance(time.Second)
		if _, err := signIn(use); err != nil {
			t.Errorf("after the copy: %v", err)
		}

		token, options, err := a.BeginPasskey(ctx, address(1), site, "")
		must(t, err)
		c.advance(StepTime)
		if _, err := a.FinishPasskey(ctx, site, token, use(options)); !errors.Is(err, ErrNoSession) {
			t.Errorf("after five minutes: %v", err)
		}
		list, err := a.Passkeys(ctx, u)
		if err != nil || len(list) != 1 || list[0].Name != "Phone" || list[0].UsedAt == nil {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := a.RenamePasskey(ctx, mal, list[0].ID, "Mine"); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("renamed by somebody else: %v", err)
		}
		if err := a.RemovePasskey(ctx, mal, list[0].ID); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("removed by somebody else: %v", err)
		}
		must(t, a.RenamePasskey(ctx, u, list[0].ID, "Old phone"))
		must(t, a.RenamePasskey(ctx, u, list[0].ID, "Old phone"))
		must(t, a.RemovePasskey(ctx, u, list[0].ID))
		if _, err := signIn(use); !errors.Is(err, ErrBadPasskey) {
			t.Errorf("removed: %v", err)
		}
	})
}

// TestOnePasskeyAnswerSignsInOnce sends one answer many times at once, through two processes.
func TestOnePasskeyAnswerSignsInOnce(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		c := newClock()
		processes := []*Accounts{accounts(store, c), accounts(again(), c)}
		u := processes[0].mustSignUp(t, "alice")
		_, s, err := processes[0].CreateSession(t.Context(), u, "")
		must(t, err)
		device, site := rig.NewPasskey(t, chatOrigin), siteAt(t, chatOrigin) // which does not count its uses
		processes[0].mustAddPasskey(t, u, s.ID, device, "Phone")
		token, options, err := processes[0].BeginPasskey(t.Context(), address(1), site, "")
		must(t, err)
		answer := device.Use(t, options)
		var accepted atomic.Int32
		var all sync.WaitGroup
		for i := range 10 {
			all.Go(func() {
				switch _, err := processes[i%2].FinishPasskey(t.Context(), site, token, answer); {
				case err == nil:
					accepted.Add(1)
				case !errors.Is(err, ErrNoSession):
					t.Errorf("request %d: %v", i, err)
				}
			})
		}
		all.Wait()
		if accepted.Load() != 1 {
			t.Errorf("%d were accepted", accepted.Load())
		}
	})
}

// TestPasskeysHaveANumber adds eleven at once, and asks for a code where there is an app.
func TestPasskeysHaveANumber(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		c := newClock()
		a := accounts(store, c)
		processes := []*Accounts{a, accounts(again(), c)}
		u, site := a.mustSignUp(t, "alice"), siteAt(t, chatOrigin)
		secret, _ := a.mustSetUp(t, u, c.now())
		_, first, err := a.CreateSession(t.Context(), u, "")
		must(t, err)
		if err := a.BeginNewPasskey(t.Context(), u, first.ID, site, "Phone", goodPassword, ""); !errors.Is(err, ErrBadCode) {
			t.Errorf("without a code: %v", err)
		}
		var sessions []uint64
		for i := range maxPasskeys + 1 {
			_, s, err := a.CreateSession(t.Context(), u, "")
			must(t, err)
			c.advance(codeStep * time.Second)
			must(t, a.BeginNewPasskey(t.Context(), u, s.ID, site, fmt.Sprint("Phone ", i), goodPassword, codeAt(t, secret, c.now(), 0)))
			sessions = append(sessions, s.ID)
		}
		var all sync.WaitGroup
		var refused atomic.Int32
		for i, session := range sessions {
			all.Go(func() {
				_, options, err := a.NewPasskey(t.Context(), u, session)
				if err != nil {
					t.Error(err)
					return
				}
				switch err := processes[i%2].AddPasskey(t.Context(), u, session, site, rig.NewPasskey(t, chatOrigin).Make(t, options)); {
				case errors.Is(err, ErrTooManyPasskeys):
					refused.Add(1)
				case err != nil:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if list, err := a.Passkeys(t.Context(), u); err != nil || len(list) != maxPasskeys || refused.Load() != 1 {
			t.Errorf("%d passkeys, %d refused, %v", len(list), refused.Load(), err)
		}
	})
}

// TestBeginningsAreCounted checks that one address cannot fill the table.
func TestBeginningsAreCounted(t *testing.T) {
	a := accounts(open(t, "sqlite:"+t.TempDir()+"/parley.db"), newClock())
	site := siteAt(t, chatOrigin)
	for range beginLimit {
		if _, _, err := a.BeginPasskey(t.Context(), address(1), site, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := a.BeginPasskey(t.Context(), address(1), site, ""); !isThrottled(err) {
		t.Errorf("beyond the limit: %v", err)
	}
	if _, _, err := a.BeginPasskey(t.Context(), address(2), site, ""); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
}
