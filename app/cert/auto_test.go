package cert

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

// TestAHandshakeWaitsForNothing starts where no authority answers: a client is refused at once, and asks nobody.
func TestAHandshakeWaitsForNothing(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	a := newAuto(t, filepath.Join(t.TempDir(), "tls"), &log, time.Now)
	if _, err := a.Certificate(&tls.ClientHelloInfo{ServerName: "chat.example.org"}); !errors.Is(err, errNotYet) {
		t.Errorf("%v", err)
	}
	for i, want := range []time.Duration{time.Minute, 4 * time.Minute, 16 * time.Minute, time.Hour, time.Hour} {
		if pause := a.step(t.Context()); pause != want {
			t.Errorf("failure %d is followed by %v", i+1, pause)
		}
	}
	if n := strings.Count(log.String(), "connection refused"); n != 5 {
		t.Errorf("the reason is there %d times: %s", n, log.String())
	}
}

// TestWhatIsStoredIsUsed checks when a certificate in the folder is used, and when the next one is asked for.
func TestWhatIsStoredIsUsed(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "tls")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c := rig.NewCertificate(t, "chat.example.org", 5*time.Hour) // of which one is over
	if err := os.WriteFile(filepath.Join(dir, "chat.example.org.pem"), append(c.Key, c.Cert...), 0o600); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	for _, at := range []struct {
		passed time.Duration
		used   bool
		wait   time.Duration
	}{{0, true, time.Hour}, {150 * time.Minute, true, 30 * time.Minute}, {200 * time.Minute, true, 0}, {6 * time.Hour, false, 0}} {
		a := newAuto(t, dir, &bytes.Buffer{}, func() time.Time { return begin.Add(at.passed) })
		if used := a.Current() != nil; used != at.used {
			t.Errorf("after %v it is used: %v", at.passed, used)
		}
		if wait := a.renewIn(); wait < at.wait-time.Minute || wait > at.wait {
			t.Errorf("after %v nothing is done for %v", at.passed, wait)
		}
	}
}

// TestTheAccountStays checks that a restart does not make another account.
func TestTheAccountStays(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "tls")
	first, second := newAuto(t, dir, &bytes.Buffer{}, time.Now), newAuto(t, dir, &bytes.Buffer{}, time.Now)
	if !second.client.Key.(*ecdsa.PrivateKey).Equal(first.client.Key) {
		t.Error("two keys")
	}
	for _, path := range []string{dir, filepath.Join(dir, "account.pem")} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", path, info, err)
		}
	}
}

func newAuto(t *testing.T, dir string, log *bytes.Buffer, now func() time.Time) *Auto {
	t.Helper()
	a, err := NewAuto(context.Background(), AutoOptions{Host: "chat.example.org", Directory: "https://127.0.0.1:1/directory", Dir: dir,
		Log: slog.New(slog.NewTextHandler(log, nil)), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
