package edge

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"parley/e2e/rig"
)

// site is the name in the samples of docs/proxies.md.
const site = "chat.example.org"

// proxy is a real proxy that runs with a sample of docs/proxies.md.
type proxy struct {
	name    string // of the program, as in package rig
	sample  string // the name of the sample
	prepare func(p *setup) (args []string, err error)
}

// setup is what a sample needs to run as a test: names, ports and paths of its own.
type setup struct {
	dir      string
	program  string
	sample   string
	upstream string // host:port of Parley
	plain    string // the port for http
	secure   string // the port for https
}

var proxies = []proxy{
	{"nginx", "nginx", nginx},
	{"caddy", "caddy", caddy},
	{"caddy", "caddy encode", caddy},
	{"caddy", "deploy/Caddyfile", caddyOfCompose},
	{"apache2", "apache", apache},
	{"haproxy", "haproxy", haproxy},
}

// sampleOf returns a sample of docs/proxies.md, or a file of that name.
func sampleOf(name string) (string, error) {
	if strings.Contains(name, "/") {
		text, err := os.ReadFile(filepath.Join(rig.Root(), filepath.FromSlash(name)))
		return string(text), err
	}
	text, err := os.ReadFile(filepath.Join(rig.Root(), "docs", "proxies.md"))
	if err != nil {
		return "", err
	}
	found := regexp.MustCompile("(?s)<!-- sample: " + regexp.QuoteMeta(name) + " -->\n```\\w*\n(.*?)```").FindSubmatch(text)
	if found == nil {
		return "", fmt.Errorf("docs/proxies.md has no sample for %s", name)
	}
	return string(found[1]), nil
}

// replaced returns the sample with the names, ports and paths of this test. Each must be there. All are replaced
// in one pass: one after the other, the address of Parley would be replaced in a port that begins with 3000, too.
func (s *setup) replaced(pairs ...string) (string, error) {
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(s.sample, pairs[i]) {
			return "", fmt.Errorf("the sample has no %q", pairs[i])
		}
	}
	return strings.NewReplacer(pairs...).Replace(s.sample), nil
}

func (s *setup) write(name, text string) (path string, err error) {
	path = filepath.Join(s.dir, name)
	return path, os.WriteFile(path, []byte(text), 0o600)
}

// asRoot is a line for programs that would give up being root, and then could not use the test's folder.
func asRoot(line string) string {
	if os.Geteuid() == 0 {
		return line + "\n"
	}
	return ""
}

// nginx runs with what Debian sets beside a site, compression above all.
func nginx(s *setup) ([]string, error) {
	text, err := s.replaced("listen 80;", "listen 127.0.0.1:"+s.plain+";", "listen 443 ", "listen 127.0.0.1:"+s.secure+" ",
		"/etc/ssl/", s.dir+"/", "127.0.0.1:3000", s.upstream)
	if err != nil {
		return nil, err
	}
	var temporary strings.Builder
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&temporary, "%s_temp_path %s/%s;\n", kind, s.dir, kind)
	}
	conf, err := s.write("nginx.conf", asRoot("user root;")+"daemon off; worker_processes 2; error_log stderr; pid "+s.dir+"/pid;\n"+
		"events { worker_connections 768; }\nhttp {\naccess_log off; gzip on; gzip_types text/plain text/event-stream;\n"+temporary.String()+text+"}\n")
	return []string{s.program, "-p", s.dir, "-c", conf}, err
}

// caddy makes a certificate of its own, which the sample leaves to it.
func caddy(s *setup) ([]string, error) {
	text, err := s.replaced("127.0.0.1:3000", s.upstream)
	if err != nil {
		return nil, err
	}
	conf, err := s.write("Caddyfile", fmt.Sprintf("{\n\tadmin off\n\tlocal_certs\n\tskip_install_trust\n\thttp_port %s\n\thttps_port %s\n"+
		"\tdefault_bind 127.0.0.1\n\tstorage file_system %s/storage\n}\n", s.plain, s.secure, s.dir)+text)
	return []string{"env", "HOME=" + s.dir, s.program, "run", "--config", conf, "--adapter", "caddyfile"}, err
}

