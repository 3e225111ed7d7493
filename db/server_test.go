package db

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/e2e/rig"
)

// ownServer is a MariaDB for tests that change its settings, with a certificate for 127.0.0.1. Tests that
// use it do not run in parallel.
type ownServer struct {
	*rig.Server
	authority string // the path of the certificate of its authority
}

var startOwnServer = sync.OnceValues(func() (*ownServer, error) {
	dir, err := os.MkdirTemp("", "parley-tls-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := writeCertificates(dir); err != nil {
		return nil, err
	}
	s, err := rig.NewMySQL("--ssl-ca="+filepath.Join(dir, "ca.pem"), "--ssl-cert="+filepath.Join(dir, "server.pem"), "--ssl-key="+filepath.Join(dir, "server.key"))
	if err != nil {
		return nil, err
	}
	kept := filepath.Join(s.Dir, "ca.pem") // it goes with the server
	data, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err == nil {
		err = os.WriteFile(kept, data, 0o600)
	}
	return &ownServer{s, kept}, err
})

// onOwnServer returns an empty database of that server, and a function that runs a statement there as root.
func onOwnServer(t *testing.T) (s *ownServer, name string, run func(statement string)) {
	t.Helper()
	s, err := startOwnServer()
	must(t, err)
	run = func(statement string) {
		t.Helper()
		must(t, s.SQL(statement))
	}
	name = fmt.Sprintf("own_%d", time.Now().UnixNano())
	run("CREATE DATABASE " + name + " CHARACTER SET utf8mb4")
	return s, name, run
}

func writeCertificates(dir string) error {
	write := func(name, kind string, der []byte) error {
		return os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
	}
	authority := x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Authority of a test"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	server := x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Server of a test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: authority.NotBefore, NotAfter: authority.NotAfter, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	signing, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	for _, c := range []struct {
		name     string
		template *x509.Certificate
		key      *ecdsa.PrivateKey
	}{{"ca.pem", &authority, signing}, {"server.pem", &server, own}} {
		der, err := x509.CreateCertificate(rand.Reader, c.template, &authority, &c.key.PublicKey, signing)
		if err != nil {
			return err
		}
		if err := write(c.name, "CERTIFICATE", der); err != nil {
			return err
		}
	}
	der, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		return err
	}
	return write("server.key", "PRIVATE KEY", der)
}

