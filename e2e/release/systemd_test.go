//go:build packages

package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// mostExposed is what `systemd-analyze security` may say of the unit, from 0 to 10: it calls less than 2.5 "OK".
const mostExposed = "20" // tenths

// verifyUnit asks systemd about the unit, as it is installed.
func verifyUnit(t *testing.T) {
	const unit = "/usr/lib/systemd/system/parley.service"
	if out := sh(t, "systemd-analyze", "verify", unit); strings.Contains(out, "parley") {
		t.Errorf("systemd-analyze verify: %s", out)
	}
	out := sh(t, "systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold="+mostExposed, unit)
	t.Log(regexp.MustCompile(`Overall exposure level.*`).FindString(out))
}

// runAsUnit runs the program with the user, the rights, the folder and the settings of the unit: first a page, then `parley
// check`, then the end by SIGTERM. It returns the address that it used.
func runAsUnit(t *testing.T, settings string) (addr string) {
	addr = freeAddr(t)
	environment := regexp.MustCompile(`(?m)^PARLEY_.*$`).FindAllString(settings, -1)
	as := func(args ...string) *exec.Cmd {
		cmd := exec.Command("setpriv", append([]string{"--reuid=parley", "--regid=parley", "--clear-groups", "--no-new-privs", "--inh-caps=-all",
			"--bounding-set=-all", "sh", "-c", `umask 0077; exec "$@"`, "sh"}, args...)...)
		cmd.Dir = "/var/lib/parley"
		cmd.Env = append(environment, "PATH="+os.Getenv("PATH"), "PARLEY_ADDR="+addr, "PARLEY_ADMIN_ADDR=127.0.0.1:0")
		return cmd
	}
	server := as("/usr/bin/parley")
	var log bytes.Buffer
	server.Stdout, server.Stderr = &log, &log
	must(t, server.Start())
	answers(t, addr)
	if out, err := as("/usr/bin/parley", "check").CombinedOutput(); err != nil || !strings.Contains(string(out), "/var/lib/parley/parley.db") {
		t.Errorf("parley check: %v\n%s", err, out)
	}
	// As /etc/parley/parley.env itself says.
	if out, err := as("sh", "-ac", ". /etc/parley/parley.env && parley user list").CombinedOutput(); err != nil {
		t.Errorf("parley user list: %v\n%s", err, out)
	}
	owned(t, map[string]string{"/var/lib/parley/parley.db": "600 parley:parley"})
	must(t, server.Process.Signal(syscall.SIGTERM))
	if err := server.Wait(); err != nil {
		t.Errorf("it ended with %v:\n%s", err, log.String())
	}
	return addr
}

// underSystemd runs systemd.sh in a container that has this machine's files, with changes of its own that are in memory, and
// a systemd that runs the package's unit as any machine does.
func underSystemd(t *testing.T, first, next string) {
	dir := t.TempDir()
	root, story := filepath.Join(dir, "root"), filepath.Join(dir, "story")
	sh(t, "mount", "-t", "tmpfs", "parley-test", dir)
	t.Cleanup(func() { _ = exec.Command("umount", "-R", dir).Run() })
	for _, name := range []string{root, story, filepath.Join(dir, "upper"), filepath.Join(dir, "work")} {
		must(t, os.Mkdir(name, 0o755))
	}
	sh(t, "mount", "-t", "overlay", "overlay", "-o", "lowerdir=/,upperdir="+dir+"/upper,workdir="+dir+"/work", root)

	sh(t, "cp", first, filepath.Join(story, "first.deb"))
	sh(t, "cp", next, filepath.Join(story, "next.deb"))
	script := readFile(t, "e2e/release/systemd.sh")
	for name, text := range map[string]string{"story.sh": script, "sudo": sudo, "start": blockOf(t, "systemd"),
		"installed": blockOf(t, "installed"), "ports": blockOf(t, "ports")} {
		must(t, os.WriteFile(filepath.Join(story, name), []byte(text), 0o755))
	}
	must(t, os.Mkdir(filepath.Join(root, "story"), 0o755))
	must(t, os.WriteFile(filepath.Join(root, "etc/systemd/system/story.service"), []byte(storyUnit), 0o644))
	_ = os.Remove(filepath.Join(root, "etc/machine-id")) // or it would be this machine's

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "systemd-nspawn", "--quiet", "--directory="+root, "--machine=parley-test", "--private-network",
		"--register=no", "--keep-unit", "--bind="+story+":/story", "--boot",
		"systemd.unit=story.service", "systemd.mask=systemd-networkd-wait-online.service", "systemd.mask=NetworkManager-wait-online.service").CombinedOutput()
	log := readFile(t, filepath.Join(story, "log"))
	if err != nil || !strings.HasSuffix(log, "the story is over\n") {
		t.Errorf("%v\n%s\n%s", err, out, log)
	}
}

// storyUnit is what the container starts, and what ends it.
const storyUnit = `[Unit]
Requires=basic.target
After=basic.target
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Type=oneshot
ExecStart=/bin/sh -c "exec sh /story/story.sh >/story/log 2>&1"
`
