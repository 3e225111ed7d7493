package netaddr_test

import (
	"net/netip"
	"strings"
	"testing"

	"parley/app/netaddr"
)

// TestNetwork is T6, T27 and T49: what counts as one address.
func TestNetwork(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"203.0.113.7":           "203.0.113.7/32",
		"::ffff:203.0.113.7":    "203.0.113.7/32",
		"2001:db8:1:2:3:4:5:6":  "2001:db8:1:2::/64",
		"2001:db8:1:2::":        "2001:db8:1:2::/64",
		"fe80::1%eth0":          "fe80::/64",
		"::1":                   "::/64",
		"2001:db8:1:3:ff::1":    "2001:db8:1:3::/64",
		"2001:db8:ffff:ffff::1": "2001:db8:ffff:ffff::/64",
	} {
		if got := netaddr.Network(netip.MustParseAddr(text)); got.String() != want {
			t.Errorf("%s counts as %s", text, got)
		}
	}
	if got := netaddr.Network(netip.Addr{}); got.IsValid() {
		t.Errorf("no address counts as %s", got)
	}
}

func TestParseNetwork(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"10.0.0.0/8": "10.0.0.0/8", "fd00::/8": "fd00::/8", "0.0.0.0/0": "0.0.0.0/0", "::/0": "::/0",
		"192.168.1.1": "192.168.1.1/32", "::1": "::1/128",
		"::ffff:10.0.0.0/104": "10.0.0.0/8", "::ffff:10.0.0.0/96": "10.0.0.0/0", "::ffff:0a00:0/128": "10.0.0.0/32",
		"::ffff:192.168.1.1": "192.168.1.1/32", "0:0:0:0:0:ffff:192.168.1.0/120": "192.168.1.0/24",
	} {
		if got, err := netaddr.ParseNetwork(text); err != nil || got.String() != want {
			t.Errorf("%s is %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x", "10.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8", "10.0.0.0/8/8", "fe80::1%eth0",
		"fe80::1%eth0/64", "[::1]", "[::1]/128", "10.0.0.1:80", "::ffff:10.0.0.0/95", "::ffff:0:0/0", "localhost", " 10.0.0.1"} {
		if got, err := netaddr.ParseNetwork(text); err == nil {
			t.Errorf("%q is %s", text, got)
		}
	}
}

// TestParseHop checks the forms of RFC 7239 section 6, and those of proxies that do not keep to it.
func TestParseHop(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"203.0.113.7":                          "203.0.113.7",
		" 203.0.113.7\t":                       "203.0.113.7",
		"203.0.113.7:5555":                     "203.0.113.7", // Azure's Application Gateway, IIS
		"203.0.113.7:1":                        "203.0.113.7",
		"203.0.113.7:_hidden":                  "203.0.113.7",
		`"203.0.113.7:5555"`:                   "203.0.113.7",
		`"203.0.113.7"`:                        "203.0.113.7",
		`"203.0.\113.7"`:                       "203.0.113.7",
		"[203.0.113.7]":                        "203.0.113.7",
		"[203.0.113.7]:80":                     "203.0.113.7",
		"2001:db8::7":                          "2001:db8::7",
		"2001:DB8::7":                          "2001:db8::7",
		"[2001:db8::7]":                        "2001:db8::7",
		"[2001:db8::7]:5555":                   "2001:db8::7",
		"[2001:db8::7]:_a.b-c_d":               "2001:db8::7",
		`"[2001:db8::7]:5555"`:                 "2001:db8::7",
		`"[2001:db8::7]"`:                      "2001:db8::7",
		"2001:db8:0:0:0:0:0:7:5555":            "2001:db8::7",
		"2001:db8::7:5555":                     "2001:db8::7:5555", // nothing says that this is a port
		"::ffff:203.0.113.7":                   "203.0.113.7",
		"::ffff:203.0.113.7:5555":              "203.0.113.7",
		"[::ffff:203.0.113.7]:5555":            "203.0.113.7",
		"fe80::1%eth0":                         "fe80::1",
		"[fe80::1%eth0]:80":                    "fe80::1",
		"[0000:0000:0000:0000:0000:0000:0:1]:": "",
		"":                                     "",
		"unknown":                              "",
		"_hidden":                              "",
		"for=203.0.113.7":                      "",
		"203.0.113.7:":                         "",
		"203.0.113.7:x":                        "",
		"203.0.113.7:123456":                   "",
		"203.0.113.7:_":                        "",
		"203.0.113.7:_a b":                     "",
		"203.0.113.7 5555":                     "",
		"203.0.113.7/24":                       "",
		"203.0.113":                            "",
		"203.0.113.700":                        "",
		"[2001:db8::7":                         "",
		"2001:db8::7]":                         "",
		"[2001:db8::7]5555":                    "",
		"[2001:db8::7]:x":                      "",
		"[[2001:db8::7]]":                      "",
		"[]":                                   "",
		"[]:80":                                "",
		`"203.0.113.7`:                         "",
		`""203.0.113.7""`:                      "",
		`"`:                                    "",
		`""`:                                   "",
		"localhost":                            "",
		"<script>":                             "",
		"203.0.113.7\x00":                      "",
	} {
		addr, ok := netaddr.ParseHop(text)
		if ok != (want != "") || ok && addr.String() != want {
			t.Errorf("%q is %s, %v", text, addr, ok)
		}
	}
}

