package assets

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"testing"
)

var (
	defined = regexp.MustCompile(`(--[\w-]+):`)
	used    = regexp.MustCompile(`var\((--[\w-]+)`)
	sizes   = regexp.MustCompile(`font-size: ([\d.]+rem)`)
	hexes   = regexp.MustCompile(`: #[0-9a-f]{3,8}\b`)
)

// The design page shows all custom properties: what a stylesheet defines or uses is a token, and every
// token is used and says what it is for.
func TestEveryCustomPropertyIsAToken(t *testing.T) {
	var names []string
	for _, token := range Tokens() {
		if token.Group == "" || token.Why == "" {
			t.Errorf("%+v has no group or no description", token)
		}
		names = append(names, token.Name)
	}
	if len(names) < 30 || len(Tints()) != 8 {
		t.Fatalf("found %d tokens and %d tints", len(names), len(Tints()))
	}
	inUse := map[string]bool{}
	own, err := os.ReadFile("../views/style.go") // the stylesheet for one's own messages
	if err != nil {
		t.Fatal(err)
	}
	all := sheets(t)
	all["views/style.go"] = string(own)
	for path, css := range all {
		for _, found := range slices.Concat(defined.FindAllStringSubmatch(css, -1), used.FindAllStringSubmatch(css, -1)) {
			if name := found[1]; !slices.Contains(names, name) && name != "--pale" && name != "--deep" {
				t.Errorf("%s has %s, which is not a token", path, name)
			}
		}
		for _, found := range used.FindAllStringSubmatch(css, -1) {
			inUse[found[1]] = true
		}
		if path == "css/tokens.css" {
			continue
		}
		for _, found := range slices.Concat(sizes.FindAllString(css, -1), hexes.FindAllString(css, -1)) {
			t.Errorf("%s has %q instead of a token", path, found)
		}
	}
	for _, name := range names {
		if !inUse[name] {
			t.Errorf("nothing uses %s", name)
		}
	}
}

// As WCAG demands, in light and in dark.
func TestColorsHaveEnoughContrast(t *testing.T) {
	for _, p := range Pairs() {
		if !(p.Light >= p.Need) || !(p.Dark >= p.Need) {
			t.Errorf("%s on %s: %.2f light, %.2f dark, needs %.1f", p.On, p.Under, p.Light, p.Dark, p.Need)
		}
	}
	for want, pair := range map[float64][2]string{21: {"#000", "#ffffff"}, 1: {"#0c6a60", "#0c6a60"}, 0: {"#fff", "white"}} {
		if got := contrast(pair[0], pair[1]); got < want-0.001 || got > want+0.001 {
			t.Errorf("%v: %v", pair, got)
		}
	}
}

func sheets(t *testing.T) map[string]string {
	t.Helper()
	list := map[string]string{}
	paths, err := fs.Glob(os.DirFS("."), "css/*.css")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d style sheets, %v", len(paths), err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		list[path] = string(text)
	}
	return list
}
