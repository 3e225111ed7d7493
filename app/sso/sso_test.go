package sso

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

// world is a provider, and a server that knows it. Both have the same clock.
type world struct {
	*testing.T
	at  *rig.OIDC
	p   *Provider
	now time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, at: rig.NewOIDC(t), now: time.Now().Truncate(time.Second)}
	w.at.Now = func() time.Time { return w.now }
	public, _ := url.Parse("https://chat.example.org")
	w.p = New(Config{Name: "corp", Issuer: w.at.URL, ClientID: w.at.ClientID, Secret: w.at.Secret, Scopes: []string{"profile"}}, public, func() time.Time { return w.now })
	return w
}

func (w *world) begin(fresh bool) (address string, s Step) {
	w.Helper()
	address, s, err := w.p.Begin(w.Context(), fresh)
	if err != nil {
		w.Fatal(err)
	}
	return address, s
}

// answer is what the browser of somebody who has signed in at the provider brings back.
func (w *world) answer(address, subject string) Answer {
	q := w.at.Admit(address, subject)
	return Answer{State: q.Get("state"), Code: q.Get("code")}
}

// signsIn sends somebody, whose token has these claims, to the provider and back.
func (w *world) signsIn(fresh bool, claims map[string]any) (Person, error) {
	w.Helper()
	w.at.Set(func() { w.at.Claims = claims })
	address, step := w.begin(fresh)
	return w.p.Finish(w.Context(), step, w.answer(address, "ann"))
}

func (w *world) wants(what string, err, want error) {
	w.Helper()
	if !errors.Is(err, want) || want == nil && err != nil {
		w.Errorf("%s: %v instead of %v", what, err, want)
	}
}

// TestNames checks the person that a provider vouches for, and their names.
func TestNames(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		claims         map[string]any
		username, name string
	}{
		{map[string]any{"preferred_username": "ann", "nickname": "annie", "email": "ann@example.org", "name": "Ann Example"}, "ann", "Ann Example"},
		{map[string]any{"nickname": "annie", "email": "ann@example.org"}, "annie", ""},
		{map[string]any{"email": "ann@example.org", "email_verified": false}, "ann@example.org", ""},
		{map[string]any{"name": "Ann"}, "", "Ann"},
		{nil, "", ""},
	} {
		got, err := w.signsIn(false, c.claims)
		want := Person{Issuer: w.at.URL, Subject: "ann", Username: c.username, Name: c.name}
		if err != nil || got != want {
			t.Errorf("%v: %+v, %v", c.claims, got, err)
		}
	}
	if got, err := w.signsIn(false, map[string]any{"sid": "session 1"}); err != nil || got.Session != "session 1" {
		t.Errorf("the session of the provider: %+v, %v", got, err)
	}
	for name, claims := range map[string]map[string]any{
		"a name that is none": {"name": 7}, "a list of names": {"preferred_username": []string{"ann"}}, "no subject": {"sub": nil},
		"a subject that is too long": {"sub": strings.Repeat("x", maxClaim+1)}, "a session that is too long": {"sid": strings.Repeat("x", maxClaim+1)},
	} {
		_, err := w.signsIn(false, claims)
		w.wants(name, err, ErrRefused)
	}
}

// TestNamesFromUserInfo asks the userinfo endpoint for names that are not in the token. It decides about nothing else.
func TestNamesFromUserInfo(t *testing.T) {
	for body, want := range map[string]Person{
		`{"sub":"ann","nickname":"annie","name":"Ann","sid":"another"}`: {Username: "annie", Name: "Ann"},
		`{"sub":"eve","preferred_username":"eve"}`:                      {},
		`{`: {},
		``:  {},
	} {
		w := newWorld(t)
		info := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") || body == "" {
				http.Error(out, "no", http.StatusInternalServerError)
				return
			}
			out.Header().Set("Content-Type", "application/json")
			_, _ = out.Write([]byte(body))
		}))
		t.Cleanup(info.Close)
		w.at.Document = map[string]any{"userinfo_endpoint": info.URL}
		want.Issuer, want.Subject, want.Session = w.at.URL, "ann", "s1"
		if got, err := w.signsIn(false, map[string]any{"sid": "s1"}); err != nil || got != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

