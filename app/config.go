package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/app/bus"
	"parley/app/netaddr"
	"parley/app/settings"
	"parley/app/sso"
	"parley/db"
)

// Config holds the settings from the environment, as `parley help` and docs/configure.md list them.
type Config struct {
	Addr        string
	PublicURL   *url.URL
	DatabaseURL string
	RedisURL    string
	Fixed       map[string]string // settings that administrators cannot change, by their names
	Limits      bool
	Trusted     []netip.Prefix
	AdminAddr   string
	Log         slog.Level
	MailURL     *url.URL
	MailFrom    string
	TLS         tlsSettings

	Providers    []sso.Config // of single sign-on
	PasswordsOff bool         // people sign in with those alone
}

// variable is one of the environment, its default, the function that parses it into a Config, and what it means.
type variable struct {
	name, fallback string
	read           func(c *Config, text string) error
	meaning        string
}

var variables = append([]variable{
	{"PARLEY_ADDR", "127.0.0.1:3000", func(c *Config, text string) error { c.Addr = text; return checkAddress(text) }, "Where to listen."},
	{"PARLEY_PUBLIC_URL", "", readPublicURL, "The address that browsers see, such as https://chat.example.org."},
	{"PARLEY_DATABASE_URL", "sqlite:data/parley.db", readDatabaseURL, "Where the data is: sqlite:PATH or mysql://user:password@host:3306/name, with several hosts for a cluster."},
	{"PARLEY_DATABASE_URL_FILE", "", fromFile(readDatabaseURL), "A file with that address."},
	// After the address that it completes.
	{"PARLEY_DATABASE_PASSWORD_FILE", "", fromFile(readDatabasePassword), "A file with the password for a MySQL address that has none."},
	{"PARLEY_REDIS_URL", "", readRedisURL, "The Redis of several processes: redis://:password@host:6379/0, or redis+sentinel:// or redis+cluster:// with several hosts."},
	{"PARLEY_REDIS_URL_FILE", "", fromFile(readRedisURL), "A file with that address."},
	{"PARLEY_SMTP_URL", "", readMailURL, "The server that sends e-mails: smtp://user:password@host:587 or smtps://."},
	{"PARLEY_SMTP_URL_FILE", "", fromFile(readMailURL), "A file with that address."},
	// After the server, and the public URL.
	{"PARLEY_MAIL_FROM", "", readMailFrom, "The address that e-mails are from."},
	// After the public URL.
	{"PARLEY_OIDC", "", readOIDC, "Providers of single sign-on, such as corp: each has PARLEY_OIDC_CORP_ISSUER, _CLIENT_ID, _CLIENT_SECRET or _CLIENT_SECRET_FILE, _LABEL and _SCOPES (docs/sso.md)."},
	{"PARLEY_SIGN_IN_BY", "any", readSignInBy, "any: by password, passkey or provider; providers: by providers alone."},
	{"PARLEY_TLS", "", readTLS, "auto gets certificates by itself; cert.pem,key.pem are the paths of one and its key. Empty leaves https to a proxy."},
	// After these, and the database.
	{"PARLEY_TLS_DIR", "", readTLSDir, "The folder for what auto gets; without it, tls beside the SQLite file."},
	{"PARLEY_TLS_REDIRECT_ADDR", ":80", readTLSRedirect, "Where to send http to https, and to answer the authority, when PARLEY_TLS is set; or off."},
	{"PARLEY_ACME_URL", letsEncrypt, readACME, "The directory of the authority that auto gets certificates from."},
	{"PARLEY_ACME_EMAIL", "", readACMEEmail, "Where the authority writes about certificates."},
	{"PARLEY_LIMITS", "on", func(c *Config, text string) error {
		c.Limits = text != "off"
		return oneOf(text, "on", "off")
	}, "off lifts the limits per person and address."},
	{"PARLEY_TRUSTED_PROXIES", "", readTrusted, "The proxies whose forwarding headers count, such as 127.0.0.1,10.0.0.0/8."},
	{"PARLEY_ADMIN_ADDR", "127.0.0.1:3001", func(c *Config, text string) error { c.AdminAddr = text; return checkAddress(text) }, "Where to serve metrics. Keep it private."},
	{"PARLEY_LOG", "info", func(c *Config, text string) error {
		if err := oneOf(text, "debug", "info", "warn", "error"); err != nil {
			return err
		}
		return c.Log.UnmarshalText([]byte(text))
	}, "debug, info, warn or error."},
}, fixable()...)

