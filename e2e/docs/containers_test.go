package docs

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"parley/e2e/rig"
)

// takesWord are the options of docker compose that have a word of their own.
var takesWord = []string{"-f", "--profile", "-v"}

// checkContainers checks, without an engine, that a command for containers names files, profiles and services that are
// there, and a command that Parley has.
func checkContainers(t *testing.T, b Block) {
	t.Helper()
	for line := range strings.Lines(b.Text) {
		_, call, ok := strings.Cut(line, "docker compose ")
		if !ok {
			continue
		}
		if of, _, piped := strings.Cut(call, " > "); piped {
			call = of
		}
		files, profiles := []string{}, []string{}
		var words []string
		all := strings.Fields(call)
		for i := 0; i < len(all); i++ {
			switch word := all[i]; {
			case len(words) < 2 && slices.Contains(takesWord, word):
				i++
				if word == "-f" {
					files = append(files, all[i])
				} else if word == "--profile" {
					profiles = append(profiles, all[i])
				}
			case len(words) < 2 && strings.HasPrefix(word, "-"):
			default:
				words = append(words, word)
			}
		}
		services, known := composed(t, files)
		if !slices.Contains([]string{"up", "exec", "stop", "run", "build", "down"}, words[0]) {
			t.Errorf("%s:%d: %q is no command that these pages should need", b.Page, b.Line, words[0])
		}
		if len(words) > 1 && !slices.Contains(services, words[1]) {
			t.Errorf("%s:%d: there is no service %s", b.Page, b.Line, words[1])
		}
		for _, profile := range profiles {
			if !slices.Contains(known, profile) {
				t.Errorf("%s:%d: there is no profile %s", b.Page, b.Line, profile)
			}
		}
		if rest := words[min(2, len(words)):]; len(rest) > 0 {
			if words[0] == "exec" { // `run` has the program already
				if rest[0] != "parley" {
					t.Errorf("%s:%d runs %s", b.Page, b.Line, rest[0])
				}
				rest = rest[1:]
			}
			checkParley(t, b.Page, strings.Join(rest, " "))
		}
	}
}

// composed returns the services and profiles of compose files.
func composed(t *testing.T, files []string) (services, profiles []string) {
	t.Helper()
	if len(files) == 0 {
		files = []string{"compose.yaml"}
	}
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(rig.Root(), name))
		must(t, err)
		var file struct {
			Services map[string]struct{ Profiles []string }
		}
		must(t, yaml.Unmarshal(text, &file))
		for name, s := range file.Services {
			services, profiles = append(services, name), append(profiles, s.Profiles...)
		}
	}
	return services, profiles
}
