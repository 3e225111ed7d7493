package faults

import (
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"parley/e2e/rig"
)

// process is one running Parley.
type process struct{ *rig.Parley }

// settings are the environment of a process, without PARLEY_ before the names.
type settings map[string]string

// newProcess prepares a process and does not start it.
func newProcess(binary string, s settings) (*process, error) {
	p, err := rig.NewParley(binary, s)
	return &process{p}, err
}

// ready reports whether the process accepts requests, and the reason if not.
func (p *process) ready() (bool, string) {
	status, reason := rig.Get("http://" + p.Addr + "/readyz")
	return status == http.StatusOK, strings.TrimSpace(reason)
}

// metric returns one of the metrics, or -1 if there is no response.
func (p *process) metric(name string) float64 {
	_, text := rig.Get("http://" + p.Admin + "/metrics")
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindStringSubmatch(text)
	if found == nil {
		return -1
	}
	n, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		return -1
	}
	return n
}

// busUp reports whether the process receives its own heartbeats.
func (p *process) busUp() bool { return p.metric("parley_bus_up") == 1 }

// builder builds the binaries of a run. Variants of the product are built with an overlay, so the working
// tree is not touched.
type builder struct {
	dir   string
	mu    sync.Mutex
	built map[string]string
}

// change replaces a text that occurs once in a file of the product.
type change struct{ file, old, new string }

// build builds the product, or a variant of it, once.
func (b *builder) build(name string, race bool, changes ...change) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if path, ok := b.built[name]; ok {
		return path, nil
	}
	path := filepath.Join(b.dir, "parley-"+name)
	var args []string
	if race {
		args = append(args, "-race")
	}
	if len(changes) > 0 {
		overlay, err := b.overlay(name, changes)
		if err != nil {
			return "", err
		}
		args = append(args, "-overlay", overlay)
	}
	if err := rig.Build(path, args...); err != nil {
		return "", err
	}
	b.built[name] = path
	return path, nil
}
