package views

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestOnlyFormattedTextIsRaw is T12 in the views: whatever templ does not escape comes from
// markup.Format, which sanitizes it, or is an Item, which a component has rendered before.
func TestOnlyFormattedTextIsRaw(t *testing.T) {
	allowed := []string{"@templ.Raw(f.HTML)", "@templ.Raw(f.HTML)", "_, err := io.WriteString(w, i.html)"}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		name := file.Name()
		if !strings.HasSuffix(name, ".templ") && (!strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go")) {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			for _, raw := range []string{"templ.Raw", "templ.JSUnsafeFuncCall", "templ.FromGoHTML", "templ.JSONScript", "templ.ComponentFunc", "SafeScript", "<script>", "<style", "io.WriteString(", "fmt.Fprint"} {
				if strings.Contains(line, raw) && !strings.HasPrefix(strings.TrimSpace(line), "//") {
					found = append(found, strings.TrimSpace(line))
				}
			}
		}
	}
	if !slices.Equal(found, allowed) {
		t.Errorf("unescaped markup in the views:\n%s\nOnly what markup.Format has sanitized, and what a component has rendered, may be in the list of this test.", strings.Join(found, "\n"))
	}
}
