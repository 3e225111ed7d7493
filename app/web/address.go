package web

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
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
// append to the client's line, others add a line below it.
func forwardedValues(c *fiber.Ctx, header string) (values []string) {
	for _, line := range c.Request().Header.PeekAll(header) {
		for value := range strings.SplitSeq(string(line), ",") {
			values = append(values, strings.TrimSpace(value))
		}
	}
	return values
}

// forwardedHeader returns what the nearest proxy says in a header, "" if it is none of ours.
func (s *Server) forwardedHeader(c *fiber.Ctx, header string) string {
	values := forwardedValues(c, header)
	if len(values) == 0 || !s.isTrusted(peer(c)) {
		return ""
	}
	return values[len(values)-1]
}

// clientAddr returns the address of the client: from right to left through our own proxies, up to the first
// address that is not ours. Left of that stands whatever the client wrote.
func (s *Server) clientAddr(c *fiber.Ctx) netip.Addr {
	addr := peer(c)
	hops := forwardedValues(c, fiber.HeaderXForwardedFor)
	for i := len(hops) - 1; i >= 0 && s.isTrusted(addr); i-- {
		hop, err := netip.ParseAddr(hops[i])
		if err != nil {
			break
		}
		addr = hop.Unmap()
	}
	return addr
}

func (s *Server) scheme(c *fiber.Ctx) string {
	if s.forwardedHeader(c, fiber.HeaderXForwardedProto) == "https" {
		return "https"
	}
	return "http"
}

// host returns the name that the browser asked for.
func (s *Server) host(c *fiber.Ctx) string {
	if name := s.forwardedHeader(c, fiber.HeaderXForwardedHost); name != "" {
		return name
	}
	return string(c.Request().Host())
}

// canonical spells an origin as browsers do: in lowercase, and without the default port.
func canonical(u *url.URL) *url.URL {
	if u == nil {
		return nil
	}
	return &url.URL{Scheme: u.Scheme, Host: canonicalHost(u.Scheme, u.Host)}
}

func canonicalHost(scheme, host string) string {
	port := ":80"
	if scheme == "https" {
		port = ":443"
	}
	return strings.TrimSuffix(strings.ToLower(host), port)
}