// TestEncryptedAndLocalConnections opens one database by each form that its address may have.
func TestEncryptedAndLocalConnections(t *testing.T) {
	s, name, run := onOwnServer(t)
	run("CREATE USER 'pl@n'@'%' IDENTIFIED BY 'p%25 #/:@ü'")
	run("GRANT ALL ON " + name + ".* TO 'pl@n'@'%'")
	run("CREATE USER secure@'%' IDENTIFIED BY 'secret' REQUIRE SSL")
	run("GRANT ALL ON " + name + ".* TO secure@'%'")
	t.Cleanup(func() { run("DROP USER 'pl@n'@'%', secure@'%'") })
	_, port, err := net.SplitHostPort(s.Addr)
	must(t, err)
	other := filepath.Join(t.TempDir(), "other.pem")
	must(t, writeCertificates(filepath.Dir(other)))
	must(t, os.Rename(filepath.Join(filepath.Dir(other), "ca.pem"), other))
	noCertificate := filepath.Join(filepath.Dir(other), "server.key")

	plain, secure, socket := "mysql://pl%40n:p%2525%20%23%2F%3A%40%C3%BC@", "mysql://secure:secret@", filepath.Join(s.Dir, "socket")
	for _, c := range []struct {
		what, address string
		encrypted     bool
		want          string // part of the error
	}{
		{"without TLS", plain + s.Addr + "/" + name, false, ""},
		{"tls=false", plain + s.Addr + "/" + name + "?tls=false", false, ""},
		{"tls=preferred", plain + s.Addr + "/" + name + "?tls=preferred", true, ""},
		{"tls=skip-verify", secure + s.Addr + "/" + name + "?tls=skip-verify", true, ""},
		{"tls=ca.pem", secure + s.Addr + "/" + name + "?tls=" + s.authority, true, ""},
		{"a socket", plain + "/" + name + "?socket=" + socket, false, ""},
		{"a socket on localhost", plain + "localhost/" + name + "?socket=" + socket, false, ""},
		{"an account that wants TLS", secure + s.Addr + "/" + name, false, "if this account requires TLS, add ?tls=true"},
		{"an authority that this machine does not know", secure + s.Addr + "/" + name + "?tls=true", true, "unknown authority"},
		{"another authority", secure + s.Addr + "/" + name + "?tls=" + other, true, "certificate"},
		{"another host", secure + net.JoinHostPort("localhost", port) + "/" + name + "?tls=" + s.authority, true, "localhost"},
		{"no certificate", secure + s.Addr + "/" + name + "?tls=" + noCertificate, true, "there is no certificate in"},
		{"no file", secure + s.Addr + "/" + name + "?tls=/no/such.pem", true, "the CA certificate of the database"},
		{"no socket", plain + "/" + name + "?socket=/no/such.sock", true, "no such file"},
		{"another password", "mysql://pl%40n:secret@" + s.Addr + "/" + name, false, "Access denied"},
	} {
		d, err := Open(c.address)
		if c.want != "" {
			if err == nil {
				_ = d.Close()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v", c.what, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		must(t, d.Migrate(t.Context())) // by a second pool
		must(t, d.Check(t.Context()))
		var variable, cipher string
		must(t, d.gorm.Raw("SHOW STATUS LIKE 'Ssl_cipher'").Row().Scan(&variable, &cipher))
		equal(t, c.what+": encrypted", cipher != "", c.encrypted)
		must(t, d.Close())
	}
}

// TestTheNextServerOfAnAddress goes to the next server when one is gone, and stays there when it is back.
func TestTheNextServerOfAnAddress(t *testing.T) {
	shared := rig.MySQL(t)
	second, name, _ := strings.Cut(strings.TrimPrefix(shared, "mysql://root@"), "/")
	first, err := rig.NewMySQL()
	must(t, err)
	t.Cleanup(first.Close)
	must(t, first.SQL("CREATE DATABASE "+name))
	d, err := Open("mysql://root@127.0.0.1:1," + first.Addr + "," + second + "/" + name)
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	isAt := func(addr string) func() bool {
		return func() bool {
			var port string
			return d.gorm.Raw("SELECT @@port").Scan(&port).Error == nil && strings.HasSuffix(addr, ":"+port)
		}
	}
	rig.Eventually(t, "the first that answers is used", isAt(first.Addr))
	first.Kill()
	rig.Eventually(t, "the second is used", isAt(second))
	must(t, first.Start())
	for range 20 {
		if !isAt(second)() {
			t.Fatal("it went back by itself")
		}
	}
}

// TestAServerThatTurnsReadOnly is what a failover looks like to those who are connected: reading goes on,
// nothing can be written, and no connection from before is used once something can be.
func TestAServerThatTurnsReadOnly(t *testing.T) {
	s, name, run := onOwnServer(t)
	run("CREATE USER parley@'%'") // root may write all the same
	run("GRANT ALL ON " + name + ".* TO parley@'%'")
	t.Cleanup(func() { run("DROP USER parley@'%'") })
	d := openMigrated(t, "mysql://parley@"+s.Addr+"/"+name)
	ctx := t.Context()
	u := createUsers(t, d, 1)[0]
	must(t, d.Check(ctx))
	connection := func() (id int) {
		must(t, d.gorm.Raw("SELECT CONNECTION_ID()").Scan(&id).Error)
		return id
	}
	before := map[int]bool{}
	must(t, d.Snapshot(ctx, func(*DB) error { // several connections at once
		return d.Snapshot(ctx, func(*DB) error {
			before[connection()] = true
			return nil
		})
	}))
	before[connection()] = true

	run("SET GLOBAL read_only = 1")
	t.Cleanup(func() { run("SET GLOBAL read_only = 0") })
	got, err := d.UserByID(ctx, u.ID)
	must(t, err)
	equal(t, "read", got, u)
	wantError(t, "a statement", d.SetUserPhoto(ctx, u.ID, 1), ErrUnavailable)
	wantError(t, "a transaction", d.append(ctx, &Message{RoomID: 1, Kind: KindJoin, CreatedAt: noon}), ErrUnavailable)
	err = d.Check(ctx)
	wantError(t, "Check", err, ErrUnwritable)
	if err == nil || !strings.Contains(err.Error(), "1290") {
		t.Errorf("the cause is lost: %v", err)
	}
	for range 20 {
		if id := connection(); before[id] {
			t.Errorf("connection %d is from before", id)
		}
	}

	opened := func() (n int) {
		var variable string
		must(t, d.gorm.Raw("SHOW GLOBAL STATUS LIKE 'Connections'").Row().Scan(&variable, &n))
		return n
	}
	was, start := opened(), time.Now()
	for range 50 {
		wantError(t, "a statement", d.SetUserPhoto(ctx, u.ID, 1), ErrUnavailable)
		connection()
	}
	// The connection that fails is replaced; all others only now and then.
	if n := opened() - was; n > 50+16*(1+int(time.Since(start)/renewInterval)) {
		t.Errorf("%d connections were opened for 50 writes", n)
	}

	run("SET GLOBAL read_only = 0")
	must(t, d.SetUserPhoto(ctx, u.ID, 1))
	must(t, d.Check(ctx))
}

// TestAServerThatLetsNobodyInIsAnOutage takes the account away in ways whose errors say nothing else by their
// class: what fails is the connection, and never the statement.
func TestAServerThatLetsNobodyInIsAnOutage(t *testing.T) {
	s, name, run := onOwnServer(t)
	run("CREATE USER guest@'%'")
	run("GRANT ALL ON " + name + ".* TO guest@'%'")
	t.Cleanup(func() { run("DROP USER guest@'%'") })
	d := openMigrated(t, "mysql://guest@"+s.Addr+"/"+name)
	ctx := t.Context()
	u := createUsers(t, d, 1)[0]
	pool, err := d.gorm.DB()
	must(t, err)
	for _, c := range []struct{ what, before, after string }{
		{"a locked account", "ALTER USER guest@'%' ACCOUNT LOCK", "ALTER USER guest@'%' ACCOUNT UNLOCK"},
		{"another password", "ALTER USER guest@'%' IDENTIFIED BY 'other'", "ALTER USER guest@'%' IDENTIFIED BY ''"},
		{"no right to the database", "REVOKE ALL ON " + name + ".* FROM guest@'%'", "GRANT ALL ON " + name + ".* TO guest@'%'"},
		{"no database", "DROP DATABASE " + name, "CREATE DATABASE " + name},
	} {
		run(c.before)
		pool.SetMaxIdleConns(0) // the open ones go on
		pool.SetMaxIdleConns(2)
		_, err := d.UserByID(ctx, u.ID)
		wantError(t, c.what+": a read", err, ErrUnavailable)
		wantError(t, c.what+": a write", d.SetUserPhoto(ctx, u.ID, 1), ErrUnavailable)
		wantError(t, c.what+": a transaction", d.Tx(ctx, func(tx *DB) error { return tx.SetUserPhoto(ctx, u.ID, 1) }), ErrUnavailable)
		wantError(t, c.what+": Check", d.Check(ctx), ErrUnavailable)
		run(c.after)
		if c.what != "no database" {
			must(t, d.SetUserPhoto(ctx, u.ID, 1))
		}
	}
}

// TestPhotosLargerThanTheServerTakes sets max_allowed_packet to 1 MiB.
func TestPhotosLargerThanTheServerTakes(t *testing.T) {
	s, name, run := onOwnServer(t)
	run("SET GLOBAL max_allowed_packet = 1048576")
	t.Cleanup(func() { run("SET GLOBAL max_allowed_packet = 16777216") })
	d := openMigrated(t, "mysql://root@"+s.Addr+"/"+name)
	ctx := t.Context()
	warnings, err := d.Warnings(ctx)
	must(t, err)
	if len(warnings) != 1 || !strings.Contains(warnings[0], "max_allowed_packet=1048576 should be 16777216 or more") {
		t.Errorf("warnings: %q", warnings)
	}
	save := func(bytes int) error {
		data := make([]byte, bytes)
		_, _ = rand.Read(data)
		return d.CreatePhoto(ctx, &Photo{Type: "image/png", CreatedAt: noon}, []PhotoSize{{Size: "small", Data: data}, {Size: "large", Data: data}})
	}
	for bytes, taken := range map[int]bool{100_000: true, 700_000: true, 1<<20 - packetMargin: true, 1<<20 - packetMargin + 1: false, 2 << 20: false, 5 << 20: false} {
		err := save(bytes)
		var large *TooLargeError
		switch {
		case taken:
			must(t, err)
		case !errors.As(err, &large) || large.Size != bytes || large.Limit != 1<<20:
			t.Errorf("%d bytes: %v", bytes, err)
		default:
			wantError(t, strconv.Itoa(bytes), err, ErrTooLarge)
		}
	}
	// What is not checked beforehand is not an outage either.
	wantError(t, "another statement", d.exec(ctx, "UPDATE users SET display_name = '"+strings.Repeat("x", 2<<20)+"'"), ErrTooLarge)
	must(t, d.Check(ctx))
}
