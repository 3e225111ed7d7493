// Package netaddr reads addresses as people and proxies write them: networks in settings, hops in
// forwarding headers, and host names. It also says which addresses count as one, so that everything that
// is counted per address counts the same ones.
package netaddr

import (
	"errors"
	"net/netip"
	"strings"
)

// householdBits is the part of an IPv6 address that an internet provider gives to one household, which may
// use any address in it.
const householdBits = 64

// Network returns what counts as one address: an IPv4 address itself, and the /64 of an IPv6 address. It is
// the zero prefix if there is no address.
func Network(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap().WithZone("")
	bits := addr.BitLen()
	if addr.Is6() {
		bits = householdBits
	}
	network, _ := addr.Prefix(bits)
	return network
}

// ErrBadNetwork means that a text is neither a network nor an address.
var ErrBadNetwork = errors.New("netaddr: not a network")

// ParseNetwork parses a network like 10.0.0.0/8, or a single address. One of IPv4 that is written as
// IPv6, like ::ffff:10.0.0.0/104, is the network of IPv4 that it means: the addresses of peers and clients
// are compared in that form.
func ParseNetwork(text string) (netip.Prefix, error) {
	network, err := netip.ParsePrefix(text)
	if err != nil {
		addr, err := netip.ParseAddr(text)
		if err != nil || addr.Zone() != "" {
			return netip.Prefix{}, ErrBadNetwork
		}
		network = netip.PrefixFrom(addr, addr.BitLen())
	}
	if !network.Addr().Is4In6() {
		return network, nil
	}
	const mappedBits = 96
	if network.Bits() < mappedBits { // it also has addresses that are not IPv4
		return netip.Prefix{}, ErrBadNetwork
	}
	return netip.PrefixFrom(network.Addr().Unmap(), network.Bits()-mappedBits), nil
}

// ParseHop parses an address of a forwarding header. Proxies write it alone, with a port, in brackets, and
// in quotes; RFC 7239 section 6 has all of these. It is not ok for anything else, such as "unknown".
func ParseHop(text string) (addr netip.Addr, ok bool) {
	text = unquoted(strings.TrimSpace(text))
	if inside, found := strings.CutPrefix(text, "["); found {
		inside, port, closed := strings.Cut(inside, "]")
		addr, err := netip.ParseAddr(inside)
		return clean(addr), err == nil && closed && (port == "" || isPort(port))
	}
	addr, err := netip.ParseAddr(text)
	if err == nil {
		return clean(addr), true
	}
	colon := strings.LastIndexByte(text, ':')
	if colon < 0 || !isPort(text[colon:]) {
		return netip.Addr{}, false
	}
	addr, err = netip.ParseAddr(text[:colon])
	return clean(addr), err == nil
}

func clean(addr netip.Addr) netip.Addr { return addr.Unmap().WithZone("") }

// isPort reports whether a text is a colon and a port, or a name for one as RFC 7239 section 6.3 allows.
func isPort(text string) bool {
	port, found := strings.CutPrefix(text, ":")
	if name, hidden := strings.CutPrefix(port, "_"); hidden {
		return found && name != "" && strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789._-") == ""
	}
	return found && port != "" && len(port) <= 5 && strings.Trim(port, "0123456789") == ""
}

// unquoted returns the text inside quotes, or a text without them as it is.
func unquoted(text string) string {
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return text
	}
	var b strings.Builder
	escaped := false
	for _, char := range []byte(text[1 : len(text)-1]) {
		if escaped = char == '\\' && !escaped; !escaped {
			b.WriteByte(char)
		}
	}
	return b.String()
}
