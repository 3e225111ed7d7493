package bus_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/app/bus"
	"parley/e2e/rig"
)

// redisCluster returns the address of a Redis Cluster, which is one node with all slots.
func redisCluster(t *testing.T) string {
	t.Helper()
	return "redis+cluster://" + started(t, func() (*rig.Server, error) { return rig.NewRedisNode(true) }).Addr
}

// started starts a server, until the end of the test.
func started(t *testing.T, start func() (*rig.Server, error)) *rig.Server {
	t.Helper()
	s, err := start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestEachBucketOfAClusterIsHeard(t *testing.T) {
	url := redisCluster(t)
	here, there := newFastRedis(t, url), newFastRedis(t, url)
	e := newRecorder(there)
	rig.Eventually(t, "both are up", func() bool { return here.Up() && there.Up() })
	for n := range uint64(40) {
		for _, s := range []bus.Signal{{Kind: bus.EntryAdded, Room: n + 1, Epoch: 1, Seq: 1}, {Kind: bus.UserChanged, User: n + 1}, {Kind: bus.SessionEnded, Session: n + 1}} {
			here.Publish(s)
			rig.Eventually(t, "received there", func() bool { return e.has(signalEvent(s)) })
		}
	}
	rig.Eventually(t, "two of two", func() bool { return here.Peers() == 2 && there.Peers() == 2 })
	if n := e.count(bus.Event{Kind: bus.EventRecovered}); n != 1 {
		t.Errorf("came up %d times", n)
	}
}

func TestAClusterThatIsKilledAndComesBack(t *testing.T) {
	node := started(t, func() (*rig.Server, error) { return rig.NewRedisNode(true) })
	here, there := newFastRedis(t, "redis+cluster://"+node.Addr), newFastRedis(t, "redis+cluster://127.0.0.1:1,"+node.Addr)
	e := newRecorder(there)
	rig.Eventually(t, "both are up", func() bool { return here.Up() && there.Up() })
	node.Kill()
	rig.Eventually(t, "both are down", func() bool { return !here.Up() && !there.Up() && e.has(bus.Event{Kind: bus.EventDown}) })
	if n := e.count(bus.Event{Kind: bus.EventDown}); n != 1 {
		t.Errorf("went down %d times", n)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	rig.Eventually(t, "both are up again", func() bool { return here.Up() && there.Up() })
	here.Publish(oneOfEach[0])
	rig.Eventually(t, "received there", func() bool { return e.has(signalEvent(oneOfEach[0])) })
}

// TestSentinelsReplaceTheMaster kills the master that both processes use: the replica that the Sentinel promotes
// carries the signals from then on.
func TestSentinelsReplaceTheMaster(t *testing.T) {
	master := started(t, func() (*rig.Server, error) { return rig.NewRedis() })
	host, port, err := net.SplitHostPort(master.Addr)
	if err != nil {
		t.Fatal(err)
	}
	replica := started(t, func() (*rig.Server, error) {
		return rig.NewRedis("--replicaof", host+" "+port, "--repl-diskless-sync-delay", "0")
	})
	rig.Eventually(t, "the replica follows", func() bool {
		return strings.Contains(command(t, "redis://"+replica.Addr, "INFO", "replication"), "master_link_status:up")
	})
	sentinel := started(t, func() (*rig.Server, error) { return rig.NewSentinel(master.Addr, 1) })
	rig.Eventually(t, "the Sentinel knows the replica", func() bool {
		return strings.Contains(command(t, "redis://"+sentinel.Addr, "SENTINEL", "replicas", "mymaster"), replica.Addr)
	})
	url := "redis+sentinel://127.0.0.1:1," + sentinel.Addr + "/mymaster/0"
	if err := bus.CheckRedis(t.Context(), url); err != nil {
		t.Errorf("the check: %v", err)
	}
	here, there := newFastRedis(t, url), newFastRedis(t, url)
	e := newRecorder(there)
	rig.Eventually(t, "both are up", func() bool { return here.Up() && there.Up() })
	master.Kill()
	rig.Eventually(t, "down", func() bool { return e.has(bus.Event{Kind: bus.EventDown}) })
	rig.Eventually(t, "both are up with the replica", func() bool { return here.Up() && there.Up() })
	e.reset()
	here.Publish(oneOfEach[0])
	rig.Eventually(t, "received there", func() bool { return e.has(signalEvent(oneOfEach[0])) })
}

func TestTheAuthorityOfARedisOverTLS(t *testing.T) {
	ca, key := certificate(t)
	server := started(t, func() (*rig.Server, error) {
		return rig.NewRedisTLS("--tls-cert-file", ca, "--tls-key-file", key, "--tls-auth-clients", "no", "--tls-ca-cert-file", ca)
	})
	url := "rediss://" + server.Addr
	for _, good := range []string{url + "?ca=" + ca, url + "?skip_verify=true"} {
		if err := bus.CheckRedis(t.Context(), good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
		rig.Eventually(t, "the bus is up", newFastRedis(t, good).Up)
	}
	rig.Eventually(t, "an authority that nobody knows is refused", func() bool { // a busy machine may be too slow for the handshake
		err := bus.CheckRedis(t.Context(), url)
		return err != nil && strings.Contains(err.Error(), "certificate")
	})
	if err := bus.CheckRedis(t.Context(), url+"?ca="+key); err == nil {
		t.Error("a key was taken for a certificate")
	}
}

// certificate writes a certificate for 127.0.0.1 that signs itself, and its key, and returns their paths.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	c, dir := rig.NewCertificate(t, "localhost", time.Hour), t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, text := range map[string][]byte{cert: c.Cert, key: c.Key} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}
