package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"parley/app/cert"
	"parley/app/conn"
)

// redirectConns limits the connections to port 80, which answers each at once.
const redirectConns = 128

// openTLS returns how to serve TLS, and nil if a proxy does that. It serves port 80, and keeps the certificate new,
// until stop is called.
func openTLS(ctx context.Context, config Config, log *slog.Logger) (serving *tls.Config, stop func(), err error) {
	if !config.TLS.on() {
		return nil, func() {}, nil
	}
	source, auto, err := openCertificate(ctx, config, log)
	if err != nil {
		return nil, nil, fmt.Errorf("PARLEY_TLS: %w", err)
	}
	stopRedirect, err := serveRedirect(ctx, config, auto, log)
	if err != nil {
		return nil, nil, fmt.Errorf("PARLEY_TLS_REDIRECT_ADDR: %w", err)
	}
	keeping, stopKeeping := context.WithCancel(ctx)
	var kept sync.WaitGroup
	if auto != nil {
		kept.Go(func() { auto.Keep(keeping) })
	}
	return cert.Config(source), func() {
		stopKeeping()
		kept.Wait()
		stopRedirect()
	}, nil
}

// openCertificate returns where the certificate comes from; auto is nil if that is files.
func openCertificate(ctx context.Context, config Config, log *slog.Logger) (source cert.Source, auto *cert.Auto, err error) {
	host := config.PublicURL.Hostname()
	if config.TLS.auto {
		auto, err := cert.NewAuto(ctx, cert.AutoOptions{Host: host, Directory: config.TLS.authority, Email: config.TLS.email,
			Dir: config.TLS.dir, Log: log, Now: time.Now})
		if err != nil {
			return nil, nil, err
		}
		return auto.Certificate, auto, nil
	}
	files, err := cert.Open(config.TLS.cert, config.TLS.key, log, time.Now)
	if err != nil {
		return nil, nil, err
	}
	if err := cert.Trouble(files.Current(), host, time.Now()); err != nil {
		log.Warn("browsers will not accept the certificate of PARLEY_TLS", "error", err)
	}
	return files.Certificate, nil, nil
}

// serveRedirect serves port 80, unless that is off.
func serveRedirect(ctx context.Context, config Config, auto *cert.Auto, log *slog.Logger) (stop func(), err error) {
	if config.TLS.redirect == "" {
		return func() {}, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", config.TLS.redirect)
	if err != nil {
		return nil, err
	}
	server := cert.Redirect(config.PublicURL, auto, log)
	bounded := conn.NewListener(listener, conn.ListenerOptions{Log: log, Bound: config.Limits, Capacity: redirectConns})
	go func() { _ = server.Serve(bounded) }()
	return func() { _ = server.Close() }, nil
}