// TestSteps checks what binds an answer to the browser that asked: state, nonce and PKCE, each new each time.
func TestSteps(t *testing.T) {
	w := newWorld(t)
	address, one := w.begin(false)
	_, two := w.begin(false)
	if one.State == two.State || one.Nonce == two.Nonce || one.Verifier == two.Verifier || len(one.State) < 26 || len(one.Nonce) < 26 || len(one.Verifier) < 43 {
		t.Errorf("two steps: %+v, %+v", one, two)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(one.Verifier))
	for name, want := range map[string]string{
		"response_type": "code", "client_id": "parley", "redirect_uri": "https://chat.example.org/oidc/corp/callback", "scope": "openid profile",
		"state": one.State, "nonce": one.Nonce, "code_challenge_method": "S256", "code_challenge": base64.RawURLEncoding.EncodeToString(sum[:]),
		"prompt": "", "max_age": "",
	} {
		if got := u.Query().Get(name); got != want {
			t.Errorf("%s is %q instead of %q", name, got, want)
		}
	}
	if strings.Contains(address, one.Verifier) {
		t.Error("the verifier leaves this server before the code comes")
	}
	answer := w.answer(address, "ann")
	if !answer.IsOf(one) || answer.IsOf(two) || (Answer{}).IsOf(one) {
		t.Error("an answer belongs to another step, or not to its own")
	}
	_, err = w.p.Finish(t.Context(), two, answer)
	w.wants("the verifier of another step", err, ErrRefused)

	address, one = w.begin(false)
	mixed := one
	mixed.Nonce = two.Nonce
	_, err = w.p.Finish(t.Context(), mixed, w.answer(address, "ann"))
	w.wants("the nonce of another step", err, ErrRefused)
	answer = w.answer(address, "ann")
	_, err = w.p.Finish(t.Context(), one, answer)
	w.wants("its own", err, nil)
	_, err = w.p.Finish(t.Context(), one, answer)
	w.wants("a code that was used", err, ErrRefused)
	_, err = w.signsIn(false, map[string]any{"nonce": nil})
	w.wants("no nonce", err, ErrRefused)

	address, _ = w.begin(true)
	if !strings.Contains(address, "prompt=login") || !strings.Contains(address, "max_age=0") {
		t.Errorf("the provider is not asked to make sure: %s", address)
	}
}

// TestClock lets the clocks of provider and server differ by a minute, and no more.
func TestClock(t *testing.T) {
	w := newWorld(t)
	at := func(offset time.Duration) int64 { return w.now.Add(offset).Unix() }
	for _, c := range []struct {
		what   string
		fresh  bool
		claims map[string]any
		want   error
	}{
		{"expired within a minute", false, map[string]any{"exp": at(-59 * time.Second)}, nil},
		{"expired before", false, map[string]any{"exp": at(-61 * time.Second)}, ErrRefused},
		{"no end", false, map[string]any{"exp": nil}, ErrRefused},
		{"made within the next minute", false, map[string]any{"iat": at(time.Minute)}, nil},
		{"made later", false, map[string]any{"iat": at(61 * time.Second)}, ErrRefused},
		{"signed in just now", true, map[string]any{"auth_time": at(-2 * time.Minute)}, nil},
		{"signed in long ago", true, map[string]any{"auth_time": at(-3 * time.Minute)}, ErrRefused},
		{"signed in long ago, which is enough", false, map[string]any{"auth_time": at(-time.Hour)}, nil},
		{"a provider that does not say when", true, nil, nil},
	} {
		_, err := w.signsIn(c.fresh, c.claims)
		w.wants(c.what, err, c.want)
	}
}

