package web

import (
	"fmt"
	"strings"
	"testing"
)

// TestSocketsOpenFromOurPagesOnly is T2.
func TestSocketsOpenFromOurPagesOnly(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	path := socketPath(s.befriend(list[0], list[1]))
	own := s.origin()
	for what, headers := range map[string][]string{
		"none":           nil,
		"null":           {"Origin: null"},
		"empty":          {"Origin: "},
		"another site":   {"Origin: https://evil.example"},
		"another port":   {"Origin: http://127.0.0.1:1"},
		"no port":        {"Origin: http://127.0.0.1"},
		"another scheme": {"Origin: https://" + s.addr},
		"a prefix":       {"Origin: " + own[:len(own)-1]},
		"a suffix":       {"Origin: " + own + "0"},
		"look-alike":     {"Origin: " + own + ".evil.example"},
		"user part":      {"Origin: http://" + s.addr + "@evil.example"},
		"a path":         {"Origin: " + own + "/"},
		"a space":        {"Origin: " + own + " https://evil.example"},
		"same-origin":    {"Sec-Fetch-Site: same-origin"},
		"old name":       {"Sec-WebSocket-Origin: " + own},
		"another, ours":  {"Origin: https://evil.example", "Origin: " + own},
	} {
		k, a := list[0].tryTalk(path, headers...)
		if k != nil || a.status != 403 {
			t.Errorf("%s: %d", what, a.status)
		}
	}
	list[0].talk(s.roomOf(list[0], list[1])) // and ours opens one
}

// roomOf returns the room of two friends.
func (s *site) roomOf(a, b *browser) uint64 {
	s.t.Helper()
	pair, err := s.store.Pair(s.t.Context(), a.id, b.id)
	must(s.t, err)
	return pair.RoomID
}

// TestHandshake checks that only a complete handshake opens a socket, RFC 6455 section 4.2.1.
func TestHandshake(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	list := s.people("ann", "bob")
	good := list[0].handshakeFor(socketPath(s.befriend(list[0], list[1])), "Origin: "+s.origin())
	for what, change := range map[string][2]string{
		"no upgrade":      {"Upgrade: websocket\r\n", ""},
		"another upgrade": {"Upgrade: websocket", "Upgrade: h2c"},
		"no connection":   {"Connection: Upgrade\r\n", ""},
		"keep-alive":      {"Connection: Upgrade", "Connection: keep-alive"},
		"no version":      {"Sec-WebSocket-Version: 13\r\n", ""},
		"an old version":  {"Version: 13", "Version: 8"},
		"no key":          {"Sec-WebSocket-Key: " + socketKey + "\r\n", ""},
		"a short key":     {socketKey, "c2hvcnQ="},
		"a key of dots":   {socketKey, "........................"},
		"HTTP/1.0":        {"HTTP/1.1", "HTTP/1.0"},
		"HEAD":            {"GET ", "HEAD "},
	} {
		l := s.dial()
		l.write(strings.Replace(good, change[0], change[1], 1))
		var status int
		if _, err := fmt.Fscanf(l.in, "HTTP/1.1 %d", &status); err != nil || status != 426 {
			t.Errorf("%s: %d, %v", what, status, err)
		}
	}
	l := s.dial()
	l.write(strings.Replace(good, "Connection: Upgrade", "Connection: keep-alive, upgrade", 1))
	if a := l.response(); a.status != 101 || a.header.Get("Sec-WebSocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Errorf("%d %v", a.status, a.header)
	}
	l = s.dial()
	l.write(strings.Replace(good, "GET ", "POST ", 1))
	if a := l.response(); a.status != 405 || !strings.Contains(a.header.Get("Allow"), "GET") {
		t.Errorf("POST: %d %v", a.status, a.header)
	}
}

