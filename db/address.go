package db

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
)

// address is a parsed database address.
type address struct {
	file  string              // of SQLite
	mysql *mysqldriver.Config // nil for SQLite; Addr may be several with commas between them
	tls   string              // "" or one of the driver's words, or the path of a CA certificate
}

// What an address must look like. No error repeats the address, because it may contain a password.
var (
	errAddress      = errors.New("must look like sqlite:data/parley.db or mysql://user:password@host:3306/name, with %23, %2F and so on for signs in the password")
	errNoUser       = errors.New("must go with a database address like mysql://user@host:3306/name")
	errTwoPasswords = errors.New("must not be set together with a password in the database address")

	errOptions = errors.New("must have no options after the name but ?tls=true, ?tls=skip-verify, ?tls=preferred, ?tls=/path/of/ca.pem or ?socket=/path/of/the.sock")
	errTLS     = errors.New("must have true, false, skip-verify, preferred or the whole path of a CA certificate after tls=")
	errSocket  = errors.New("must have the whole path of a socket after socket=, no host but localhost, and no tls=")

	errNoFile    = errors.New("must name a file after sqlite:, such as data/parley.db")
	errMemory    = errors.New("must name a file after sqlite:, because a database in memory is lost when Parley ends")
	errFolder    = errors.New("must name a file after sqlite:, and not a folder")
	errTilde     = errors.New("must have the whole path after sqlite:, because only a shell knows what ~ stands for")
	errVariable  = errors.New("must have the whole path after sqlite:, because only a shell knows what a name after $ stands for")
	errQuotes    = errors.New("must have no quotes or spaces around the path after sqlite:, because they would be part of its name")
	errSlashes   = errors.New("must look like sqlite:data/parley.db or sqlite:///var/lib/parley.db: after sqlite:// the path has to begin with one more slash")
	errURI       = errors.New("must have nothing but the path after sqlite:, without file: before it and options behind it")
	errInvisible = errors.New("must not have control characters")
)

// CheckAddress returns why Open would not accept an address, as a sentence without its subject that
// begins with "must". It looks at no file and no server.
func CheckAddress(text string) error {
	_, err := parseAddress(text)
	return err
}

// Describe returns which database an address leads to, without the password.
func Describe(text string) string {
	a, err := parseAddress(text)
	switch {
	case err != nil:
		return "no database"
	case a.mysql == nil:
		path, err := filepath.Abs(a.file)
		if err != nil {
			path = a.file
		}
		return "the SQLite file " + path
	}
	return "the MySQL database " + a.mysql.DBName + " at " + a.mysql.Addr
}

// Folder returns the folder that an address has its SQLite file in, or "" if it has none.
func Folder(text string) string {
	a, err := parseAddress(text)
	if err != nil || a.mysql != nil {
		return ""
	}
	return filepath.Dir(a.file)
}

func parseAddress(text string) (address, error) {
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return address{}, errInvisible
	}
	if path, ok := strings.CutPrefix(text, "sqlite:"); ok {
		path, err := parseSQLite(path)
		return address{file: path}, err
	}
	if !strings.HasPrefix(text, "mysql://") {
		return address{}, errAddress
	}
	return parseMySQL(text)
}

// variable matches what a shell would have replaced in a path. The file of an unset variable would be made in
// a folder of that name.
var variable = regexp.MustCompile(`(^|/)\$(\w+|\{\w+\}|\(.*\))(/|$)`)

// parseSQLite returns the path, which is taken as it is: nothing in it is escaped.
func parseSQLite(path string) (string, error) {
	if strings.HasPrefix(path, "//") {
		if !strings.HasPrefix(path, "///") {
			return "", errSlashes
		}
		path = path[2:]
	}
	_, options, asked := strings.Cut(path, "?")
	switch base := filepath.Base(path); {
	case path == "":
		return "", errNoFile
	case strings.Contains(path, ":memory:"):
		return "", errMemory
	case strings.HasPrefix(path, "file:"), asked && strings.Contains(options, "="):
		return "", errURI
	case strings.HasPrefix(path, "~") && (strings.Contains(path, "/") || path == "~"):
		return "", errTilde
	case variable.MatchString(path):
		return "", errVariable
	case strings.Trim(path, " \"'") != path:
		return "", errQuotes
	case strings.HasSuffix(path, "/"), base == ".", base == "..":
		return "", errFolder
	}
	return path, nil
}

