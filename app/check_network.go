package main

import (
	"context"
	"errors"
	"net"
	"parley/app/netaddr"
	"syscall"
)

// network looks at where this server listens, and at who could take more than their share.
func (k *checker) network(ctx context.Context, config Config) {
	if config.PublicURL == nil || config.PublicURL.Scheme != "https" {
		k.warn("without a PARLEY_PUBLIC_URL that begins with https, cookies travel unencrypted: right for this machine alone, and wrong on a network")
	}
	k.listens(ctx, "PARLEY_ADDR", config.Addr)
	k.listens(ctx, "PARLEY_ADMIN_ADDR", config.AdminAddr)
	if host, _, err := net.SplitHostPort(config.AdminAddr); err == nil && !netaddr.IsLoopback(host) {
		k.warn("metrics and profiles are at %s, which other machines may reach: keep it private", config.AdminAddr)
	}
	for _, network := range config.Trusted {
		if network.Bits() == 0 {
			k.warn("PARLEY_TRUSTED_PROXIES has %s: every visitor can choose the address that limits go by", network)
		}
	}
	if !config.Limits {
		k.warn("PARLEY_LIMITS is off: one person can take as much as they like from all others")
	}
}

// listens tries an address.
func (k *checker) listens(ctx context.Context, name, addr string) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	switch {
	case err == nil:
		_ = l.Close()
	case errors.Is(err, syscall.EADDRINUSE):
		k.ok("somebody listens at %s (%s) already: Parley, if it is running", addr, name)
	default:
		k.wrong("%s: %v", name, err)
	}
}
