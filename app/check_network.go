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
	k.addresses(ctx, config)
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

// addresses tries where this server listens, and whether that is one place for each.
func (k *checker) addresses(ctx context.Context, config Config) {
	type place struct{ name, addr string }
	places := []place{{"PARLEY_ADDR", config.Addr}, {"PARLEY_ADMIN_ADDR", config.AdminAddr}}
	if config.TLS.on() && config.TLS.redirect != "" {
		places = append(places, place{"PARLEY_TLS_REDIRECT_ADDR", config.TLS.redirect})
	}
	for i, p := range places {
		k.listens(ctx, p.name, p.addr)
		for _, other := range places[:i] {
			if overlap(p.addr, other.addr) {
				k.wrong("%s and %s are the same, %s: only one of them can have it", other.name, p.name, p.addr)
			}
		}
	}
}

// overlap reports whether two addresses to listen at cannot be used together.
func overlap(a, b string) bool {
	hostA, portA, errA := net.SplitHostPort(a)
	hostB, portB, errB := net.SplitHostPort(b)
	return errors.Join(errA, errB) == nil && portA == portB && portA != "0" && (hostA == hostB || isAnywhere(hostA) || isAnywhere(hostB))
}

// isAnywhere reports whether a host to listen at is all addresses of this machine.
func isAnywhere(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || ip != nil && ip.IsUnspecified()
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
