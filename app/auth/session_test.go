package auth

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"parley/db"
)

func TestSession(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		c := newClock()
		a, b := accounts(store, c), accounts(again(), c)
		u := a.mustSignUp(t, "alice")
		token, s, err := a.CreateSession(t.Context(), u, "A Browser\r\n\x00 "+strings.Repeat("é", 400))
		must(t, err)
		if len(token) != 43 || strings.Contains(s.TokenHash, token) || len(s.TokenHash) != 64 {
			t.Errorf("token %q, stored %q", token, s.TokenHash)
		}
		if agent := []rune(s.UserAgent); len(agent) != 255 || !strings.HasPrefix(s.UserAgent, "A Browser é") {
			t.Errorf("user agent %q", s.UserAgent)
		}
		found, who, err := b.SessionByToken(t.Context(), token)
		if err != nil || found.ID != s.ID || who.ID != u.ID || !found.ExpiresAt.Equal(s.ExpiresAt) {
			t.Fatalf("found %+v of %+v, %v", found, who, err)
		}
		for _, wrong := range []string{"", " ", token[:42], token + "A", token[:42] + "!", token + "=", " " + token, token + "\n",
			strings.Repeat("A", 43), strings.Repeat("A", 41), strings.Repeat("A", 44), s.TokenHash, strings.ToUpper(token), token[:42] + "B", "' OR 1=1 --"} {
			if _, _, err := a.SessionByToken(t.Context(), wrong); !errors.Is(err, ErrNoSession) && wrong != token {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		must(t, b.EndSession(t.Context(), u.ID+1, s.ID)) // not theirs
		if _, _, err := a.SessionByToken(t.Context(), token); err != nil {
			t.Errorf("ended by a stranger: %v", err)
		}
		must(t, b.EndSession(t.Context(), u.ID, s.ID))
		must(t, b.EndSession(t.Context(), u.ID, s.ID))
		if _, _, err := a.SessionByToken(t.Context(), token); !errors.Is(err, ErrNoSession) {
			t.Errorf("after its end: %v", err)
		}
	})
}

func TestSessionExpires(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		c := newClock()
		a := accounts(store, c)
		u := a.mustSignUp(t, "alice")
		token, s, err := a.CreateSession(t.Context(), u, "")
		must(t, err)
		idle, _, err := a.CreateSession(t.Context(), u, "")
		must(t, err)
		seen := func() db.Session {
			t.Helper()
			s, _, err := a.SessionByToken(t.Context(), token)
			must(t, err)
			return s
		}
		c.advance(touchInterval - time.Second)
		if !seen().SeenAt.Equal(s.SeenAt) {
			t.Error("touched too early")
		}
		c.advance(time.Second)
		if got := seen(); !got.SeenAt.Equal(c.now()) || !got.ExpiresAt.Equal(c.now().Add(idleTimeout)) {
			t.Errorf("not touched: %+v", got)
		}
		c.advance(idleTimeout - time.Minute)
		seen()
		if _, _, err := a.SessionByToken(t.Context(), idle); !errors.Is(err, ErrNoSession) {
			t.Errorf("unused for 14 days: %v", err)
		}
		if list, err := a.Sessions(t.Context(), u.ID); err != nil || len(list) != 1 || list[0].ID != s.ID {
			t.Errorf("listed %v, %v", list, err)
		}
		alive, err := a.AliveSessions(t.Context(), []uint64{s.ID, s.ID + 1, 999})
		if err != nil || !alive[s.ID] || alive[s.ID+1] || alive[999] {
			t.Errorf("alive: %v, %v", alive, err)
		}
		must(t, a.DeleteExpired(t.Context()))
		if rows, err := store.SessionsOf(t.Context(), u.ID); err != nil || len(rows) != 1 {
			t.Errorf("after the sweep: %v, %v", rows, err)
		}
		for c.now().Before(s.CreatedAt.Add(maxSessionAge - 24*time.Hour)) {
			seen()
			c.advance(24 * time.Hour)
		}
		seen()
		c.advance(24 * time.Hour)
		if _, _, err := a.SessionByToken(t.Context(), token); !errors.Is(err, ErrNoSession) {
			t.Errorf("used daily for 90 days: %v", err)
		}
	})
}

