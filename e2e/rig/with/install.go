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

// installMissing brings the programs that the tests need, or says in one sentence what to install.
func installMissing() error {
	packages := missing(rig.Programs())
	if len(packages) == 0 {
		return nil
	}
	sentence := fmt.Errorf("the tests need %s: install them (these are Debian's names) and try again",
		strings.Join(packages, ", "))
	apt, err := aptGet()
	if err != nil {
		return sentence
	}
	fmt.Fprintf(os.Stderr, "Installing %s, which the tests need.\n", strings.Join(packages, ", "))
	for _, args := range [][]string{
		{"update", "-qq"},
		append([]string{"install", "-y", "-qq", "--no-install-recommends"}, packages...),
	} {
		cmd := exec.Command(apt[0], append(apt[1:], args...)...)
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("apt-get %s: %w; %w", args[0], err, sentence)
		}
	}
	if still := missing(rig.Programs()); len(still) > 0 {
		return sentence
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

// aptGet returns the command that installs without asking, for root or for a sudoer.
func aptGet() ([]string, error) {
	if _, err := exec.LookPath("apt-get"); err != nil {
		return nil, err
	}
	quiet := []string{"env", "DEBIAN_FRONTEND=noninteractive", "apt-get"}
	if os.Geteuid() == 0 {
		return quiet, nil
	}
	if exec.Command("sudo", "-n", "true").Run() == nil {
		return append([]string{"sudo", "-n"}, quiet...), nil
	}
	return nil, errors.New("not root, and sudo asks for a password")
}
