package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestTheAdminAddressKnowsItsNames is T46.
func TestTheAdminAddressKnowsItsNames(t *testing.T) {
	t.Parallel()
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	ask := func(addr, host string, headers ...string) int {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.Host = host
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		guardAdmin(addr, page).ServeHTTP(w, r)
		if got := w.Header().Get("Cross-Origin-Resource-Policy"); got != "same-origin" {
			t.Errorf("%s: Cross-Origin-Resource-Policy is %q", host, got)
		}
		return w.Code
	}
	local := []string{"localhost:3001", "LOCALHOST", "localhost.:3001", "127.0.0.1:3001", "127.0.0.1", "127.9.9.9:1", "[::1]:3001", "[::1]", "[::ffff:127.0.0.1]:3001"}
	foreign := []string{"evil.example", "evil.example:3001", "localhost.evil.example:3001", "127.0.0.1.evil.example", "evil-localhost", "metrics:3001", "", ":3001",
		"10.0.0.5:3001", "[2001:db8::1]:3001", "169.254.169.254", "127.0.0.1:3001@evil.example", "evil.example#localhost"}
	for addr, more := range map[string]struct{ known, foreign []string }{
		"127.0.0.1:3001":           {nil, foreign},
		"localhost:3001":           {nil, foreign},
		"[::1]:3001":               {nil, foreign},
		"10.0.0.5:3001":            {[]string{"10.0.0.5:3001", "10.0.0.5"}, []string{"evil.example", "metrics", "10.0.0.6:3001"}},
		"metrics.example.net:3001": {[]string{"metrics.example.net:3001", "Metrics.Example.Net"}, []string{"evil.example", "metrics", "10.0.0.5", "x.metrics.example.net"}},
		":3001":                    {[]string{"10.0.0.5:3001", "[2001:db8::1]:3001", "parley:3001"}, []string{"evil.example", "evil.example:3001", "parley.evil.example", ""}},
		"0.0.0.0:3001":             {[]string{"10.0.0.5:3001", "parley"}, []string{"evil.example", "evil.example."}},
		"[::]:3001":                {[]string{"10.0.0.5:3001", "parley"}, []string{"evil.example"}},
	} {
		for _, host := range append(more.known, local...) {
			if status := ask(addr, host); status != 200 {
				t.Errorf("%s, Host %s: %d", addr, host, status)
			}
		}
		for _, host := range more.foreign {
			if status := ask(addr, host); status != 421 {
				t.Errorf("%s, Host %s: %d", addr, host, status)
			}
		}
	}
	for _, one := range []struct {
		site, mode string
		status     int
	}{{"", "", 200}, {"none", "navigate", 200}, {"same-origin", "cors", 200}, {"cross-site", "no-cors", 403}, {"same-site", "no-cors", 403},
		{"cross-site", "cors", 403}, {"cross-site", "", 403}, {"cross-site", "navigate", 200}} {
		if status := ask("127.0.0.1:3001", "127.0.0.1:3001", "Sec-Fetch-Site", one.site, "Sec-Fetch-Mode", one.mode); status != one.status {
			t.Errorf("%+v: %d", one, status)
		}
	}
}
