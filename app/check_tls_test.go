package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

// TestCheckLooksAtCertificates checks what `parley check` says of TLS, and that it makes nothing.
func TestCheckLooksAtCertificates(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, text []byte) {
		t.Helper()
		must(t, os.WriteFile(dir+"/"+name, text, 0o600))
	}
	long, short := rig.NewCertificate(t, "chat.example.org", 30*24*time.Hour), rig.NewCertificate(t, "chat.example.org", time.Hour)
	write("long.pem", long.Cert)
	write("long.key", long.Key)
	write("short.pem", short.Cert)
	write("short.key", short.Key)
	check := func(host, addr, files string) string {
		t.Helper()
		return parley(t, []string{"PARLEY_DATABASE_URL=sqlite:" + dir + "/parley.db", "PARLEY_PUBLIC_URL=https://" + host, "PARLEY_ADDR=" + addr, "PARLEY_TLS=" + files,
			"PARLEY_ACME_URL=https://127.0.0.1:1/directory"}, "check")
	}
	for _, c := range []struct{ host, addr, files, want string }{
		{"chat.example.org", ":443", dir + "/long.pem," + dir + "/long.key", "ok       the certificate is good until "},
		{"chat.example.org", ":443", dir + "/short.pem," + dir + "/short.key", "warning  the certificate is good until "},
		{"chat.example.org", "127.0.0.1:443", dir + "/long.pem," + dir + "/long.key", "warning  with PARLEY_TLS, browsers come to PARLEY_ADDR"},
		{"other.example.org", ":443", dir + "/long.pem," + dir + "/long.key", "WRONG    browsers will not accept the certificate"},
		{"chat.example.org", ":443", dir + "/long.pem," + dir + "/short.key", "WRONG    the certificate cannot be used"},
		{"chat.example.org", ":443", "auto", "ok       there is no certificate yet"},
		{"chat.example.org", ":443", "auto", "WRONG    the authority for certificates does not answer"},
		{"chat.example.org", ":443", "auto", "setting  PARLEY_TLS_DIR: " + dir + "/tls"},
	} {
		if got := check(c.host, c.addr, c.files); !strings.Contains(got, c.want) {
			t.Errorf("no %q in: %s", c.want, got)
		}
	}
	for redirect, want := range map[string]string{
		"192.0.2.1:80": "WRONG    PARLEY_TLS_REDIRECT_ADDR: listen tcp 192.0.2.1:80",
		":3001":        "WRONG    PARLEY_ADMIN_ADDR and PARLEY_TLS_REDIRECT_ADDR are the same",
		":3000":        "WRONG    PARLEY_ADDR and PARLEY_TLS_REDIRECT_ADDR are the same",
	} {
		got := parley(t, []string{"PARLEY_DATABASE_URL=sqlite:" + dir + "/parley.db", "PARLEY_PUBLIC_URL=https://chat.example.org",
			"PARLEY_TLS=" + dir + "/long.pem," + dir + "/long.key", "PARLEY_TLS_REDIRECT_ADDR=" + redirect}, "check")
		if !strings.Contains(got, want) {
			t.Errorf("no %q in: %s", want, got)
		}
	}
	if _, err := os.Stat(dir + "/tls"); err == nil {
		t.Error("the check has made a folder")
	}
}
