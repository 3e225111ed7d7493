package faults

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"parley/e2e/rig"
)

// overlay writes the changed files of a variant, and the list that tells the compiler about them.
func (b *builder) overlay(name string, changes []change) (string, error) {
	texts := map[string]string{}
	for _, c := range changes {
		path := filepath.Join(rig.Root(), c.file)
		text, ok := texts[path]
		if !ok {
			bytes, err := os.ReadFile(path)
			if err != nil {
				return "", err
			}
			text = string(bytes)
		}
		if strings.Count(text, c.old) != 1 {
			return "", fmt.Errorf("%s contains %q %d times, not once: adapt the variant %s to the product", c.file, c.old, strings.Count(text, c.old), name)
		}
		texts[path] = strings.Replace(text, c.old, c.new, 1)
	}
	list := struct{ Replace map[string]string }{map[string]string{}}
	for path, text := range texts {
		changed := filepath.Join(b.dir, name+"-"+filepath.Base(path))
		if err := os.WriteFile(changed, []byte(text), 0o600); err != nil {
			return "", err
		}
		list.Replace[path] = changed
	}
	bytes, err := json.Marshal(list)
	if err != nil {
		return "", err
	}
	path := filepath.Join(b.dir, name+".json")
	return path, os.WriteFile(path, bytes, 0o600)
}
