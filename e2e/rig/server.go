package rig

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// supervisor runs one process of a server. It prints the process's id, passes on its exit code, and
// kills it when this program's end of the pipe closes, which the kernel does however this program dies.
const supervisor = `
log=$1; shift
exec 3<&0
"$@" 3<&- </dev/null >>"$log" 2>&1 &
server=$!
echo $server
exec >/dev/null
( read -r _ <&3; kill -KILL $server ) 3<&3 2>&1 &
watch=$!
exec 3<&-
wait $server
code=$?
kill $watch 2>/dev/null
exit $code
`

// cleaner removes a server's folder when this program's end of the pipe closes. A server that is still
// dying may write there, so it tries until nothing is left.
const cleaner = `read -r _; until rm -rf "$1" 2>/dev/null; do sleep 0.1; done`

// Server is a private server on a free loopback port, with a folder of its own. A test may kill it,
// freeze it and start it again at the same address. Neither it nor its folder outlives this program.
type Server struct {
	Addr string // host:port
	Dir  string

	name    string
	args    []string
	ready   func(addr string) bool
	folder  io.Closer     // the pipe to the cleaner
	removed chan struct{} // closed when the folder is gone

	mu    sync.Mutex
	pid   int
	leash io.Closer     // the pipe to the supervisor
	ended chan struct{} // closed when the current process has ended; nil before the first start
	code  int
}

// NewUnstarted creates a folder and picks a port; command returns the command line for them. ready
// reports whether the server answers.
func NewUnstarted(name string, command func(dir, port string) ([]string, error), ready func(addr string) bool) (*Server, error) {
	dir, err := os.MkdirTemp("", "parley-"+name+"-")
	if err != nil {
		return nil, err
	}
	cmd := shell(cleaner, dir)
	folder, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s := &Server{name: name, Dir: dir, ready: ready, folder: folder, removed: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		close(s.removed)
	}()
	port, err := FreePort()
	if err == nil {
		s.Addr = net.JoinHostPort("127.0.0.1", port)
		s.args, err = command(dir, port)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// start returns a server that answers. The port was free a moment ago, but somebody may have taken it
// since, so it tries three servers.
func start(name string, command func(dir, port string) ([]string, error), ready func(addr string) bool) (*Server, error) {
	var problem error
	for range 3 {
		s, err := NewUnstarted(name, command, ready)
		if err != nil {
			return nil, err
		}
		if problem = s.Start(); problem == nil {
			return s, nil
		}
		s.Close()
	}
	return nil, problem
}

// shell is a script in a process group of its own: ctrl-C must not end the servers before the tests.
func shell(script string, args ...string) *exec.Cmd {
	cmd := exec.Command("sh", append([]string{"-c", script, "parley-rig"}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// Launch starts the process and does not wait until it answers.
func (s *Server) Launch() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	cmd := shell(supervisor, append([]string{s.logPath()}, s.args...)...)
	leash, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return err
	}
	if s.pid, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
		return err
	}
	ended := make(chan struct{})
	s.leash, s.ended = leash, ended
	go func() {
		_ = cmd.Wait()
		s.mu.Lock()
		s.code = cmd.ProcessState.ExitCode()
		s.mu.Unlock()
		close(ended)
	}()
	return nil
}

// Start starts the process and waits until it answers.
func (s *Server) Start() error {
	if err := s.Launch(); err != nil {
		return err
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if s.ready(s.Addr) {
			return nil
		}
		if !s.Running() {
			return fmt.Errorf("%s ended while starting: %s", s.name, s.logTail())
		}
	}
	return fmt.Errorf("%s was not ready within a minute: %s", s.name, s.logTail())
}

// Running reports whether the process has been started and has not ended.
func (s *Server) Running() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		return false
	}
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// PID returns the id of the process that was started last.
func (s *Server) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pid
}

// Signal sends a signal to the process if it is running.
func (s *Server) Signal(signal syscall.Signal) {
	if !s.Running() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = syscall.Kill(s.pid, signal) // it may have ended just now
}

// Kill ends the process with SIGKILL and returns when it is gone.
func (s *Server) Kill() {
	s.Signal(syscall.SIGKILL)
	s.Wait(time.Minute)
}

// Wait waits for the process to end. It returns the exit code, which is 128 plus the number of the
// signal if one killed it, and reports whether it ended within the limit.
func (s *Server) Wait(limit time.Duration) (code int, ok bool) {
	s.mu.Lock()
	ended := s.ended
	s.mu.Unlock()
	if ended == nil {
		return 0, true
	}
	select {
	case <-ended:
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.code, true
	case <-time.After(limit):
		return 0, false
	}
}

// AddArgs extends the command line from the next start on.
func (s *Server) AddArgs(args ...string) { s.args = append(s.args, args...) }

// Log returns everything that the process has written, over all its starts.
func (s *Server) Log() string {
	all, _ := os.ReadFile(s.logPath()) // an unreadable log counts as empty
	return string(all)
}

func (s *Server) logTail() string {
	log := strings.TrimSpace(s.Log())
	return log[max(0, len(log)-2000):]
}

func (s *Server) logPath() string { return filepath.Join(s.Dir, "log") }

// Close kills the process and removes the folder. It returns when both are gone.
func (s *Server) Close() {
	s.Kill()
	_ = s.folder.Close() // closing a closed pipe changes nothing
	<-s.removed
}
