package main

import (
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley/app/sso"
)

// summary formats a Config for comparison, with its URL instead of a pointer.
func summary(c Config) string {
	site := ""
	if c.PublicURL != nil {
		site = c.PublicURL.String()
	}
	c.PublicURL = nil
	return fmt.Sprintf("%s %+v", site, c)
}

func configured(t *testing.T, environment ...string) Config {
	t.Helper()
	c, err := readConfig(environment)
	if err != nil {
		t.Fatalf("%q: %v", environment, err)
	}
	return c
}

func TestDefaults(t *testing.T) {
	want := summary(Config{Addr: "127.0.0.1:3000", DatabaseURL: "sqlite:data/parley.db", Limits: true,
		AdminAddr: "127.0.0.1:3001", Log: slog.LevelInfo, TLS: tlsSettings{redirect: ":80", authority: letsEncrypt}})
	if got := summary(configured(t, "HOME=/", "parley_addr=x", "XPARLEY_ADDR=x", "PARLEY=x", "PARLEYADDR=x", "=C:=x", "")); got != want {
		t.Errorf("with nothing set: %s", got)
	}
	empty := make([]string, len(variables))
	for i, s := range variables {
		empty[i] = s.name + "="
	}
	if got := summary(configured(t, empty...)); got != want {
		t.Errorf("with all empty: %s", got)
	}
	if c := configured(t); c.PublicURL != nil {
		t.Errorf("public URL %v", c.PublicURL)
	}
}

