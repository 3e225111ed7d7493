package rig

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Parley is one process of the program under test.
type Parley struct {
	*Server
	Admin string // host:port of metrics and profiles
}

// NewParley prepares a process and does not start it. The settings are environment variables without
// PARLEY_ before their names.
func NewParley(binary string, settings map[string]string) (*Parley, error) {
	p := &Parley{}
	var err error
	p.Server, err = NewUnstarted("process", func(_, port string) ([]string, error) {
		admin, err := FreePort()
		if err != nil {
			return nil, err
		}
		p.Admin = net.JoinHostPort("127.0.0.1", admin)
		args := []string{"env", "PARLEY_ADDR=127.0.0.1:" + port, "PARLEY_ADMIN_ADDR=" + p.Admin, "PARLEY_LIMITS=off"}
		for name, value := range settings {
			args = append(args, "PARLEY_"+name+"="+value)
		}
		return append(args, binary), nil
	}, lives)
	return p, err
}

// Set changes a setting, from the next start on.
func (p *Parley) Set(name, value string) {
	for i, arg := range p.args {
		if strings.HasPrefix(arg, "PARLEY_"+name+"=") {
			p.args[i] = "PARLEY_" + name + "=" + value
		}
	}
}

// Use makes it another program, from the next start on.
func (p *Parley) Use(binary string) { p.args[len(p.args)-1] = binary }

func lives(addr string) bool {
	status, _ := Get("http://" + addr + "/livez")
	return status == http.StatusOK
}

var client = http.Client{Timeout: 3 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// Get returns the status and the body of an address; the status is 0, and the body the error, if there
// was no answer within 3 s.
func Get(address string) (status int, body string) {
	resp, err := client.Get(address)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(resp.Body) // whatever arrived
	return resp.StatusCode, string(text)
}

// Build compiles the program; args are further ones for go build. Without any, all that `with` runs share one program, which
// whoever comes first links.
func Build(path string, args ...string) error {
	shared := os.Getenv("RIG_PROGRAM")
	if shared == "" || len(args) > 0 {
		return build(path, args...)
	}
	lock, err := os.OpenFile(shared+".lock", os.O_CREATE|os.O_RDWR, 0o600) // #nosec G304 -- the path is ours
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }() // which unlocks it
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	if err := build(shared); err != nil { // which links nothing if nothing has changed
		return err
	}
	program, err := os.ReadFile(shared) // #nosec G304 -- the path is ours
	if err != nil {
		return err
	}
	return os.WriteFile(path, program, 0o700) // #nosec G306 -- it is run
}

func build(path string, args ...string) error {
	cmd := exec.Command("go", append(append([]string{"build", "-o", path}, args...), "./app")...)
	cmd.Dir = Root()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w: %s", filepath.Base(path), err, out)
	}
	return nil
}

// Root is the module's root folder.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}