// TestHost is T19: with a public URL, requests for other hosts are refused, and no host that a client made
// up is ever repeated.
func TestHost(t *testing.T) {
	t.Parallel()
	s := start(t, options{public: "https://chat.example.org", trusted: []string{"10.0.0.0/8"}})
	ann := s.person("ann")
	for _, r := range routes {
		path := strings.NewReplacer(":username", "ann", ":room", "1", ":id", "1", ":size", "small", ":name", "x.css").Replace(r.path)
		want := 421
		if r.kind == probe {
			want = 200
		}
		for _, host := range []string{"evil.example", "chat.example.org.evil.example", "chat.example.org:8443", "127.0.0.1", "localhost",
			s.addr} {
			a := ann.send(r.method, path, nil, "Host: "+host).shouldBe(want)
			if strings.Contains(fmt.Sprint(a.header)+a.body, host) {
				t.Errorf("%s repeats %s", path, host)
			}
		}
	}
	for _, host := range []string{"chat.example.org", "CHAT.example.org", "chat.example.org:443", "chat.example.org.", "Chat.Example.org.:443"} {
		ann.get("/rooms", "Host: "+host).shouldBe(200)
	}
	ann.post("/rooms/1/read", nil, "Host: chat.example.org.", "Origin: https://chat.example.org.").shouldBe(404)
	ann.post("/rooms/1/read", nil, "Host: chat.example.org.", "Origin: https://chat.example.org.", "Sec-Fetch-Site: same-origin").shouldBe(404)
	if _, a := ann.tryTalk("/rooms/1/socket", "Host: chat.example.org.", "Origin: https://chat.example.org."); a.status != 404 {
		t.Errorf("a socket of the same name with a dot: %d", a.status)
	}
	ann.get("/rooms", "Host: chat.example.org..").shouldBe(421)
	for _, header := range []string{"X-Forwarded-Host", "X-Host", "Forwarded", "X-Forwarded-Server", "X-Original-Host",
		"X-Original-URL", "X-Rewrite-URL"} {
		for _, path := range []string{"/", "/sign-in?next=/profile", "/sign-up", "/rooms", "/friends", "/profile", "/rooms/99", "/nowhere"} {
			for _, b := range []*browser{ann, s.visitor()} {
				a := b.get(path, header+": evil.example")
				if a.status == 421 || strings.Contains(fmt.Sprint(a.header)+a.body, "evil.example") {
					t.Errorf("%s with %s: %d %v", path, header, a.status, a.header)
				}
			}
		}
	}
}

