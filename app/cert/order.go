package cert

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/crypto/acme"
)

// challengeType is HTTP-01 of RFC 8555 section 8.3: the authority looks for a file on port 80.
const challengeType = "http-01"

var errNoChallenge = errors.New("cert: the authority offers no way to show on port 80 whose the host is")

// obtain orders a certificate, and puts it into the folder. The authority's terms of service are agreed to.
func (a *Auto) obtain(ctx context.Context) (*tls.Certificate, error) {
	account := &acme.Account{}
	if a.options.Email != "" {
		account.Contact = []string{"mailto:" + a.options.Email}
	}
	if _, err := a.client.Register(ctx, account, acme.AcceptTOS); err != nil && !errors.Is(err, acme.ErrAccountAlreadyExists) {
		return nil, err
	}
	order, err := a.client.AuthorizeOrder(ctx, acme.DomainIDs(a.options.Host))
	if err != nil {
		return nil, err
	}
	for _, url := range order.AuthzURLs {
		if err := a.authorize(ctx, url); err != nil {
			return nil, err
		}
	}
	if order, err = a.client.WaitOrder(ctx, order.URI); err != nil {
		return nil, err
	}
	return a.finish(ctx, order)
}

// authorize shows the authority that the host is ours.
func (a *Auto) authorize(ctx context.Context, url string) error {
	z, err := a.client.GetAuthorization(ctx, url)
	if err != nil || z.Status == acme.StatusValid {
		return err
	}
	for _, c := range z.Challenges {
		if c.Type != challengeType {
			continue
		}
		answer, err := a.client.HTTP01ChallengeResponse(c.Token)
		if err != nil {
			return err
		}
		path := a.client.HTTP01ChallengePath(c.Token)
		a.challenges.set(path, answer)
		defer a.challenges.remove(path)
		if _, err := a.client.Accept(ctx, c); err != nil {
			return err
		}
		_, err = a.client.WaitAuthorization(ctx, z.URI)
		return err
	}
	return errNoChallenge
}

// finish gets the certificate of an order, with a new key.
func (a *Auto) finish(ctx context.Context, order *acme.Order) (*tls.Certificate, error) {
	key, keyText, err := newKey()
	if err != nil {
		return nil, err
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: []string{a.options.Host}}, key)
	if err != nil {
		return nil, err
	}
	chain, _, err := a.client.CreateCertFromOrder(ctx, order, request, true)
	if err != nil {
		return nil, err
	}
	chainText := encodeChain(chain)
	c, err := parse(chainText, keyText)
	if err != nil {
		return nil, err
	}
	if err := Trouble(c, a.options.Host, a.options.Now()); err != nil {
		return nil, err
	}
	if err := a.store.Put(ctx, a.options.Host+".pem", append(keyText, chainText...)); err != nil {
		a.options.Log.Error("the certificate cannot be kept, so the next start asks for another", "error", err)
	}
	return c, nil
}

// explained returns an error with the authority's reasons.
func explained(err error) error {
	var refused *acme.AuthorizationError
	if errors.As(err, &refused) {
		return fmt.Errorf("%s is not shown to be ours: %w", refused.Identifier, errors.Join(refused.Errors...))
	}
	return err
}

// challenges are what the authority looks for on port 80, by their paths.
type challenges struct {
	mu      sync.Mutex
	answers map[string]string
}

func (c *challenges) set(path, answer string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answers == nil {
		c.answers = map[string]string{}
	}
	c.answers[path] = answer
}

func (c *challenges) remove(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.answers, path)
}

func (c *challenges) get(path string) (answer string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	answer, ok = c.answers[path]
	return answer, ok
}
