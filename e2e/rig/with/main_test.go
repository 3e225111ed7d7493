package main

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/e2e/rig"
)

func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "with")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

func TestServersRunAsLongAsTheCommand(t *testing.T) {
	with, temp := program(t), t.TempDir()
	for _, c := range []struct {
		name, script string
		code         int
	}{
		{"passes", `echo "$RIG_MYSQL $RIG_REDIS"; test -x "$RIG_CHROMIUM"`, 0},
		{"fails", `echo "$RIG_MYSQL $RIG_REDIS"; exit 7`, 7},
		{"crashes", `echo "$RIG_MYSQL $RIG_REDIS"; kill -9 $$`, 137},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := exec.Command(with, "--", "sh", "-c", c.script)
			cmd.Env = append(os.Environ(), "TMPDIR="+temp)
			out, _ := cmd.Output()
			if code := cmd.ProcessState.ExitCode(); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			addrs := strings.Fields(string(out))
			if len(addrs) != 2 {
				t.Fatalf("printed %q", out)
			}
			mustBeGone(t, temp, addrs)
		})
	}
}

func TestCtrlCReachesTheCommandOnceAndStopsTheServers(t *testing.T) {
	with, temp := program(t), t.TempDir()
	cmd := exec.Command(with, "--", "sh", "-c",
		`trap 'echo interrupted; exit 3' INT; echo "$RIG_MYSQL $RIG_REDIS"; while :; do sleep 0.1; done`)
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(pipe)
	lines.Scan()
	addrs := strings.Fields(lines.Text())
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	interrupts := 0
	for lines.Scan() {
		interrupts++
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 3 || interrupts != 1 {
		t.Errorf("exit code %d, interrupted %d times", code, interrupts)
	}
	mustBeGone(t, temp, addrs)
}

func TestServersDieWhenWithIsKilled(t *testing.T) {
	with, temp := program(t), t.TempDir()
	cmd := exec.Command(with, "--", "sh", "-c", `echo "$RIG_MYSQL $RIG_REDIS"; exec sleep 5`)
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(pipe).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	mustBeGone(t, temp, strings.Fields(line))
}

func TestMissingListsEachPackageOnce(t *testing.T) {
	absent := rig.Program{Names: []string{"parley-no-such-program"}, Package: "that this"}
	if got := strings.Join(missing([]rig.Program{absent, absent}), " "); got != "that this" {
		t.Fatalf("got %q", got)
	}
}

// mustBeGone waits until nothing listens at the addresses and the temporary folder is empty.
func mustBeGone(t *testing.T, temp string, addrs []string) {
	t.Helper()
	if len(addrs) != 2 {
		t.Fatalf("two addresses expected, not %q", addrs)
	}
	var left []string
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		left, _ = filepath.Glob(filepath.Join(temp, "*"))
		for _, addr := range addrs {
			if conn, err := net.Dial("tcp", addr); err == nil {
				_ = conn.Close()
				left = append(left, addr)
			}
		}
		if len(left) == 0 {
			return
		}
	}
	t.Errorf("left behind: %q", left)
}

// TestWorksInMemory checks where temporary files go: where TMPDIR says, else into memory where there is room.
func TestWorksInMemory(t *testing.T) {
	t.Setenv("GOTMPDIR", "")
	t.Setenv("TMPDIR", "/somewhere")
	if err := workInMemory(); err != nil || os.Getenv("TMPDIR") != "/somewhere" || os.Getenv("GOTMPDIR") != "" {
		t.Errorf("%v: TMPDIR=%q GOTMPDIR=%q", err, os.Getenv("TMPDIR"), os.Getenv("GOTMPDIR"))
	}
	t.Setenv("TMPDIR", "")
	if err := workInMemory(); err != nil || os.Getenv("TMPDIR") != temporary() {
		t.Errorf("%v: TMPDIR=%q, not %q", err, os.Getenv("TMPDIR"), temporary())
	}
	if temporary() != "" && os.Getenv("GOTMPDIR") != "/tmp" {
		t.Errorf("GOTMPDIR=%q", os.Getenv("GOTMPDIR"))
	}
}
