package db

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAddressesOfMySQL(t *testing.T) {
	for text, want := range map[string][5]string{ // network, address, user, password, name
		"mysql://u:p@db:3307/parley":                                {"tcp", "db:3307", "u", "p", "parley"},
		"mysql://u:p@db/parley":                                     {"tcp", "db:3306", "u", "p", "parley"},
		"mysql://root@127.0.0.1/parley":                             {"tcp", "127.0.0.1:3306", "root", "", "parley"},
		"mysql://u:p@a,b:3307,[::1]/parley":                         {"tcp", "a:3306,b:3307,[::1]:3306", "u", "p", "parley"},
		"mysql://u:p@[::1]:3307/parley":                             {"tcp", "[::1]:3307", "u", "p", "parley"},
		"mysql://u:p@[2001:db8::1]/parley":                          {"tcp", "[2001:db8::1]:3306", "u", "p", "parley"},
		"mysql://u:p@[fe80::1%25eth0]:1/parley":                     {"tcp", "[fe80::1%eth0]:1", "u", "p", "parley"},
		"mysql://a%40b%25:p%25%23%2F%3A%40%20%3F%C3%BC@db/my%20own": {"tcp", "db:3306", "a@b%", "p%#/:@ ?ü", "my own"},
		"mysql://u:p@db/parley?tls=true":                            {"tcp", "db:3306", "u", "p", "parley"},
		"mysql://u:p@/parley?socket=/run/my%20sql.sock":             {"unix", "/run/my sql.sock", "u", "p", "parley"},
		"mysql://u:p@localhost/parley?socket=/run/mysqld.sock":      {"unix", "/run/mysqld.sock", "u", "p", "parley"},
		"mysql:///parley?socket=/run/mysqld.sock":                   {"unix", "/run/mysqld.sock", "", "", "parley"},
	} {
		a, err := parseAddress(text)
		if err != nil || a.mysql == nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		equal(t, text, [5]string{a.mysql.Net, a.mysql.Addr, a.mysql.User, a.mysql.Passwd, a.mysql.DBName}, want)
		if described := Describe(text); strings.Contains(described, "p%") || !strings.Contains(described, want[4]) || !strings.Contains(described, want[1]) {
			t.Errorf("%s is described as %s", text, described)
		}
	}
}

func TestAddressesOfSQLite(t *testing.T) {
	for text, want := range map[string]string{
		"sqlite:parley.db":                 "parley.db",
		"sqlite:data/parley.db":            "data/parley.db",
		"sqlite:./parley.db":               "./parley.db",
		"sqlite:/var/lib/parley/parley.db": "/var/lib/parley/parley.db",
		"sqlite:///var/lib/parley.db":      "/var/lib/parley.db",
		"sqlite:100% ours?#.db":            "100% ours?#.db",
		"sqlite:data/~.db":                 "data/~.db",
	} {
		a, err := parseAddress(text)
		if err != nil || a.mysql != nil {
			t.Errorf("%s: %v", text, err)
		}
		equal(t, text, a.file, want)
	}
}