func TestParseForwarded(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"for=203.0.113.7": "203.0.113.7||",
		"For=203.0.113.7;Proto=HTTPS;Host=chat.example.org":    "203.0.113.7|https|chat.example.org",
		`for="[2001:db8::7]:4711"`:                             "[2001:db8::7]:4711||",
		"for=192.0.2.43, for=198.51.100.17":                    "192.0.2.43|| + 198.51.100.17||",
		`for="_gazonk"`:                                        "_gazonk||",
		"for=192.0.2.60;proto=http;by=203.0.113.43":            "192.0.2.60|http|",
		`for=192.0.2.60 ; proto=https;host="chat.example:443"`: "192.0.2.60|https|chat.example:443",
		`for="a,b;c", for=unknown`:                             "a,b;c|| + unknown||",
		`host="a\"b"`:                                          `||a"b`,
		"":                                                     "||",
		"for":                                                  "||",
		"=;;,":                                                 "|| + ||",
		`for="open, for=192.0.2.60`:                            `"open|| + 192.0.2.60||`,
		`for="open\, for="192.0.2.60:80"`:                      `"open\|| + 192.0.2.60:80||`,
	} {
		var got []string
		for _, hop := range netaddr.ParseForwarded(line) {
			got = append(got, hop.For+"|"+hop.Proto+"|"+hop.Host)
		}
		if strings.Join(got, " + ") != want {
			t.Errorf("%s is %q", line, got)
		}
	}
}

// FuzzForwarded checks that whatever a client writes into a Forwarded header, what our proxy appends to it is
// read as it was written.
func FuzzForwarded(f *testing.F) {
	for _, text := range []string{"", "for=1.2.3.4", `for="`, `for="a\`, `";",`, `\"`, "for=\"[::1]:80\";by=x", ",,,", `a="b" "c`, "\x00\xff\"\\"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, left string) {
		for _, appended := range []string{"192.0.2.60", `"192.0.2.60:4711"`, `"[2001:db8::7]:_x"`} {
			hops := netaddr.ParseForwarded(left + ", for=" + appended + ";proto=https")
			last := hops[len(hops)-1]
			want, _ := netaddr.ParseHop(appended)
			if got, ok := netaddr.ParseHop(last.For); !ok || got != want || last.Proto != "https" {
				t.Errorf("after %q, %s is %+v", left, appended, last)
			}
		}
	})
}

// FuzzHop checks that an address is read as itself in all forms, and that what is read is an address that
// can be compared with others.
func FuzzHop(f *testing.F) {
	for _, text := range []string{"203.0.113.7:5555", "[2001:db8::7]:80", `"[::ffff:1.2.3.4]"`, "unknown", "::1", "1:2:3:4:5:6:7:8:9", `"\"`, "fe80::1%x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		addr, ok := netaddr.ParseHop(text)
		if !ok {
			return
		}
		if !addr.IsValid() || addr.Is4In6() || addr.Zone() != "" {
			t.Fatalf("%q is %v", text, addr)
		}
		for _, form := range []string{addr.String(), "[" + addr.String() + "]", "[" + addr.String() + "]:1", `"[` + addr.String() + `]:_x"`} {
			if again, ok := netaddr.ParseHop(form); !ok || again != addr {
				t.Errorf("%q is %v, and %s is %v", text, addr, form, again)
			}
		}
	})
}

func TestHosts(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"chat.example.org": "chat.example.org", "Chat.Example": "chat.example", "chat_1": "chat_1",
		"müller.example": "xn--mller-kva.example", "MÜLLER.example": "xn--mller-kva.example", "mu\u0308ller.example": "xn--mller-kva.example",
		"例え.テスト": "xn--r8jz45g.xn--zckzah", "faß.example": "xn--fa-hia.example", "чат.рф": "xn--80a0bn.xn--p1ai", "a。example": "a.example",
	} {
		if got, err := netaddr.ASCIIHost(name); err != nil || got != want {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"mü ller.example", "mü/ller", "ü\u202e.example", "\u0301ü.example", "ü\x00"} {
		if got, err := netaddr.ASCIIHost(name); err == nil {
			t.Errorf("%q is %q", name, got)
		}
	}
	for _, one := range [][3]string{
		{"https", "Chat.Example.org:443", "chat.example.org"}, {"http", "a:80", "a"}, {"http", "a:443", "a:443"}, {"https", "a:80", "a:80"},
		{"https", "a.", "a"}, {"https", "a.:443", "a"}, {"https", "a.:8443", "a:8443"}, {"https", "a..", "a."},
		{"http", "[::1]", "[::1]"}, {"http", "[::1]:80", "[::1]"}, {"http", "[::1]:81", "[::1]:81"}, {"http", "", ""}, {"http", ".", ""},
	} {
		if got := netaddr.CanonicalHost(one[0], one[1]); got != one[2] {
			t.Errorf("%s://%s is %s", one[0], one[1], got)
		}
	}
}
