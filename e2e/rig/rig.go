// Package rig gives tests real servers: private ones, on free loopback ports, in temporary folders.
//
// MariaDB is slow to start, so one is shared: the one that `e2e/rig/with` started for the whole run
// (RIG_MYSQL), or else one for each test program. A test gets a database of its own there. Redis is
// quick, and its channels ignore database numbers, so each test gets a server of its own. Nothing
// outlives the test program, however it ends, and no server is touched that was not started here.
package rig

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"sync"
	"testing"
)

// MySQL returns the address of a new and empty MariaDB database, which is dropped with the test.
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

// Redis returns the address of a new and empty Redis server, which ends with the test.
func Redis(t testing.TB) string {
	t.Helper()
	server, err := StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	return "redis://" + server.Addr + "/0"
}

// sharedMySQL is never stopped by us: the supervisor ends it when this program is gone.
var sharedMySQL = sync.OnceValues(StartMySQL)
