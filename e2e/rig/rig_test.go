package rig

import (
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestEachCallCreatesADatabase(t *testing.T) {
	one, two := MySQL(t), MySQL(t)
	if one == two {
		t.Fatalf("both got %s", one)
	}
	u, err := url.Parse(one)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	if err := query(u.Host, "USE "+name+"; CREATE TABLE t (a INT); INSERT INTO t VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	if err := query(u.Host, "SELECT a FROM "+strings.TrimPrefix(mustPath(t, two), "/")+".t"); err == nil {
		t.Fatal("a table of one database is visible in the other")
	}
}

func mustPath(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Path
}

func TestRedisStopsWithItsTest(t *testing.T) {
	var addr string
	t.Run("uses Redis", func(t *testing.T) {
		u, err := url.Parse(Redis(t))
		if err != nil {
			t.Fatal(err)
		}
		if addr = u.Host; !pongs(addr) {
			t.Fatal("it does not answer")
		}
	})
	if conn, err := net.Dial("tcp", addr); err == nil {
		_ = conn.Close()
		t.Fatal("it still accepts connections")
	}
}

func TestStartFailureIncludesTheLog(t *testing.T) {
	redis, err := redisServer.Find()
	if err != nil {
		t.Fatal(err)
	}
	_, err = start("redis", func(_, _ string) ([]string, error) {
		return []string{redis, "--no-such-option", "1"}, nil
	}, pongs)
	if err == nil || !strings.Contains(err.Error(), "no-such-option") {
		t.Fatalf("got %v", err)
	}
}

func TestMissingProgramNamesItsPackages(t *testing.T) {
	_, err := Program{[]string{"parley-no-such-program"}, "this that"}.Find()
	if err == nil || !strings.Contains(err.Error(), "install this and that") {
		t.Fatalf("got %v", err)
	}
}

// A crash leaves no time to clean up, so the test program really is killed.
func TestServersDieWhenTheTestProgramIsKilled(t *testing.T) {
	if os.Getenv("RIG_VICTIM") != "" {
		_ = os.WriteFile(os.Getenv("RIG_VICTIM"), []byte(Redis(t)), 0o600)
		<-time.After(time.Minute)
		return
	}
	note := filepath.Join(t.TempDir(), "address")
	victim := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	victim.Env = append(os.Environ(), "RIG_VICTIM="+note, "TMPDIR="+t.TempDir())
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	var addr string
	eventually(t, "its Redis answers", func() bool {
		text, _ := os.ReadFile(note)
		addr = strings.TrimSuffix(strings.TrimPrefix(string(text), "redis://"), "/0")
		return addr != "" && pongs(addr)
	})
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait()
	eventually(t, "its Redis is gone", func() bool { return !pongs(addr) })
	eventually(t, "its folder is gone", func() bool {
		left, err := filepath.Glob(strings.TrimPrefix(victim.Env[len(victim.Env)-1], "TMPDIR=") + "/*")
		return err == nil && len(left) == 0
	})
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if condition() {
			return
		}
	}
	t.Fatalf("timed out waiting until %s", what)
}
