package rig

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// supervisor runs a server until the server ends or this program's end of the pipe closes, which
// the kernel does however this program dies; then it kills the server and removes its folder.
// It has a process group of its own, or ctrl-C would reach the servers before the tests are done.
const supervisor = `
dir=$1; shift
exec 3<&0
"$@" 3<&- </dev/null >>"$dir/log" 2>&1 &
server=$!
( read -r _ <&3; kill -KILL $server ) 3<&3 >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait $server
kill $watch 2>/dev/null
rm -rf "$dir"
`

// Server is a private server process on a free loopback port.
type Server struct {
	Addr string // host:port

	leash io.Closer
	ended chan struct{}
}

// Stop ends the server and removes its folder; it returns when both are gone.
func (s *Server) Stop() {
	_ = s.leash.Close() // closing a pipe that is closed already changes nothing
	<-s.ended
}

// launch starts a server in a new folder and waits until ready says yes. command returns the
// server's command line for that folder and port. A port that someone took first is tried anew.
func launch(name string, command func(dir string, port string) ([]string, error), ready func(addr string) bool) (*Server, error) {
	var problem error
	for range 3 {
		dir, err := os.MkdirTemp("", "parley-"+name+"-")
		if err != nil {
			return nil, err
		}
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		args, err := command(dir, port)
		if err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
		s, err := start(dir, port, args)
		if err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
		if problem = s.await(name, dir, ready); problem == nil {
			return s, nil
		}
		s.Stop()
	}
	return nil, problem
}

func start(dir, port string, args []string) (*Server, error) {
	cmd := exec.Command("sh", append([]string{"-c", supervisor, "parley-rig", dir}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	leash, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &Server{Addr: net.JoinHostPort("127.0.0.1", port), leash: leash, ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // killed on purpose, or its log says why
		close(s.ended)
	}()
	return s, nil
}

func (s *Server) await(name, dir string, ready func(addr string) bool) error {
	deadline := time.After(60 * time.Second)
	// Kept open: the folder is gone when the server has ended, its last words are not.
	log, err := os.OpenFile(filepath.Join(dir, "log"), os.O_CREATE|os.O_RDONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	for {
		if ready(s.Addr) {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("%s ended while starting: %s", name, lastWords(log))
		case <-deadline:
			return fmt.Errorf("%s was not ready in 60 s: %s", name, lastWords(log))
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func lastWords(log io.Reader) []byte {
	all, _ := io.ReadAll(log) // an unreadable log is an empty one
	all = bytes.TrimSpace(all)
	return all[max(0, len(all)-2000):]
}

// freePort picks below the range that the kernel gives to outgoing connections: a port found by
// listening on :0 is often taken again by a connection before the server gets to it.
func freePort() (string, error) {
	var problem error
	for range 100 {
		port := strconv.Itoa(20000 + rand.IntN(12000))
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
		if err == nil {
			return port, l.Close()
		}
		problem = err
	}
	return "", fmt.Errorf("no free port: %w", problem)
}
