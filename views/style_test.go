package views

import (
	"strings"
	"testing"
)

func TestOwnStyleSelectsOnePersonOnly(t *testing.T) {
	css := OwnStyle("bo.k_-9")
	if !strings.Contains(css, `li[data-author="bo.k_-9"]`) || strings.Contains(css, "MESSAGE") || strings.Contains(css, "REACTION") || strings.Contains(css, "MENTION") {
		t.Error(css)
	}
	if strings.Count(css, "{")-strings.Count(css, "@media") != strings.Count(css, `bo.k_-9"]`) {
		t.Errorf("a rule applies to everybody: %s", css)
	}
}

func TestOwnStyleRefusesUnsafeUsernames(t *testing.T) {
	for _, name := range []string{"", `a"]{}`, "a b", "Ada", "ádá", "a\\", "a\nb", "</style>", "a]b", "a'b", "a{b", "a\x00"} {
		if css := OwnStyle(name); css != "" {
			t.Errorf("%q: %s", name, css)
		}
	}
}
