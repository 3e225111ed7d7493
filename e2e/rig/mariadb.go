package rig

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// StartMySQL starts a private MariaDB with an empty root password, as durable as a real one.
func StartMySQL() (*Server, error) {
	return launch("mariadb", func(dir, port string) ([]string, error) { return mysqlCommand(dir, port) }, greets)
}

// mysqlCommand makes an empty database in a folder and answers how to serve it.
func mysqlCommand(dir, port string, more ...string) ([]string, error) {
	server, err := mariadbd.Find()
	if err != nil {
		return nil, err
	}
	install, err := mariadbInstall.Find()
	if err != nil {
		return nil, err
	}
	args := []string{"--no-defaults", "--datadir=" + filepath.Join(dir, "data"), "--skip-name-resolve"}
	if os.Geteuid() == 0 {
		args = append(args, "--user=root")
	}
	prepare := append(slices.Clone(args), "--auth-root-authentication-method=normal", "--skip-test-db")
	prepare = append(prepare, more...) // the shape of its files is decided here
	out, err := exec.Command(install, prepare...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("mariadb-install-db: %w: %s", err, out)
	}
	return append(append(append([]string{server}, args...),
		"--bind-address=127.0.0.1", "--port="+port,
		"--socket="+filepath.Join(dir, "socket"), "--pid-file="+filepath.Join(dir, "pid"),
		"--character-set-server=utf8mb4", "--max-connections=500", "--max-connect-errors=1000000",
		"--innodb-log-file-size=32M", "--skip-log-bin"), more...), nil
}

// greets reads MariaDB's greeting: the port listens some time before the server answers.
func greets(addr string) bool {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return false
	}
	greeting := make([]byte, 5)
	n, err := conn.Read(greeting)
	return err == nil && n == 5 && greeting[4] == 10
}

// query runs statements through the client program, so that this package needs no driver.
func query(addr, statements string) error {
	client, err := mariadbClient.Find()
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	out, err := exec.Command(client, "--no-defaults", "--protocol=tcp", "--host="+host, "--port="+port,
		"--user=root", "--execute="+statements).CombinedOutput()
	if err != nil {
		return fmt.Errorf("mariadb at %s: %w: %s", addr, err, out)
	}
	return nil
}
