package web

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// isTrusted tells whether forwarding headers from this address count.
func (s *Server) isTrusted(addr netip.Addr) bool {
	return slices.ContainsFunc(s.o.Trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}

func peer(c *fiber.Ctx) netip.Addr {
	addr, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	return addr.Unmap()
}

// clientAddr is who really calls: through our own proxies from right to left, up to the first
// address that is not ours. What stands left of that is whatever the client wrote.
func (s *Server) clientAddr(c *fiber.Ctx) netip.Addr {
	addr := peer(c)
	hops := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	for i := len(hops) - 1; i >= 0 && s.isTrusted(addr); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop.Unmap()
	}
	return addr
}

func (s *Server) scheme(c *fiber.Ctx) string {
	if s.isTrusted(peer(c)) && c.Get(fiber.HeaderXForwardedProto) == "https" {
		return "https"
	}
	return "http"
}

// host is the name that the browser asked for.
func (s *Server) host(c *fiber.Ctx) string {
	if forwarded := c.Get(fiber.HeaderXForwardedHost); forwarded != "" && s.isTrusted(peer(c)) {
		return forwarded
	}
	return string(c.Request().Host())
}
