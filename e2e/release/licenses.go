package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// scripts are the npm packages of which something is in the program: htmx, and the names of emoji.
var scripts = []string{"htmx.org", "emojibase-data"}

// licenseFile matches the names of files that must go with what they stand beside.
var licenseFile = regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying|copyright|notice|patents)([-.].*)?$`)

// linked is a package of Go that is in the program.
type linked struct {
	Dir      string
	Standard bool
	Module   *struct {
		Path, Version, Dir string
		Main               bool
	}
}

// licenses returns the licenses of everything that the program of the sources in a folder is linked from, for any of the
// targets: each Go module, Go itself, and the scripts of others. A module without one is an error.
func licenses(from string, all []target) ([]byte, error) {
	found := map[string]map[string]string{} // by what they are for, by the file's name
	for _, t := range all {
		packages, err := linkedFor(from, t)
		if err != nil {
			return nil, err
		}
		for _, p := range packages {
			if p.Standard || p.Module.Main {
				continue
			}
			// A package may hold a copy of something with a license of its own.
			for dir := p.Dir; ; dir = filepath.Dir(dir) {
				if err := addLicenses(found, p.Module.Path+" "+p.Module.Version, p.Module.Dir, dir); err != nil {
					return nil, err
				}
				if dir == p.Module.Dir {
					break
				}
			}
		}
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	goRoot := strings.TrimSpace(string(root))
	if err := addLicenses(found, "Go "+strings.TrimPrefix(runtime.Version(), "go"), goRoot, goRoot); err != nil {
		return nil, err
	}
	for _, name := range scripts {
		dir := filepath.Join(from, "node_modules", name)
		if err := addLicenses(found, name, dir, dir); err != nil {
			return nil, fmt.Errorf("%w (install it with npm ci)", err)
		}
	}
	return joined(found)
}

// linkedFor returns the packages that the program for a target is linked from.
func linkedFor(from string, t target) (list []linked, err error) {
	cmd := exec.Command("go", "list", "-deps", "-json=Dir,Standard,Module", "./app")
	cmd.Dir, cmd.Env, cmd.Stderr = from, t.environment(), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p linked
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
}

// addLicenses adds the files in one folder of what has its root in another.
func addLicenses(found map[string]map[string]string, what, root, dir string) error {
	if found[what] == nil {
		found[what] = map[string]string{}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !licenseFile.MatchString(entry.Name()) || filepath.Ext(entry.Name()) == ".go" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, filepath.Join(dir, entry.Name()))
		if err != nil {
			return err
		}
		found[what][filepath.ToSlash(name)] = string(text)
	}
	return nil
}

// joined returns all licenses as one text, in a fixed order.
func joined(found map[string]map[string]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("Parley contains parts of the following, under these licenses.\n")
	for _, what := range slices.Sorted(maps.Keys(found)) {
		if len(found[what]) == 0 {
			return nil, fmt.Errorf("%s has no license", what)
		}
		for _, name := range slices.Sorted(maps.Keys(found[what])) {
			fmt.Fprintf(&b, "\n%[1]s\n%[2]s: %[3]s\n%[1]s\n\n%[4]s\n", strings.Repeat("=", 78), what, name, strings.TrimSpace(found[what][name]))
		}
	}
	return b.Bytes(), nil
}