// caddyOfCompose has one Parley in place of two, and gets the site that compose.yaml hands to it.
func caddyOfCompose(s *setup) ([]string, error) {
	text, err := s.replaced("{\n\tadmin off\n}\n", "", "{$SITE:https://localhost}", site, "parley:3000 parley2:3000", "127.0.0.1:3000")
	if err != nil {
		return nil, err
	}
	s.sample = text
	return caddy(s)
}

// apache runs with the modules that docs/proxies.md names, and those that Debian enables by itself.
func apache(s *setup) ([]string, error) {
	text, err := s.replaced("*:80", "127.0.0.1:"+s.plain, "*:443", "127.0.0.1:"+s.secure, "/etc/ssl/", s.dir+"/", "127.0.0.1:3000", s.upstream)
	if err != nil {
		return nil, err
	}
	var modules strings.Builder
	for _, name := range []string{"mpm_event", "authz_core", "alias", "filter", "deflate", "reqtimeout", "setenvif", "mime", "ssl", "http2", "proxy", "proxy_http"} {
		fmt.Fprintf(&modules, "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n", name, name)
	}
	mime, err := s.write("mime.types", "text/html html\n")
	if err != nil {
		return nil, err
	}
	conf, err := s.write("apache2.conf", modules.String()+asRoot("User www-data\nGroup www-data")+
		fmt.Sprintf("ServerRoot %s\nServerName localhost\nPidFile %s/pid\nErrorLog %s/error.log\nTypesConfig %s\nMutex file:%s\n", s.dir, s.dir, s.dir, mime, s.dir)+
		"AddOutputFilterByType DEFLATE text/html text/plain text/xml text/css application/javascript\n"+
		"RequestReadTimeout header=20-40,minrate=500 body=10,minrate=500\n"+
		fmt.Sprintf("Listen 127.0.0.1:%s\nListen 127.0.0.1:%s\n", s.plain, s.secure)+text)
	return []string{s.program, "-d", s.dir, "-f", conf, "-D", "FOREGROUND"}, err
}

func haproxy(s *setup) ([]string, error) {
	text, err := s.replaced("bind :80\n", "bind 127.0.0.1:"+s.plain+"\n", "bind :443 ", "bind 127.0.0.1:"+s.secure+" ", "/etc/ssl/", s.dir+"/", "127.0.0.1:3000", s.upstream)
	if err != nil {
		return nil, err
	}
	conf, err := s.write("haproxy.cfg", text)
	return []string{s.program, "-db", "-f", conf}, err
}

// certificate writes a certificate that signs itself, its key, and both in one.
func (s *setup) certificate() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: site}, DNSNames: []string{site},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour)}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	crt := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}))
	secret := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	for name, text := range map[string]string{site + ".crt": crt, site + ".key": secret, site + ".pem": crt + secret} {
		if _, err := s.write(name, text); err != nil {
			return err
		}
	}
	return nil
}

// startProxy starts a proxy in front of a Parley, with its sample changed by edit.
func startProxy(p proxy, upstream string, edit func(sample string) string) (*rig.Server, *setup, error) {
	program, err := rig.Find(p.name)
	if err != nil {
		return nil, nil, err
	}
	sample, err := sampleOf(p.sample)
	if err != nil {
		return nil, nil, err
	}
	s := &setup{program: program, sample: edit(sample), upstream: upstream}
	server, err := rig.NewUnstarted(p.name, func(dir, port string) ([]string, error) {
		s.dir, s.secure = dir, port
		for s.plain = port; s.plain == port; {
			if s.plain, err = rig.FreePort(); err != nil {
				return nil, err
			}
		}
		if err := s.certificate(); err != nil {
			return nil, err
		}
		return p.prepare(s)
	}, func(string) bool { return newBrowser(s, "127.0.0.1", false).answers("/livez") })
	if err != nil {
		return nil, nil, err
	}
	if err := server.Start(); err != nil {
		log, _ := os.ReadFile(filepath.Join(s.dir, "error.log"))
		stopProxy(server)
		return nil, nil, fmt.Errorf("%w\n%s", err, log)
	}
	return server, s, nil
}

// stopProxy lets a proxy end the processes that it has started: killed, it would leave them behind.
func stopProxy(server *rig.Server) {
	server.Signal(syscall.SIGTERM)
	server.Wait(10 * time.Second)
	server.Close()
}