func TestEachVariable(t *testing.T) {
	site := func(text string) *url.URL {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	for entry, change := range map[string]func(c *Config){
		"PARLEY_ADDR=:8080":                                           func(c *Config) { c.Addr = ":8080" },
		"PARLEY_ADDR=0.0.0.0:0":                                       func(c *Config) { c.Addr = "0.0.0.0:0" },
		"PARLEY_ADDR=[::1]:65535":                                     func(c *Config) { c.Addr = "[::1]:65535" },
		"PARLEY_ADDR=localhost:3000":                                  func(c *Config) { c.Addr = "localhost:3000" },
		"PARLEY_PUBLIC_URL=https://chat.example.org":                  func(c *Config) { c.PublicURL = site("https://chat.example.org") },
		"PARLEY_PUBLIC_URL=https://chat.example.org/":                 func(c *Config) { c.PublicURL = site("https://chat.example.org") },
		"PARLEY_PUBLIC_URL=http://[::1]:3000":                         func(c *Config) { c.PublicURL = site("http://[::1]:3000") },
		"PARLEY_PUBLIC_URL=HTTPS://Chat.Example.ORG:443/":             func(c *Config) { c.PublicURL = site("https://chat.example.org") },
		"PARLEY_PUBLIC_URL=https://müller.example":                    func(c *Config) { c.PublicURL = site("https://xn--mller-kva.example") },
		"PARLEY_PUBLIC_URL=https://Chat.MÜLLER.example:8443/":         func(c *Config) { c.PublicURL = site("https://chat.xn--mller-kva.example:8443") },
		"PARLEY_PUBLIC_URL=https://例え.テスト":                            func(c *Config) { c.PublicURL = site("https://xn--r8jz45g.xn--zckzah") },
		"PARLEY_PUBLIC_URL=https://chat.example.org.":                 func(c *Config) { c.PublicURL = site("https://chat.example.org") },
		"PARLEY_PUBLIC_URL=https://chat.example.org.:443/":            func(c *Config) { c.PublicURL = site("https://chat.example.org") },
		"PARLEY_PUBLIC_URL=http://localhost:80":                       func(c *Config) { c.PublicURL = site("http://localhost") },
		"PARLEY_PUBLIC_URL=http://localhost:443":                      func(c *Config) { c.PublicURL = site("http://localhost:443") },
		"PARLEY_DATABASE_URL=sqlite:/var/lib/parley.db":               func(c *Config) { c.DatabaseURL = "sqlite:/var/lib/parley.db" },
		"PARLEY_DATABASE_URL=mysql://u:p%40ss%2F%23=1@db:3306/parley": func(c *Config) { c.DatabaseURL = "mysql://u:p%40ss%2F%23=1@db:3306/parley" },
		"PARLEY_DATABASE_URL=mysql://root@[::1]/parley":               func(c *Config) { c.DatabaseURL = "mysql://root@[::1]/parley" },
		"PARLEY_REDIS_URL=redis://localhost":                          func(c *Config) { c.RedisURL = "redis://localhost" },
		"PARLEY_REDIS_URL=rediss+sentinel://:p@a,b:26380/mymaster/2":  func(c *Config) { c.RedisURL = "rediss+sentinel://:p@a,b:26380/mymaster/2" },
		"PARLEY_REDIS_URL=redis+cluster://:p@a,b:6380":                func(c *Config) { c.RedisURL = "redis+cluster://:p@a,b:6380" },
		"PARLEY_REDIS_URL=rediss://:p@redis:6380/2":                   func(c *Config) { c.RedisURL = "rediss://:p@redis:6380/2" },
		"PARLEY_SIGN_UP=open":                                         fixed("sign_up", "open"),
		"PARLEY_SIGN_UP=invite":                                       fixed("sign_up", "invite"),
		"PARLEY_SIGN_UP=closed":                                       fixed("sign_up", "closed"),
		"PARLEY_SERVER_NAME=Chess club":                               fixed("name", "Chess club"),
		"PARLEY_INVITES_BY=admins":                                    fixed("invites_by", "admins"),
		"PARLEY_GROUPS_BY=members":                                    fixed("groups_by", "members"),
		"PARLEY_OPEN_ROOMS_BY=members":                                fixed("open_rooms_by", "members"),
		"PARLEY_PHOTO_MEGABYTES=2":                                    fixed("photo_megabytes", "2"),
		"PARLEY_QUOTA_MEGABYTES=500":                                  fixed("quota_megabytes", "500"),
		"PARLEY_RETENTION_DAYS=90":                                    fixed("retention_days", "90"),
		"PARLEY_ADMINS_NEED_SECOND_FACTOR=yes":                        fixed("admins_need_second_factor", "yes"),
		"PARLEY_LIMITS=on":                                            func(c *Config) { c.Limits = true },
		"PARLEY_LIMITS=off":                                           func(c *Config) { c.Limits = false },
		"PARLEY_TRUSTED_PROXIES=10.0.0.0/8":                           func(c *Config) { c.Trusted = prefixes("10.0.0.0/8") },
		"PARLEY_TRUSTED_PROXIES= 10.0.0.0/8 , ::1/128,, fd00::/8,":    func(c *Config) { c.Trusted = prefixes("10.0.0.0/8", "::1/128", "fd00::/8") },
		"PARLEY_TRUSTED_PROXIES=10.0.0.1,::1":                         func(c *Config) { c.Trusted = prefixes("10.0.0.1/32", "::1/128") },
		"PARLEY_TRUSTED_PROXIES=::ffff:10.0.0.0/104":                  func(c *Config) { c.Trusted = prefixes("10.0.0.0/8") },
		"PARLEY_TRUSTED_PROXIES=::ffff:10.0.0.1":                      func(c *Config) { c.Trusted = prefixes("10.0.0.1/32") },
		"PARLEY_TLS_REDIRECT_ADDR=127.0.0.1:8080":                     func(c *Config) { c.TLS.redirect = "127.0.0.1:8080" },
		"PARLEY_TLS_REDIRECT_ADDR=off":                                func(c *Config) { c.TLS.redirect = "" },
		"PARLEY_ACME_URL=https://acme.example/directory":              func(c *Config) { c.TLS.authority = "https://acme.example/directory" },
		"PARLEY_ACME_EMAIL=admin@example.org":                         func(c *Config) { c.TLS.email = "admin@example.org" },
		"PARLEY_ADMIN_ADDR=127.0.0.1:9":                               func(c *Config) { c.AdminAddr = "127.0.0.1:9" },
		"PARLEY_LOG=debug":                                            func(c *Config) { c.Log = slog.LevelDebug },
		"PARLEY_LOG=info":                                             func(c *Config) { c.Log = slog.LevelInfo },
		"PARLEY_LOG=warn":                                             func(c *Config) { c.Log = slog.LevelWarn },
		"PARLEY_LOG=error":                                            func(c *Config) { c.Log = slog.LevelError },
	} {
		want := configured(t)
		change(&want)
		if got := configured(t, entry); summary(got) != summary(want) {
			t.Errorf("%s:\n got %s\nwant %s", entry, summary(got), summary(want))
		}
	}
	if c := configured(t, "PARLEY_LOG=debug", "PARLEY_LOG=warn"); c.Log != slog.LevelWarn {
		t.Errorf("the last of two should win: %v", c.Log)
	}
}

// fixed changes what is expected of a setting that an administrator could change otherwise.
func fixed(name, value string) func(c *Config) {
	return func(c *Config) { c.Fixed = map[string]string{name: value} }
}

func prefixes(list ...string) (all []netip.Prefix) {
	for _, text := range list {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

// TestInvalidValues checks that an invalid value is an error that names the variable, and that never
// contains the value, which may be a secret.
func TestInvalidValues(t *testing.T) {
	addresses := []string{"qz", "3000", "qz:", ":", ":http", "qz:65536", "qz:-1", "qz:+1", "q z:80", "http://qz:80", "qz/y:80", "::1:3000", "qz:qz:80",
		"[::1:80", "[[::1]]:80", "qz:80 ", " qz:80", "qz@h:80", "qz:0x50", "\x00qz:80"}
	invalid := map[string][]string{
		"PARLEY_ADDR":       addresses,
		"PARLEY_ADMIN_ADDR": addresses,
		"PARLEY_PUBLIC_URL": {"qz", "qz.example.org", "//qz.org", "ftp://qz.org", "https://", "https:///", "https://:443", "https://qz.org/chat", "https://qz.org//",
			"https://qz.org?x", "https://qz.org?", "https://qz.org#x", "https://qz.org#", "https://me:qz@qz.org", "https://me@qz.org", "https://qz.org:port", "https://q z.org",
			"https://qz.org,https://qz.net", " https://qz.org", "https://qz.org:0", "https://qz.org:65536", "https:qz.org", "https://qz.org\\x", "https://*.qz.org", "https://qz\x7f.org"},
		"PARLEY_DATABASE_URL": {"qz", "sqlite", "sqlite:", "sqlite://", "sqlite://qz", "sqlite::memory:", "sqlite:~/qz.db", "sqlite:qz/", "sqlite:file:qz", "data/qz.db", "mysql:", "mysql://", "mysql://me:qz@db", "mysql://me:qz@db/", "mysql:///qz", "mysql://me:qz@/qz",
			"mysql://me:qz@db:port/qz", "mysql://me:q%zz@db/qz", "mysql://me:qz@db/qz?tls=qz", "mysql://me:qz@db/qz?qz=1", "mysql://me:qz@db/qz?socket=/qz", "mysql://me:qz@db/qz#x", "mysql://me:q#z@db/qz", "mysql://me:q/z@db/qz", "mysql://me:qz@db/q/z",
			"mysql:me:qz@db/qz", "postgres://me:qz@db/qz", "MYSQL://me:qz@db/qz", " mysql://me:qz@db/qz", "me:qz@tcp(db:3306)/qz", "mysql://me:qz@db:0/qz", "mysql://me:qz@db:65536/qz"},
		"PARLEY_DATABASE_URL_FILE":      {"qz", "/qz", "/", "mysql://me:qz@db/qz"},
		"PARLEY_DATABASE_PASSWORD_FILE": {"qz", "/qz", "/"},
		"PARLEY_REDIS_URL_FILE":         {"qz", "/qz", "/"},
		"PARLEY_SMTP_URL":               {"qz", "smtp://qz:587", "smtp://u:qz@h:587"}, // without a public URL
		"PARLEY_SMTP_URL_FILE":          {"qz", "/qz", "/"},
		"PARLEY_MAIL_FROM":              {"qz", "qz <", "@qz"},
		"PARLEY_REDIS_URL": {"qz", "qz:6379", "redis:", "redis://", "redis://:qz@", "redis:///0", "redis://:6379", "http://qz:6379", "redis://:qz@h:port", "redis://:q%zz@h", "redis://:qz@h:6379/x",
			"redis://:qz@h:6379/-1", "redis://:qz@h:6379/1/2", " redis://qz", "redis://:q#z@h:6379", "redis://h:65536", "unix:///qz",
			"redis://:qz@h?bogus=qz", "redis://:qz@h?dial_timeout=qz", "redis://:qz@h,i", "redis+sentinel://:qz@h,i", "redis+cluster://:qz@h,", "redis+qz://h/0"},
		"PARLEY_SIGN_UP":                   {"qz", "Open", "OPEN", " open", "open ", "on", "true", "openclosed"},
		"PARLEY_SERVER_NAME":               {"qz\u200b", "qz\u202e", strings.Repeat("qz", 21), " ", "qz\xff"},
		"PARLEY_INVITES_BY":                {"qz", "Members", "all", "admin"},
		"PARLEY_GROUPS_BY":                 {"qz", "Members", "all", "nobody"},
		"PARLEY_OPEN_ROOMS_BY":             {"qz", "Members", "all", "no"},
		"PARLEY_PHOTO_MEGABYTES":           {"qz", "0", "-1", "11", "2.5", "5 MB", "0x5", "99999999999999999999"},
		"PARLEY_QUOTA_MEGABYTES":           {"qz", "9", "-1", "1048577", "1e3"},
		"PARLEY_RETENTION_DAYS":            {"qz", "-1", "3651", "30 days", "off"},
		"PARLEY_ADMINS_NEED_SECOND_FACTOR": {"qz", "Yes", "true", "1", "on"},
		"PARLEY_OIDC":                      {"qz", "Qz", "qz,qz", "q z", "-qz", "qz-", "q_z", strings.Repeat("qz", 11)}, // the first without a public URL
		"PARLEY_SIGN_IN_BY":                {"qz", "providers", "password", "Any"},
		"PARLEY_TLS":                       {"qz", "auto", "Auto", "on", "qz.pem,qz.key", ","}, // without a public URL
		"PARLEY_TLS_DIR":                   {"qz", "/qz"},                                      // without auto
		"PARLEY_TLS_REDIRECT_ADDR":         append([]string{"on", "Off"}, addresses...),
		"PARLEY_ACME_URL":                  {"qz", "http://qz/directory", "https://", "https://me:qz@h/d", "qz.example/directory"},
		"PARLEY_ACME_EMAIL":                {"qz", "mailto:qz@example.org", "Qz <qz@example.org>", "qz@a,qz@b"},
		"PARLEY_LIMITS":                    {"qz", "On", "true", "1", "0", "yes", "no", "false", "off "},
		"PARLEY_TRUSTED_PROXIES":           {"qz", "10.0.0", "[::1]", "::ffff:0:0/90", "10.0.0.1:80", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "10.0.0.0/8;qz", "10.0.0.0/8 ::1/128", "10.0.0.0/8,qz", "fe80::1%qz/64", "*"},
		"PARLEY_LOG":                       {"qz", "INFO", "Info", "warning", "info+1", "0", " info", "trace"},
	}
	for name, values := range invalid {
		for _, value := range values {
			// The message must not contain the values of valid variables either.
			environment := []string{name + "=" + value}
			for other, valid := range map[string]string{"PARLEY_DATABASE_URL": "mysql://me:qz@db/qz", "PARLEY_REDIS_URL": "redis://:qz@h"} {
				if name != other && name != other+"_FILE" {
					environment = append(environment, other+"="+valid)
				}
			}
			_, err := readConfig(environment)
			switch {
			case err == nil:
				t.Errorf("%s=%q was accepted", name, value)
			case !strings.HasPrefix(err.Error(), name+" must "):
				t.Errorf("%s=%q: the message is %q", name, value, err)
			// The name of a provider is no secret, and part of the names of its variables.
			case strings.Contains(strings.ToLower(strings.ReplaceAll(err.Error(), "PARLEY_OIDC_QZ_", "")), "qz"):
				t.Errorf("%s=%q: the message contains it: %q", name, value, err)
			}
		}
	}
	for _, s := range variables {
		if len(invalid[s.name]) == 0 {
			t.Errorf("no invalid value was tried for %s", s.name)
		}
	}
}

// TestMailSettings checks that e-mails need a sender and an address for their links, and what servers there can be.
func TestMailSettings(t *testing.T) {
	public, from, server := "PARLEY_PUBLIC_URL=https://chat.example.org", "PARLEY_MAIL_FROM=Parley <parley@example.org>", "PARLEY_SMTP_URL=smtp://me:qz@mail:587"
	if c := configured(t, public, from, server); c.MailURL.String() != "smtp://me:qz@mail:587" || c.MailFrom != "Parley <parley@example.org>" {
		t.Errorf("%+v", c)
	}
	for _, environment := range [][]string{
		{from, server}, {public, server}, {public, from, "PARLEY_SMTP_URL=http://mail"}, {public, from, "PARLEY_SMTP_URL=smtp://mail:qz"},
		{public, from, "PARLEY_SMTP_URL=smtps://me:qz@mail?tls=off"}, {public, "PARLEY_MAIL_FROM=qz", server},
	} {
		if _, err := readConfig(environment); err == nil || strings.Contains(err.Error(), "qz") || !strings.Contains(err.Error(), " must ") {
			t.Errorf("%v: %v", environment, err)
		}
	}
}

// TestProviders checks what belongs to a provider of single sign-on.
func TestProviders(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	must(t, os.WriteFile(secret, []byte("s%c/ret\n"), 0o600))
	public, names := "PARLEY_PUBLIC_URL=https://chat.example.org", "PARLEY_OIDC=corp, my-login"
	corp := []string{"PARLEY_OIDC_CORP_ISSUER=https://login.example.org/realm", "PARLEY_OIDC_CORP_CLIENT_ID=parley", "PARLEY_OIDC_CORP_CLIENT_SECRET=qz"}
	mine := []string{"PARLEY_OIDC_MY_LOGIN_ISSUER=http://127.0.0.1:5556/dex", "PARLEY_OIDC_MY_LOGIN_CLIENT_ID=id", "PARLEY_OIDC_MY_LOGIN_CLIENT_SECRET_FILE=" + secret,
		"PARLEY_OIDC_MY_LOGIN_LABEL=My Login", "PARLEY_OIDC_MY_LOGIN_SCOPES=openid groups", "PARLEY_SIGN_IN_BY=providers"}
	whole := slices.Concat([]string{public, names}, corp, mine)
	c := configured(t, whole...)
	want := []sso.Config{
		{Name: "corp", Label: "corp", Issuer: "https://login.example.org/realm", ClientID: "parley", Secret: "qz", Scopes: []string{"profile", "email"}},
		{Name: "my-login", Label: "My Login", Issuer: "http://127.0.0.1:5556/dex", ClientID: "id", Secret: "s%c/ret", Scopes: []string{"groups"}},
	}
	if !reflect.DeepEqual(c.Providers, want) || !c.PasswordsOff {
		t.Errorf("%+v", c)
	}
	if lines := strings.Join(effective(c), "\n"); strings.Contains(lines, "qz") || strings.Contains(lines, "s%c") || !strings.Contains(lines, "https://login.example.org/realm") {
		t.Errorf("parley check prints %s", lines)
	}
	for _, entry := range []string{
		"PARLEY_OIDC_CORP_ISSUER=", "PARLEY_OIDC_CORP_ISSUER=http://login.qz.org", "PARLEY_OIDC_CORP_ISSUER=https://me:qz@login.org", "PARLEY_OIDC_CORP_ISSUER=https://qz.org?x",
		"PARLEY_OIDC_CORP_ISSUER=qz", "PARLEY_OIDC_CORP_CLIENT_ID=", "PARLEY_OIDC_CORP_CLIENT_SECRET=", "PARLEY_OIDC_CORP_LABEL=qz\u202e", "PARLEY_OIDC_CORP_CLIENT_SECRET_FILE=" + secret,
		"PARLEY_OIDC_MY_LOGIN_CLIENT_SECRET_FILE=/qz", "PARLEY_OIDC_MY_LOGIN_CLIENT_SECRET_FILE=",
	} {
		name, _, _ := strings.Cut(entry, "=")
		_, err := readConfig(append(slices.Clone(whole), entry))
		if err == nil || !strings.HasPrefix(err.Error(), strings.TrimSuffix(name, "_FILE")) || !strings.Contains(err.Error(), " must ") || strings.Contains(err.Error(), "qz") {
			t.Errorf("%s: %v", entry, err)
		}
	}
	for _, entry := range []string{"PARLEY_OIDC_CORP_SECRET=x", "PARLEY_OIDC_OTHER_ISSUER=https://qz.org", "PARLEY_OIDC_CORP=x"} {
		name, _, _ := strings.Cut(entry, "=")
		if _, err := readConfig(append(slices.Clone(whole), entry)); err == nil || !strings.HasPrefix(err.Error(), name+" is not a setting") {
			t.Errorf("%s: %v", entry, err)
		}
	}
}

// TestTLSSettings checks which settings belong together.
func TestTLSSettings(t *testing.T) {
	const site = "PARLEY_PUBLIC_URL=https://chat.example.org:8443"
	files := tlsSettings{cert: "a.pem", key: "b.key", redirect: ":80", authority: letsEncrypt}
	auto := tlsSettings{auto: true, dir: "data/tls", redirect: ":80", authority: letsEncrypt}
	elsewhere := auto
	elsewhere.dir = "/var/lib/certificates"
	const mysql = "PARLEY_DATABASE_URL=mysql://me:qz@db/qz"
	for _, c := range []struct {
		environment []string
		want        tlsSettings
	}{
		{[]string{site, "PARLEY_TLS=a.pem,b.key"}, files},
		{[]string{site, "PARLEY_TLS= a.pem , b.key "}, files},
		{[]string{"PARLEY_PUBLIC_URL=https://127.0.0.1:8443", "PARLEY_TLS=a.pem,b.key"}, files},
		{[]string{site, "PARLEY_TLS=auto"}, auto},
		{[]string{site, "PARLEY_TLS=auto", "PARLEY_TLS_DIR=/var/lib/certificates"}, elsewhere},
		{[]string{site, "PARLEY_TLS=auto", "PARLEY_TLS_DIR=/var/lib/certificates", mysql}, elsewhere},
	} {
		if got := configured(t, c.environment...).TLS; got != c.want {
			t.Errorf("%v:\n got %+v\nwant %+v", c.environment, got, c.want)
		}
	}
	for _, c := range []struct {
		environment []string
		why         string
	}{
		{[]string{"PARLEY_TLS=auto"}, "PARLEY_TLS must go with a PARLEY_PUBLIC_URL that begins with https://"},
		{[]string{"PARLEY_PUBLIC_URL=http://chat.example.org", "PARLEY_TLS=a.pem,b.key"}, "PARLEY_TLS must go with a PARLEY_PUBLIC_URL"},
		{[]string{"PARLEY_PUBLIC_URL=https://192.0.2.7", "PARLEY_TLS=auto"}, "IP address"},
		{[]string{"PARLEY_PUBLIC_URL=https://[2001:db8::7]:8443", "PARLEY_TLS=auto"}, "IP address"},
		{[]string{"PARLEY_PUBLIC_URL=https://localhost", "PARLEY_TLS=auto"}, "without a dot"},
		{[]string{site, "PARLEY_TLS=on"}, "PARLEY_TLS must be auto, or the paths of two files"},
		{[]string{site, "PARLEY_TLS=a.pem"}, "two files"},
		{[]string{site, "PARLEY_TLS=a.pem,"}, "two files"},
		{[]string{site, "PARLEY_TLS=a.pem,b.key,c.pem"}, "two files"},
		{[]string{site, "PARLEY_TLS=auto", mysql}, "PARLEY_TLS_DIR must be the path of a folder"},
		{[]string{site, "PARLEY_TLS=a.pem,b.key", "PARLEY_TLS_DIR=/x"}, "PARLEY_TLS_DIR must go with PARLEY_TLS=auto"},
		{[]string{site, "PARLEY_TLS=auto", "PARLEY_TLS_REDIRECT_ADDR=off"}, "PARLEY_TLS_REDIRECT_ADDR must not be off"},
	} {
		if _, err := readConfig(c.environment); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%v: %v", c.environment, err)
		}
	}
}

// TestAllMistakesAtOnce checks that one start says all that is wrong, in the same order each time, and nothing that only
// follows from something else.
func TestAllMistakesAtOnce(t *testing.T) {
	for _, c := range []struct{ environment, wrong []string }{
		{[]string{"PARLEY_C=qz", "PARLEY_B=qz", "PARLEY_A=qz", "PARLEY_LOG=qz", "PARLEY_ADDR=qz"}, []string{"PARLEY_ADDR must ", "PARLEY_LOG must ", "PARLEY_A is not ", "PARLEY_B is not ", "PARLEY_C is not "}},
		{[]string{"PARLEY_PUBLIC_URL=qz", "PARLEY_TLS=auto", "PARLEY_TLS_DIR=/qz", "PARLEY_SMTP_URL=smtp://qz", "PARLEY_OIDC=corp", "PARLEY_LIMITS=qz", "PARLEY_OIDC_CORP_ISSUER=qz"},
			[]string{"PARLEY_PUBLIC_URL must ", "PARLEY_LIMITS must ", "PARLEY_OIDC_CORP_ISSUER must ", "PARLEY_OIDC_CORP_CLIENT_ID must ", "PARLEY_OIDC_CORP_CLIENT_SECRET must "}},
		{[]string{"PARLEY_PUBLIC_URL=https://chat.example.org", "PARLEY_OIDC=a_b", "PARLEY_OIDC_A_B_ISSUER=qz", "PARLEY_SIGN_IN_BY=providers"}, []string{"PARLEY_OIDC must "}},
		{[]string{"PARLEY_DATABASE_URL=qz", "PARLEY_DATABASE_PASSWORD_FILE=config_test.go", "PARLEY_REDIS_URL=qz"}, []string{"PARLEY_DATABASE_URL must ", "PARLEY_REDIS_URL must "}},
		{[]string{"PARLEY_REDIS_URL=redis://qz", "PARLEY_REDIS_URL_FILE=/qz", "PARLEY_SIGN_UP=qz"}, []string{"PARLEY_REDIS_URL must not ", "PARLEY_REDIS_URL_FILE must ", "PARLEY_SIGN_UP must "}},
	} {
		for range 20 {
			_, err := readConfig(c.environment)
			if err == nil {
				t.Fatalf("%v was accepted", c.environment)
			}
			lines := strings.Split(err.Error(), "\n")
			if !slices.EqualFunc(lines, c.wrong, strings.HasPrefix) || strings.Contains(err.Error(), "qz") {
				t.Fatalf("%v:\n%v", c.environment, err)
			}
		}
	}
}
