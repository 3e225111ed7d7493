package cert_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/app/cert"
	"parley/e2e/rig"
)

// pair is two files with a certificate and its key.
type pair struct {
	t         *testing.T
	cert, key string
	at        time.Time // of the last change
}

func newPair(t *testing.T) *pair {
	dir := t.TempDir()
	return &pair{t: t, cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem"), at: time.Now()}
}

// write replaces a file. Its time is another one, however coarse the file system's are.
func (p *pair) write(path string, text []byte) {
	p.t.Helper()
	p.at = p.at.Add(time.Second)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Chtimes(path, p.at, p.at); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pair) put(c rig.Certificate) {
	p.t.Helper()
	p.write(p.cert, c.Cert)
	p.write(p.key, c.Key)
}

// serves reports whether a handshake gets a certificate.
func serves(t *testing.T, source cert.Source, c rig.Certificate) bool {
	t.Helper()
	got, err := source(&tls.ClientHelloInfo{})
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(got.Certificate[0], c.Pair.Certificate[0])
}

// TestFilesAreReadAgain replaces the files as programs that renew certificates do, in the middle of which the two do
// not belong together.
func TestFilesAreReadAgain(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	first, second := rig.NewCertificate(t, "a.example", time.Hour), rig.NewCertificate(t, "a.example", 2*time.Hour)
	p.put(first)
	now := time.Now()
	var log bytes.Buffer
	files, err := cert.Open(p.cert, p.key, slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	pass := func() { now = now.Add(time.Minute) }

	p.write(p.cert, second.Cert)
	if !serves(t, files.Certificate, first) || log.Len() > 0 {
		t.Error("the files were looked at too soon")
	}
	pass()
	if !serves(t, files.Certificate, first) || strings.Count(log.String(), "level=ERROR") != 1 {
		t.Errorf("half a change: %s", log.String())
	}
	pass()
	if !serves(t, files.Certificate, first) || strings.Count(log.String(), "level=ERROR") != 1 {
		t.Errorf("said again, though nothing has changed: %s", log.String())
	}
	p.write(p.key, second.Key)
	pass()
	if !serves(t, files.Certificate, second) || !strings.Contains(log.String(), "read again") {
		t.Errorf("the whole change: %s", log.String())
	}
	if err := os.Remove(p.cert); err != nil {
		t.Fatal(err)
	}
	pass()
	if !serves(t, files.Certificate, second) || strings.Count(log.String(), "level=ERROR") != 2 {
		t.Errorf("without the file: %s", log.String())
	}
	p.put(first)
	pass()
	if !serves(t, files.Certificate, first) {
		t.Error("the file is back, and not read")
	}
}

// TestFilesThatKeepTheirTimeAreReadAgain replaces both files by others of the same size and time, as tools do that copy
// times as well.
func TestFilesThatKeepTheirTimeAreReadAgain(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	first, second := rig.NewCertificate(t, "a.example", time.Hour), rig.NewCertificate(t, "a.example", 2*time.Hour)
	then := time.Now().Add(-time.Hour)
	replace := func(path string, bytes []byte) {
		const size = 4096
		bytes = append(bytes[:len(bytes):len(bytes)], strings.Repeat("\n", size-len(bytes))...)
		fresh := path + ".new"
		err := errors.Join(os.WriteFile(fresh, bytes, 0o600), os.Chtimes(fresh, then, then), os.Rename(fresh, path))
		if err != nil {
			t.Fatal(err)
		}
	}
	replace(p.cert, first.Cert)
	replace(p.key, first.Key)
	now := time.Now()
	files, err := cert.Open(p.cert, p.key, slog.New(slog.DiscardHandler), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	replace(p.cert, second.Cert)
	replace(p.key, second.Key)
	now = now.Add(time.Minute)
	if !serves(t, files.Certificate, second) {
		t.Error("the certificate of before is still served")
	}
}

// TestFilesThatCannotBeUsed checks that a server does not start with them.
func TestFilesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	c, other := rig.NewCertificate(t, "a.example", time.Hour), rig.NewCertificate(t, "a.example", time.Hour)
	open := func() error {
		_, err := cert.Open(p.cert, p.key, slog.New(slog.DiscardHandler), time.Now)
		return err
	}
	if open() == nil {
		t.Error("no files")
	}
	p.put(c)
	if err := open(); err != nil {
		t.Error(err)
	}
	p.write(p.key, other.Key)
	if open() == nil {
		t.Error("the key of another certificate")
	}
	p.write(p.key, []byte("nonsense"))
	if open() == nil {
		t.Error("no key")
	}
	if err := os.Remove(p.key); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mkfifo", p.key).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := open(); err == nil || !strings.Contains(err.Error(), "not a regular file") { // and does not wait for somebody to write
		t.Errorf("a named pipe: %v", err)
	}
}

// TestTrouble checks what makes browsers refuse a certificate.
func TestTrouble(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.put(rig.NewCertificate(t, "a.example", time.Hour))
	files, err := cert.Open(p.cert, p.key, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for _, c := range []struct {
		host string
		at   time.Time
		want string
	}{
		{"a.example", now, ""},
		{"b.example", now, "not b.example"},
		{"a.example", now.Add(2 * time.Hour), "expired"},
		{"a.example", now.Add(-2 * time.Hour), "not valid before"},
	} {
		err := cert.Trouble(files.Current(), c.host, c.at)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s at %v: %v", c.host, c.at, err)
		}
	}
}

// TestOnlyModernTLS checks which versions are spoken, and that nothing but HTTP/1.1 is agreed on.
func TestOnlyModernTLS(t *testing.T) {
	t.Parallel()
	c := rig.NewCertificate(t, "a.example", time.Hour)
	server := cert.Config(func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &c.Pair, nil })
	for version, works := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		client := c.Client("a.example")
		client.MinVersion, client.MaxVersion, client.NextProtos = version, version, []string{"h2", "http/1.1"}
		near, far := net.Pipe()
		go func() { _ = tls.Server(near, server).Handshake() }()
		conn := tls.Client(far, client)
		err := conn.Handshake()
		if (err == nil) != works {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if protocol := conn.ConnectionState().NegotiatedProtocol; works && protocol != "http/1.1" {
			t.Errorf("%s: %q", tls.VersionName(version), protocol)
		}
	}
}
