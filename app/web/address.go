package web

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/netaddr"
)

// isTrusted reports whether forwarding headers from this address count.
func (s *Server) isTrusted(addr netip.Addr) bool {
	return slices.ContainsFunc(s.options.Trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// peer returns the address at the other end of the connection.
func peer(c *fiber.Ctx) netip.Addr {
	addr, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	return addr.Unmap()
}

// forwardedValues returns the values of a header from left to right, over all its lines: some proxies
// append to the client's line, others add a line below it. Empty ones do not count, as in every list of HTTP
// (RFC 9110 section 5.6.1): after a trailing comma, the proxy would seem not to say who its client is.
func forwardedValues(c *fiber.Ctx, header string) (values []string) {
	for _, line := range c.Request().Header.PeekAll(header) {
		for value := range strings.SplitSeq(string(line), ",") {
			if value = strings.TrimSpace(value); value != "" {
				values = append(values, value)
			}
		}
	}
	return values
}

// forwardedHops returns the hops of the Forwarded header from left to right, over all its lines.
func forwardedHops(c *fiber.Ctx) (hops []netaddr.Hop) {
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderForwarded) {
		if line := strings.TrimRight(string(line), ", \t"); line != "" {
			hops = append(hops, netaddr.ParseForwarded(line)...)
		}
	}
	return hops
}

// forwarded returns what the nearest proxy says in a header, or else in the field of Forwarded that means
// the same; "" if the proxy is none of ours.
func (s *Server) forwarded(c *fiber.Ctx, header string, field func(netaddr.Hop) string) string {
	if !s.isTrusted(peer(c)) {
		return ""
	}
	if values := forwardedValues(c, header); len(values) > 0 {
		return values[len(values)-1]
	}
	if hops := forwardedHops(c); len(hops) > 0 {
		return field(hops[len(hops)-1])
	}
	return ""
}

// forwardedFor returns the clients for which proxies say they forward a request, from left to right.
func forwardedFor(c *fiber.Ctx) []string {
	hops := forwardedValues(c, fiber.HeaderXForwardedFor)
	if len(hops) == 0 {
		for _, hop := range forwardedHops(c) {
			hops = append(hops, hop.For)
		}
	}
	return hops
}

// clientAddr returns the address of the client: from right to left through our own proxies, up to the first
// address that is not ours. To the left of it is whatever the client wrote. X-Forwarded-For counts, or
// Forwarded where there is none.
func (s *Server) clientAddr(c *fiber.Ctx) netip.Addr {
	addr := peer(c)
	if !s.isTrusted(addr) {
		return addr
	}
	hops := forwardedFor(c)
	for i := len(hops) - 1; i >= 0 && s.isTrusted(addr); i-- {
		hop, ok := netaddr.ParseHop(hops[i])
		if !ok {
			break
		}
		addr = hop
	}
	return addr
}

func (s *Server) scheme(c *fiber.Ctx) string {
	if s.options.TLS != nil || s.forwarded(c, fiber.HeaderXForwardedProto, func(h netaddr.Hop) string { return h.Proto }) == "https" {
		return "https"
	}
	return "http"
}

// host returns the name that the browser asked for.
func (s *Server) host(c *fiber.Ctx) string {
	if name := s.forwarded(c, fiber.HeaderXForwardedHost, func(h netaddr.Hop) string { return h.Host }); name != "" {
		return name
	}
	return string(c.Request().Host())
}

// canonical spells an origin as browsers do.
func canonical(u *url.URL) *url.URL {
	if u == nil {
		return nil
	}
	return &url.URL{Scheme: u.Scheme, Host: netaddr.CanonicalHost(u.Scheme, u.Host)}
}