// fixable makes a variable for each setting that administrators change on their pages otherwise.
func fixable() (list []variable) {
	for _, name := range settings.Fixable() {
		meaning, fallback := settings.Meaning(name)
		list = append(list, variable{settings.Variable(name), "", func(c *Config, text string) error {
			if text == "" {
				return nil
			}
			if c.Fixed == nil {
				c.Fixed = map[string]string{}
			}
			c.Fixed[name] = text
			return settings.CheckVariable(name, text)
		}, meaning + " Unless it is set here, administrators change it on their pages, and it begins as " + fallback + "."})
	}
	return list
}

// leansOn lists which other settings a setting depends on: while one of those is wrong, what seems wrong with it may be
// right.
var leansOn = map[string][]string{
	"PARLEY_DATABASE_PASSWORD_FILE": {"PARLEY_DATABASE_URL", "PARLEY_DATABASE_URL_FILE"},
	"PARLEY_SMTP_URL":               {"PARLEY_PUBLIC_URL"},
	"PARLEY_SMTP_URL_FILE":          {"PARLEY_PUBLIC_URL"},
	"PARLEY_OIDC":                   {"PARLEY_PUBLIC_URL"},
	"PARLEY_SIGN_IN_BY":             {"PARLEY_OIDC"},
	"PARLEY_TLS":                    {"PARLEY_PUBLIC_URL"},
	"PARLEY_TLS_DIR":                {"PARLEY_TLS", "PARLEY_DATABASE_URL", "PARLEY_DATABASE_URL_FILE"},
}

// mistakes are what is wrong with the settings, in the order in which they are read. Each begins with the name of its setting.
// None contains a value, because some are secrets.
type mistakes struct {
	names []string
	list  []error
}

// add adds a mistake, unless it may come from another.
func (m *mistakes) add(name string, err error) {
	if !slices.ContainsFunc(leansOn[name], m.has) {
		m.list = append(m.list, fmt.Errorf("%s %w", name, err))
	}
	m.names = append(m.names, name)
}

func (m *mistakes) has(name string) bool { return slices.Contains(m.names, name) }

// readConfig returns the Config in an environment as from os.Environ. A PARLEY_ variable that is unknown or
// invalid is an error that names it, because a misspelt setting must not silently be the default.
// The error has a line for each.
func readConfig(environment []string) (Config, error) {
	given := map[string]string{}
	for _, entry := range environment {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "PARLEY_") {
			given[name] = value
		}
	}
	var c Config
	var wrong mistakes
	for _, s := range variables {
		text, ok := given[s.name]
		delete(given, s.name)
		if text != "" && given[s.name+"_FILE"] != "" {
			wrong.add(s.name, errors.New("must not be set together with "+s.name+"_FILE"))
			continue
		}
		if !ok || text == "" {
			text = s.fallback
		}
		if err := s.read(&c, text); err != nil {
			wrong.add(s.name, err)
		}
	}
	readProviders(&c, given, &wrong)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		// Whose they are is not known while the names of the providers are wrong.
		if isOfLink(name, given) || strings.HasPrefix(name, "PARLEY_OIDC_") && wrong.has("PARLEY_OIDC") {
			continue
		}
		wrong.add(name, errors.New("is not a setting of Parley; parley help lists those that are"))
	}
	return c, errors.Join(wrong.list...)
}

func oneOf(text string, words ...string) error {
	if slices.Contains(words, text) {
		return nil
	}
	return fmt.Errorf("must be one of: %s", strings.Join(words, ", "))
}

