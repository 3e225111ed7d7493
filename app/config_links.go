package main

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Kubernetes gives every container variables about each Service, and Docker about each linked container.
// Those of one that is called parley, or parley-something, begin as our settings do. What gives them away
// is the value: PARLEY_PORT=3000 is a setting that we do not have, and PARLEY_PORT=tcp://10.0.0.1:3000 is
// about a Service.
var linkShapes = []struct {
	name  *regexp.Regexp
	value func(text string) bool
}{
	{regexp.MustCompile(`_SERVICE_HOST$`), isIP},
	{regexp.MustCompile(`_SERVICE_PORT(_[A-Z0-9_]+)?$`), isPort},
	{regexp.MustCompile(`_PORT$`), isLinkAddress},
	{regexp.MustCompile(`_PORT_\d+_(TCP|UDP|SCTP)(_START|_END)?$`), isLinkAddress},
	{regexp.MustCompile(`_PORT_\d+_(TCP|UDP|SCTP)_ADDR$`), isIP},
	{regexp.MustCompile(`_PORT_\d+_(TCP|UDP|SCTP)_PORT(_START|_END)?$`), isPort},
	{regexp.MustCompile(`_PORT_\d+_(TCP|UDP|SCTP)_PROTO$`), isProtocol},
	{regexp.MustCompile(`_NAME$`), isLinkName},
}

// isOfLink reports whether a variable is one of Kubernetes or of Docker's links.
func isOfLink(name string, given map[string]string) bool {
	for _, shape := range linkShapes {
		if shape.name.MatchString(name) && shape.value(given[name]) {
			return true
		}
	}
	// The variables of a linked container come along, with any value, beside the link's name.
	alias, _, found := strings.Cut(name, "_ENV_")
	return found && isLinkName(given[alias+"_NAME"])
}

func isIP(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}

func isProtocol(text string) bool {
	return slices.Contains([]string{"tcp", "udp", "sctp"}, strings.ToLower(text))
}

func isLinkAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && isProtocol(u.Scheme) && hasServer(u) && u.Port() != ""
}

// isLinkName reports whether a text is what Docker says of a link, such as /web/parley.
func isLinkName(text string) bool {
	return strings.HasPrefix(text, "/") && strings.Count(text, "/") >= 2
}
