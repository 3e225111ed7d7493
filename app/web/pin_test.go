package web

import (
	"os"
	"regexp"
	"strconv"
	"testing"
)

// TestFasthttpIsPinned is T31: fasthttp gets no CVE numbers, and the version that Fiber itself requires is
// older than its fixes against smuggling.
func TestFasthttpIsPinned(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../go.mod")
	must(t, err)
	found := regexp.MustCompile(`(?m)^\s*(?:require )?github\.com/valyala/fasthttp v1\.(\d+)\.`).FindSubmatch(text)
	if found == nil {
		t.Fatal("go.mod does not name fasthttp")
	}
	if minor, err := strconv.Atoi(string(found[1])); err != nil || minor < 72 {
		t.Errorf("fasthttp is v1.%s, older than v1.72", found[1])
	}
}
