package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

// startedAt ends the server that it is the output of, as soon as that says where it is.
type startedAt struct{ stop context.CancelFunc }

func (s startedAt) Write(text []byte) (int, error) {
	if bytes.Contains(text, []byte("Parley is at ")) {
		s.stop()
	}
	return len(text), nil
}

// startingAt ends a server as soon as it says that it is starting.
type startingAt struct {
	bytes.Buffer
	stop context.CancelFunc
}

func (s *startingAt) Write(text []byte) (int, error) {
	s.stop()
	return s.Buffer.Write(text)
}

// TestStoppedWhileStarting ends the server before it has opened its database, as `systemctl stop` may, also one that
// is not there.
func TestStoppedWhileStarting(t *testing.T) {
	for _, database := range []string{"sqlite:" + t.TempDir() + "/parley.db", "mysql://parley@127.0.0.1:1/parley"} {
		ctx, stop := context.WithCancel(t.Context())
		log := startingAt{stop: stop}
		if err := run(ctx, []string{"PARLEY_DATABASE_URL=" + database, "PARLEY_ADDR=127.0.0.1:0"}, io.Discard, &log); err != nil {
			t.Errorf("%s: it has failed: %v", database, err)
		}
		if !strings.Contains(log.String(), "stopped while starting") {
			t.Errorf("%s: it has served: %s", database, log.String())
		}
	}
}

// TestTLSAtTheStart checks what is reported about certificates that cannot be used, before anybody connects.
func TestTLSAtTheStart(t *testing.T) {
	dir := t.TempDir()
	c := rig.NewCertificate(t, "chat.example.org", time.Hour)
	for name, text := range map[string][]byte{"cert.pem": c.Cert, "key.pem": c.Key, "bad.pem": []byte("qz")} {
		if err := os.WriteFile(dir+"/"+name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(dir+"/open", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ host, tls, folder, err, log string }{
		{"chat.example.org", dir + "/cert.pem," + dir + "/key.pem", "", "", ""},
		{"other.example.org", dir + "/cert.pem," + dir + "/key.pem", "", "", "browsers will not accept the certificate"},
		{"chat.example.org", dir + "/cert.pem," + dir + "/none.pem", "", "none.pem", ""},
		{"chat.example.org", dir + "/cert.pem," + dir + "/bad.pem", "", "PARLEY_TLS", ""},
		{"chat.example.org", "auto", dir + "/open", "chmod 700", ""},
	} {
		ctx, stop := context.WithCancel(t.Context())
		var log bytes.Buffer
		err := run(ctx, []string{"PARLEY_DATABASE_URL=sqlite:" + t.TempDir() + "/parley.db", "PARLEY_ADDR=127.0.0.1:0", "PARLEY_ADMIN_ADDR=127.0.0.1:0",
			"PARLEY_PUBLIC_URL=https://" + c.host, "PARLEY_TLS=" + c.tls, "PARLEY_TLS_DIR=" + c.folder, "PARLEY_TLS_REDIRECT_ADDR=127.0.0.1:0"}, startedAt{stop}, &log)
		stop()
		switch {
		case c.err == "" && err != nil, c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%+v: %v", c, err)
		case strings.Contains(log.String(), "browsers will not") != (c.log != ""):
			t.Errorf("%+v: %s", c, log.String())
		}
	}
}

// TestUnencryptedCookiesAreWarnedOf is T4: without https the server starts, and says what that means.
func TestUnencryptedCookiesAreWarnedOf(t *testing.T) {
	for public, warned := range map[string]bool{"": true, "http://chat.example.org": true, "https://chat.example.org": false} {
		ctx, stop := context.WithCancel(t.Context())
		var log bytes.Buffer
		err := run(ctx, []string{"PARLEY_DATABASE_URL=sqlite:" + t.TempDir() + "/parley.db", "PARLEY_ADDR=127.0.0.1:0",
			"PARLEY_ADMIN_ADDR=127.0.0.1:0", "PARLEY_PUBLIC_URL=" + public}, startedAt{stop}, &log)
		stop()
		if err != nil {
			t.Fatalf("%q: %v\n%s", public, err, log.String())
		}
		if got := strings.Contains(log.String(), "cookies travel unencrypted"); got != warned {
			t.Errorf("%q: warned is %v:\n%s", public, got, log.String())
		}
	}
}
