// Package edge tests the real binary where it meets the network and the system: file descriptors, signals
// and proxies.
package edge

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/e2e/rig"
)

var binary string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "parley-edge-")
	if err == nil {
		defer func() { _ = os.RemoveAll(dir) }()
		binary = filepath.Join(dir, "parley")
		err = rig.Build(binary)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// start starts the program on SQLite, through a shell script that ends in "exec $PARLEY".
func start(t *testing.T, script string, settings map[string]string) *rig.Parley {
	t.Helper()
	path := filepath.Join(t.TempDir(), "start")
	text := "#!/bin/sh\n" + strings.ReplaceAll(script, "$PARLEY", binary) + "\n"
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "parley.db"), "LIMITS": "on"}
	for name, value := range settings {
		all[name] = value
	}
	p, err := rig.NewParley(path, all)
	if err == nil {
		t.Cleanup(p.Close)
		err = p.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestFewDescriptors is T49: more connections than there are file descriptors leave the server as it was,
// for the same address and for others, with limits and without.
func TestFewDescriptors(t *testing.T) {
	for _, one := range []struct {
		files, addresses int
		limits           string
	}{{200, 1, "on"}, {200, 50, "on"}, {200, 1, "off"}, {64, 1, "on"}} {
		t.Run(fmt.Sprintf("%d of %d, limits %s", one.files, one.addresses, one.limits), func(t *testing.T) {
			p := start(t, fmt.Sprintf("ulimit -n %d; exec $PARLEY", one.files), map[string]string{"LIMITS": one.limits})
			ann, err := p.SignUp("ann")
			if err != nil {
				t.Fatal(err)
			}
			for i := range 400 {
				dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+i%one.addresses))}}
				conn, err := dialer.Dial("tcp", p.Addr)
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = conn.Close() }()
				if i%100 == 99 {
					rig.Eventually(t, fmt.Sprintf("it answers beside %d idle connections:\n%s", i+1, p.Log()), func() bool {
						status, _ := rig.Get("http://" + p.Addr + "/readyz")
						return status == 200
					})
				}
			}
			if _, err := ann.Get("/rooms"); err != nil {
				t.Errorf("%v\n%s", err, p.Log())
			}
			if err := ann.Post("/friends", url.Values{"username": {"nobody"}}); err == nil || !strings.Contains(err.Error(), "422") {
				t.Errorf("writing: %v", err)
			}
			if !p.Running() {
				t.Errorf("it has ended:\n%s", p.Log())
			}
			if n := strings.Count(p.Log(), "idle connections were closed"); n != 1 {
				t.Errorf("%d log lines:\n%s", n, p.Log())
			}
		})
	}
}

// TestHangup checks that SIGHUP ends the server as SIGTERM does, with a goodbye to its streams; unless it was
// started to ignore that.
func TestHangup(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		p := start(t, "exec $PARLEY", nil)
		ann, err := p.SignUp("ann")
		if err != nil {
			t.Fatal(err)
		}
		stream, err := ann.Do(t.Context(), "GET", "/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		p.Signal(signal)
		buffer, text := make([]byte, 4096), ""
		for err == nil {
			var n int
			n, err = stream.Body.Read(buffer)
			text += string(buffer[:n])
		}
		_ = stream.Body.Close()
		if !strings.Contains(text, "retry: ") {
			t.Errorf("%v: the stream ended with %q", signal, text)
		}
		if code, ok := p.Wait(20 * time.Second); !ok || code != 0 {
			t.Errorf("%v: exit code %d, %v\n%s", signal, code, ok, p.Log())
		}
	}
	p := start(t, "exec nohup $PARLEY", nil)
	p.Signal(syscall.SIGHUP)
	time.Sleep(300 * time.Millisecond)
	if status, body := rig.Get("http://" + p.Addr + "/livez"); status != 200 {
		t.Errorf("with nohup: %d %s", status, body)
	}
}