// TestRefusedAddresses checks that an address which would do something else than it says is refused.
func TestRefusedAddresses(t *testing.T) {
	for text, want := range map[string]error{
		"":                                              errAddress,
		"data/parley.db":                                errAddress,
		"SQLITE:parley.db":                              errAddress,
		"sqlite3:parley.db":                             errAddress,
		"mariadb://u:p@db/parley":                       errAddress,
		"sqlite:":                                       errNoFile,
		"sqlite://":                                     errSlashes,
		"sqlite://parley.db":                            errSlashes,
		"sqlite://data/parley.db":                       errSlashes,
		"sqlite:///":                                    errFolder,
		"sqlite:data/":                                  errFolder,
		"sqlite:.":                                      errFolder,
		"sqlite:data/..":                                errFolder,
		"sqlite::memory:":                               errMemory,
		"sqlite:file::memory:?cache=shared":             errMemory,
		"sqlite:file:parley.db":                         errURI,
		"sqlite:parley.db?mode=ro":                      errURI,
		"sqlite:~/parley.db":                            errTilde,
		"sqlite:~me/parley.db":                          errTilde,
		"sqlite:$HOME/parley.db":                        errVariable,
		"sqlite:${DATA}/parley.db":                      errVariable,
		"sqlite:///srv/$NAME/parley.db":                 errVariable,
		"sqlite:$(pwd)/parley.db":                       errVariable,
		`sqlite:"parley.db"`:                            errQuotes,
		"sqlite:'parley.db'":                            errQuotes,
		"sqlite: parley.db":                             errQuotes,
		"sqlite:parley.db ":                             errQuotes,
		"sqlite:par\nley.db":                            errInvisible,
		"mysql://u:p@db":                                errAddress,
		"mysql://u:p@db/":                               errAddress,
		"mysql://u:p@db/a/b":                            errAddress,
		"mysql://u:p@db/a%2Fb":                          errAddress,
		"mysql://u:p#@db/parley":                        errAddress,
		"mysql://u:p%@db/parley":                        errAddress,
		"mysql://u:p@db:0/parley":                       errAddress,
		"mysql://u:p@db:65536/parley":                   errAddress,
		"mysql://u:p@::1:3306/parley":                   errAddress,
		"mysql://u:p@/parley":                           errAddress,
		"mysql://u:p@a,/parley":                         errAddress,
		"mysql://u:p@,b/parley":                         errAddress,
		"mysql://u:p@a,b:0/parley":                      errAddress,
		"mysql://u:p@a,b@c/parley?socket=/m.sock":       errSocket,
		"mysql://u:p@tcp(db:3306)/parley":               errAddress,
		"mysql://u:p@db/parley?":                        errOptions,
		"mysql://u:p@db/parley?charset=x":               errOptions,
		"mysql://u:p@db/parley?TLS=true":                errOptions,
		"mysql://u:p@db/parley?tls=true&tls=false":      errOptions,
		"mysql://u:p@db/parley?tls=":                    errTLS,
		"mysql://u:p@db/parley?tls=yes":                 errTLS,
		"mysql://u:p@db/parley?tls=ca.pem":              errTLS,
		"mysql://u:p@/parley?socket=":                   errSocket,
		"mysql://u:p@/parley?socket=mysqld.sock":        errSocket,
		"mysql://u:p@db/parley?socket=/mysqld.sock":     errSocket,
		"mysql://u:p@/parley?socket=/m.sock&tls=true":   errSocket,
		"mysql://u:p@localhost:1/parley?socket=/m.sock": errSocket,
	} {
		wantError(t, text, CheckAddress(text), want)
		d, err := Open(text)
		if err == nil {
			t.Errorf("%s was opened", text)
			_ = d.Close()
		}
	}
}

// TestPathsThatAreNoFile are addresses that only the disk can refuse.
func TestPathsThatAreNoFile(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "a text"), []byte(strings.Repeat("This is no database. ", 100)), 0o600))
	for path, want := range map[string]string{
		dir:                               "is a folder: name a file in it",
		"/dev/null":                       "is not an ordinary file",
		filepath.Join(dir, "a text"):      "is not a database",
		filepath.Join(dir, "a text", "x"): "the folder of the SQLite file",
	} {
		d, err := Open("sqlite:" + path)
		if err == nil {
			t.Errorf("%s was opened", path)
			_ = d.Close()
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	_, err := Open("mysql://u:p@[::1]:1/parley") // nobody listens, or there is no IPv6: but it is an address
	wantError(t, "an address of IPv6", err, ErrUnavailable)
	if text := err.Error(); strings.Contains(text, "no such host") || strings.Contains(text, "too many colons") {
		t.Errorf("an address of IPv6: %v", err)
	}
}
