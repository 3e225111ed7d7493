package netaddr

import (
	"errors"
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
)

// ErrBadHost means that a text cannot be the name of a host.
var ErrBadHost = errors.New("netaddr: not a host name")

// ASCIIHost returns a host name as browsers send it: in lowercase, and as xn-- where it has other letters
// than those of ASCII.
func ASCIIHost(name string) (string, error) {
	if strings.IndexFunc(name, func(r rune) bool { return r >= 0x80 }) < 0 {
		return strings.ToLower(name), nil
	}
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil {
		return "", ErrBadHost
	}
	return ascii, nil
}

// CanonicalHost spells the host and port of an origin as browsers do: in lowercase, and without the
// default port of the scheme. A dot at the end of the name says that it is complete, which it is anyway.
func CanonicalHost(scheme, host string) string {
	host = strings.ToLower(host)
	port := ""
	if colon := strings.LastIndexByte(host, ':'); colon > strings.LastIndexByte(host, ']') {
		host, port = host[:colon], host[colon:]
	}
	if port == ":80" && scheme == "http" || port == ":443" && scheme == "https" {
		port = ""
	}
	return strings.TrimSuffix(host, ".") + port
}

// IsLoopback reports whether a host, which may be a name, is this machine alone.
func IsLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}
