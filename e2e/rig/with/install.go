package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"parley/e2e/rig"
)

// installMissing installs the programs that the tests need, or returns an error that names them. It
// installs whichever proxies it can.
func installMissing() error {
	needed := rig.Programs()
	if os.Getenv("RIG_CLUSTERS") != "" {
		needed = append(needed, rig.Clusters()...)
	}
	if packages := missing(needed); len(packages) > 0 {
		if err := install(packages); err != nil {
			return err
		}
		if len(missing(needed)) > 0 {
			return fmt.Errorf("the tests need %s: installing them has not helped", strings.Join(packages, ", "))
		}
	}
	for _, name := range missing(rig.Proxies()) {
		if err := install([]string{name}); err != nil {
			fmt.Fprintf(os.Stderr, "docs/proxies.md is not tested with %s: %v\n", name, err)
		}
	}
	return nil
}

func install(packages []string) error {
	missingErr := fmt.Errorf("the tests need %s: install them (the names in Debian) and try again",
		strings.Join(packages, ", "))
	apt, err := aptGet()
	if err != nil {
		return missingErr
	}
	fmt.Fprintf(os.Stderr, "Installing %s, which the tests need.\n", strings.Join(packages, ", "))
	for _, args := range [][]string{
		{"update", "-qq"},
		append([]string{"install", "-y", "-qq", "--no-install-recommends"}, packages...),
	} {
		cmd := exec.Command(apt[0], append(apt[1:], args...)...)
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("apt-get %s: %w; %w", args[0], err, missingErr)
		}
	}
	return nil
}

func missing(programs []rig.Program) []string {
	var packages []string
	for _, p := range programs {
		if _, err := p.Find(); err != nil {
			packages = append(packages, strings.Fields(p.Package)...)
		}
	}
	slices.Sort(packages)
	return slices.Compact(packages)
}

// aptGet returns an apt-get command that asks no questions and starts none of the servers that it installs,
// for root or with sudo.
func aptGet() ([]string, error) {
	if _, err := exec.LookPath("apt-get"); err != nil {
		return nil, err
	}
	command := []string{"env", "DEBIAN_FRONTEND=noninteractive", "SYSTEMD_OFFLINE=1", "RUNLEVEL=1", "apt-get"}
	if os.Geteuid() == 0 {
		return command, nil
	}
	if exec.Command("sudo", "-n", "true").Run() == nil {
		return append([]string{"sudo", "-n"}, command...), nil
	}
	return nil, errors.New("not root, and sudo asks for a password")
}
