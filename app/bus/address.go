package bus

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// address is a parsed address of Redis.
type address struct {
	kind                           kind
	hosts                          []string // host:port of the server, of the Sentinels, or of some of a cluster
	master                         string   // what the Sentinels call the servers that they watch
	number                         int      // of the database, or only of the channels
	user, password                 string
	sentinelUser, sentinelPassword string
	tls                            bool
	skipVerify                     bool
	ca                             string // the path of certificates to verify servers with
}

// kind is what an address leads to.
type kind int

const (
	single kind = iota
	sentinel
	cluster
)

// schemes are the beginnings of addresses. With TLS there is one more s after redis.
var schemes = map[string]kind{"redis": single, "redis+sentinel": sentinel, "redis+cluster": cluster}

// What an address must look like. No error repeats the address, because it may contain a password.
var (
	errAddress = errors.New("must look like redis://:password@host:6379/0, redis+sentinel://:password@host:26379,host:26379/mymaster/0 " +
		"or redis+cluster://:password@host:6379,host:6379, with %23, %2F and so on for signs in the password")
	errOptions    = errors.New("must have no options but ?ca=/path/of/ca.pem and ?skip_verify=true, both with rediss, and ?sentinel_user= and ?sentinel_password= with redis+sentinel")
	errOneHost    = errors.New("must have one server after redis://: several go with redis+sentinel:// or redis+cluster://")
	errMasterName = errors.New("must have the name of the master after the Sentinels, such as /mymaster or /mymaster/0")
	errCA         = errors.New("must have the whole path of a CA certificate after ca=, and not skip_verify=true as well")
)

// CheckAddress returns why NewRedis would not accept an address, as a sentence without its subject that begins with
// "must". It looks at no file and no server.
func CheckAddress(text string) error {
	_, err := parseAddress(text)
	return err
}

// Describe returns which Redis an address leads to, without the passwords.
func Describe(text string) string {
	a, err := parseAddress(text)
	if err != nil {
		return "no Redis"
	}
	return a.describe()
}

func (a address) describe() string {
	hosts, over := strings.Join(a.hosts, ", "), ""
	if a.tls {
		over = ", over TLS"
	}
	if a.skipVerify {
		over += " without looking at its certificate"
	}
	switch a.kind {
	case sentinel:
		return fmt.Sprintf("database %d of the Redis that the Sentinels at %s call %s%s", a.number, hosts, a.master, over)
	case cluster:
		return fmt.Sprintf("the Redis Cluster with %s%s", hosts, over)
	}
	return fmt.Sprintf("database %d of the Redis at %s%s", a.number, hosts, over)
}

func parseAddress(text string) (a address, err error) {
	scheme, rest, ok := strings.Cut(text, "://")
	if strings.HasPrefix(scheme, "rediss") {
		a.tls, scheme = true, "redis"+strings.TrimPrefix(scheme, "rediss")
	}
	var known bool
	if a.kind, known = schemes[scheme]; !ok || !known || strings.Contains(text, "#") {
		return a, errAddress
	}
	// A URL has one host. So that nothing else is parsed here, there is one URL for each.
	end := strings.IndexAny(rest+"/", "/?")
	at := strings.LastIndex(rest[:end], "@") + 1
	user := rest[:at]
	var u *url.URL
	for host := range strings.SplitSeq(rest[at:end], ",") {
		if u, err = url.Parse("redis://" + user + host + rest[end:]); err != nil {
			return a, errAddress
		}
		if host, ok = a.withPort(u); !ok {
			return a, errAddress
		}
		a.hosts = append(a.hosts, host)
	}
	if a.kind == single && len(a.hosts) > 1 {
		return a, errOneHost
	}
	a.user = u.User.Username()
	a.password, _ = u.User.Password()
	if err := a.parsePath(u.Path); err != nil {
		return a, err
	}
	err = a.parseOptions(u)
	return a, err
}

// withPort returns the host of a URL with its port, or the usual one, and reports whether there can be such a server.
func (a address) withPort(u *url.URL) (string, bool) {
	host, port := u.Hostname(), u.Port()
	if _, err := netip.ParseAddr(host); err != nil &&
		(host == "" || strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "") {
		return "", false
	}
	switch {
	case port == "" && strings.HasSuffix(u.Host, ":"):
		return "", false
	case port == "" && a.kind == sentinel:
		port = "26379"
	case port == "":
		port = "6379"
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return net.JoinHostPort(host, port), err == nil && n > 0
}

// parsePath parses /number, or /master/number with Sentinels.
func (a *address) parsePath(path string) error {
	path = strings.TrimPrefix(path, "/")
	if a.kind == sentinel {
		a.master, path, _ = strings.Cut(path, "/")
		if a.master == "" {
			return errMasterName
		}
	}
	if path == "" {
		return nil
	}
	n, err := strconv.ParseUint(path, 10, 16)
	a.number = int(n)
	if err != nil {
		return errAddress
	}
	return nil
}

func (a *address) parseOptions(u *url.URL) error {
	options, err := url.ParseQuery(u.RawQuery)
	if err != nil || u.ForceQuery {
		return errOptions
	}
	for name, values := range options {
		value := values[0]
		switch {
		case len(values) > 1:
			return errOptions
		case name == "ca" && a.tls:
			a.ca = value
		case name == "skip_verify" && a.tls && slices.Contains([]string{"true", "false"}, value):
			a.skipVerify = value == "true"
		case name == "sentinel_user" && a.kind == sentinel:
			a.sentinelUser = value
		case name == "sentinel_password" && a.kind == sentinel:
			a.sentinelPassword = value
		default:
			return errOptions
		}
	}
	if options.Has("ca") && (!filepath.IsAbs(a.ca) || a.skipVerify) {
		return errCA
	}
	return nil
}

// tlsConfig returns how to encrypt connections, or nil. Servers are verified by the names or addresses at which they are
// reached, which in a cluster and behind Sentinels are those that they announce.
func (a address) tlsConfig() (*tls.Config, error) {
	if !a.tls {
		return nil, nil
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: a.skipVerify} //nolint:gosec // only where the address says so
	if a.ca == "" {
		return c, nil
	}
	pem, err := os.ReadFile(a.ca)
	if err != nil {
		return nil, fmt.Errorf("the CA certificate of Redis: %w", err)
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("the CA certificate of Redis: there is no certificate in %s", a.ca)
	}
	return c, nil
}
