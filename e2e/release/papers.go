package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// notSamples are what only making packages and tests need of deploy.
var notSamples = []string{"alerts_test.yaml", "nfpm.yaml", "postinstall.sh", "postremove.sh", "preremove.sh"}

// papers returns what there is to read, and the samples of deploy, by their paths in the repository, so that links hold.
func papers() (list []file, err error) {
	atRoot, err := filepath.Glob("*.md")
	if err != nil {
		return nil, err
	}
	for _, name := range append(atRoot, "LICENSE") {
		list = append(list, file{name, name, 0o644})
	}
	for _, folder := range []string{"deploy", "docs"} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !slices.Contains(notSamples, d.Name()) {
				list = append(list, file{path, filepath.ToSlash(path), 0o644})
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// stage copies files into a folder, with the rights and the time that packages are to have.
func stage(folder string, files []file, at time.Time) error {
	for _, f := range files {
		data, err := os.ReadFile(f.path)
		if err != nil {
			return err
		}
		to := filepath.Join(folder, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, data, 0o600); err != nil {
			return err
		}
		if err := os.Chmod(to, os.FileMode(f.mode)); err != nil { // whatever the umask
			return err
		}
	}
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = os.Chmod(path, 0o755)
		}
		if err == nil {
			err = os.Chtimes(path, at, at)
		}
		return err
	})
}
