//go:build packages

package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"parley/e2e/rig"
)

// sh runs a program, and fails the test if it fails.
func sh(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// released makes a release for this machine's architecture.
func released(t *testing.T, version string) (folder string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), version)
	must(t, run([]string{"-out", folder, "-for", "linux/" + runtime.GOARCH, version}, io.Discard))
	return folder
}

// TestPackages makes releases, and installs and removes one.
func TestPackages(t *testing.T) {
	atRoot(t)
	for _, name := range []string{"systemd-analyze", "systemd-nspawn", "rpm", "setpriv", "apt-get", "curl"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Fatalf("it needs %v: apt-get install systemd systemd-container rpm curl", err)
		}
	}
	first, again, next := released(t, "v1.2.3"), released(t, "v1.2.3"), released(t, "v1.2.4")
	t.Run("the same bytes twice", func(t *testing.T) { sameRelease(t, first, again) })
	t.Run("checksums", func(t *testing.T) {
		cmd := exec.Command("sha256sum", "-c", "--strict", "SHA256SUMS")
		cmd.Dir = first
		if out, err := cmd.CombinedOutput(); err != nil || strings.Count(string(out), ": OK") != 4 {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("bill of materials", func(t *testing.T) {
		bill := only(t, first, "*.cdx.json")
		text, err := os.ReadFile(bill)
		must(t, err)
		for _, part := range []string{`"CycloneDX"`, "pkg:golang/modernc.org/sqlite@", "pkg:npm/htmx.org@", "pkg:golang/std@", `"v1.2.3"`} {
			if !bytes.Contains(text, []byte(part)) {
				t.Errorf("it lacks %s", part)
			}
		}
	})
	t.Run("rpm", func(t *testing.T) { rpm(t, only(t, first, "*.rpm")) })
	t.Run("archive", func(t *testing.T) { archive(t, first) })
	t.Run("deb", func(t *testing.T) { deb(t, first, only(t, next, "*.deb")) })
	t.Run("systemd", func(t *testing.T) { underSystemd(t, only(t, first, "*.deb"), only(t, next, "*.deb")) })
	t.Run("source", source)
	t.Run("the same bytes from another folder", otherFolder)
}

// sudo does what docs/install.md uses it for, where the test is root already.
const sudo = `#!/bin/sh
[ "$1" = -u ] || exec "$@"
user=$2; shift 2
cd / && exec setpriv --reuid="$user" --regid="$user" --clear-groups "$@"
`

// commands returns a process that runs a block of docs/install.md as it stands there, in a folder.
func commands(t *testing.T, mark, folder string, settings ...string) *exec.Cmd {
	t.Helper()
	text := strings.ReplaceAll(blockOf(t, mark), "amd64", runtime.GOARCH)
	tools := t.TempDir()
	must(t, os.WriteFile(filepath.Join(tools, "sudo"), []byte(sudo), 0o755))
	config := filepath.Join(tools, "apt.conf")
	must(t, os.WriteFile(config, []byte("DPkg::Lock::Timeout \"600\";\nAPT::Get::Assume-Yes \"true\";\n"), 0o644))
	cmd := exec.Command("sh", "-euc", text)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "PATH="+tools+":"+os.Getenv("PATH"), "APT_CONFIG="+config, "DEBIAN_FRONTEND=noninteractive")
	cmd.Env = append(cmd.Env, settings...)
	return cmd
}

// ran runs a block to its end.
func ran(t *testing.T, mark, folder string) string {
	t.Helper()
	out, err := commands(t, mark, folder).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", mark, err, out)
	}
	return string(out)
}

func archive(t *testing.T, folder string) {
	const installed = "/usr/local/bin/parley"
	if _, err := os.Lstat(installed); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s is there (%v): this test would replace it", installed, err)
	}
	t.Cleanup(func() { _ = os.Remove(installed) })
	if out := ran(t, "archive", folder); !strings.Contains(out, "Parley v1.2.3,") {
		t.Errorf("it says %s", out)
	}
	for _, name := range append(paperNames(t), "THIRD_PARTY_LICENSES", "env.example") {
		if _, err := os.Stat(filepath.Join(folder, "parley_1.2.3_linux_"+runtime.GOARCH, name)); err != nil {
			t.Error(err)
		}
	}
	addr := freeAddr(t)
	server := commands(t, "serves", t.TempDir(), "PARLEY_ADDR="+addr, "PARLEY_ADMIN_ADDR=127.0.0.1:0")
	server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	must(t, server.Start())
	answers(t, addr)
	must(t, syscall.Kill(-server.Process.Pid, syscall.SIGTERM))
	_ = server.Wait() // the shell's own end
}

// source builds what is committed.
func source(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "parley")
	sh(t, "git", "clone", "-q", ".", dir)
	if out := ran(t, "source", dir); !strings.Contains(out, "Parley ") {
		t.Errorf("it says %s", out)
	}
}

func freeAddr(t *testing.T) string {
	t.Helper()
	port, err := rig.FreePort()
	must(t, err)
	return "127.0.0.1:" + port
}

func answers(t *testing.T, addr string) {
	t.Helper()
	rig.Eventually(t, "it answers at "+addr, func() bool {
		status, body := rig.Get("http://" + addr + "/sign-up")
		return status == 200 && strings.Contains(body, "Parley")
	})
}

func only(t *testing.T, folder, pattern string) string {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(folder, pattern))
	if len(found) != 1 {
		t.Fatalf("%s: %v", pattern, found)
	}
	return found[0]
}

