package rig

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Program is something that the tests run but do not bring along.
type Program struct {
	Names   []string // what it may be called on this machine, best first
	Package string   // the Debian packages that bring it, separated by spaces
}

// Programs returns everything that `just test` needs beside Go and Node.
func Programs() []Program {
	return []Program{mariadbd, mariadbInstall, mariadbClient, redisServer, chromium, compiler, tmux, lynx, w3m, links}
}

// Find returns the path of one of them by the best of its names.
func Find(name string) (string, error) {
	for _, p := range Programs() {
		if p.Names[0] == name {
			return p.Find()
		}
	}
	return "", fmt.Errorf("%s is none of the programs that the tests need", name)
}

// Chromium returns the path of the browser that the browser tests drive.
func Chromium() (string, error) { return chromium.Find() }

var (
	mariadbd       = Program{[]string{"mariadbd", "mysqld"}, "mariadb-server"}
	mariadbInstall = Program{[]string{"mariadb-install-db"}, "mariadb-server"}
	mariadbClient  = Program{[]string{"mariadb"}, "mariadb-server"}
	redisServer    = Program{[]string{"redis-server"}, "redis-server"}
	// The headless build comes first: the other one draws a whole window for every person of a
	// story, and takes three times as long over it.
	chromium = Program{
		[]string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"},
		"chromium-headless-shell fonts-dejavu-core",
	}
	compiler = Program{[]string{"gcc"}, "gcc libc6-dev"} // go test -race links C
	// The text browsers, and the terminal that they are driven in.
	tmux  = Program{[]string{"tmux"}, "tmux"}
	lynx  = Program{[]string{"lynx"}, "lynx"}
	w3m   = Program{[]string{"w3m"}, "w3m"}
	links = Program{[]string{"links"}, "links"}
)

// Find returns the program's path, or an error that says what to install.
func (p Program) Find() (string, error) {
	for _, name := range p.Names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
		// Debian keeps servers where an ordinary user's PATH does not look.
		for _, dir := range []string{"/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"} {
			path := filepath.Join(dir, name)
			if info, err := os.Stat(path); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
				return path, nil
			}
		}
	}
	return "", fmt.Errorf("the tests need %s: install %s (Debian's name) and try again",
		p.Names[0], strings.ReplaceAll(p.Package, " ", " and "))
}
