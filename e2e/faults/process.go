package faults

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/e2e/rig"
)

// process is one running Parley.
type process struct {
	*rig.Daemon
	Admin string // host:port
}

// settings are the environment of a process, without PARLEY_ before the names.
type settings map[string]string

var plain = http.Client{Timeout: 3 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// newProcess prepares a process; it is not started.
func newProcess(binary string, with settings) (*process, error) {
	p := &process{}
	var err error
	p.Daemon, err = rig.NewDaemon("process", func(_, port string) ([]string, error) {
		admin, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		p.Admin = admin.Addr().String()
		_ = admin.Close()
		args := []string{"env", "PARLEY_ADDR=127.0.0.1:" + port, "PARLEY_ADMIN_ADDR=" + p.Admin, "PARLEY_LIMITS=off"}
		for name, value := range with {
			args = append(args, "PARLEY_"+name+"="+value)
		}
		return append(args, binary), nil
	}, lives)
	return p, err
}

func lives(addr string) bool {
	status, _ := ask(addr, "/livez")
	return status == http.StatusOK
}

func ask(addr, path string) (status int, body string) {
	resp, err := plain.Get("http://" + addr + path)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(resp.Body) // what came counts
	return resp.StatusCode, string(text)
}

// ready tells whether the process wants requests, and if not why.
func (p *process) ready() (bool, string) {
	status, reason := ask(p.Addr, "/readyz")
	return status == http.StatusOK, strings.TrimSpace(reason)
}

// metric reads a number of the process; -1 when it does not answer.
func (p *process) metric(name string) float64 {
	_, text := ask(p.Admin, "/metrics")
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

// busUp tells whether the process hears its own heartbeats.
func (p *process) busUp() bool { return p.metric("parley_bus_up") == 1 }

// builder makes the binaries of a run. One that differs from the product differs by an overlay:
// the working tree is not touched.
type builder struct {
	dir string
	mu  sync.Mutex
	has map[string]string
}

// change replaces a text that stands once in a file of the product.
type change struct{ file, old, new string }

// root is the top of the module.
func root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

// build makes the product, or a variant of it, once.
func (b *builder) build(name string, race bool, changes ...change) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if path, ok := b.has[name]; ok {
		return path, nil
	}
	path := filepath.Join(b.dir, "parley-"+name)
	args := []string{"build", "-o", path}
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
	cmd := exec.Command("go", append(args, "./app")...)
	cmd.Dir = root()
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %s: %w: %s", name, err, out)
	}
	b.has[name] = path
	return path, nil
}
