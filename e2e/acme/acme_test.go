//go:build acme

// Package acme lets the program get its certificate from Pebble, which is Let's Encrypt's own server for tests. `just acme`
// builds that from the Go module proxy.
package acme

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/e2e/rig"
)

const (
	pebble = "github.com/letsencrypt/pebble/v2/cmd/%s@v2.10.3"
	host   = "chat.example.org"
)

// lifetime is how long a certificate of the authority is valid; Parley renews it after two thirds of that.
const lifetime = 30 * time.Second

// authority is Pebble, with a name server that says that all names are this machine.
type authority struct {
	t        *testing.T
	programs string // the folder
	trust    string // the file of the certificate that its own pages have
	port     string // that it looks at for HTTP-01
	server   *rig.Server
	manage   string
	pages    *http.Client
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	port, err := rig.FreePort()
	must(t, err)
	return port
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t, programs: t.TempDir(), port: freePort(t), manage: "127.0.0.1:" + freePort(t)}
	for _, name := range []string{"pebble", "pebble-challtestsrv"} {
		build := exec.CommandContext(t.Context(), "go", "install", fmt.Sprintf(pebble, name))
		build.Env = append(os.Environ(), "GOBIN="+a.programs)
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("building %s: %v: %s", name, err, out)
		}
	}
	own := rig.NewCertificate(t, "localhost", time.Hour)
	a.trust = a.write("authority.pem", own.Cert)
	key := a.write("authority.key", own.Key)
	a.pages = &http.Client{Transport: &http.Transport{TLSClientConfig: own.Client("localhost")}, Timeout: 5 * time.Second}
	names := a.start("names", func(_, port string) []string {
		return []string{filepath.Join(a.programs, "pebble-challtestsrv"), "-dnsserver", "127.0.0.1:" + port, "-management", "127.0.0.1:" + freePort(t),
			"-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "", "-defaultIPv4", "127.0.0.1", "-defaultIPv6", ""}
	}, rig.Accepts)
	a.server = a.start("pebble", func(_, port string) []string {
		config, err := json.Marshal(map[string]any{"pebble": map[string]any{"listenAddress": "127.0.0.1:" + port, "managementListenAddress": a.manage,
			"certificate": a.trust, "privateKey": key, "httpPort": number(t, a.port), "tlsPort": number(t, freePort(t)), "keyAlgorithm": "ecdsa",
			"retryAfter": map[string]int{"authz": 1, "order": 1},
			"profiles":   map[string]any{"default": map[string]any{"description": "short", "validityPeriod": int(lifetime.Seconds())}}}})
		must(t, err)
		return []string{"env", "PEBBLE_VA_NOSLEEP=1", filepath.Join(a.programs, "pebble"), "-config", a.write("pebble.json", config), "-dnsserver", names.Addr}
	}, rig.Accepts)
	return a
}

func number(t *testing.T, port string) (n int) {
	t.Helper()
	_, err := fmt.Sscan(port, &n)
	must(t, err)
	return n
}

func (a *authority) write(name string, text []byte) (path string) {
	a.t.Helper()
	path = filepath.Join(a.programs, name)
	must(a.t, os.WriteFile(path, text, 0o600))
	return path
}

// start runs a program until the test ends.
func (a *authority) start(name string, command func(dir, port string) []string, ready func(addr string) bool) *rig.Server {
	a.t.Helper()
	s, err := rig.NewUnstarted(name, func(dir, port string) ([]string, error) { return command(dir, port), nil }, ready)
	must(a.t, err)
	a.t.Cleanup(s.Close)
	must(a.t, s.Start())
	return s
}

// roots are what browsers that know the authority trust.
func (a *authority) roots() *x509.CertPool {
	a.t.Helper()
	response, err := a.pages.Get("https://" + a.manage + "/roots/0")
	must(a.t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	must(a.t, err)
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		a.t.Fatalf("no certificate: %s", text)
	}
	return pool
}

// parley starts the program for a host. Port 80 is another port here.
func (a *authority) parley(binary, host, port80, data string) *rig.Server {
	return a.start("parley", func(_, port string) []string {
		return append(a.settings(host, port80, data), "PARLEY_ADDR=127.0.0.1:"+port, binary)
	}, rig.Accepts)
}

func (a *authority) settings(host, port80, data string) []string {
	return []string{"env", "SSL_CERT_FILE=" + a.trust, "PARLEY_PUBLIC_URL=https://" + host, "PARLEY_TLS=auto", "PARLEY_ACME_URL=https://" + a.server.Addr + "/dir",
		"PARLEY_ACME_EMAIL=admin@example.org", "PARLEY_TLS_REDIRECT_ADDR=127.0.0.1:" + port80, "PARLEY_DATABASE_URL=sqlite:" + data + "/parley.db", "PARLEY_ADMIN_ADDR=127.0.0.1:0"}
}