func sameRelease(t *testing.T, first, again string) {
	for _, folder := range []string{first, again} {
		files, err := os.ReadDir(folder)
		must(t, err)
		if len(files) != 5 { // archive, bill, two packages, checksums
			t.Errorf("%s has %v", folder, files)
		}
	}
	one, err := os.ReadFile(filepath.Join(first, "SHA256SUMS"))
	must(t, err)
	two, err := os.ReadFile(filepath.Join(again, "SHA256SUMS"))
	must(t, err)
	if !bytes.Equal(one, two) {
		t.Errorf("they differ:\n%s\n%s", one, two)
	}
}

// otherFolder builds the program from a copy of its sources, without anything that was compiled before.
func otherFolder(t *testing.T) {
	here, dir := filepath.Join(t.TempDir(), "here"), t.TempDir()
	must(t, build(".", targets[0], "v1.2.3", here))
	for _, name := range []string{"app", "assets", "db", "views", "go.mod", "go.sum"} {
		sh(t, "cp", "-r", name, dir)
	}
	t.Setenv("GOCACHE", t.TempDir())
	there := filepath.Join(t.TempDir(), "there")
	must(t, build(dir, targets[0], "v1.2.3", there))
	one, err := os.ReadFile(here)
	must(t, err)
	two, err := os.ReadFile(there)
	must(t, err)
	if !bytes.Equal(one, two) {
		t.Errorf("the programs differ: %d and %d bytes", len(one), len(two))
	}
	if bytes.Contains(one, []byte(rig.Root())) {
		t.Errorf("the program knows %s", rig.Root())
	}
}

// rpm reads the package for Red Hat. It is not installed: that would need a system of that kind.
func rpm(t *testing.T, path string) {
	list := strings.Fields(sh(t, "rpm", "-qlp", path))
	for _, name := range append(installedPapers(t), "/usr/bin/parley", "/usr/lib/systemd/system/parley.service", "/etc/parley/parley.env") {
		if !slices.Contains(list, name) {
			t.Errorf("it lacks %s: %v", name, list)
		}
	}
	if got := sh(t, "rpm", "-qcp", path); strings.TrimSpace(got) != "/etc/parley/parley.env" {
		t.Errorf("its settings are %q", got)
	}
	if got := sh(t, "rpm", "-qp", "--qf", "%{VERSION} %{LICENSE} %{POSTIN}", path); !strings.HasPrefix(got, "1.2.3 MIT") || !strings.Contains(got, "useradd") {
		t.Errorf("it says %s", got)
	}
}

// installedPapers are where packages have what there is to read.
func installedPapers(t *testing.T) (paths []string) {
	t.Helper()
	for _, name := range append(paperNames(t), "THIRD_PARTY_LICENSES", "env.example") {
		paths = append(paths, "/usr/share/doc/parley/"+name)
	}
	return paths
}

// deb installs the package for Debian in this system, runs the program as the unit would, upgrades, removes and purges.
func deb(t *testing.T, folder, next string) {
	if os.Geteuid() != 0 {
		t.Fatal("it installs a package, so it must run as root, best in a container or a machine of its own")
	}
	for _, there := range []string{"/usr/bin/parley", "/var/lib/parley", "/etc/parley"} {
		if _, err := os.Lstat(there); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%s is there (%v): this test would remove it", there, err)
		}
	}
	apt := func(args ...string) string {
		return sh(t, "env", append([]string{"DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=600"}, args...)...)
	}
	t.Cleanup(func() { _ = exec.Command("dpkg", "--purge", "parley").Run() })
	if out := ran(t, "deb", folder); !strings.Contains(out, "systemctl enable --now parley") {
		t.Errorf("it does not say how to start:\n%s", out)
	}
	want := map[string]string{"/etc/parley/parley.env": "640 root:parley", "/var/lib/parley": "700 parley:parley", "/usr/bin/parley": "755 root:root"}
	owned(t, want)
	for _, path := range installedPapers(t) {
		owned(t, map[string]string{path: "644 root:root"})
	}
	verifyUnit(t)
	if out := ran(t, "installed", folder); !strings.Contains(out, "there is no SQLite file yet") {
		t.Errorf("parley check: %s", out)
	}

	settings := readFile(t, "/etc/parley/parley.env")
	addr := runAsUnit(t, settings)
	changed := strings.Replace(settings, "#PARLEY_ADDR=127.0.0.1:3000", "PARLEY_ADDR="+addr, 1)
	must(t, os.WriteFile("/etc/parley/parley.env", []byte(changed), 0o640))
	apt("install", next)
	if got := sh(t, "/usr/bin/parley", "version"); !strings.HasPrefix(got, "Parley v1.2.4,") {
		t.Errorf("after the upgrade: %s", got)
	}
	if readFile(t, "/etc/parley/parley.env") != changed {
		t.Error("the upgrade changed the settings")
	}
	owned(t, want)

	apt("remove", "parley")
	for there, stays := range map[string]bool{"/usr/bin/parley": false, "/usr/lib/systemd/system/parley.service": false, "/etc/parley/parley.env": true, "/var/lib/parley/parley.db": true} {
		if _, err := os.Lstat(there); (err == nil) != stays {
			t.Errorf("after it was removed: %s: %v", there, err)
		}
	}
	apt("purge", "parley")
	for _, gone := range []string{"/etc/parley", "/var/lib/parley"} {
		if _, err := os.Lstat(gone); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("after it was purged: %s: %v", gone, err)
		}
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

func owned(t *testing.T, want map[string]string) {
	t.Helper()
	for path, rights := range want {
		if got := strings.TrimSpace(sh(t, "stat", "-c", "%a %U:%G", path)); got != rights {
			t.Errorf("%s is %s, not %s", path, got, rights)
		}
	}
}
