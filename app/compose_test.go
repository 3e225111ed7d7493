package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestComposeFile checks that the container of Parley gets all its settings from its environment: a
// command that somebody runs in it must not find fewer, and then use another database.
func TestComposeFile(t *testing.T) {
	text, err := os.ReadFile("../compose.yaml")
	must(t, err)
	_, service, _ := strings.Cut(string(text), "\n  parley:\n")
	service, _, _ = strings.Cut(service, "\n  mysql:\n")
	if strings.Contains(service, "entrypoint") || strings.Contains(service, "command:") {
		t.Error("compose.yaml does not leave the image's entrypoint alone: a command would not run in it, or with other settings")
	}
	if !regexp.MustCompile(`(?m)^    env_file:\n      - \{ path: \.env, required: false \}$`).MatchString(service) {
		t.Error("compose.yaml does not pass on .env, or needs one")
	}
	secret := filepath.Join(t.TempDir(), "parley")
	must(t, os.WriteFile(secret, []byte("s3cret"), 0o600))
	var environment []string
	for _, found := range regexp.MustCompile(`(?m)^      (PARLEY_\w+):(?: (.*))?$`).FindAllStringSubmatch(service, -1) {
		environment = append(environment, found[1]+"="+strings.Replace(found[2], "/secrets/parley", secret, 1))
	}
	c, err := readConfig(environment)
	must(t, err)
	if c.DatabaseURL != "mysql://parley:s3cret@mysql:3306/parley" || c.RedisURL == "" || c.Addr != "0.0.0.0:3000" || len(environment) < 4 {
		t.Errorf("%d settings: %+v", len(environment), c)
	}

	image, err := os.ReadFile("../Dockerfile")
	must(t, err)
	if !strings.Contains(string(image), "\nENTRYPOINT [\"parley\"]\n") {
		t.Error("the image does not start parley itself")
	}
	for _, found := range regexp.MustCompile(`(PARLEY_\w+)=(\S+)`).FindAllStringSubmatch(string(image), -1) {
		if _, err := readConfig([]string{found[1] + "=" + found[2]}); err != nil {
			t.Errorf("Dockerfile: %v", err)
		}
	}
}
