package main

import (
	"errors"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"

	"parley/db"
)

// letsEncrypt is the authority that certificates come from unless another is set.
const letsEncrypt = "https://acme-v02.api.letsencrypt.org/directory"

// tlsSettings are how Parley speaks TLS by itself. The zero value, and whatever else is set without auto and files,
// leaves that to a proxy.
type tlsSettings struct {
	auto      bool
	cert, key string // paths of files
	dir       string // for what auto gets
	redirect  string // "" for none
	authority string
	email     string
}

// on reports whether Parley speaks TLS by itself.
func (t tlsSettings) on() bool { return t.auto || t.cert != "" }

func readTLS(c *Config, text string) error {
	switch {
	case text == "":
		return nil
	case c.PublicURL == nil || c.PublicURL.Scheme != "https":
		return errors.New("must go with a PARLEY_PUBLIC_URL that begins with https://")
	case text == "auto":
		c.TLS.auto = true
		return checkCertifiable(c.PublicURL.Hostname())
	}
	cert, key, _ := strings.Cut(text, ",")
	c.TLS.cert, c.TLS.key = strings.TrimSpace(cert), strings.TrimSpace(key)
	if c.TLS.cert == "" || c.TLS.key == "" || strings.Contains(key, ",") {
		return errors.New("must be auto, or the paths of two files: the certificate, a comma, and its key")
	}
	return nil
}

// checkCertifiable returns nil if an authority may give a certificate for a host.
func checkCertifiable(host string) error {
	if _, err := netip.ParseAddr(host); err == nil {
		return errors.New("must not be auto where PARLEY_PUBLIC_URL has an IP address: authorities know names")
	}
	if !strings.Contains(host, ".") {
		return errors.New("must not be auto where PARLEY_PUBLIC_URL has a name without a dot: authorities know names that the internet knows")
	}
	return nil
}

func readTLSDir(c *Config, text string) error {
	c.TLS.dir = text
	switch {
	case text != "" && !c.TLS.auto:
		return errors.New("must go with PARLEY_TLS=auto")
	case text != "" || !c.TLS.auto:
		return nil
	}
	beside := db.Folder(c.DatabaseURL)
	if beside == "" {
		return errors.New("must be the path of a folder for certificates, because the data is not in a file that they could be beside")
	}
	c.TLS.dir = filepath.Join(beside, "tls")
	return nil
}

func readTLSRedirect(c *Config, text string) error {
	if text == "off" {
		if c.TLS.auto {
			return errors.New("must not be off with PARLEY_TLS=auto: the authority asks there")
		}
		return nil
	}
	c.TLS.redirect = text
	return checkAddress(text)
}

func readACME(c *Config, text string) error {
	c.TLS.authority = text
	if u, err := url.Parse(text); err != nil || u.Scheme != "https" || !hasServer(u) || u.User != nil {
		return errors.New("must look like " + letsEncrypt)
	}
	return nil
}

func readACMEEmail(c *Config, text string) error {
	c.TLS.email = text
	if text == "" {
		return nil
	}
	if a, err := mail.ParseAddress(text); err != nil || a.Address != text {
		return errors.New("must look like admin@example.org")
	}
	return nil
}
