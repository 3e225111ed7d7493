package docs

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/e2e/rig"
)

// patience is how long a block may take on a busy machine.
const patience = 3 * time.Minute

// sandbox is a folder in which the blocks of one page run, in their order, beside a server that they may speak to.
type sandbox struct {
	t      *testing.T
	dir    string
	tools  string // a folder in the PATH
	server *rig.Parley
	user   *rig.User // of the server
	last   string    // what the last block has printed
}

// standIns are what the pages use of a system that is not there in a test. The service is the server of the sandbox.
var standIns = map[string]string{
	"sudo": "#!/bin/sh\n[ \"$1\" != -u ] || shift 2\nexec \"$@\"\n",
	"systemctl": `#!/bin/sh
[ "$2" = parley ]
[ "$1" != stop ] || { kill "$SERVICE_PID"; while kill -0 "$SERVICE_PID" 2>/dev/null; do sleep 0.1; done; }
echo "$1" >>"$SERVICE"
`,
}

// somebody has an account on each server.
const somebody = "eve"

func newSandbox(t *testing.T) *sandbox {
	s := &sandbox{t: t, dir: t.TempDir(), tools: t.TempDir()}
	for _, dir := range []string{"data", "bin", "etc", "backups", "secrets"} {
		must(t, os.Mkdir(filepath.Join(s.dir, dir), 0o700))
	}
	for _, path := range []string{filepath.Join(s.tools, "parley"), filepath.Join(s.dir, "bin", "parley")} {
		must(t, os.Symlink(binary, path))
	}
	for name, text := range standIns {
		must(t, os.WriteFile(filepath.Join(s.tools, name), []byte(text), 0o755))
	}
	must(t, os.WriteFile(filepath.Join(s.dir, "secrets", "oidc-corp"), []byte("s3cret\n"), 0o600))
	must(t, os.WriteFile(filepath.Join(s.dir, "etc", "parley.env"), []byte("PARLEY_DATABASE_URL="+s.database()+"\n"), 0o600))
	var err error
	s.server, err = rig.NewParley(binary, map[string]string{"DATABASE_URL": s.database()})
	must(t, err)
	t.Cleanup(s.server.Close)
	must(t, s.server.Start())
	s.user, err = s.server.SignUp(somebody)
	must(t, err)
	return s
}

func (s *sandbox) database() string { return "sqlite:" + filepath.Join(s.dir, "data", "parley.db") }

// places puts the sandbox in the place of a machine. Nothing else of a block is changed.
func (s *sandbox) places(text string) string {
	return strings.NewReplacer(
		"127.0.0.1:3000", s.server.Addr, "127.0.0.1:3001", s.server.Admin,
		"/run/secrets", filepath.Join(s.dir, "secrets"), "/etc/parley", filepath.Join(s.dir, "etc"), "/var/backups/parley", filepath.Join(s.dir, "backups"), "/tmp/drill", filepath.Join(s.dir, "drill"),
	).Replace(text)
}

// command returns a process that runs a block as it is written.
func (s *sandbox) command(ctx context.Context, text string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", "-euc", s.places(text))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "HOME="+s.dir, "PATH="+s.tools+":"+os.Getenv("PATH"), "PARLEY_DATABASE_URL="+s.database(), "SERVICE="+s.service(), "SERVICE_PID="+strconv.Itoa(s.server.PID()))
	return cmd
}

// service is the file to which the stand-in for systemctl writes what it was asked for.
func (s *sandbox) service() string { return filepath.Join(s.dir, "service") }

// runs runs a block to its end.
func (s *sandbox) runs(b Block) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	out, err := s.command(ctx, b.Text).CombinedOutput()
	s.last = string(out)
	if err != nil {
		s.t.Fatalf("%s:%d: %v\n%s%s", b.Page, b.Line, err, b.Text, out)
	}
}

// streams runs a block that does not end by itself until it has printed what the page says.
func (s *sandbox) streams(b, shown Block) {
	s.t.Helper()
	s.until(b, func(out string) bool { return shows(out, shown.Text) }, s.command)
}

// serves runs a block that starts a server until that takes requests.
func (s *sandbox) serves(b Block) {
	s.t.Helper()
	s.until(b, func(out string) bool { return strings.Contains(out, "takes requests") }, func(ctx context.Context, text string) *exec.Cmd {
		cmd := s.command(ctx, text)
		cmd.Env = append(cmd.Env, "PARLEY_ADDR=127.0.0.1:0", "PARLEY_ADMIN_ADDR=127.0.0.1:0", "PARLEY_DATABASE_URL=sqlite:other/parley.db")
		return cmd
	})
}

// until ends a block with SIGINT, as somebody does who has seen enough.
func (s *sandbox) until(b Block, seen func(out string) bool, command func(ctx context.Context, text string) *exec.Cmd) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	cmd := command(ctx, b.Text)
	var out output
	cmd.Stdout, cmd.Stderr = &out, &out
	must(s.t, cmd.Start())
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }() // how curl and the shell call an interruption does not matter
	rig.Eventually(s.t, b.Page+" shows what it says", func() bool {
		select {
		case <-ended:
			s.t.Fatalf("%s:%d has ended: %s", b.Page, b.Line, out.String())
		default:
		}
		return seen(out.String())
	})
	must(s.t, syscall.Kill(-cmd.Process.Pid, syscall.SIGINT))
	<-ended
	s.last = out.String()
}

// shows reports whether an output has these lines, in order. An ellipsis stands for anything.
func shows(out, lines string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(lines)), "…", ".*")
	return regexp.MustCompile("(?m)^" + strings.ReplaceAll(pattern, "\n", `\n(?s:.*?)^`) + "$").MatchString(out)
}

// output is what two writers have written so far.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