// TestHostWithoutAPublicURL checks that the host of a request is not repeated where any host is accepted.
func TestHostWithoutAPublicURL(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann := s.person("ann")
	lynx := s.visitor()
	lynx.agent = "Lynx/2.9.0dev.12 libwww-FM/2.14" // is given whole addresses
	if to := lynx.get("/rooms").header.Get("Location"); !strings.HasPrefix(to, "http://"+s.addr+"/") {
		t.Errorf("Lynx is sent to %q", to)
	}
	_, port, _ := strings.Cut(s.addr, ":")
	for _, path := range []string{"/", "/sign-in", "/sign-up", "/rooms", "/friends", "/profile", "/rooms/99", "/nowhere", "/people/ann"} {
		for _, b := range []*browser{ann, s.visitor(), lynx} {
			for _, host := range []string{"127.0.0.2:" + port, "127.0.0.1:1", "localhost:1", "localhost", "localhost.evil.example:" + port} {
				if a := b.get(path, "Host: "+host); strings.Contains(fmt.Sprint(a.header)+a.body, host) {
					t.Errorf("%s repeats %s: %v", path, host, a.header)
				}
			}
			a := b.get(path, "Host: evil.example", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https")
			if strings.Contains(fmt.Sprint(a.header)+a.body, "evil.example") {
				t.Errorf("%s: %v", path, a.header)
			}
		}
	}
}

// TestWrongSetupsAreNamed checks that the log says which name came and which was wanted, once a minute, and
// nothing that another site may have written.
func TestWrongSetupsAreNamed(t *testing.T) {
	t.Parallel()
	own, page := "Sec-Fetch-Site: same-origin", "Origin: https://chat.example.org"
	for _, one := range []struct {
		name, public, path string
		headers            []string
		status             int
		want               string // in the log; "" is nothing
		trusted            []string
	}{
		{"another host", "https://chat.example.org", "/sign-in", []string{"Host: parley_upstream"}, 421, `"host":"parley_upstream","wanted":"chat.example.org"`, nil},
		{"another port", "https://chat.example.org", "/sign-in", []string{"Host: chat.example.org:3000"}, 421, `"host":"chat.example.org:3000","wanted":"chat.example.org"`, nil},
		{"no host name", "https://chat.example.org", "/sign-in", []string{"Host: a,b"}, 421, `"host":"(not a host name)","wanted":"chat.example.org"`, nil},
		{"a long name", "https://chat.example.org", "/sign-in", []string{"Host: " + strings.Repeat("a", 300)}, 421, `"host":"(not a host name)"`, nil},
		{"the proxy changes the host", "", "/sign-in", []string{"Host: 127.0.0.1:3000", page, own}, 403, `"host":"127.0.0.1:3000","wanted":"chat.example.org"`, nil},
		{"the proxy hides https", "", "/rooms/1/socket", []string{"Host: chat.example.org", page, own}, 403, `"scheme":"http","wanted":"https"`, nil},
		{"another public URL", "https://chat.example.com", "/sign-in", []string{page, own}, 403, `"origin":"https://chat.example.org","wanted":"https://chat.example.com"`, nil},
		{"another site", "", "/sign-in", []string{"Host: 127.0.0.1:3000", page, "Sec-Fetch-Site: cross-site"}, 403, "", nil},
		{"perhaps another site", "", "/sign-in", []string{"Host: 127.0.0.1:3000", page}, 403, "", nil},
		{"no origin", "", "/sign-in", []string{"Origin: javascript:x", own}, 403, "", nil},
		{"the proxy is not listed", "https://chat.example.org", "/sign-in", []string{page, own, "X-Forwarded-For: 203.0.113.7"}, 422, `PARLEY_TRUSTED_PROXIES, so all its visitors count as one: list its address (docs/proxies.md)","address":"127.0.0.1"`, nil},
		{"another proxy is listed", "https://chat.example.org", "/sign-in", []string{page, own, "Forwarded: for=203.0.113.7"}, 422, `"address":"127.0.0.1"`, []string{"10.0.0.0/8"}},
		{"the proxy says nothing", "https://chat.example.org", "/sign-in", []string{page, own}, 422, `let it set X-Forwarded-For (docs/proxies.md)","address":"127.0.0.1"`, []string{"127.0.0.1/32"}},
		{"the proxy hides visitors", "https://chat.example.org", "/sign-in", []string{page, own, "X-Forwarded-For: unknown"}, 422, `let it set X-Forwarded-For`, []string{"127.0.0.1/32"}},
		{"all is well", "https://chat.example.org", "/sign-in", []string{page, own, "X-Forwarded-For: 203.0.113.7"}, 422, "", []string{"127.0.0.1/32"}},
		{"a shell on this machine", "https://chat.example.org", "/sign-in", nil, 422, "", []string{"127.0.0.1/32"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			s := start(t, options{public: one.public, trusted: one.trusted})
			for range 3 {
				if strings.HasSuffix(one.path, "/socket") {
					if _, a := s.visitor().tryTalk(one.path, one.headers...); a.status != one.status {
						t.Errorf("status %d", a.status)
					}
					continue
				}
				s.visitor().post(one.path, nil, one.headers...).shouldBe(one.status)
			}
			warnings := strings.Count(s.log.String(), `"level":"WARN"`)
			if one.want == "" && warnings != 0 || one.want != "" && (warnings != 1 || !s.log.has(one.want)) {
				t.Errorf("%d warnings: %s", warnings, s.log)
			}
		})
	}
}

// TestClientAddress is T20: headers of the client's own do not change its address.
func TestClientAddress(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name, want string
		trusted    []string
		headers    []string
	}{
		{"no proxy is trusted", "127.0.0.1", nil, []string{"X-Forwarded-For: 9.9.9.9"}},
		{"another is trusted", "127.0.0.1", []string{"10.0.0.0/8"}, []string{"X-Forwarded-For: 9.9.9.9"}},
		{"trusted", "9.9.9.9", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: 9.9.9.9"}},
		{"trusted, no header", "127.0.0.1", []string{"127.0.0.1/32"}, nil},
		{"appended", "9.9.9.9", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: 1.1.1.1, 9.9.9.9"}},
		{"a line of its own", "9.9.9.9", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 9.9.9.9"}},
		{"two proxies", "9.9.9.9", []string{"127.0.0.1/32", "10.0.0.0/8"}, []string{"X-Forwarded-For: 1.1.1.1, 9.9.9.9, 10.1.2.3"}},
		{"all ours", "10.0.0.1", []string{"127.0.0.1/32", "10.0.0.0/8"}, []string{"X-Forwarded-For: 10.0.0.1, 10.1.2.3"}},
		{"nonsense", "127.0.0.1", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: 1.1.1.1, unknown"}},
		{"nonsense further left", "9.9.9.9", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: <script>, 9.9.9.9"}},
		{"empty", "127.0.0.1", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: "}},
		{"IPv6", "2001:db8::7", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: 2001:db8::7"}},
		{"IPv4 in IPv6", "9.9.9.9", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: ::ffff:9.9.9.9"}},
		{"other headers", "127.0.0.1", []string{"127.0.0.1/32"}, []string{"X-Real-IP: 9.9.9.9", "Client-IP: 9.9.9.9", "True-Client-IP: 9.9.9.9"}},
		{"a port", "9.9.9.9", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: 9.9.9.9:5555"}},
		{"ports on the way", "9.9.9.9", []string{"127.0.0.1/32", "10.0.0.0/8"}, []string{"X-Forwarded-For: 1.1.1.1:1, 9.9.9.9:2, 10.1.2.3:3"}},
		{"brackets", "2001:db8::7", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: [2001:db8::7]"}},
		{"brackets and a port", "2001:db8::7", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: [2001:db8::7]:5555"}},
		{"quotes", "2001:db8::7", []string{"127.0.0.1/32"}, []string{`X-Forwarded-For: "[2001:db8::7]:5555"`}},
		{"no proxy is trusted, Forwarded", "127.0.0.1", nil, []string{"Forwarded: for=9.9.9.9"}},
		{"Forwarded", "9.9.9.9", []string{"127.0.0.1/32"}, []string{"Forwarded: for=9.9.9.9;proto=https;by=10.1.2.3"}},
		{"Forwarded, quoted", "2001:db8::7", []string{"127.0.0.1/32"}, []string{`Forwarded: FOR="[2001:db8::7]:5555"`}},
		{"Forwarded, appended", "9.9.9.9", []string{"127.0.0.1/32", "10.0.0.0/8"}, []string{`Forwarded: for="1.1.1.1, for=9.9.9.9:1`, "Forwarded: for=10.1.2.3"}},
		{"Forwarded, hidden", "127.0.0.1", []string{"127.0.0.1/32"}, []string{"Forwarded: for=1.1.1.1, for=_hidden"}},
		{"a comma at the end", "9.9.9.9", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: 1.1.1.1, 9.9.9.9:1, ,"}},
		{"an empty line below", "9.9.9.9", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: 9.9.9.9", "X-Forwarded-For: "}},
		{"Forwarded, a comma at the end", "9.9.9.9", []string{"127.0.0.1/32"}, []string{`Forwarded: for="9.9.9.9:1" ,`, "Forwarded: "}},
		{"Forwarded, nobody named", "127.0.0.1", []string{"127.0.0.1/32"}, []string{"Forwarded: for=1.1.1.1, by=10.1.2.3"}},
		{"Forwarded beside an empty line", "9.9.9.9", []string{"127.0.0.1/32"}, []string{"X-Forwarded-For: ", "Forwarded: for=9.9.9.9"}},
		{"both", "9.9.9.9", []string{"127.0.0.1/32"}, []string{"Forwarded: for=1.1.1.1", "X-Forwarded-For: 9.9.9.9"}},
		{"both, one unknown", "127.0.0.1", []string{"127.0.0.1/32"}, []string{"Forwarded: for=1.1.1.1", "X-Forwarded-For: unknown"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			s := start(t, options{trusted: one.trusted})
			s.visitor().get("/livez", one.headers...).mustBe(200)
			if !s.log.has(`"address":"` + one.want + `"`) {
				t.Errorf("not %s: %s", one.want, s.log)
			}
		})
	}
}

// TestPortsAreNoAddresses is T20 behind a proxy that writes ports: people are distinguished, and one of them
// cannot lock out the others.
func TestPortsAreNoAddresses(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true, trusted: []string{"127.0.0.1/32"}})
	s.person("ann")
	for i := range 25 { // each from an address of its own; one address may guess 20 times
		s.visitor().post("/sign-in", form("username", fmt.Sprint("nobody", i), "password", "a wrong guess"),
			fmt.Sprintf("X-Forwarded-For: 203.0.113.%d:%d", i, 5000+i)).mustBe(422)
	}
	s.visitor().post("/sign-in", form("username", "ann", "password", goodPassword), "X-Forwarded-For: 198.51.100.1:7").mustBe(303)
}

// TestOneHouseholdIsOneAddress is T27 for IPv6: whoever has a /64 counts as one address.
func TestOneHouseholdIsOneAddress(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true, trusted: []string{"127.0.0.1/32"}})
	household := func(i int) string { return fmt.Sprintf("X-Forwarded-For: 2001:db8:1:2::%x", i+1) }
	people := make([]*browser, 7)
	for i := range people {
		people[i] = s.person(fmt.Sprint("person", i))
	}
	for i := range 60 {
		people[i%6].listen("/events", household(i))
	}
	if l := people[6].tryListen("/events", household(60)); l.status != 429 {
		t.Errorf("the 61st stream of a /64: %d", l.status)
	}
	people[6].listen("/events", "X-Forwarded-For: 2001:db8:1:3::1")
}

// TestASpoofedAddressDoesNotHelpToGuess is T20 where it matters.
func TestASpoofedAddressDoesNotHelpToGuess(t *testing.T) {
	t.Parallel()
	for name, trusted := range map[string][]string{"no proxy": nil, "behind a proxy": {"127.0.0.1/32"}} {
		t.Run(name, func(t *testing.T) {
			s := start(t, options{limits: true, trusted: trusted})
			s.person("ann")
			statuses := map[int]int{}
			for i := range 12 {
				headers := []string{fmt.Sprintf("X-Forwarded-For: 7.7.7.%d", i)}
				if trusted != nil {
					headers = append(headers, "X-Forwarded-For: 9.9.9.9") // the proxy's own line
				}
				a := s.visitor().post("/sign-in", form("username", "ann", "password", fmt.Sprintf("a wrong guess %d", i)), headers...)
				statuses[a.status]++
				if a.status == 429 && a.header.Get("Retry-After") == "" {
					t.Error("429 without Retry-After")
				}
			}
			if statuses[422] > 10 || statuses[429] < 2 { // 5 a minute; the minute may end in between
				t.Errorf("statuses of the guesses: %v", statuses)
			}
		})
	}
}
