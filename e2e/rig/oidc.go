package rig

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// OIDC is a small OpenID Connect provider, for tests without a browser. Its fields are what a test may bend.
type OIDC struct {
	*httptest.Server
	ClientID, Secret string
	Claims           map[string]any // of the next ID tokens, in place of what belongs there; nil leaves one out
	Document         map[string]any // of the discovery document, likewise
	Down             bool           // it answers nothing that makes sense
	Now              func() time.Time

	t     testing.TB
	key   *rsa.PrivateKey
	mu    sync.Mutex
	asked map[string]int        // requests by path
	codes map[string]url.Values // what a browser came with, by the code that it left with
}

// NewOIDC starts a provider.
func NewOIDC(t testing.TB) *OIDC {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	o := &OIDC{ClientID: "parley", Secret: "a secret: with/ signs", Now: time.Now, asked: map[string]int{}, t: t, key: key, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", o.discover)
	mux.HandleFunc("GET /keys", o.sendKeys)
	mux.HandleFunc("POST /token", o.exchange)
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		o.asked[r.URL.Path]++
		down := o.Down
		o.mu.Unlock()
		if down {
			http.Error(w, "out of order", http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(o.Close)
	return o
}

// Set changes the provider while it is asked.
func (o *OIDC) Set(change func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	change()
}

// Count returns how often a path was asked for.
func (o *OIDC) Count(path string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asked[path]
}

func bend(base, by map[string]any) map[string]any {
	for name, value := range by {
		if base[name] = value; value == nil {
			delete(base, name)
		}
	}
	return base
}

func send(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

func (o *OIDC) discover(w http.ResponseWriter, _ *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	send(w, bend(map[string]any{
		"issuer": o.URL, "authorization_endpoint": o.URL + "/authorize", "token_endpoint": o.URL + "/token", "jwks_uri": o.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"},
	}, o.Document))
}

func (o *OIDC) sendKeys(w http.ResponseWriter, _ *http.Request) {
	send(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: o.key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
}

// Admit is somebody who signs in at the provider in a browser that was led to an address there. It returns the query with which
// the browser comes back.
func (o *OIDC) Admit(address, subject string) url.Values {
	o.t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Host != o.Listener.Addr().String() || u.Path != "/authorize" {
		o.t.Fatalf("%q is not the address where somebody signs in", address)
	}
	asked := u.Query()
	if asked.Get("code_challenge_method") != "S256" || asked.Get("code_challenge") == "" || asked.Get("state") == "" || asked.Get("nonce") == "" ||
		asked.Get("response_type") != "code" || asked.Get("client_id") != o.ClientID {
		o.t.Fatalf("asked with %v", asked)
	}
	code := rand.Text()
	asked.Set("subject", subject)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.codes[code] = asked
	return url.Values{"code": {code}, "state": {asked.Get("state")}}
}

func (o *OIDC) exchange(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	user, password, _ := r.BasicAuth()
	user, _ = url.QueryUnescape(user)
	password, _ = url.QueryUnescape(password)
	asked, found := o.codes[r.FormValue("code")]
	delete(o.codes, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !found || user != o.ClientID || password != o.Secret || base64.RawURLEncoding.EncodeToString(sum[:]) != asked.Get("code_challenge") ||
		r.FormValue("redirect_uri") != asked.Get("redirect_uri") {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	now := o.Now()
	token := o.sign(bend(map[string]any{
		"iss": o.URL, "sub": asked.Get("subject"), "aud": o.ClientID, "nonce": asked.Get("nonce"), "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}, o.Claims))
	send(w, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "id_token": token})
}

// Logout returns a token that says that somebody has signed out, with claims in place of those that belong there.
func (o *OIDC) Logout(claims map[string]any) string {
	now := o.Now()
	return o.sign(bend(map[string]any{
		"iss": o.URL, "aud": o.ClientID, "iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(), "jti": rand.Text(),
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
	}, claims))
}

func (o *OIDC) sign(claims map[string]any) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: o.key, KeyID: "1"}}, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	payload, _ := json.Marshal(claims)
	signed, err := signer.Sign(payload)
	if err != nil {
		o.t.Fatal(err)
	}
	text, _ := signed.CompactSerialize()
	return text
}
