// Release makes what a version of Parley is published as, in a folder: an archive for each system, packages for Debian and
// for Red Hat, a bill of materials, the licenses of all that is linked, and checksums. Two runs on the same commit, with the
// same Go, make the same bytes.
//
//	go run ./e2e/release -out bin/release v1.2.3
//	go run ./e2e/release -licenses
package main

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Tools that `go run` fetches, so that they are no dependencies of the program. nfpm from 2.46 on needs modules that the Go
// module proxy does not have.
const (
	nfpm      = "github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2"
	cyclonedx = "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("release", flag.ContinueOnError)
	only := flags.Bool("licenses", false, "print the licenses of all that is linked, and make nothing")
	folder := flags.String("out", "bin/release", "the folder to make everything in")
	systems := flags.String("for", "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64", "the systems to make it for")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *only {
		texts, err := licenses(".", targets)
		if err == nil {
			_, err = out.Write(texts)
		}
		return err
	}
	if flags.NArg() != 1 || !regexp.MustCompile(`^v\d+\.\d+\.\d+(-[0-9a-z.]+)?$`).MatchString(flags.Arg(0)) {
		return fmt.Errorf("usage: release [-out FOLDER] [-for SYSTEMS] VERSION, which is like v1.2.3 or v1.2.3-rc.1")
	}
	r, err := newRelease(flags.Arg(0), *folder)
	if err != nil {
		return err
	}
	for _, name := range strings.Split(*systems, ",") {
		if err := r.make(name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintln(out, "made", name)
	}
	return r.sum()
}

// release is one version on its way into a folder.
type release struct {
	version  string // with the v
	folder   string
	time     time.Time // of everything in archives and packages
	licenses []byte
}

// newRelease prepares an empty folder.
func newRelease(version, folder string) (*release, error) {
	seconds, err := commitTime()
	if err != nil {
		return nil, err
	}
	texts, err := licenses(".", targets)
	if err != nil {
		return nil, err
	}
	if built, _ := filepath.Glob("assets/dist/parley-*.js"); len(built) == 0 {
		return nil, errors.New("assets/dist has no scripts: build them with `just assets`")
	}
	if err := os.RemoveAll(folder); err != nil {
		return nil, err
	}
	return &release{version: version, folder: folder, time: time.Unix(seconds, 0).UTC(), licenses: texts}, os.MkdirAll(folder, 0o755)
}

// commitTime is SOURCE_DATE_EPOCH, or when the commit was made.
func commitTime() (int64, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		out, err := exec.Command("git", "log", "-1", "--format=%ct").Output()
		if err != nil {
			return 0, fmt.Errorf("when was this commit made? Set SOURCE_DATE_EPOCH where there is no git: %w", err)
		}
		text = strings.TrimSpace(string(out))
	}
	return strconv.ParseInt(text, 10, 64)
}

// name returns the name of a file of the release, such as parley_1.2.3_linux_amd64.tar.gz.
func (r *release) name(rest string) string {
	return filepath.Join(r.folder, "parley_"+strings.TrimPrefix(r.version, "v")+rest)
}

// make makes everything for one system.
func (r *release) make(system string) error {
	t, err := targetOf(system)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "parley-release-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary := filepath.Join(dir, t.binary())
	if err := build(".", t, r.version, binary); err != nil {
		return err
	}
	third := filepath.Join(dir, "THIRD_PARTY_LICENSES")
	if err := os.WriteFile(third, r.licenses, 0o644); err != nil {
		return err
	}
	read, err := papers()
	if err != nil {
		return err
	}
	read = append(read, file{third, "THIRD_PARTY_LICENSES", 0o644}, file{".env.example", "env.example", 0o644})
	if err := r.archive(t, append([]file{{binary, t.binary(), 0o755}}, read...)); err != nil {
		return err
	}
	if err := r.bill(t, binary); err != nil {
		return err
	}
	if t.os != "linux" {
		return nil
	}
	if err := stage(filepath.Join(dir, "doc"), read, r.time); err != nil {
		return err
	}
	return r.packages(t, dir)
}

// sum writes SHA256SUMS, which `sha256sum -c` reads.
func (r *release) sum() error {
	files, err := filepath.Glob(filepath.Join(r.folder, "parley*"))
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, path := range files { // sorted
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), filepath.Base(path))
	}
	return os.WriteFile(filepath.Join(r.folder, "SHA256SUMS"), []byte(sums.String()), 0o644)
}