// cutHosts cuts the address of a MySQL database around its hosts.
func cutHosts(text string) (before, hosts, after string) {
	start := strings.Index(text, "://") + len("://")
	end := start + strings.IndexAny(text[start:]+"/", "/?")
	start += strings.LastIndex(text[start:end], "@") + 1
	return text[:start], text[start:end], text[end:]
}

// SetPassword returns the address of a MySQL database with a password, or why it cannot have one, as CheckAddress does.
func SetPassword(text, password string) (string, error) {
	if !strings.HasPrefix(text, "mysql://") {
		return "", errNoUser
	}
	before, hosts, after := cutHosts(text)
	u, err := url.Parse(before + after)
	if err != nil || u.User == nil {
		return "", errNoUser
	}
	if _, has := u.User.Password(); has {
		return "", errTwoPasswords
	}
	u.User = url.UserPassword(u.User.Username(), password)
	before, _, after = cutHosts(u.String())
	text = before + hosts + after
	return text, CheckAddress(text)
}

// parseHosts completes hosts with their ports.
func parseHosts(hosts []string) (string, error) {
	list := make([]string, 0, len(hosts))
	for _, host := range hosts {
		u, err := url.Parse("mysql://" + host)
		if err != nil || !isServer(u) {
			return "", errAddress
		}
		port := u.Port()
		if port == "" {
			port = "3306"
		}
		list = append(list, net.JoinHostPort(u.Hostname(), port))
	}
	return strings.Join(list, ","), nil
}

func parseMySQL(text string) (address, error) {
	before, hosts, after := cutHosts(text)
	all := strings.Split(hosts, ",")
	u, err := url.Parse(before + all[0] + after)
	if err != nil || len(u.Path) < 2 || strings.Count(u.Path, "/") > 1 || strings.Contains(text, "#") {
		return address{}, errAddress
	}
	c := mysqldriver.NewConfig()
	c.Net, c.DBName, c.User = "tcp", u.Path[1:], u.User.Username()
	c.Passwd, _ = u.User.Password()
	a := address{mysql: c}
	options, err := url.ParseQuery(u.RawQuery)
	if err != nil || u.ForceQuery {
		return address{}, errOptions
	}
	socket := ""
	for name, values := range options {
		switch {
		case len(values) > 1:
			return address{}, errOptions
		case name == "tls":
			a.tls = values[0]
			if !isTLS(a.tls) {
				return address{}, errTLS
			}
		case name == "socket":
			socket = values[0]
			if !filepath.IsAbs(socket) {
				return address{}, errSocket
			}
		default:
			return address{}, errOptions
		}
	}
	if socket != "" {
		if hosts != "" && hosts != "localhost" || a.tls != "" {
			return address{}, errSocket
		}
		c.Net, c.Addr = "unix", socket
		return a, nil
	}
	c.Addr, err = parseHosts(all)
	return a, err
}

func isTLS(text string) bool {
	switch text {
	case "true", "false", "skip-verify", "preferred":
		return true
	}
	return filepath.IsAbs(text)
}

// isServer reports whether a URL has a host that may be one, and either a valid port or none.
func isServer(u *url.URL) bool {
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err != nil &&
		(host == "" || strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "") {
		return false
	}
	if strings.Contains(host, ":") && !strings.HasPrefix(u.Host, "[") {
		return false // it is anyone's guess where the port begins
	}
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && port > 0
}

// driverConfig completes what the address says with what Parley needs of every connection.
func (a address) driverConfig() (*mysqldriver.Config, error) {
	c := a.mysql
	if err := a.setTLS(c); err != nil {
		return nil, err
	}
	c.ParseTime, c.Loc = true, time.UTC
	c.Collation = "utf8mb4_bin"
	c.Timeout = 3 * time.Second
	// A COMMIT takes no context, so a frozen server would block it forever. Must exceed innodb_lock_wait_timeout.
	c.ReadTimeout = 5 * time.Second
	c.InterpolateParams = true // one round trip per statement; safe with utf8mb4, where a quote is always one byte
	c.ClientFoundRows = true   // 0 rows affected then means that no row matched, as on SQLite
	c.MaxAllowedPacket = 0     // ask the server: what it refuses ends the connection, and would look like an outage
	c.Params = map[string]string{"time_zone": "'+00:00'", "innodb_lock_wait_timeout": "3",
		"sql_mode": "'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'"}
	return c, nil
}
