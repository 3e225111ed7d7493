package sso

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestAProviderThatIsDown is left alone for some seconds and then asked again, and what was known of it serves on.
func TestAProviderThatIsDown(t *testing.T) {
	w := newWorld(t)
	down := func(is bool) { w.at.Set(func() { w.at.Down = is }) }
	asked := func() int { return w.at.Count("/.well-known/openid-configuration") }
	down(true)
	w.wants("down", w.p.Check(t.Context()), ErrUnavailable)
	_, _, err := w.p.Begin(t.Context(), false)
	w.wants("down for a browser", err, ErrUnavailable)
	_, err = w.p.Logout(t.Context(), w.at.Logout(map[string]any{"sub": "ann"}))
	w.wants("down for a logout", err, ErrUnavailable)
	if n := asked(); n != 1 {
		t.Errorf("asked %d times within %v", n, retryAfter)
	}
	down(false)
	w.wants("up again, and not asked yet", w.p.Check(t.Context()), ErrUnavailable)
	w.now = w.now.Add(retryAfter)
	w.wants("up again", w.p.Check(t.Context()), nil)
	w.wants("known", w.p.Check(t.Context()), nil)
	if n := asked(); n != 2 {
		t.Errorf("asked %d times", n)
	}

	address, step := w.begin(false)
	answer := w.answer(address, "ann")
	down(true)
	_, err = w.p.Finish(t.Context(), step, answer)
	w.wants("down for the code", err, ErrUnavailable)
	w.now = w.now.Add(readAgain)
	w.wants("known while it is down", w.p.Check(t.Context()), nil)
	if n := asked(); n != 3 {
		t.Errorf("asked %d times; what is known for an hour is read again", n)
	}
	down(false)
	_, err = w.signsIn(false, nil)
	w.wants("up for good", err, nil)
}

// TestDocuments refuses what a provider must not say about itself.
func TestDocuments(t *testing.T) {
	for what, document := range map[string]map[string]any{
		"another issuer": {"issuer": "https://evil.example"}, "no keys": {"jwks_uri": nil}, "keys over http": {"jwks_uri": "http://192.0.2.1/keys"},
		"codes over http": {"token_endpoint": "http://192.0.2.1/token"}, "people over http": {"authorization_endpoint": "http://192.0.2.1/authorize"},
		"an address of a script": {"authorization_endpoint": "javascript:alert(1)"}, "far too long": {"padding": strings.Repeat("x", maxAnswer)},
	} {
		w := newWorld(t)
		w.at.Document = document
		w.wants(what, w.p.Check(t.Context()), ErrUnavailable)
	}
}

// TestNoRedirectIsFollowed keeps a provider from having this server ask other addresses.
func TestNoRedirectIsFollowed(t *testing.T) {
	followed := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
	defer inside.Close()
	provider := httptest.NewServer(http.RedirectHandler(inside.URL, http.StatusTemporaryRedirect))
	defer provider.Close()
	public, _ := url.Parse("https://chat.example.org")
	p := New(Config{Name: "corp", Issuer: provider.URL}, public, time.Now)
	(&world{T: t}).wants("a redirect", p.Check(t.Context()), ErrUnavailable)
	if followed {
		t.Error("a redirect was followed")
	}
}

// TestSafeAddresses lists what may be asked.
func TestSafeAddresses(t *testing.T) {
	for address, safe := range map[string]bool{
		"https://login.example.org/x": true, "http://localhost:5556": true, "http://127.0.0.1/x": true, "http://[::1]:80/": true,
		"http://login.example.org": false, "http://127.0.0.1.example.org": false, "https://": false, "": false, "ftp://localhost": false,
		"https://user:secret@login.example.org": false, "file:///etc/passwd": false, "//login.example.org": false, "https://%zz": false,
	} {
		if got := IsSafe(address); got != safe {
			t.Errorf("%q: %v", address, got)
		}
	}
}
