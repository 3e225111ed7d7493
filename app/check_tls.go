package main

import (
	"context"
	"crypto/tls"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"time"

	"parley/app/cert"
	"parley/app/netaddr"
)

// soon is how long before its end a certificate from files should have been replaced.
const soon = 7 * 24 * time.Hour

// effective lists the settings of TLS that count.
func (t tlsSettings) effective() (list []string) {
	switch {
	case t.auto:
		list = []string{"PARLEY_TLS: gets certificates from " + t.authority, "PARLEY_TLS_DIR: " + t.dir}
	case t.on():
		list = []string{"PARLEY_TLS: the certificate " + t.cert + " with the key " + t.key}
	default:
		return nil
	}
	if t.redirect != "" {
		list = append(list, "PARLEY_TLS_REDIRECT_ADDR: listens for http at "+t.redirect)
	}
	if t.email != "" {
		list = append(list, "PARLEY_ACME_EMAIL: "+t.email)
	}
	return list
}

// certificate looks at the certificate that browsers will see.
func (k *checker) certificate(ctx context.Context, config Config) {
	if !config.TLS.on() {
		return
	}
	if host, _, err := net.SplitHostPort(config.Addr); err == nil && netaddr.IsLoopback(host) {
		k.warn("with PARLEY_TLS, browsers come to PARLEY_ADDR, which only this machine can reach: set it to :443")
	}
	if config.TLS.auto {
		k.authority(ctx, config)
		return
	}
	files, err := cert.Open(config.TLS.cert, config.TLS.key, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		k.wrong("the certificate cannot be used: %v", err)
		return
	}
	k.judge(files.Current(), config)
}

// judge returns how good a certificate is.
func (k *checker) judge(c *tls.Certificate, config Config) {
	until := c.Leaf.NotAfter.UTC().Format(time.DateOnly)
	switch err := cert.Trouble(c, config.PublicURL.Hostname(), time.Now()); {
	case err != nil:
		k.wrong("browsers will not accept the certificate: %v", err)
	case !config.TLS.auto && time.Until(c.Leaf.NotAfter) < soon:
		k.warn("the certificate is good until %s only", until)
	default:
		k.ok("the certificate is good until %s", until)
	}
}

// authority reaches the authority, and looks at the certificate that it has given already.
func (k *checker) authority(ctx context.Context, config Config) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	if err := cert.CheckDir(config.TLS.dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		k.wrong("the folder of the certificates cannot be used: %v", err)
		return
	}
	host := config.PublicURL.Hostname()
	if c, err := cert.Stored(ctx, config.TLS.dir, host); err == nil && cert.Trouble(c, host, time.Now()) == nil {
		k.judge(c, config)
	} else {
		k.ok("there is no certificate yet: the server gets one when it starts")
	}
	terms, err := cert.Terms(ctx, config.TLS.authority)
	if err != nil {
		k.wrong("the authority for certificates does not answer: %v", err)
		return
	}
	k.ok("the authority for certificates answers; its terms of service are at %s", terms)
}
