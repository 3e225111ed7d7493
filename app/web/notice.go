package web

import (
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/netaddr"
)

// Notices to whoever has set up the server and its proxy.
const (
	wrongHost   = "a request came for another host than browsers use: set PARLEY_PUBLIC_URL to the address that they use, and let the proxy pass their Host header on (docs/proxies.md)"
	wrongScheme = "a form or socket of our own came by https, which the proxy does not tell: set PARLEY_PUBLIC_URL (docs/proxies.md)"
	wrongOrigin = "a form or socket of our own came from another address than PARLEY_PUBLIC_URL, which has to be the one that browsers use"

	unlistedProxy = "requests come through a proxy that is not in PARLEY_TRUSTED_PROXIES, so all its visitors count as one: list its address (docs/proxies.md)"
	silentProxy   = "requests come through a proxy in PARLEY_TRUSTED_PROXIES that does not say for whom, so all its visitors count as one: let it set X-Forwarded-For (docs/proxies.md)"
)

// noticeProxy logs that the addresses of visitors are not known. It looks at requests as browsers send them
// to the public URL: what a health check or a shell on this machine sends has come through no proxy.
func (s *Server) noticeProxy(c *fiber.Ctx) {
	if s.options.PublicURL == nil || c.Get("Sec-Fetch-Site") == "" {
		return
	}
	from, hops := peer(c), forwardedFor(c)
	switch trusted := s.isTrusted(from); {
	case !trusted && len(hops) > 0 && isOfNetwork(from): // anybody else may have made the header up
		s.notices.Warn(unlistedProxy, "address", from.String())
	case trusted && len(hops) == 0:
		s.notices.Warn(silentProxy, "address", from.String())
	case trusted:
		if _, ok := netaddr.ParseHop(hops[len(hops)-1]); !ok {
			s.notices.Warn(silentProxy, "address", from.String())
		}
	}
}

// isOfNetwork reports whether an address is one of this machine or of a private network, where proxies are.
func isOfNetwork(addr netip.Addr) bool {
	return addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast()
}

// hostForLog returns a host from a header if it looks like one: whatever else a client writes there stays
// out of the log.
func hostForLog(host string) string {
	const longest = 253 + len(":65535") // of a name in DNS
	if len(host) > longest || strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-_:[]") != "" {
		return "(not a host name)"
	}
	return host
}
