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

// Daemon is a private server that a test may kill, freeze and start again: it keeps its folder and
// its port. Like a Server it does not outlive this program, and neither does its folder.
type Daemon struct {
	Addr string // host:port
	Dir  string

	name   string
	args   []string
	ready  func(addr string) bool
	folder io.Closer
	gone   chan struct{} // the folder is

	mu    sync.Mutex
	pid   int
	leash io.Closer
	ended chan struct{} // of the present process; nil before the first
	code  int
}

// keeper removes a folder when this program's end of the pipe closes; a server that is dying may
// still write there.
const keeper = `read -r _; until rm -rf "$1" 2>/dev/null; do sleep 0.1; done`

// minder is supervisor for a daemon: it says the server's number, answers with its exit code, and
// leaves the folder alone.
const minder = `
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

// NewDaemon makes a folder and finds a port; command returns the command line for them. Nothing
// runs before Start.
func NewDaemon(name string, command func(dir, port string) ([]string, error), ready func(addr string) bool) (*Daemon, error) {
	dir, err := os.MkdirTemp("", "parley-"+name+"-")
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("sh", "-c", keeper, "parley-rig", dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	folder, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	d := &Daemon{name: name, Dir: dir, ready: ready, folder: folder, gone: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		close(d.gone)
	}()
	port, err := freePort()
	if err == nil {
		d.Addr = net.JoinHostPort("127.0.0.1", port)
		d.args, err = command(dir, port)
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// NewMySQL is StartMySQL for a server that is to be tortured; more are options of mariadbd.
func NewMySQL(more ...string) (*Daemon, error) {
	return started(NewDaemon("mariadb", func(dir, port string) ([]string, error) { return mysqlCommand(dir, port, more...) }, greets))
}

// NewRedis is StartRedis for a server that is to be tortured.
func NewRedis() (*Daemon, error) {
	return started(NewDaemon("redis", redisCommand, pongs))
}

func started(d *Daemon, err error) (*Daemon, error) {
	if err != nil {
		return nil, err
	}
	if err := d.Start(); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// Launch starts the process and does not wait for it to be ready.
func (d *Daemon) Launch() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	cmd := exec.Command("sh", append([]string{"-c", minder, "parley-rig", d.logPath()}, d.args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
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
	if d.pid, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
		return err
	}
	ended := make(chan struct{})
	d.leash, d.ended = leash, ended
	go func() {
		_ = cmd.Wait()
		d.mu.Lock()
		d.code = cmd.ProcessState.ExitCode()
		d.mu.Unlock()
		close(ended)
	}()
	return nil
}

// Start starts the process and waits until it answers.
func (d *Daemon) Start() error {
	if err := d.Launch(); err != nil {
		return err
	}
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if d.ready(d.Addr) {
			return nil
		}
		if !d.Running() {
			return fmt.Errorf("%s ended while starting: %s", d.name, d.Log())
		}
	}
	return fmt.Errorf("%s was not ready in 60 s: %s", d.name, d.Log())
}

// Running tells whether the process has not ended.
func (d *Daemon) Running() bool {
	d.mu.Lock()
	ended := d.ended
	d.mu.Unlock()
	if ended == nil {
		return false
	}
	select {
	case <-ended:
		return false
	default:
		return true
	}
}

// Signal sends a signal to the process, if it runs.
func (d *Daemon) Signal(s syscall.Signal) {
	if !d.Running() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	_ = syscall.Kill(d.pid, s) // it may have ended just now
}

// Kill ends the process with SIGKILL and returns when it is gone.
func (d *Daemon) Kill() {
	d.Signal(syscall.SIGKILL)
	d.Wait(time.Minute)
}

// Wait waits for the process to end, and answers its exit code (128 and the number of the signal,
// if it was one) and whether it did end in time.
func (d *Daemon) Wait(limit time.Duration) (code int, ok bool) {
	d.mu.Lock()
	ended := d.ended
	d.mu.Unlock()
	if ended == nil {
		return 0, true
	}
	select {
	case <-ended:
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.code, true
	case <-time.After(limit):
		return 0, false
	}
}

// Append adds to the command line of the next start.
func (d *Daemon) Append(args ...string) { d.args = append(d.args, args...) }

// Log returns all that the process wrote, through all its starts.
func (d *Daemon) Log() string {
	all, _ := os.ReadFile(d.logPath()) // an unreadable log is an empty one
	return string(all)
}

func (d *Daemon) logPath() string { return filepath.Join(d.Dir, "log") }

// Close ends the process and removes the folder.
func (d *Daemon) Close() {
	d.Kill()
	if d.leash != nil {
		_ = d.leash.Close()
	}
	_ = d.folder.Close()
	<-d.gone
}
