// Command with runs a command beside a private MariaDB and a private Redis, and takes both away
// when the command ends:
//
//	go run ./e2e/rig/with -- go test ./...
//
// The command finds them as RIG_MYSQL and RIG_REDIS (host:port), and a browser as RIG_CHROMIUM
// (path). What the tests need and this machine lacks is installed by apt where that is possible.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"parley/e2e/rig"
)

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: go run ./e2e/rig/with -- COMMAND ARGS...")
		os.Exit(2)
	}
	code, err := run(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(args []string) (int, error) {
	// From the first moment: a ctrl-C while the servers start must still stop them.
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)

	if err := installMissing(); err != nil {
		return 1, err
	}
	browser, err := rig.Chromium()
	if err != nil {
		return 1, err
	}
	mysql, redis, stop, err := startBoth()
	if err != nil {
		return 1, err
	}
	defer stop()

	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "RIG_MYSQL="+mysql.Addr, "RIG_REDIS="+redis.Addr, "RIG_CHROMIUM="+browser)
	return supervise(cmd, signals)
}

func startBoth() (mysql, redis *rig.Server, stop func(), err error) {
	started := make(chan error)
	go func() {
		var err error
		redis, err = rig.NewRedis()
		started <- err
	}()
	mysql, errMySQL := rig.NewMySQL()
	err = errors.Join(errMySQL, <-started)
	stop = func() {
		for _, s := range []*rig.Server{mysql, redis} {
			if s != nil {
				s.Close()
			}
		}
	}
	if err != nil {
		stop()
	}
	return mysql, redis, stop, err
}

// supervise runs cmd in a process group of its own, so that a signal reaches it once, from here,
// and so that what it leaves behind when it crashes can be found and ended.
func supervise(cmd *exec.Cmd, signals <-chan os.Signal) (int, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	group := -cmd.Process.Pid
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var patience <-chan time.Time
	for {
		select {
		case s := <-signals:
			_ = syscall.Kill(group, s.(syscall.Signal)) // it may have ended meanwhile
			if patience == nil {
				patience = time.After(20 * time.Second)
			}
		case <-patience:
			_ = syscall.Kill(group, syscall.SIGKILL)
		case err := <-ended:
			_ = syscall.Kill(group, syscall.SIGKILL) // usually nobody is left
			return exitCode(err)
		}
	}
}

func exitCode(err error) (int, error) {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return 0, err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return exit.ExitCode(), nil
}
