package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// release is the version of a release, which the linker sets: -ldflags "-X main.release=v1.2.3".
var release string

// version returns the version of this program: that of its release, or that of the commit from which it was built.
func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

func (c commands) printVersion() error {
	_, err := fmt.Fprintf(c.out, "Parley %s, built with %s for %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
