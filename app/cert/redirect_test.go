package cert

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func newRedirect(t *testing.T, auto *Auto) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := Redirect(&url.URL{Scheme: "https", Host: "chat.example.org:8443"}, auto, slog.New(slog.DiscardHandler))
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

// ask sends the beginning of a request, and returns the response.
func ask(t *testing.T, addr, request, host string) (status int, location, body string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, request+" HTTP/1.1\r\nHost: "+host+"\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%s: %v", request, err)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil || !response.Close {
		t.Errorf("%s: the connection stays: %v", request, err)
	}
	return response.StatusCode, response.Header.Get("Location"), string(text)
}

// TestRedirect checks that browsers are sent to the site, and nobody to anywhere else.
func TestRedirect(t *testing.T) {
	t.Parallel()
	addr := newRedirect(t, nil)
	const site = "https://chat.example.org:8443"
	for _, c := range []struct {
		request, host string
		status        int
		location      string
	}{
		{"GET /", "chat.example.org", 308, site + "/"},
		{"GET /rooms/5?at=end&x=%2F", "chat.example.org", 308, site + "/rooms/5?at=end&x=%2F"},
		{"POST /sign-in", "chat.example.org:80", 308, site + "/sign-in"},
		{"GET //evil.example/x", "Chat.Example.ORG.", 308, site + "//evil.example/x"},
		{"GET /a%0d%0ab", "chat.example.org", 308, site + "/a%0d%0ab"},
		{"GET /", "evil.example", 421, ""},
		{"GET /", "127.0.0.1", 421, ""},
		{"GET http://evil.example/", "chat.example.org", 421, ""},
		{"GET http://chat.example.org/x", "evil.example", 308, site + "/x"}, // RFC 9112 section 3.2.2
		{"OPTIONS *", "chat.example.org", 400, ""},
		{"GET /.well-known/acme-challenge/x", "chat.example.org", 404, ""},
	} {
		status, location, _ := ask(t, addr, c.request, c.host)
		if status != c.status || location != c.location {
			t.Errorf("%s of %s: %d %q", c.request, c.host, status, location)
		}
	}
}

// TestChallenges checks that the authority finds what it looks for while it does.
func TestChallenges(t *testing.T) {
	t.Parallel()
	auto := &Auto{}
	addr := newRedirect(t, auto)
	const path = "/.well-known/acme-challenge/token"
	auto.challenges.set(path, "token.key")
	if status, _, body := ask(t, addr, "GET "+path, "chat.example.org"); status != 200 || body != "token.key" {
		t.Errorf("%d %q", status, body)
	}
	if status, _, _ := ask(t, addr, "GET "+path, "other.example.org"); status != 421 {
		t.Errorf("for another host: %d", status)
	}
	auto.challenges.remove(path)
	if status, _, _ := ask(t, addr, "GET "+path, "chat.example.org"); status != 404 {
		t.Errorf("afterwards: %d", status)
	}
}

// TestNobodyHoldsPort80 checks the limits of a request.
func TestNobodyHoldsPort80(t *testing.T) {
	t.Parallel()
	addr := newRedirect(t, nil)
	if status, _, _ := ask(t, addr, "GET /?"+strings.Repeat("x", 3*redirectHeaders), "chat.example.org"); status != 431 {
		t.Errorf("a long request: %d", status)
	}
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: ")
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := io.ReadAll(conn); err != nil {
		t.Errorf("half a request: %v", err)
	}
}

// TestHostnames takes the port off a Host header, and the brackets of an address.
func TestHostnames(t *testing.T) {
	for host, want := range map[string]string{
		"Chat.Example.org": "chat.example.org", "chat.example.org.:80": "chat.example.org", "chat.example.org:8080": "chat.example.org",
		"[2001:db8::1]": "2001:db8::1", "[2001:db8::80]:80": "2001:db8::80", "": "",
	} {
		if got := hostname(host); got != want {
			t.Errorf("%q: %q instead of %q", host, got, want)
		}
	}
}