// visit asks for a page as a browser that trusts the authority does, and returns the number of the certificate.
func visit(ctx context.Context, addr string, trust *x509.CertPool) (serial string, err error) {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust, ServerName: host}, DisableKeepAlives: true}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+addr+"/sign-in", nil)
	if err != nil {
		return "", err
	}
	request.Host = host
	response, err := transport.RoundTrip(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK || response.Header.Get("Strict-Transport-Security") == "" {
		return "", fmt.Errorf("%s %v", response.Status, response.Header)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return response.TLS.PeerCertificates[0].SerialNumber.String(), err
}

// TestACertificateByItself starts without one, gets one, renews it while people come, and has it after a restart.
func TestACertificateByItself(t *testing.T) {
	a := newAuthority(t)
	binary := filepath.Join(a.programs, "parley")
	must(t, rig.Build(binary))
	data := t.TempDir()
	p := a.parley(binary, host, a.port, data)
	trust := a.roots()

	var first string
	rig.Eventually(t, "there is a certificate", func() (ok bool) {
		var err error
		first, err = visit(t.Context(), p.Addr, trust)
		return err == nil
	})
	a.checkFolder(data + "/tls")
	a.checkRedirect()

	next := first
	for began := time.Now(); next == first; time.Sleep(200 * time.Millisecond) {
		var err error
		if next, err = visit(t.Context(), p.Addr, trust); err != nil {
			t.Fatalf("after %v: %v\n%s", time.Since(began), err, p.Log())
		}
		if time.Since(began) > 2*lifetime {
			t.Fatalf("never renewed: %s", p.Log())
		}
	}
	p.Signal(syscall.SIGTERM)
	if code, ok := p.Wait(time.Minute); !ok || code != 0 {
		t.Fatalf("ended with %d, %v: %s", code, ok, p.Log())
	}
	must(t, p.Start())
	if again, err := visit(t.Context(), p.Addr, trust); err != nil || again != next {
		t.Errorf("after a restart: %v, %v", again == next, err)
	}
	a.check(binary, data)
	if log := p.Log(); strings.Contains(log, `"level":"ERROR"`) || strings.Count(log, "got a certificate") > 2 {
		t.Errorf("the log: %s", log)
	}
}

// checkFolder checks that nobody else can read the keys.
func (a *authority) checkFolder(dir string) {
	a.t.Helper()
	must(a.t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			a.t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	}))
}

func (a *authority) checkRedirect() {
	a.t.Helper()
	request, err := http.NewRequestWithContext(a.t.Context(), http.MethodGet, "http://127.0.0.1:"+a.port+"/rooms?x=1", nil)
	must(a.t, err)
	request.Host = host
	response, err := http.DefaultTransport.RoundTrip(request)
	must(a.t, err)
	_ = response.Body.Close()
	if to := response.Header.Get("Location"); response.StatusCode != http.StatusPermanentRedirect || to != "https://"+host+"/rooms?x=1" {
		a.t.Errorf("%s to %q", response.Status, to)
	}
}

// check runs `parley check`, which reaches the authority as well.
func (a *authority) check(binary, data string) {
	a.t.Helper()
	args := append(a.settings(host, a.port, data), "PARLEY_ADDR=127.0.0.1:0", binary, "check")
	out, err := exec.CommandContext(a.t.Context(), args[0], args[1:]...).CombinedOutput()
	for _, want := range []string{"the certificate is good until", "its terms of service are at", "only this machine can reach"} {
		if err != nil || !strings.Contains(string(out), want) {
			a.t.Errorf("parley check (%v) does not say %q: %s", err, want, out)
		}
	}
}

// TestAuthoritiesSayWhatIsWrong asks for a name whose port 80 answers somebody else.
func TestAuthoritiesSayWhatIsWrong(t *testing.T) {
	a := newAuthority(t)
	binary := filepath.Join(a.programs, "parley")
	must(t, rig.Build(binary))
	p := a.parley(binary, host, freePort(t), t.TempDir())
	rig.Eventually(t, "the reason is logged", func() bool {
		log := p.Log()
		return strings.Contains(log, "there is no new certificate") && strings.Contains(log, host+" is not shown to be ours") &&
			strings.Contains(log, "connection refused") && strings.Contains(log, `"again_in":"1m0s"`)
	})
}
