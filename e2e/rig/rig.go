// Package rig starts real servers for tests: private ones, on free loopback ports, in temporary folders.
//
// MariaDB is slow to start, so it is shared: tests use the one that `e2e/rig/with` started for the whole
// run (RIG_MYSQL), or one per test program, and each test gets a database of its own there. Redis starts
// quickly, and its channels ignore database numbers, so each test gets a server of its own. Nothing
// outlives the test program, however it ends, and no server is touched that was not started here.
package rig

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"sync"
	"testing"
)

// MySQL returns the address of a new, empty MariaDB database, which is dropped when the test ends.
func MySQL(t testing.TB) string {
	t.Helper()
	addr := os.Getenv("RIG_MYSQL")
	if addr == "" {
		server, err := sharedMySQL()
		if err != nil {
			t.Fatal(err)
		}
		addr = server.Addr
	}
	random := make([]byte, 8)
	if _, err := rand.Read(random); err != nil {
		t.Fatal(err)
	}
	name := "parley_" + hex.EncodeToString(random)
	if err := query(addr, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := query(addr, "DROP DATABASE "+name); err != nil {
			t.Error(err)
		}
	})
	return "mysql://root@" + addr + "/" + name
}

// Redis returns the address of a new, empty Redis server, which is stopped when the test ends.
func Redis(t testing.TB) string {
	t.Helper()
	server, err := NewRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return "redis://" + server.Addr + "/0"
}

// sharedMySQL is never closed: its supervisor kills it when this program is gone.
var sharedMySQL = sync.OnceValues(func() (*Server, error) { return NewMySQL() })
