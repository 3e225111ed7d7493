package rig

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// NewMySQL starts a private MariaDB with an empty root password, as durable as one in production. The
// options are added to those of mariadbd.
func NewMySQL(options ...string) (*Server, error) {
	return start("mariadb", func(dir, port string) ([]string, error) { return mysqlCommand(dir, port, options) }, greets)
}

// mysqlCommand initializes an empty database in a folder and returns the command that serves it.
func mysqlCommand(dir, port string, options []string) ([]string, error) {
	server, err := mariadbd.Find()
	if err != nil {
		return nil, err
	}
	install, err := mariadbInstall.Find()
	if err != nil {
		return nil, err
	}
	// In a tmpdir that others use, a server that starts removes the temporary tables of those that run.
	args := []string{"--no-defaults", "--datadir=" + filepath.Join(dir, "data"), "--tmpdir=" + dir, "--skip-name-resolve"}
	if os.Geteuid() == 0 {
		args = append(args, "--user=root")
	}
	prepare := append(slices.Clone(args), "--auth-root-authentication-method=normal", "--skip-test-db")
	prepare = append(prepare, options...) // some of them decide how the files are laid out
	out, err := exec.Command(install, prepare...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("mariadb-install-db: %w: %s", err, out)
	}
	return append(append(append([]string{server}, args...),
		"--bind-address=127.0.0.1", "--port="+port,
		"--socket="+filepath.Join(dir, "socket"), "--pid-file="+filepath.Join(dir, "pid"),
		"--character-set-server=utf8mb4", "--max-connections=500", "--max-connect-errors=1000000",
		"--innodb-log-file-size=32M", "--skip-log-bin"), options...), nil
}

// greets waits for MariaDB's greeting: protocol version 10, after a header of four bytes.
func greets(addr string) bool { return answers(addr, "", "\x0a") }

// SQL runs statements as root on a MariaDB.
func (s *Server) SQL(statements string) error { return query(s.Addr, statements) }

// Ask runs statements as root on a MariaDB, and returns the rows that they find: a line each, with tabs between the
// columns.
func (s *Server) Ask(statements string) (rows string, err error) {
	return ask(s.Addr, statements)
}

func query(addr, statements string) error {
	_, err := ask(addr, statements)
	return err
}

// ask runs statements through the command-line client, so that this package needs no driver.
func ask(addr, statements string) (rows string, err error) {
	client, err := mariadbClient.Find()
	if err != nil {
		return "", err
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", err
	}
	out, err := exec.Command(client, "--no-defaults", "--protocol=tcp", "--host="+host, "--port="+port,
		"--user=root", "--skip-column-names", "--batch", "--execute="+statements).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("mariadb at %s: %w: %s", addr, err, out)
	}
	return string(out), nil
}
