package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// target is a system that releases are made for.
type target struct{ os, arch string }

var targets = []target{{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"}}

func targetOf(system string) (target, error) {
	i := slices.IndexFunc(targets, func(t target) bool { return t.os+"/"+t.arch == system })
	if i < 0 {
		return target{}, fmt.Errorf("no releases are made for it")
	}
	return targets[i], nil
}

// binary is the name of the program on that system.
func (t target) binary() string {
	if t.os == "windows" {
		return "parley.exe"
	}
	return "parley"
}

// environment is that of Go for a target, without whatever else would change the result.
func (t target) environment() []string {
	return append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.os, "GOARCH="+t.arch, "GOFLAGS=", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "GOWORK=off")
}

// build builds the program from the sources in a folder. Nothing of the folder, of git or of this machine is in it.
func build(from string, t target, version, path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X main.release="+version, "-o", path, "./app")
	cmd.Dir, cmd.Env = from, t.environment()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	return nil
}
