//go:build sso

// Package sso signs people in with a real provider: dex, which is built in a module of its own (dex.mod), because nothing of it
// belongs in Parley's.
package sso

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parley/e2e/docs"
	"parley/e2e/rig"
)

// config is that of dex: two people with the password "password".
const config = `
issuer: http://%[1]s/dex
storage: {type: memory}
web: {http: "%[1]s"}
oauth2: {skipApprovalScreen: true}
frontend: {dir: %[3]s}
enablePasswordDB: true
%[2]s
staticPasswords:
- {email: "ann@example.org", username: ann, userID: "1", hash: "$2a$10$2b2cU8CPhOTaGrs1HRQuAueS7JTT5ZHsHSzYiFPm1leZck7Mc8T4W"}
- {email: "bob@example.org", username: bob, userID: "2", hash: "$2a$10$2b2cU8CPhOTaGrs1HRQuAueS7JTT5ZHsHSzYiFPm1leZck7Mc8T4W"}
`

// TestDex is the story of two people, one with scripts and one without.
func TestDex(t *testing.T) {
	dir := t.TempDir()
	binary, provider := filepath.Join(dir, "parley"), filepath.Join(dir, "dex")
	must(t, rig.Build(binary))
	goes(t, "go", "build", "-modfile=e2e/sso/dex.mod", "-o", provider, "github.com/dexidp/dex/cmd/dex")

	parley, err := rig.NewParley(binary, map[string]string{
		"DATABASE_URL": "sqlite:" + filepath.Join(dir, "parley.db"), "PUBLIC_URL": "", "OIDC": "dex", "OIDC_DEX_ISSUER": "",
		"OIDC_DEX_CLIENT_ID": "parley", "OIDC_DEX_CLIENT_SECRET": "s3cret", "OIDC_DEX_LABEL": "Example Corp",
	})
	must(t, err)
	client, ok := docs.Named("docs/sso.md", "sample", "dex")
	if !ok {
		t.Fatal("docs/sso.md has no sample for dex")
	}
	client = strings.NewReplacer("secret: ...", "secret: s3cret", "https://chat.example.org/oidc/corp/", "http://"+parley.Addr+"/oidc/dex/").Replace(client)
	dex, err := rig.NewUnstarted("dex", func(dir, port string) ([]string, error) {
		address, path := "127.0.0.1:"+port, filepath.Join(dir, "dex.yaml")
		text := fmt.Sprintf(config, address, client, frontend(t))
		return []string{provider, "serve", path}, os.WriteFile(path, []byte(text), 0o600)
	}, func(addr string) bool {
		status, _ := rig.Get("http://" + addr + "/dex/.well-known/openid-configuration")
		return status == http.StatusOK
	})
	must(t, err)
	parley.Set("PUBLIC_URL", "http://"+parley.Addr)
	parley.Set("OIDC_DEX_ISSUER", "http://"+dex.Addr+"/dex")
	must(t, parley.Start()) // before the provider, which is asked later
	t.Cleanup(parley.Close)
	must(t, dex.Start())
	t.Cleanup(dex.Close)
	goes(t, "node", "e2e/sso/story.mjs", "http://"+parley.Addr)
}

// frontend returns the folder of dex's own pages.
func frontend(t *testing.T) string {
	t.Helper()
	cmd := exec.Command("go", "list", "-modfile=e2e/sso/dex.mod", "-m", "-f", "{{.Dir}}/web", "github.com/dexidp/dex")
	cmd.Dir = rig.Root()
	out, err := cmd.Output()
	must(t, err)
	return string(out[:len(out)-1])
}

// goes runs a program in the module's root folder.
func goes(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = rig.Root()
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	must(t, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
