package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// bill writes the bill of materials of a binary (CycloneDX): Go, its modules, and the scripts of others.
func (r *release) bill(t target, binary string) error {
	cmd := exec.Command("go", "run", cyclonedx, "bin", "-json", "-std", "-licenses", "-noserial", "-notimestamp", "-version", r.version, binary)
	var complaints bytes.Buffer // also that Parley itself is no module of the proxy
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("cyclonedx-gomod: %w: %s", err, complaints.Bytes())
	}
	var whole map[string]any
	if err := json.Unmarshal(out, &whole); err != nil {
		return err
	}
	components, _ := whole["components"].([]any)
	for _, name := range scripts {
		component, err := scriptComponent(name)
		if err != nil {
			return err
		}
		components = append(components, component)
	}
	whole["components"] = components
	text, err := json.MarshalIndent(whole, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(r.name("_"+t.os+"_"+t.arch+".cdx.json"), append(text, '\n'), 0o644)
}

// scriptComponent describes an npm package in a bill of materials.
func scriptComponent(name string) (map[string]any, error) {
	text, err := os.ReadFile(filepath.Join("node_modules", name, "package.json"))
	if err != nil {
		return nil, err
	}
	var p struct{ Version, License string }
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, err
	}
	purl := "pkg:npm/" + name + "@" + p.Version
	return map[string]any{"type": "library", "bom-ref": purl, "name": name, "version": p.Version, "purl": purl,
		"licenses": []any{map[string]any{"license": map[string]any{"name": p.License}}}}, nil
}
