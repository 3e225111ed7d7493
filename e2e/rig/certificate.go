package rig

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"
)

// Certificate is a certificate that signs itself, for tests of TLS.
type Certificate struct {
	Pair      tls.Certificate
	Cert, Key []byte         // in PEM
	Trust     *x509.CertPool // of clients that know it
}

// NewCertificate returns a new certificate for a host and 127.0.0.1, which is valid from an hour before now on.
func NewCertificate(t testing.TB, host string, valid time.Duration) Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: host}, DNSNames: []string{host}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(valid), IsCA: true, BasicConstraintsValid: true}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	c := Certificate{Cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}),
		Key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), Trust: x509.NewCertPool()}
	if c.Pair, err = tls.X509KeyPair(c.Cert, c.Key); err != nil {
		t.Fatal(err)
	}
	c.Trust.AppendCertsFromPEM(c.Cert)
	return c
}

// Server returns how to serve TLS with the certificate.
func (c Certificate) Server() *tls.Config {
	return &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &c.Pair, nil }}
}

// Client returns how to connect to a host that has the certificate.
func (c Certificate) Client(host string) *tls.Config {
	return &tls.Config{RootCAs: c.Trust, ServerName: host}
}
