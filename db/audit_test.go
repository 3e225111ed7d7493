package db

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestTheAuditLogOnlyGrows is T75: no statement of this package changes or deletes a line of the log.
func TestTheAuditLogOnlyGrows(t *testing.T) {
	files, err := os.ReadDir(".")
	must(t, err)
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		text, err := os.ReadFile(file.Name())
		must(t, err)
		if found := regexp.MustCompile(`(?i)(update|delete from|replace into) +audit_entries|(Delete|Save|Updates?)\(&?AuditEntry`).Find(text); found != nil {
			t.Errorf("%s: %s", file.Name(), found)
		}
	}
}
