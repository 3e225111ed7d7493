package web

import "strings"

// Notices to whoever has set up the server and its proxy.
const (
	wrongHost   = "a request came for another host than browsers use: set PARLEY_PUBLIC_URL to the address that they use, and let the proxy pass their Host header on (docs/proxies.md)"
	wrongScheme = "a form or socket of our own came by https, which the proxy does not tell: set PARLEY_PUBLIC_URL (docs/proxies.md)"
	wrongOrigin = "a form or socket of our own came from another address than PARLEY_PUBLIC_URL, which has to be the one that browsers use"
)

// hostForLog returns a host from a header if it looks like one: whatever else a client writes there stays
// out of the log.
func hostForLog(host string) string {
	const longest = 253 + len(":65535") // of a name in DNS
	if len(host) > longest || strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-_:[]") != "" {
		return "(not a host name)"
	}
	return host
}
