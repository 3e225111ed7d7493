package rig

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Program is a program that the tests run and that is not part of the module.
type Program struct {
	Names   []string // it may have any of these; the best comes first
	Package string   // the Debian packages that contain it, separated by spaces
}

// Programs returns everything that `just test` needs besides Go and Node.
func Programs() []Program {
	return []Program{mariadbd, mariadbInstall, mariadbClient, redisServer, redisClient, chromium, compiler, curl, sqlite, tmux, lynx, w3m, links}
}

// Proxies returns the proxies that are tested wherever they are there or can be installed. Not every system
// has all of them, and `just proxies` insists on them.
func Proxies() []Program { return []Program{nginx, caddy, apache, haproxy} }

// Clusters returns what `just clusters` needs besides.
func Clusters() []Program { return []Program{galera, rsync} }

// Watchers returns what watches a server, for `just alerts`. Nothing else needs them, so they are not installed.
func Watchers() []Program { return []Program{promtool, prometheus, fail2ban, fail2banClient} }

// Find returns the path of the program whose first name this is.
func Find(name string) (string, error) {
	for _, p := range slices.Concat(Programs(), Proxies(), Clusters(), Watchers()) {
		if p.Names[0] == name {
			return p.Find()
		}
	}
	return "", fmt.Errorf("%s is not among the programs that the tests need", name)
}

// Chromium returns the path of the browser that the browser tests drive.
func Chromium() (string, error) { return chromium.Find() }

var (
	mariadbd       = Program{[]string{"mariadbd", "mysqld"}, "mariadb-server"}
	mariadbInstall = Program{[]string{"mariadb-install-db"}, "mariadb-server"}
	mariadbClient  = Program{[]string{"mariadb"}, "mariadb-server"}
	redisServer    = Program{[]string{"redis-server"}, "redis-server"}
	redisClient    = Program{[]string{"redis-cli"}, "redis-tools"}
	// The headless build comes first: the full one draws a window for each user of a story, and is
	// three times as slow.
	chromium = Program{
		[]string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"},
		"chromium-headless-shell fonts-dejavu-core",
	}
	compiler = Program{[]string{"gcc"}, "gcc libc6-dev"} // go test -race needs cgo
	// What MariaDB's nodes need to be a cluster. The first is a library.
	galera = Program{[]string{"/usr/lib/galera/libgalera_smm.so", "/usr/lib/libgalera_smm.so"}, "galera-4"}
	rsync  = Program{[]string{"rsync"}, "rsync"}
	// The text browsers, and the terminal that they run in.
	tmux  = Program{[]string{"tmux"}, "tmux"}
	lynx  = Program{[]string{"lynx"}, "lynx"}
	w3m   = Program{[]string{"w3m"}, "w3m"}
	links = Program{[]string{"links"}, "links"}
	// The proxies of docs/proxies.md.
	nginx   = Program{[]string{"nginx"}, "nginx"}
	caddy   = Program{[]string{"caddy"}, "caddy"}
	apache  = Program{[]string{"apache2"}, "apache2-bin"}
	haproxy = Program{[]string{"haproxy"}, "haproxy"}
	// What docs/operate.md recommends.
	promtool   = Program{[]string{"promtool"}, "prometheus"}
	prometheus = Program{[]string{"prometheus"}, "prometheus"}
	fail2ban   = Program{[]string{"fail2ban-regex"}, "fail2ban"}
	// It comes with the filter's checker.
	fail2banClient = Program{[]string{"fail2ban-client"}, "fail2ban"}
	// What commands in docs use.
	curl   = Program{[]string{"curl"}, "curl"}
	sqlite = Program{[]string{"sqlite3"}, "sqlite3"}
)

// Find returns the program's path, or an error that names the packages to install.
func (p Program) Find() (string, error) {
	for _, name := range p.Names {
		if filepath.IsAbs(name) && isFile(name) {
			return name, nil
		}
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
		// Debian installs servers in a folder that is not in an ordinary user's PATH.
		for _, dir := range []string{"/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"} {
			path := filepath.Join(dir, name)
			if info, err := os.Stat(path); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
				return path, nil
			}
		}
	}
	return "", fmt.Errorf("the tests need %s: install %s (the name in Debian) and try again",
		p.Names[0], strings.ReplaceAll(p.Package, " ", " and "))
}

// isFile reports whether a path leads to a file.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
