package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/e2e/docs"
)

// atRoot runs a test in the folder that the program runs in.
func atRoot(t *testing.T) { t.Chdir("../..") }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestLicensesAreComplete checks that whatever is linked for any system is there with its license, and that something
// without one is refused.
func TestLicensesAreComplete(t *testing.T) {
	atRoot(t)
	texts, err := licenses(".", targets)
	must(t, err)
	for _, system := range targets {
		packages, err := linkedFor(".", system)
		must(t, err)
		for _, p := range packages {
			if !p.Standard && !p.Module.Main && !bytes.Contains(texts, []byte("\n"+p.Module.Path+" "+p.Module.Version+": ")) {
				t.Errorf("%s is linked for %v, and has no license", p.Module.Path, system)
			}
		}
	}
	for _, part := range []string{"\nhtmx.org: LICENSE\n", "\nemojibase-data: LICENSE\n", "\nGo 1.", "Redistributions in binary form must reproduce", "\nmodernc.org/sqlite v"} {
		if !bytes.Contains(texts, []byte(part)) {
			t.Errorf("%q is not there", part)
		}
	}
	if _, err := joined(map[string]map[string]string{"example.org/bare v1.0.0": {}}); err == nil {
		t.Error("a module without a license was accepted")
	}
}

// TestArchivesAreReproducible checks that archives do not depend on when and by whom their files were written.
func TestArchivesAreReproducible(t *testing.T) {
	at := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	var first [2][]byte
	for round, written := range []time.Time{at.Add(time.Hour), at.Add(2 * time.Hour)} {
		path := filepath.Join(t.TempDir(), "parley")
		must(t, os.WriteFile(path, []byte("program"), 0o600+os.FileMode(round)*0o40))
		must(t, os.Chtimes(path, written, written))
		files := []file{{path, "parley", 0o755}, {path, "README.md", 0o644}}
		for i, pack := range []func(string, []file, time.Time) ([]byte, error){tarball, zipped} {
			data, err := pack("parley_1.2.3", files, at)
			must(t, err)
			if round > 0 && !bytes.Equal(data, first[i]) {
				t.Errorf("archive %d differs", i)
			}
			first[i] = data
		}
	}

	unzipped, err := gzip.NewReader(bytes.NewReader(first[0]))
	must(t, err)
	var names []string
	for r := tar.NewReader(unzipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		must(t, err)
		names = append(names, header.Name)
		if program := header.Name == "parley_1.2.3/parley"; program != (header.Mode == 0o755) || header.Uname != "root" || !header.ModTime.Equal(at) {
			t.Errorf("%+v", header)
		}
	}
	list, err := zip.NewReader(bytes.NewReader(first[1]), int64(len(first[1])))
	must(t, err)
	for i, f := range list.File {
		if f.Name != names[i] || f.Mode().Perm()&0o100 != 0 != (f.Name == "parley_1.2.3/parley") {
			t.Errorf("%s has %v", f.Name, f.Mode())
		}
	}
	if len(names) != 2 || len(list.File) != 2 {
		t.Errorf("%v", names)
	}
}

// paperNames are what papers returns, by name.
func paperNames(t *testing.T) (names []string) {
	t.Helper()
	list, err := papers()
	must(t, err)
	for _, f := range list {
		names = append(names, f.name)
	}
	return names
}

// TestPapersAreWhole checks that a release has all pages and the samples that they speak of, and that no link of theirs leads
// to what is not in it.
func TestPapersAreWhole(t *testing.T) {
	atRoot(t)
	names := paperNames(t)
	for _, name := range []string{"README.md", "docs/install.md", "deploy/grafana.json", "deploy/alerts.yaml", "deploy/systemd/parley.service",
		"deploy/fail2ban/jail.d/parley.conf", "deploy/Caddyfile"} {
		if !slices.Contains(names, name) {
			t.Errorf("it lacks %s", name)
		}
	}
	link := regexp.MustCompile(`\]\(([^)#:\s]+)(?:#[^)\s]*)?\)|src="([^":]+)"`)
	for _, name := range names {
		if filepath.Ext(name) != ".md" {
			continue
		}
		text, err := os.ReadFile(name)
		must(t, err)
		for _, found := range link.FindAllStringSubmatch(string(text), -1) {
			if to := path.Join(path.Dir(name), found[1]+found[2]); !slices.Contains(names, to) {
				t.Errorf("%s leads to %s, which is not in a release", name, to)
			}
		}
	}
}

// TestStagedFilesAreAlike checks that packages do not depend on the rights and times of files here.
func TestStagedFilesAreAlike(t *testing.T) {
	from, to := filepath.Join(t.TempDir(), "x"), filepath.Join(t.TempDir(), "doc")
	must(t, os.WriteFile(from, []byte("text"), 0o600))
	at := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	must(t, stage(to, []file{{from, "docs/x.md", 0o644}}, at))
	for name, mode := range map[string]os.FileMode{"": 0o755, "docs": 0o755, "docs/x.md": 0o644} {
		info, err := os.Stat(filepath.Join(to, name))
		must(t, err)
		if info.Mode().Perm() != mode || !info.ModTime().Equal(at) {
			t.Errorf("%q has %v of %v", name, info.Mode(), info.ModTime())
		}
	}
}

// TestPackageSettings checks /etc/parley/parley.env: everything that can be set, and one thing that is.
func TestPackageSettings(t *testing.T) {
	atRoot(t)
	text, err := packageSettings()
	must(t, err)
	set := regexp.MustCompile(`(?m)^[^#\n].*$`).FindAllString(string(text), -1)
	if !slices.Equal(set, []string{"PARLEY_DATABASE_URL=sqlite:/var/lib/parley/parley.db"}) {
		t.Errorf("%q is set", set)
	}
	example, err := os.ReadFile(".env.example")
	must(t, err)
	setting := regexp.MustCompile(`(?m)^#?PARLEY_\w+=`)
	if n := len(setting.FindAll(text, -1)); n != len(setting.FindAll(example, -1)) || strings.Contains(string(text), "just ") {
		t.Errorf("it has %d settings, and %s", n, text[:200])
	}
}

// TestVersions checks what may be the name of a release.
func TestVersions(t *testing.T) {
	for _, args := range [][]string{nil, {"1.2.3"}, {"v1.2"}, {"v1.2.3 -X main.x=y"}, {"v1.2.3", "v1.2.4"}} {
		if err := run(args, io.Discard); err == nil || !strings.Contains(err.Error(), "usage") {
			t.Errorf("%q: %v", args, err)
		}
	}
	if _, err := targetOf("plan9/amd64"); err == nil {
		t.Error("a release for plan9 was begun")
	}
}

// blockOf returns the commands of a block of docs/install.md.
func blockOf(t *testing.T, name string) string {
	t.Helper()
	text, ok := docs.Named("docs/install.md", "run", name)
	if !ok {
		t.Fatalf("docs/install.md has no block %q", name)
	}
	return text
}
