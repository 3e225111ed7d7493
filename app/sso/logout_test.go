package sso

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

// TestLogoutTokens reads what a provider sends when somebody has signed out there, and refuses everything else.
func TestLogoutTokens(t *testing.T) {
	w := newWorld(t)
	at := func(offset time.Duration) int64 { return w.now.Add(offset).Unix() }
	for _, c := range []struct {
		what   string
		claims map[string]any
		want   error
	}{
		{"a person", map[string]any{"sub": "ann"}, nil},
		{"a session", map[string]any{"sid": "s1"}, nil},
		{"both", map[string]any{"sub": "ann", "sid": "s1"}, nil},
		{"neither", nil, ErrRefused},
		{"no id", map[string]any{"sub": "ann", "jti": nil}, ErrRefused},
		{"no event", map[string]any{"sub": "ann", "events": nil}, ErrRefused},
		{"another event", map[string]any{"sub": "ann", "events": map[string]any{"http://example.org/other": map[string]any{}}}, ErrRefused},
		{"a nonce, so that it is an ID token", map[string]any{"sub": "ann", "nonce": "x"}, ErrRefused},
		{"another client", map[string]any{"sub": "ann", "aud": "other"}, ErrRefused},
		{"another issuer", map[string]any{"sub": "ann", "iss": "https://evil.example"}, ErrRefused},
		{"made within the next minute", map[string]any{"sub": "ann", "iat": at(time.Minute)}, nil},
		{"made later", map[string]any{"sub": "ann", "iat": at(61 * time.Second)}, ErrRefused},
		{"made ten minutes ago", map[string]any{"sub": "ann", "iat": at(-logoutValid)}, nil},
		{"made before", map[string]any{"sub": "ann", "iat": at(-logoutValid - time.Second)}, ErrRefused},
		{"expired", map[string]any{"sub": "ann", "exp": at(-61 * time.Second)}, ErrRefused},
		{"a subject that is too long", map[string]any{"sub": strings.Repeat("x", maxClaim+1)}, ErrRefused},
		{"a session that is too long", map[string]any{"sid": strings.Repeat("x", maxClaim+1)}, ErrRefused},
	} {
		got, err := w.p.Logout(t.Context(), w.at.Logout(c.claims))
		w.wants(c.what, err, c.want)
		if err != nil {
			continue
		}
		// What is remembered of it lasts for longer than it is good.
		subject, _ := c.claims["sub"].(string)
		session, _ := c.claims["sid"].(string)
		if got.Subject != subject || got.Session != session || got.ID == "" || got.ExpiresAt.Before(w.now.Add(logoutValid+clockSkew)) {
			t.Errorf("%s: %+v", c.what, got)
		}
	}

	forger := rig.NewOIDC(t)
	token := w.at.Logout(map[string]any{"sub": "ann"})
	part := strings.Split(token, ".")
	unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	for what, raw := range map[string]string{
		"another key": forger.Logout(map[string]any{"sub": "ann", "iss": w.at.URL}), "no signature": unsigned + "." + part[1] + ".",
		"a signature that was cut": token[:len(token)-4], "another body": part[0] + "." + strings.Replace(part[1], part[1][4:8], "AAAA", 1) + "." + part[2],
		"nothing": "", "no token": "ann", "far too long": strings.Repeat("x", 1<<20),
	} {
		_, err := w.p.Logout(t.Context(), raw)
		w.wants(what, err, ErrRefused)
	}
}
