package faults

import (
	"os/exec"
	"testing"

	"parley/e2e/rig"
)

// TestVariantsCompile checks that the changed programs of F16 and F23 still fit the product, because a
// rename there would be noticed only by the long run.
func TestVariantsCompile(t *testing.T) {
	for name, changes := range map[string][]change{"ahead": {tenMinutesAhead}, "panics": panicking()} {
		b := &builder{dir: t.TempDir()}
		overlay, err := b.overlay(name, changes)
		if err != nil {
			t.Error(err)
			continue
		}
		command := exec.Command("go", "vet", "-overlay", overlay, "./app", "./app/web")
		command.Dir = rig.Root()
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
