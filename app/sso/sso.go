// Package sso speaks OpenID Connect with providers: the authorization code flow with PKCE, and back-channel logout. It knows no
// accounts: it leads a browser to a provider, and returns the person that the provider vouches for.
//
// Only addresses of the configuration and of a provider's own discovery document are ever asked, redirects are not followed, and
// no answer is read beyond a megabyte.
package sso

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	answerTime  = 3 * time.Second // for each request to a provider; a page has 4.5 seconds in all
	maxAnswer   = 1 << 20         // bytes
	readAgain   = time.Hour       // after which the discovery document is read again
	retryAfter  = 5 * time.Second // a provider that did not answer is left alone for this long
	clockSkew   = time.Minute
	logoutValid = 10 * time.Minute // from when a logout token was issued
	maxClaim    = 255              // bytes of a subject or a session's id, as in OpenID Connect
)

// The errors of this package.
var (
	ErrUnavailable = errors.New("sso: the provider cannot be reached")
	ErrRefused     = errors.New("sso: the provider's answer is not valid")
	ErrDenied      = errors.New("sso: the provider did not let them in")
)

// Config is a provider as it is set up.
type Config struct {
	Name             string // in addresses: a to z, 0 to 9 and -
	Label            string // for people
	Issuer           string
	ClientID, Secret string
	Scopes           []string // besides openid
}

// Provider is an OpenID Connect provider.
type Provider struct {
	Config
	redirect string
	client   *http.Client
	now      func() time.Time

	mu       sync.Mutex
	known    *discovered
	failedAt time.Time
}

// discovered is what a provider says about itself.
type discovered struct {
	*oidc.Provider
	readAt  time.Time
	iss     bool // answers say whose they are (RFC 9207)
	secrets oauth2.Config
}

// New returns a provider whose answers come to the public address of this server. It asks nothing yet.
func New(c Config, public *url.URL, now func() time.Time) *Provider {
	client := &http.Client{
		Timeout:       answerTime,
		Transport:     limited{http.DefaultTransport.(*http.Transport).Clone()},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Provider{Config: c, redirect: public.String() + "/oidc/" + c.Name + "/callback", client: client, now: now}
}

// limited cuts answers that are too long.
type limited struct{ http.RoundTripper }

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, maxAnswer), answer.Body}
	}
	return answer, err
}

// discover returns what the provider says about itself. What was read an hour ago is read again, and stays in use while
// the provider does not answer.
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.known != nil && now.Sub(p.known.readAt) < readAgain {
		return p.known, nil
	}
	if now.Sub(p.failedAt) < retryAfter {
		return p.known, p.unlessKnown(ErrUnavailable)
	}
	fresh, err := p.read(ctx)
	if err != nil {
		p.failedAt = now
		return p.known, p.unlessKnown(fmt.Errorf("%w: %w", ErrUnavailable, err))
	}
	p.known = fresh
	return p.known, nil
}

func (p *Provider) unlessKnown(err error) error {
	if p.known != nil {
		return nil
	}
	return err
}

func (p *Provider) read(ctx context.Context) (*discovered, error) {
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.Issuer)
	if err != nil {
		return nil, err
	}
	var says struct {
		Keys    string   `json:"jwks_uri"`
		Iss     bool     `json:"authorization_response_iss_parameter_supported"`
		Methods []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := found.Claims(&says); err != nil {
		return nil, err
	}
	endpoint := found.Endpoint()
	for _, address := range []string{endpoint.AuthURL, endpoint.TokenURL, says.Keys} {
		if !IsSafe(address) {
			return nil, errors.New("an address in the discovery document is not https")
		}
	}
	endpoint.AuthStyle = oauth2.AuthStyleInHeader // the default of OpenID Connect
	if len(says.Methods) > 0 && !slices.Contains(says.Methods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return &discovered{Provider: found, readAt: p.now(), iss: says.Iss, secrets: oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: endpoint, RedirectURL: p.redirect, Scopes: append([]string{oidc.ScopeOpenID}, p.Scopes...),
	}}, nil
}