// TestTokensForOthers refuses what was made by another, for another, or by nobody.
func TestTokensForOthers(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		what   string
		claims map[string]any
		want   error
	}{
		{"another client", map[string]any{"aud": "other"}, ErrRefused},
		{"nobody", map[string]any{"aud": nil}, ErrRefused},
		{"several, and it does not say who asked", map[string]any{"aud": []string{"other", "parley"}}, ErrRefused},
		{"several, and another has asked", map[string]any{"aud": []string{"other", "parley"}, "azp": "other"}, ErrRefused},
		{"several, and we have asked", map[string]any{"aud": []string{"other", "parley"}, "azp": "parley"}, nil},
		{"us, and another has asked", map[string]any{"azp": "other"}, ErrRefused},
		{"another issuer", map[string]any{"iss": "https://evil.example"}, ErrRefused},
		{"no issuer", map[string]any{"iss": nil}, ErrRefused},
	} {
		_, err := w.signsIn(false, c.claims)
		w.wants(c.what, err, c.want)
	}

	forger := rig.NewOIDC(t) // signs with a key of its own
	w = newWorld(t)
	forger.Claims = map[string]any{"iss": w.at.URL}
	w.at.Document = map[string]any{"authorization_endpoint": forger.URL + "/authorize", "token_endpoint": forger.URL + "/token"}
	address, step := w.begin(false)
	code := forger.Admit(address, "ann").Get("code")
	_, err := w.p.Finish(t.Context(), step, Answer{State: step.State, Code: code})
	w.wants("another key", err, ErrRefused)
	if text := err.Error(); strings.Contains(text, code) || strings.Contains(text, "eyJ") || strings.Contains(text, "ann") {
		t.Errorf("the error has what was in the answer: %s", text)
	}
}

// TestAnswers maps what providers answer in place of a code.
func TestAnswers(t *testing.T) {
	w := newWorld(t)
	_, step := w.begin(false)
	for _, c := range []struct {
		answer Answer
		want   error
	}{
		{Answer{Error: "access_denied"}, ErrDenied},
		{Answer{Error: "temporarily_unavailable"}, ErrUnavailable},
		{Answer{Error: "server_error"}, ErrUnavailable},
		{Answer{Error: "<script>"}, ErrRefused},
		{Answer{Error: "invalid_scope", Code: "x"}, ErrRefused},
		{Answer{}, ErrRefused},
		{Answer{Code: "made up"}, ErrRefused},
		{Answer{Code: "x", Issuer: "https://evil.example"}, ErrRefused},
		{Answer{Error: "access_denied", Issuer: "https://evil.example"}, ErrRefused},
		{Answer{Error: "access_denied", Issuer: w.at.URL}, ErrDenied},
	} {
		_, err := w.p.Finish(t.Context(), step, c.answer)
		w.wants(c.answer.Error+c.answer.Code, err, c.want)
	}
	// One that says that its answers say whose they are (RFC 9207) is held to it.
	w = newWorld(t)
	w.at.Document = map[string]any{"authorization_response_iss_parameter_supported": true}
	address, step := w.begin(false)
	answer := w.answer(address, "ann")
	_, err := w.p.Finish(t.Context(), step, answer)
	w.wants("no issuer", err, ErrRefused)
	answer.Issuer = w.at.URL
	_, err = w.p.Finish(t.Context(), step, answer)
	w.wants("its issuer", err, nil)
}

// TestSecrets checks how the server shows who it is: in the header unless a provider takes the secret in the form alone.
func TestSecrets(t *testing.T) {
	for method, want := range map[string]error{"client_secret_basic": nil, "client_secret_post": ErrRefused} {
		w := newWorld(t) // which takes the header alone
		w.at.Document = map[string]any{"token_endpoint_auth_methods_supported": []string{method}}
		_, err := w.signsIn(false, nil)
		w.wants(method, err, want)
	}
	w := newWorld(t)
	w.p.Secret = "another"
	_, err := w.signsIn(false, nil)
	w.wants("another secret", err, ErrRefused)
}
