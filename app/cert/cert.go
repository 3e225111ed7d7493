// Package cert has the certificates of a Parley that speaks TLS by itself: from files that somebody else renews, or from
// an authority that speaks ACME (RFC 8555), such as Let's Encrypt. It also has what answers on port 80 then.
//
// The protocol is golang.org/x/crypto/acme. The managers above it, autocert and certmagic, ask for a certificate when a
// client comes and while it waits. Here one goroutine asks, ahead of time, and a handshake takes what is there; so
// strangers can make nobody ask, and the log has the authority's own reason when something fails.
package cert

import (
	"crypto/tls"
	"errors"
	"fmt"
	"time"
)

// Source has the certificate for a handshake, or an error while there is none.
type Source func(*tls.ClientHelloInfo) (*tls.Certificate, error)

// Config returns the settings for serving TLS with a certificate.
func Config(source Source) *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"http/1.1"},
		GetCertificate: source,
	}
}

// errNotYet is for handshakes before the first certificate.
var errNotYet = errors.New("cert: there is no certificate yet")

// parse returns a certificate and its key, in PEM, with its Leaf.
func parse(cert, key []byte) (*tls.Certificate, error) {
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, err
	}
	return &pair, nil
}

// Trouble returns why browsers will not accept a certificate for a host, or nil. Whether they know who has signed it is
// not looked at.
func Trouble(c *tls.Certificate, host string, now time.Time) error {
	switch leaf := c.Leaf; {
	case now.After(leaf.NotAfter):
		return fmt.Errorf("cert: expired at %s", leaf.NotAfter.UTC().Format(time.RFC3339))
	case now.Before(leaf.NotBefore):
		return fmt.Errorf("cert: not valid before %s", leaf.NotBefore.UTC().Format(time.RFC3339))
	default:
		return leaf.VerifyHostname(host)
	}
}