func checkAddress(text string) error {
	host, port, err := net.SplitHostPort(text)
	if err != nil || host != "" && !isHost(host) || !isPort(port) {
		return errors.New("must look like 127.0.0.1:3000, with a port from 0 to 65535")
	}
	return nil
}

// isHost reports whether a text is an IP address, or may be a host name.
func isHost(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	return text != "" && strings.Trim(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
}

func isPort(text string) bool {
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil
}

// hasServer reports whether a URL has a host, and either a valid port or none.
func hasServer(u *url.URL) bool {
	port := u.Port()
	return isHost(u.Hostname()) && (port == "" && !strings.HasSuffix(u.Host, ":") || isPort(port) && strings.Trim(port, "0") != "")
}

// readPublicURL normalizes the URL as browsers do, because it is compared with the Origin that they send.
func readPublicURL(c *Config, text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(strings.TrimSuffix(text, "/"))
	if err == nil {
		u.Host, err = asciiHost(u)
	}
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !hasServer(u) || u.Path != "" || u.User != nil || strings.ContainsAny(text, "?#") {
		return errors.New("must be an origin like https://chat.example.org, without a path")
	}
	c.PublicURL = &url.URL{Scheme: u.Scheme, Host: netaddr.CanonicalHost(u.Scheme, u.Host)}
	return nil
}

// maxSecretFile is far more than any secret has, in bytes, and secretTime far more than a file or a password
// manager takes. Nobody may ever write to a named pipe.
const (
	maxSecretFile = 64 << 10
	secretTime    = 30 * time.Second
)

// fromFile makes a setting whose value is in a file, which is where containers are given their secrets.
// Line ends at its end are no part of it, and neither is the mark that editors on Windows put in front.
func fromFile(read func(c *Config, text string) error) func(c *Config, path string) error {
	return func(c *Config, path string) error {
		if path == "" {
			return nil
		}
		data, err := readInTime(path, secretTime)
		if err != nil {
			return fmt.Errorf("must be the path of a file that Parley can read (%w)", withoutPath(err))
		}
		text := strings.TrimRight(strings.TrimPrefix(string(data), "\ufeff"), "\r\n")
		if text == "" {
			return errors.New("must be the path of a file that is not empty")
		}
		if strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text) {
			return errors.New("must be the path of a file with nothing but the value in it, on one line")
		}
		return read(c, text)
	}
}

// readInTime reads the file of a secret.
func readInTime(path string, limit time.Duration) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	read := make(chan result, 1)
	go func() {
		f, err := os.Open(path)
		if err != nil {
			read <- result{nil, err}
			return
		}
		defer func() { _ = f.Close() }()
		data, err := io.ReadAll(io.LimitReader(f, maxSecretFile))
		read <- result{data, err}
	}()
	select {
	case r := <-read:
		return r.data, r.err
	case <-time.After(limit): // what waits for it ends with the process
		return nil, fmt.Errorf("it did not end within %v", limit)
	}
}

// withoutPath returns why a file could not be read. Somebody may have put the secret where its path belongs.
func withoutPath(err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// asciiHost returns the host and port of a URL, with the name as browsers send it.
func asciiHost(u *url.URL) (string, error) {
	if strings.HasPrefix(u.Host, "[") {
		return u.Host, nil
	}
	name, err := netaddr.ASCIIHost(u.Hostname())
	return name + strings.TrimPrefix(u.Host, u.Hostname()), err
}

func readDatabaseURL(c *Config, text string) error {
	c.DatabaseURL = text
	return db.CheckAddress(text)
}

func readDatabasePassword(c *Config, text string) error {
	whole, err := db.SetPassword(c.DatabaseURL, text)
	if err == nil {
		c.DatabaseURL = whole
	}
	return err
}

func readRedisURL(c *Config, text string) error {
	c.RedisURL = text
	if text == "" {
		return nil
	}
	return bus.CheckAddress(text)
}

func readTrusted(c *Config, text string) error {
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		network, err := netaddr.ParseNetwork(part)
		if err != nil {
			return errors.New("must be networks or addresses like 10.0.0.0/8, 192.168.1.1")
		}
		c.Trusted = append(c.Trusted, network)
	}
	return nil
}
