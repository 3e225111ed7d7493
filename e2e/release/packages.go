package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// packages makes the packages for Debian and for Red Hat of what stands in a folder.
func (r *release) packages(t target, dir string) error {
	settings, err := packageSettings()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "parley.env"), settings, 0o600); err != nil {
		return err
	}
	for _, kind := range []string{"deb", "rpm"} {
		cmd := exec.Command("go", "run", nfpm, "package", "--config", "deploy/nfpm.yaml", "--packager", kind, "--target", r.name("_"+t.arch+"."+kind))
		// Its own time is that of the files.
		cmd.Env = append(os.Environ(), "VERSION="+r.version, "ARCH="+t.arch, "DIR="+dir, "SOURCE_DATE_EPOCH="+strconv.FormatInt(r.time.Unix(), 10))
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("nfpm: %w: %s", err, out)
		}
	}
	return nil
}

// packageSettings returns /etc/parley/parley.env as it is installed: .env.example, with the data in the folder that the unit
// gives to Parley.
func packageSettings() ([]byte, error) {
	text, err := os.ReadFile(".env.example")
	if err != nil {
		return nil, err
	}
	const commented = "#PARLEY_DATABASE_URL=sqlite:data/parley.db\n"
	_, rest, ok := strings.Cut(string(text), "\n\n") // what .env.example says about itself
	if !ok || !strings.Contains(rest, commented) {
		return nil, fmt.Errorf(".env.example does not have the line %q", commented)
	}
	return []byte("# The settings of Parley; the unit parley.service reads them. After a change: systemctl restart parley.\n" +
		"# To see what counts: sudo -u parley sh -ac '. /etc/parley/parley.env && parley check'\n" +
		"# Put values with spaces, $, < or > into single quotes. The values shown are the defaults.\n\n" +
		strings.Replace(rest, commented, "PARLEY_DATABASE_URL=sqlite:/var/lib/parley/parley.db\n", 1)), nil
}
