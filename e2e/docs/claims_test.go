package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/e2e/rig"
)

var (
	lead      = regexp.MustCompile(`(?m)^(?:- )?\*\*([^*]+)\*\*`)
	claimRow  = regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]+) \|$`)
	proof     = regexp.MustCompile("`\\w+\\.(?:Test|Fuzz)\\w+`|“[^”]+”|\\]\\(\\w[\\w-]*\\.md\\)|\\b[PIF]\\d|`((?:app|assets)/[\\w/.]+)`")
	figure    = regexp.MustCompile(`\d[\d,]* (?:KB|messages|stories)|room for \d[\d,]*|from 20\d\d`)
	readmeRow = regexp.MustCompile(`(?m)^\| ([a-z][^|]*) \|(?:[^|\n]*\|){7}$`)
)

func page(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(rig.Root(), filepath.FromSlash(path)))
	must(t, err)
	return string(text)
}

// TestClaimsHaveProofs checks that docs/claims.md has every promise, feature, comparison and figure of the README, in its words,
// and for each something that shows it. app/reference_test.go looks for the tests that it names.
func TestClaimsHaveProofs(t *testing.T) {
	t.Parallel()
	text := page(t, "README.md")
	about, _, _ := strings.Cut(text, "\n## Run it for real\n")
	readme := strings.Join(strings.Fields(strings.ReplaceAll(about, "**", "")), " ")
	var claims []string
	for _, row := range claimRow.FindAllStringSubmatch(page(t, "docs/claims.md"), -1) {
		if row[1] == "claim" || strings.HasPrefix(row[1], "---") {
			continue
		}
		claims = append(claims, row[1])
		if !strings.Contains(readme, row[1]) {
			t.Errorf("the README does not say %q", row[1])
		}
		proofs := proof.FindAllStringSubmatch(row[2], -1)
		if len(proofs) == 0 && !strings.Contains(row[2], "the next four") {
			t.Errorf("nothing shows %q", row[1])
		}
		for _, p := range proofs {
			if _, err := os.Stat(filepath.Join(rig.Root(), filepath.FromSlash(p[1]))); err != nil {
				t.Error(err)
			}
		}
	}
	var wanted []string
	for _, found := range slices.Concat(lead.FindAllStringSubmatch(about, -1), readmeRow.FindAllStringSubmatch(about, -1)) {
		wanted = append(wanted, found[1])
	}
	if len(wanted) < 35 {
		t.Errorf("found only %d claims", len(wanted))
	}
	for _, claim := range wanted {
		if !slices.Contains(claims, claim) {
			t.Errorf("docs/claims.md does not have %q", claim)
		}
	}
	prose := regexp.MustCompile(`(?s)<!-- stories -->.*?<!-- end of stories -->`).ReplaceAllString(about, "")
	for _, number := range figure.FindAllString(strings.Join(strings.Fields(prose), " "), -1) {
		if !slices.ContainsFunc(claims, func(claim string) bool { return strings.Contains(claim, number) }) {
			t.Errorf("docs/claims.md does not have the figure %q", number)
		}
	}
}
