package netaddr

import "strings"

// Hop is what one proxy says in a Forwarded header. A field is empty if the proxy does not say it.
type Hop struct {
	For   string // the client of this proxy, for ParseHop
	Proto string
	Host  string
}

// ParseForwarded parses a line of a Forwarded header, RFC 7239 section 4, from left to right. What is
// malformed is an empty hop.
func ParseForwarded(line string) (hops []Hop) {
	for _, element := range split(line, ',') {
		var hop Hop
		for _, pair := range split(element, ';') {
			name, value, _ := strings.Cut(pair, "=")
			value = unquoted(strings.TrimSpace(value))
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "for":
				hop.For = value
			case "proto":
				hop.Proto = strings.ToLower(value)
			case "host":
				hop.Host = value
			}
		}
		hops = append(hops, hop)
	}
	return hops
}

// split splits a text at a separator that is not in quotes. If a quote is not closed, no quotes count:
// otherwise a client could open one that swallows what the proxy appends.
func split(text string, separator byte) (parts []string) {
	start, quoted, escaped := 0, false, false
	for i := range len(text) {
		switch char := text[i]; {
		case escaped:
			escaped = false
		case char == '\\':
			escaped = quoted
		case char == '"':
			quoted = !quoted
		case char == separator && !quoted:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	if quoted {
		return strings.Split(text, string(separator))
	}
	return append(parts, text[start:])
}