func TestChangePassword(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		const fresh = "eleven blue teapots"
		a := accounts(store, newClock())
		u := a.mustSignUp(t, "alice")
		token, mine, err := a.CreateSession(t.Context(), u, "mine")
		must(t, err)
		_, other, err := a.CreateSession(t.Context(), u, "other")
		must(t, err)
		if _, err := a.ChangePassword(t.Context(), u, "not the password", fresh, mine.ID); !errors.Is(err, ErrWrongPassword) {
			t.Errorf("with a wrong password: %v", err)
		}
		var bad *Invalid
		if _, err := a.ChangePassword(t.Context(), u, goodPassword, "alice12345", mine.ID); !errors.As(err, &bad) || bad.Password == "" {
			t.Errorf("to a bad password: %v", err)
		}
		ended, err := a.ChangePassword(t.Context(), u, goodPassword, fresh, mine.ID)
		if err != nil || !slices.Equal(ended, []uint64{other.ID}) {
			t.Fatalf("ended %v, %v", ended, err)
		}
		if _, _, err := a.CreateSession(t.Context(), u, "late"); !errors.Is(err, ErrWrongPassword) {
			t.Errorf("a sign-in that had checked the old password: %v", err)
		}
		if list, err := a.Sessions(t.Context(), u.ID); err != nil || len(list) != 1 {
			t.Errorf("sessions: %v, %v", list, err)
		}
		renewed, s, err := a.RotateSession(t.Context(), u.ID, mine.ID, "mine")
		must(t, err)
		if _, _, err := a.SessionByToken(t.Context(), token); !errors.Is(err, ErrNoSession) {
			t.Errorf("the old token: %v", err)
		}
		if found, _, err := a.SessionByToken(t.Context(), renewed); err != nil || found.ID != s.ID || s.ID == mine.ID {
			t.Errorf("the new token: %+v, %v", found, err)
		}
		if _, err := a.SignIn(t.Context(), address(2), "alice", goodPassword); !errors.Is(err, ErrWrongPassword) {
			t.Errorf("the old password: %v", err)
		}
		if _, err := a.SignIn(t.Context(), address(2), "alice", fresh); err != nil {
			t.Errorf("the new password: %v", err)
		}
		for range changeLimit {
			_, _ = a.ChangePassword(t.Context(), u, "a guess of a thief", fresh+"!", s.ID)
		}
		if _, err = a.ChangePassword(t.Context(), u, fresh, fresh+"!", s.ID); !isThrottled(err) {
			t.Errorf("after %d guesses: %v", changeLimit, err)
		}
	})
}

func TestRehash(t *testing.T) {
	a := accounts(open(t, "sqlite:"+t.TempDir()+"/parley.db"), newClock())
	u := a.mustSignUp(t, "alice")
	weak, err := argon2id.CreateHash(goodPassword, &argon2id.Params{Memory: 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	must(t, err)
	must(t, a.store.SetPasswordHash(t.Context(), u.ID, weak))
	u, err = a.SignIn(t.Context(), address(1), "alice", goodPassword)
	must(t, err)
	if u.PasswordHash == weak || !strings.Contains(u.PasswordHash, "m=19456") {
		t.Errorf("still %q", u.PasswordHash)
	}
	if _, _, err := a.CreateSession(t.Context(), u, ""); err != nil {
		t.Errorf("with the new hash: %v", err)
	}
	if _, err := a.SignIn(t.Context(), address(1), "alice", goodPassword); err != nil {
		t.Errorf("the next sign-in: %v", err)
	}
}

// TestSessionsHaveANumber checks that the sessions used longest ago make room for new ones.
func TestSessionsHaveANumber(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		c := newClock()
		a := accounts(store, c)
		other, u := a.mustSignUp(t, "other"), a.mustSignUp(t, "alice")
		var tokens []string
		signIn := func(u db.User) (ended []uint64) {
			t.Helper()
			token, _, err := a.CreateSession(t.Context(), u, "")
			must(t, err)
			tokens = append(tokens, token)
			ended, err = a.EndOldSessions(t.Context(), u.ID)
			must(t, err)
			return ended
		}
		signIn(other)
		for range maxSessions {
			c.advance(time.Minute)
			if ended := signIn(u); len(ended) > 0 {
				t.Fatalf("session %d ended %v", len(tokens)-1, ended)
			}
		}
		c.advance(touchInterval)
		first, _, err := a.SessionByToken(t.Context(), tokens[1]) // is used, so the second is the oldest
		must(t, err)
		second, _, err := a.SessionByToken(t.Context(), tokens[0])
		must(t, err)
		if second.UserID != other.ID {
			t.Errorf("the session of somebody else: %+v", second)
		}
		c.advance(time.Minute)
		ended := signIn(u)
		if len(ended) != 1 || ended[0] == first.ID {
			t.Errorf("ended %v", ended)
		}
		if _, _, err := a.SessionByToken(t.Context(), tokens[2]); !errors.Is(err, ErrNoSession) {
			t.Errorf("the oldest: %v", err)
		}
		sessions, err := a.Sessions(t.Context(), u.ID)
		must(t, err)
		if len(sessions) != maxSessions {
			t.Errorf("%d sessions", len(sessions))
		}
	})
}