// IsSafe reports whether an address is https, or http on this machine.
func IsSafe(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	local := slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && local
}

// Check reports whether the provider answers as one.
func (p *Provider) Check(ctx context.Context) error {
	_, err := p.discover(ctx)
	return err
}

// Redirect returns the address to which the provider sends people back. It has to be known there.
func (p *Provider) Redirect() string { return p.redirect }

// Step is what has to be remembered of a browser between leaving for a provider and coming back. It is secret.
type Step struct {
	State, Nonce, Verifier string
	Fresh                  bool // the provider was asked to make sure who it is
}

// Begin returns the address of the provider to which a browser goes. With fresh, the provider should not let somebody
// in just because they have been there before.
func (p *Provider) Begin(ctx context.Context, fresh bool) (address string, s Step, err error) {
	known, err := p.discover(ctx)
	if err != nil {
		return "", s, err
	}
	s = Step{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Fresh: fresh}
	options := []oauth2.AuthCodeOption{oidc.Nonce(s.Nonce), oauth2.S256ChallengeOption(s.Verifier)}
	if fresh {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return known.secrets.AuthCodeURL(s.State, options...), s, nil
}

// Answer is what a browser brings back from a provider.
type Answer struct{ State, Code, Issuer, Error string }

// IsOf reports whether an answer belongs to a step.
func (a Answer) IsOf(s Step) bool {
	return subtle.ConstantTimeCompare([]byte(a.State), []byte(s.State)) == 1
}

// Person is somebody whom a provider vouches for.
type Person struct {
	Issuer, Subject string
	Session         string // the provider's id of the session; "" if it has none
	Username, Name  string // as the provider has them, unchecked; may be ""
}

// claims are those of an ID token or of the userinfo endpoint that count here.
type claims struct {
	Subject    string `json:"sub"`
	Username   string `json:"preferred_username"`
	Nickname   string `json:"nickname"`
	Email      string `json:"email"`
	Name       string `json:"name"`
	Session    string `json:"sid"`
	Authorized string `json:"azp"`
	AuthTime   *int64 `json:"auth_time"`
}

// Finish takes the answer of a provider, exchanges its code, and returns whom the provider vouches for. The caller has checked
// that the answer is one to this step, and lets each step be finished once.
func (p *Provider) Finish(ctx context.Context, s Step, a Answer) (Person, error) {
	known, err := p.discover(ctx)
	if err != nil {
		return Person{}, err
	}
	switch {
	case a.Issuer != "" && a.Issuer != p.Issuer, a.Issuer == "" && known.iss:
		return Person{}, fmt.Errorf("%w: it is from another issuer", ErrRefused)
	case a.Error == "access_denied":
		return Person{}, ErrDenied
	case a.Error == "temporarily_unavailable", a.Error == "server_error":
		return Person{}, ErrUnavailable
	case a.Error != "" || a.Code == "":
		return Person{}, fmt.Errorf("%w: it has no code", ErrRefused)
	}
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := known.secrets.Exchange(ctx, a.Code, oauth2.VerifierOption(s.Verifier))
	if err != nil {
		return Person{}, exchangeError(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := p.verifier(known).Verify(ctx, raw)
	if err != nil {
		return Person{}, fmt.Errorf("%w: %w", ErrRefused, withoutToken(err))
	}
	c, err := p.check(token, s)
	if err != nil {
		return Person{}, err
	}
	if c.Username+c.Nickname+c.Email+c.Name == "" && known.UserInfoEndpoint() != "" {
		c = withUserInfo(ctx, known, tokens, c)
	}
	return Person{Issuer: p.Issuer, Subject: c.Subject, Session: c.Session, Username: cmp.Or(c.Username, c.Nickname, c.Email), Name: c.Name}, nil
}

// exchangeError returns an error without the answer of the token endpoint, which may repeat the code.
func exchangeError(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode < http.StatusInternalServerError {
		return fmt.Errorf("%w: the code was refused", ErrRefused)
	}
	return fmt.Errorf("%w: the code could not be exchanged", ErrUnavailable)
}

// withoutToken returns why a token is not valid without anything that is in it.
func withoutToken(err error) error {
	var expired *oidc.TokenExpiredError
	if errors.As(err, &expired) {
		return errors.New("the token has expired")
	}
	return errors.New("the token is not one of this provider for this server")
}

// verifier checks tokens with the provider's clock up to a minute off.
func (p *Provider) verifier(known *discovered) *oidc.IDTokenVerifier {
	return known.Verifier(&oidc.Config{
		ClientID: p.ClientID, Now: func() time.Time { return p.now().Add(-clockSkew) },
	})
}

// check compares an ID token with the step that asked for it.
func (p *Provider) check(token *oidc.IDToken, s Step) (c claims, err error) {
	if err := token.Claims(&c); err != nil {
		return c, fmt.Errorf("%w: its claims cannot be read", ErrRefused)
	}
	now := p.now()
	switch {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(s.Nonce)) != 1:
		return c, fmt.Errorf("%w: the nonce is another one", ErrRefused)
	case token.IssuedAt.After(now.Add(clockSkew)):
		return c, fmt.Errorf("%w: it was issued in the future", ErrRefused)
	case c.Authorized != "" && c.Authorized != p.ClientID, c.Authorized == "" && len(token.Audience) > 1:
		return c, fmt.Errorf("%w: it was made for another client", ErrRefused)
	case c.Subject == "" || len(c.Subject) > maxClaim || len(c.Session) > maxClaim:
		return c, fmt.Errorf("%w: its subject is not valid", ErrRefused)
	case s.Fresh && c.AuthTime != nil && now.Sub(time.Unix(*c.AuthTime, 0)) > 2*clockSkew+answerTime:
		return c, fmt.Errorf("%w: the provider did not ask them to sign in again", ErrRefused)
	}
	return c, nil
}

// withUserInfo completes names that are not in the ID token. Without an answer there are none, and somebody types theirs.
func withUserInfo(ctx context.Context, known *discovered, tokens *oauth2.Token, c claims) claims {
	info, err := known.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	var more claims
	if err != nil || info.Claims(&more) != nil || more.Subject != c.Subject {
		return c
	}
	more.Session = c.Session
	return more
}

// Logout is a provider's word that somebody has signed out there.
type Logout struct {
	ID               string // each is good once
	Subject, Session string // one of them, or both
	ExpiresAt        time.Time
}

// Logout checks a logout token (OpenID Connect Back-Channel Logout 1.0). The caller makes sure that each is used once.
func (p *Provider) Logout(ctx context.Context, raw string) (Logout, error) {
	known, err := p.discover(ctx)
	if err != nil {
		return Logout{}, err
	}
	token, err := p.verifier(known).VerifyLogout(oidc.ClientContext(ctx, p.client), raw)
	if err != nil {
		return Logout{}, fmt.Errorf("%w: %w", ErrRefused, withoutToken(err))
	}
	now := p.now()
	if token.IssuedAt.After(now.Add(clockSkew)) || token.IssuedAt.Before(now.Add(-logoutValid)) {
		return Logout{}, fmt.Errorf("%w: it is too old, or from the future", ErrRefused)
	}
	if len(token.Subject) > maxClaim || len(token.SessionID) > maxClaim {
		return Logout{}, fmt.Errorf("%w: its subject or session is too long", ErrRefused)
	}
	return Logout{ID: token.TokenID, Subject: token.Subject, Session: token.SessionID, ExpiresAt: now.Add(logoutValid + 2*clockSkew)}, nil
}
